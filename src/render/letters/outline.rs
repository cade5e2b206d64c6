//! How somebody finds a letter in a batch: an entry for each, below that of its pile, and pages that bear its reference.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::job::Letter;
use super::objects::Objects;
use super::place::PageSpan;

/// The letters of a batch, by the pages on which they begin, and its piles.
#[derive(Default)]
pub struct Outline {
    letters: Vec<OutlineEntry>,
    piles: Vec<OutlinePile>,
}

struct OutlineEntry {
    /// Pages before it.
    before: usize,
    /// `6A Zoé DURAND`.
    title: String,
    reference: String,
}

struct OutlinePile {
    span: PageSpan,
    /// `Classe 6A`.
    title: String,
}

impl Outline {
    /// A letter that begins after so many pages.
    pub fn begin(&mut self, before: usize, letter: &Letter) {
        let whom = match letter.about.as_slice() {
            [] => letter.address.first().cloned().unwrap_or_default(),
            about => about.join(", "),
        };
        let class = letter.class_label.as_deref().unwrap_or_default();
        let title = format!("{class} {whom} {}", letter.reference);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.letters.push(OutlineEntry { before, title, reference: letter.reference.clone() });
    }

    /// Its letters so far.
    pub fn letters(&self) -> usize {
        self.letters.len()
    }

    /// So many pages came before all letters from this one on.
    pub fn move_on(&mut self, first: usize, pages: usize) {
        self.letters.iter_mut().skip(first).for_each(|letter| letter.before += pages);
    }

    /// A pile, after the one before it.
    pub fn pile(&mut self, span: PageSpan, title: String) {
        self.piles.push(OutlinePile { span, title });
    }

    /// Writes it: the labels of the pages, and the entries where there are several.
    pub fn write(
        self,
        joined: &mut Objects,
        pages: &[Object],
    ) -> Result<(Dictionary, Option<ObjectId>), lopdf::Error> {
        let labels = dictionary! { "Nums" => self.labels() };
        if self.letters.len() < 2 {
            return Ok((labels, None));
        }
        let root = joined.reserve();
        let mut top = Vec::new();
        if self.piles.is_empty() {
            for letter in &self.letters {
                top.push((joined.reserve(), letter.entry(pages)));
            }
        }
        for pile in &self.piles {
            let id = joined.reserve();
            let own = self.letters.iter().filter(|letter| pile.span.holds(letter.before + 1));
            let own: Vec<_> = own.map(|it| (joined.reserve(), it.entry(pages))).collect();
            let mut entry = entry(&pile.title, pages, pile.span.first - 1);
            // Closed: whoever opens it sees its letters.
            name_kids(&mut entry, &own, -1);
            write_beside(joined, id, own)?;
            top.push((id, entry));
        }
        let mut entries = dictionary! { "Type" => "Outlines" };
        name_kids(&mut entries, &top, 1);
        write_beside(joined, root, top)?;
        joined.write(root, entries.into())?;
        Ok((labels, Some(root)))
    }

    /// What a reader shows in the place of a page's number: the letter or the pile, and the page within it.
    fn labels(&self) -> Vec<Object> {
        let piles = self.piles.iter().map(|pile| (pile.span.first - 1, &pile.title));
        let letters = self.letters.iter().map(|letter| (letter.before, &letter.reference));
        // Where no sheet stands before its pile, the page is its first letter's.
        let labels: BTreeMap<usize, &String> = piles.chain(letters).collect();
        let label = |(before, whose): (usize, &String)| {
            let at = i64::try_from(before).unwrap_or(i64::MAX);
            let prefix = lopdf::text_string(&format!("{whose} p. "));
            [Object::Integer(at), dictionary! { "S" => "D", "P" => prefix }.into()]
        };
        labels.into_iter().flat_map(label).collect()
    }
}

impl OutlineEntry {
    fn entry(&self, pages: &[Object]) -> Dictionary {
        entry(&self.title, pages, self.before)
    }
}

/// An entry that leads to the page after so many.
fn entry(title: &str, pages: &[Object], before: usize) -> Dictionary {
    let mut item = dictionary! { "Title" => lopdf::text_string(title) };
    if let Some(page) = pages.get(before) {
        item.set("Dest", vec![page.clone(), "Fit".into()]);
    }
    item
}

/// Names the entries below another, which stand open where `sign` is 1.
fn name_kids(above: &mut Dictionary, kids: &[(ObjectId, Dictionary)], sign: i64) {
    if let (Some((first, _)), Some((last, _))) = (kids.first(), kids.last()) {
        above.set("First", *first);
        above.set("Last", *last);
        above.set("Count", sign * i64::try_from(kids.len()).unwrap_or(i64::MAX));
    }
}

/// Writes entries that stand beside each other below another.
fn write_beside(
    joined: &mut Objects,
    above: ObjectId,
    entries: Vec<(ObjectId, Dictionary)>,
) -> Result<(), lopdf::Error> {
    let ids: Vec<ObjectId> = entries.iter().map(|(id, _)| *id).collect();
    for (place, (id, mut item)) in entries.into_iter().enumerate() {
        item.set("Parent", above);
        if let Some(last) = place.checked_sub(1).and_then(|it| ids.get(it)) {
            item.set("Prev", *last);
        }
        if let Some(next) = ids.get(place + 1) {
            item.set("Next", *next);
        }
        joined.write(id, item.into())?;
    }
    Ok(())
}
