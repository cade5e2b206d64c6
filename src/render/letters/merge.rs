//! Many tagged PDFs as one that is still tagged: pages in order, and one structure tree over all. It keeps
//! the standards that its parts keep, PDF/A-2a and PDF/UA-1, unless documents of others stand behind letters:
//! of their pages nobody can say so.

use jiff::civil::Date;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::catalog::{metadata_of, preferences, with_pages, without_standards};
use super::face::{Face, Marking, faces};
use super::job::{Letter, PageCode, PartDocument};
use super::objects::Objects;
use super::outline::Outline;
use super::place::PageSpan;
use super::sides::Sides;
use super::stamp;
use super::trees::{begin_ids, inherited, leaves, name_leaves, number_leaves, references};
use crate::message::{AskedBack, WorkOn};

/// An A4 page in points.
const A4: [f32; 2] = [595.276, 841.89];
/// What the joined catalog has from that of the first PDF.
const FROM_THE_FIRST: [&[u8]; 3] = [b"Lang", b"MarkInfo", b"OutputIntents"];

/// A place between two PDFs that are joined.
#[derive(Clone, Copy)]
pub struct Joint {
    pages: usize,
    children: usize,
    letters: usize,
}

/// A document that may go behind letters.
#[derive(Clone)]
struct KnownDocument {
    /// Page by page.
    faces: Vec<Face>,
    /// On what the work on it comes back, where it does.
    work_on: Option<WorkOn>,
}

/// Joins PDFs one after the other.
pub struct Merger {
    sides: Sides,
    joined: Objects,
    /// The documents that may go behind letters.
    documents: Vec<KnownDocument>,
    /// What all marks of pages that come back share, once there is one: what makes room for them, and their font.
    of_marks: Option<(ObjectId, ObjectId)>,
    /// A page to write on, once there is one.
    ruled: Option<ObjectId>,
    /// Whether a page of one stands behind a letter.
    has_documents: bool,
    outline: Outline,
    pages_id: ObjectId,
    root_id: ObjectId,
    /// The one `Document` element, whose children are those of all.
    element_id: ObjectId,
    pages: Vec<Object>,
    children: Vec<Object>,
    /// The parent tree: key of a page or annotation, its marked content's elements.
    parents: Vec<(i64, Object)>,
    next_key: i64,
    /// Ids of elements, which the cells of a table have: `2.` before those of the third PDF, since each
    /// PDF counts its own from one.
    names: Vec<(Vec<u8>, Object)>,
    /// How many PDFs were added.
    parts: usize,
    roles: Dictionary,
    catalog: Dictionary,
    /// What the first says of itself in XMP: who, what, when, by which standards.
    metadata: String,
}

impl Merger {
    /// Nothing yet.
    pub fn new(sides: Sides) -> Self {
        let mut joined = Objects::new();
        let pages_id = joined.reserve();
        let root_id = joined.reserve();
        let element_id = joined.reserve();
        Self {
            sides,
            joined,
            documents: Vec::new(),
            of_marks: None,
            ruled: None,
            has_documents: false,
            outline: Outline::default(),
            pages_id,
            root_id,
            element_id,
            pages: Vec::new(),
            children: Vec::new(),
            parents: Vec::new(),
            next_key: 0,
            names: Vec::new(),
            parts: 0,
            roles: Dictionary::new(),
            catalog: Dictionary::new(),
            metadata: String::new(),
        }
    }

    /// The pages so far, empty backs too.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// The place after what was added so far.
    pub fn here(&self) -> Joint {
        let (pages, children) = (self.pages.len(), self.children.len());
        Joint { pages, children, letters: self.outline.letters() }
    }

    /// Adds a sheet of so many pages before all that was added since; how many it takes, with its empty back.
    pub fn add_before(
        &mut self,
        joint: Joint,
        pdf: &[u8],
        pages: usize,
    ) -> Result<usize, lopdf::Error> {
        let (last_page, last_child) = (self.pages.len(), self.children.len());
        self.add(pdf, &[pages], std::iter::once(None))?;
        let (pages, children) = (self.pages.len() - last_page, self.children.len() - last_child);
        self.pages.split_at_mut(joint.pages).1.rotate_right(pages);
        self.children.split_at_mut(joint.children).1.rotate_right(children);
        self.outline.move_on(joint.letters, pages);
        Ok(pages)
    }

    /// Names a pile, after the one before it: the outline shows its letters below it.
    pub fn pile(&mut self, span: PageSpan, title: String) {
        self.outline.pile(span, title);
    }

    /// Takes in a document, once for all letters that it goes behind.
    pub fn know(&mut self, pdf: &[u8], asked_back: Option<AskedBack>) -> Result<(), lopdf::Error> {
        let mut document = Document::load_mem(pdf)?;
        document.renumber_objects_with(self.joined.last() + 1);
        self.joined.use_up_to(document.max_id);
        let faces = faces(&document)?;
        let kept: Vec<Object> = faces.iter().flat_map(Face::draws_with).collect();
        document.trailer = dictionary! { "Kept" => kept };
        document.prune_objects();
        for (id, object) in document.objects {
            self.joined.write(id, object)?;
        }
        self.documents.push(KnownDocument { faces, work_on: asked_back.map(|it| it.on) });
        self.joined.flush()
    }

    /// Adds the pages of one PDF after those that are there, and behind each of its letters, which are so many pages
    /// long, the documents that it brings; what is no letter brings none. Where each stands.
    pub fn add<'l>(
        &mut self,
        pdf: &[u8],
        lengths: &[usize],
        letters: impl Iterator<Item = Option<&'l Letter>>,
    ) -> Result<Vec<PageSpan>, lopdf::Error> {
        let mut document = Document::load_mem(pdf)?;
        document.renumber_objects_with(self.joined.last() + 1);
        self.joined.use_up_to(document.max_id);
        let catalog = document.catalog()?.clone();
        let children = self.children.len();
        let (parents, names) = (self.parents.len(), self.names.len());
        let (pages, placed) = self.add_pages(&mut document, lengths, letters)?;
        if let Ok(tree) = catalog.get_deref(b"StructTreeRoot", &document).and_then(Object::as_dict)
        {
            let tree = tree.clone();
            self.add_structure(&mut document, &tree)?;
        }
        self.parts += 1;
        if self.catalog.is_empty() {
            self.catalog = FROM_THE_FIRST
                .iter()
                .filter_map(|key| Some((key.to_vec(), catalog.get(key).ok()?.clone())))
                .collect();
            self.metadata = metadata_of(&document, &catalog);
        }
        // What nothing of the joined PDF names any more (catalog, page tree, trees of numbers) goes.
        let kept = pages.iter().chain(self.children.iter().skip(children));
        let kept = kept.chain(self.parents.iter().skip(parents).map(|(_, value)| value));
        let kept = kept.chain(self.names.iter().skip(names).map(|(_, value)| value));
        let kept: Vec<Object> =
            kept.chain(self.catalog.iter().map(|(_, value)| value)).cloned().collect();
        document.trailer = dictionary! { "Kept" => kept };
        document.prune_objects();
        for (id, object) in document.objects {
            self.joined.write(id, object)?;
        }
        self.joined.flush()?;
        Ok(placed)
    }

    /// Adds the pages of letters of these lengths, with an empty back wherever the next letter, or a document, would
    /// begin on one; the pages of the PDF itself, and where each letter stands.
    fn add_pages<'l>(
        &mut self,
        document: &mut Document,
        lengths: &[usize],
        letters: impl Iterator<Item = Option<&'l Letter>>,
    ) -> Result<(Vec<Object>, Vec<PageSpan>), lopdf::Error> {
        let page_ids: Vec<ObjectId> = document.get_pages().into_values().collect();
        let mut rest = page_ids.iter();
        let mut placed = Vec::new();
        for (length, letter) in lengths.iter().zip(letters) {
            let before = self.pages.len();
            let mut size = None;
            for page_id in rest.by_ref().take(*length) {
                let inherited = inherited(document, *page_id);
                let page = document.get_dictionary_mut(*page_id)?;
                for (key, value) in inherited {
                    page.set(key, value);
                }
                page.set("Parent", self.pages_id);
                size = page.get(b"MediaBox").ok().cloned();
                self.pages.push(Object::Reference(*page_id));
            }
            for _ in 0..self.sides.empty_backs(*length) {
                self.add_empty_back(size.clone())?;
            }
            if let Some(letter) = letter {
                letter.behind().try_for_each(|document| self.add_document(document))?;
                self.outline.begin(before, letter);
            }
            placed.push(PageSpan { first: before + 1, pages: self.pages.len() - before });
        }
        Ok((page_ids.into_iter().map(Object::Reference).collect(), placed))
    }

    /// Adds the pages of a document, from a front on, and what comes back of it. A page cannot stand twice in a PDF; what
    /// draws it can.
    fn add_document(&mut self, document: &PartDocument) -> Result<(), lopdf::Error> {
        let Some(KnownDocument { faces, work_on }) = self.documents.get(document.place).cloned()
        else {
            return Ok(());
        };
        self.has_documents = true;
        let codes = document.codes.as_slice();
        if work_on == Some(WorkOn::Pages) {
            return self.add_faces(&faces, codes);
        }
        self.add_faces(&faces, &[])?;
        let ruled = codes.iter().map(|_| self.ruled()).collect::<Result<Vec<_>, _>>()?;
        self.add_faces(&ruled, codes)
    }

    /// Adds pages that belong together, from a front on; each bears the code of its place, where there is one.
    fn add_faces(&mut self, faces: &[Face], codes: &[PageCode]) -> Result<(), lopdf::Error> {
        let mut size = None;
        for (place, face) in faces.iter().enumerate() {
            let stamp = codes.get(place).and_then(stamp::stamp);
            let marking = stamp.map(|drawn| self.marking(drawn)).transpose()?;
            let mut page = marking.map_or_else(|| face.page(), |it| face.marked(it));
            page.set("Parent", self.pages_id);
            size = page.get(b"MediaBox").ok().cloned();
            let id = self.joined.add(page)?;
            self.pages.push(Object::Reference(id));
        }
        for _ in 0..self.sides.empty_backs(faces.len()) {
            self.add_empty_back(size.clone())?;
        }
        Ok(())
    }

    fn marking(&mut self, drawn: String) -> Result<Marking, lopdf::Error> {
        let (shrink, font) = if let Some(shared) = self.of_marks {
            shared
        } else {
            let shrink = Stream::new(Dictionary::new(), stamp::shrink().into_bytes());
            (self.joined.add(shrink)?, self.joined.add(stamp::font())?)
        };
        self.of_marks = Some((shrink, font));
        let stamp = self.joined.add(Stream::new(Dictionary::new(), drawn.into_bytes()))?;
        Ok(Marking { shrink, stamp, font })
    }

    /// A page to write on, drawn by what all such pages share.
    fn ruled(&mut self) -> Result<Face, lopdf::Error> {
        let drawn = if let Some(drawn) = self.ruled {
            drawn
        } else {
            self.joined.add(Stream::new(Dictionary::new(), stamp::ruled().into_bytes()))?
        };
        self.ruled = Some(drawn);
        Ok(Face::drawn_by(drawn, A4))
    }

    /// A page of this size with nothing on it, not even fold marks: no tag could speak of it.
    fn add_empty_back(&mut self, size: Option<Object>) -> Result<(), lopdf::Error> {
        let mut back = dictionary! {
            "Type" => "Page",
            "Parent" => self.pages_id,
            "Resources" => Dictionary::new(),
        };
        if let Some(size) = size {
            back.set("MediaBox", size);
        }
        let id = self.joined.add(back)?;
        self.pages.push(Object::Reference(id));
        Ok(())
    }

    /// Takes over a structure tree: its elements under the one element, its keys after those in use.
    fn add_structure(
        &mut self,
        document: &mut Document,
        tree: &Dictionary,
    ) -> Result<(), lopdf::Error> {
        let offset = self.next_key;
        let part = format!("{}.", self.parts).into_bytes();
        for (key, value) in leaves(document, tree, b"ParentTree", b"Nums") {
            let key = key.as_i64()? + offset;
            self.next_key = self.next_key.max(key + 1);
            self.parents.push((key, value));
        }
        for (name, value) in leaves(document, tree, b"IDTree", b"Names") {
            if let Object::String(name, _) = name {
                self.names.push(([part.as_slice(), &name].concat(), value));
            }
        }
        if let Ok(roles) = tree.get_deref(b"RoleMap", document).and_then(Object::as_dict) {
            self.roles.extend(roles);
        }
        for object in document.objects.values_mut() {
            let dictionary = match object {
                Object::Dictionary(dictionary) => dictionary,
                Object::Stream(stream) => &mut stream.dict,
                _ => continue,
            };
            for key in [b"StructParents".as_slice(), b"StructParent"] {
                if let Ok(Object::Integer(number)) = dictionary.get(key) {
                    dictionary.set(key, number + offset);
                }
            }
            begin_ids(dictionary, &part);
        }
        self.adopt(document, tree.get(b"K").ok())
    }

    /// The elements at the top; those of a `Document` element instead of itself.
    fn adopt(
        &mut self,
        document: &mut Document,
        kids: Option<&Object>,
    ) -> Result<(), lopdf::Error> {
        for top in references(document, kids) {
            let element = document.get_dictionary(top)?;
            let is_document =
                element.get(b"S").and_then(Object::as_name).is_ok_and(|kind| kind == b"Document");
            if !is_document {
                document.get_dictionary_mut(top)?.set("P", self.element_id);
                self.children.push(Object::Reference(top));
                continue;
            }
            let kids = element.get(b"K").ok().cloned();
            for child in references(document, kids.as_ref()) {
                document.get_dictionary_mut(child)?.set("P", self.element_id);
                self.children.push(Object::Reference(child));
            }
            document.objects.remove(&top);
        }
        Ok(())
    }

    /// The joined PDF.
    pub fn finish(mut self, title: &str, date: Date) -> Result<Vec<u8>, lopdf::Error> {
        let count = i64::try_from(self.pages.len()).unwrap_or(i64::MAX);
        let pages = std::mem::take(&mut self.pages);
        let (labels, outline) =
            std::mem::take(&mut self.outline).write(&mut self.joined, &pages)?;
        let pages = dictionary! { "Type" => "Pages", "Kids" => pages, "Count" => count };
        self.joined.write(self.pages_id, pages.into())?;

        let mut catalog = std::mem::take(&mut self.catalog);
        catalog.set("Type", "Catalog");
        catalog.set("Pages", self.pages_id);
        catalog.set("ViewerPreferences", preferences(self.sides));
        catalog.set("PageLabels", labels);
        if let Some(outline) = outline {
            catalog.set("Outlines", outline);
        }
        let mut metadata = with_pages(&self.metadata, count);
        if self.has_documents {
            metadata = without_standards(&metadata);
            // There are pages that no tag speaks of.
            catalog.set("MarkInfo", dictionary! { "Marked" => true, "Suspects" => true });
        }
        let kind = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
        catalog.set("Metadata", self.joined.add(Stream::new(kind, metadata.into_bytes()))?);
        if !self.children.is_empty() {
            catalog.set("StructTreeRoot", self.root_id);
            self.write_structure()?;
        }
        let catalog_id = self.joined.add(catalog)?;
        let info_id = self.joined.add(dictionary! {
            "Title" => lopdf::text_string(title),
            "Creator" => Object::string_literal("Chappe"),
            "CreationDate" => Object::string_literal(date.strftime("D:%Y%m%d000000Z").to_string()),
        })?;
        self.joined.finish(catalog_id, info_id)
    }

    fn write_structure(&mut self) -> Result<(), lopdf::Error> {
        let element = dictionary! {
            "Type" => "StructElem",
            "S" => "Document",
            "P" => self.root_id,
            "K" => std::mem::take(&mut self.children),
        };
        self.joined.write(self.element_id, element.into())?;
        let numbers = number_leaves(std::mem::take(&mut self.parents));
        let mut root = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => vec![Object::Reference(self.element_id)],
            "ParentTree" => dictionary! { "Nums" => numbers },
            "ParentTreeNextKey" => self.next_key,
        };
        if !self.roles.is_empty() {
            root.set("RoleMap", std::mem::take(&mut self.roles));
        }
        if !self.names.is_empty() {
            let names = name_leaves(std::mem::take(&mut self.names));
            root.set("IDTree", dictionary! { "Names" => names });
        }
        self.joined.write(self.root_id, root.into())
    }
}
