//! Whole letters of a batch as a PDF of their own: the same pages, with their tags, labels and outline.

use std::collections::HashSet;
use std::ops::Range;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::LettersError;
use super::catalog::{metadata_of, with_pages};
use super::trees::{leaves, name_leaves, number_leaves, references};

/// How deep the elements of a page are followed; those of a letter lie less deep by far.
const MAX_DEPTH: usize = 32;

/// A batch that is taken apart.
pub struct BatchParts(Document);

impl BatchParts {
    /// The parts of a PDF of ours.
    pub fn of(pdf: &[u8]) -> Result<Self, LettersError> {
        Ok(Self(Document::load_mem(pdf)?))
    }

    /// These of its pages, the first being 1: those of whole letters.
    pub fn part(&self, pages: Range<usize>) -> Result<Vec<u8>, LettersError> {
        let mut document = self.0.clone();
        let catalog = document.catalog()?.clone();
        let before = pages.start.saturating_sub(1);
        let kept = keep_pages(&mut document, &catalog, before..pages.end.saturating_sub(1))?;
        let labels = labels(&document, &catalog, before..before + kept.len());
        keep_elements(&mut document, &catalog, &kept)?;
        keep_entries(&mut document, &catalog, &kept)?;
        let count = i64::try_from(kept.len()).unwrap_or(i64::MAX);
        let metadata = with_pages(&metadata_of(&document, &catalog), count).into_bytes();
        let kind = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
        let metadata = document.add_object(Stream::new(kind, metadata).with_compression(false));
        let own = document.catalog_mut()?;
        own.set("PageLabels", dictionary! { "Nums" => labels });
        own.set("Metadata", metadata);
        document.prune_objects();
        let mut part = Vec::new();
        document.save_to(&mut part).map_err(lopdf::Error::from)?;
        Ok(part)
    }
}

/// Keeps the pages that stand there, from 0; which they are.
fn keep_pages(
    document: &mut Document,
    catalog: &Dictionary,
    places: Range<usize>,
) -> Result<Vec<ObjectId>, lopdf::Error> {
    let tree = catalog.get(b"Pages")?.as_reference()?;
    let all = references(document, document.get_dictionary(tree)?.get(b"Kids").ok());
    let kept = all.get(places).unwrap_or_default().to_vec();
    let count = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    let kids: Vec<Object> = kept.iter().copied().map(Object::Reference).collect();
    let tree = document.get_dictionary_mut(tree)?;
    tree.set("Kids", kids);
    tree.set("Count", count);
    Ok(kept)
}

/// The labels of pages that stand there, counted from the first of them.
fn labels(document: &Document, catalog: &Dictionary, places: Range<usize>) -> Vec<Object> {
    let all = leaves(document, catalog, b"PageLabels", b"Nums").into_iter();
    let own = all.filter_map(|(at, label)| {
        let at = usize::try_from(at.as_i64().ok()?).ok().filter(|at| places.contains(at))?;
        Some((i64::try_from(at - places.start).ok()?, label))
    });
    number_leaves(own.collect())
}

/// Keeps the elements of these pages, and what finds them.
fn keep_elements(
    document: &mut Document,
    catalog: &Dictionary,
    pages: &[ObjectId],
) -> Result<(), lopdf::Error> {
    let Ok(root) = catalog.get(b"StructTreeRoot").and_then(Object::as_reference) else {
        return Ok(());
    };
    let tree = document.get_dictionary(root)?.clone();
    let of_pages: HashSet<ObjectId> = pages.iter().copied().collect();
    let (mut elements, mut kids) = (HashSet::new(), Vec::new());
    let Some(top) = references(document, tree.get(b"K").ok()).first().copied() else {
        return Ok(());
    };
    for child in references(document, document.get_dictionary(top)?.get(b"K").ok()) {
        let mut below = HashSet::new();
        if stands_on(document, child, &of_pages, &mut below, 0) {
            elements.extend(below);
            kids.push(Object::Reference(child));
        }
    }
    let keys = keys(document, pages);
    let parents = leaves(document, &tree, b"ParentTree", b"Nums").into_iter();
    let parents = parents.filter_map(|(key, value)| Some((key.as_i64().ok()?, value)));
    let parents = number_leaves(parents.filter(|(key, _)| keys.contains(key)).collect());
    let names = leaves(document, &tree, b"IDTree", b"Names").into_iter();
    let names = names.filter(|(_, it)| it.as_reference().is_ok_and(|it| elements.contains(&it)));
    let names = names.filter_map(|(name, it)| Some((name.as_str().ok()?.to_vec(), it))).collect();
    document.get_dictionary_mut(top)?.set("K", kids);
    let own = document.get_dictionary_mut(root)?;
    own.set("ParentTree", dictionary! { "Nums" => parents });
    if own.has(b"IDTree") {
        own.set("IDTree", dictionary! { "Names" => name_leaves(names) });
    }
    Ok(())
}

/// Whether an element shows something on one of these pages; all elements below it, itself too, go into `below`.
fn stands_on(
    document: &Document,
    element: ObjectId,
    pages: &HashSet<ObjectId>,
    below: &mut HashSet<ObjectId>,
    depth: usize,
) -> bool {
    let Ok(dictionary) = document.get_dictionary(element) else { return false };
    let page = dictionary.get(b"Pg").and_then(Object::as_reference);
    let mut stands = page.is_ok_and(|page| pages.contains(&page));
    below.insert(element);
    if depth < MAX_DEPTH {
        let kids = dictionary.get(b"K").ok();
        for kid in references(document, kids) {
            stands |= stands_on(document, kid, pages, below, depth + 1);
        }
        // Content of another page than its element's says so itself.
        let marks = kids.and_then(|kids| kids.as_array().ok()).into_iter().flatten();
        let marks = marks.filter_map(|kid| kid.as_dict().ok()?.get(b"Pg").ok());
        stands |= marks.filter_map(|page| page.as_reference().ok()).any(|it| pages.contains(&it));
    }
    stands
}

/// Under which keys the tree of parents names what is marked on these pages.
fn keys(document: &Document, pages: &[ObjectId]) -> HashSet<i64> {
    let pages = pages.iter().filter_map(|page| document.get_dictionary(*page).ok());
    pages.filter_map(|page| page.get(b"StructParents").ok()?.as_i64().ok()).collect()
}

/// Keeps the outline of these pages: the entries below that of their pile, if there are piles.
fn keep_entries(
    document: &mut Document,
    catalog: &Dictionary,
    pages: &[ObjectId],
) -> Result<(), lopdf::Error> {
    let Ok(root) = catalog.get(b"Outlines").and_then(Object::as_reference) else { return Ok(()) };
    let leads_there = |entry: &Dictionary| {
        let destination = entry.get(b"Dest").and_then(Object::as_array).ok();
        let page = destination.and_then(|it| it.first()?.as_reference().ok());
        page.is_some_and(|page| pages.contains(&page))
    };
    let (mut kept, mut next) = (Vec::new(), entry_at(document, root, b"First"));
    while let Some(id) = next.filter(|id| !kept.contains(id)) {
        if document.get_dictionary(id).is_ok_and(leads_there) {
            kept.push(id);
        }
        next = entry_at(document, id, b"Next");
    }
    let (Some(first), Some(last)) = (kept.first().copied(), kept.last().copied()) else {
        document.catalog_mut()?.remove(b"Outlines");
        return Ok(());
    };
    document.get_dictionary_mut(first)?.remove(b"Prev");
    document.get_dictionary_mut(last)?.remove(b"Next");
    let count = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    let root = document.get_dictionary_mut(root)?;
    root.set("First", first);
    root.set("Last", last);
    root.set("Count", count);
    Ok(())
}

fn entry_at(document: &Document, id: ObjectId, key: &[u8]) -> Option<ObjectId> {
    document.get_dictionary(id).ok()?.get(key).ok()?.as_reference().ok()
}
