//! The pages of A4 that are made of what is seen of others.

use std::fmt::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::place::{PageBox, Transform};
use super::unfit::UnfitDocument;

/// What a drawing may name beside what it draws with, and does not take along: what acts, what it came from, and
/// what ties it to a page that stays behind.
const LEFT_BEHIND: [&[u8]; 12] = [
    b"A",
    b"AA",
    b"JS",
    b"OPI",
    b"Ref",
    b"PieceInfo",
    b"Metadata",
    b"LastModified",
    b"StructParent",
    b"StructParents",
    b"Parent",
    b"OC",
];
/// Where the octets of a stream lie, if they are in another file: it would be looked for wherever this is opened.
const ELSEWHERE: [&[u8]; 3] = [b"F", b"FFilter", b"FDecodeParms"];
/// How deep what a page draws with is followed.
const MAX_DEPTH: usize = 32;

/// A document that is fit for paper. `Debug` shows its size alone.
#[derive(Clone, PartialEq, Eq)]
pub struct FitPdf {
    /// A PDF of A4 pages.
    pub pdf: Vec<u8>,
    /// How many.
    pub pages: usize,
}

impl std::fmt::Debug for FitPdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FitPdf({} pages, {} bytes)", self.pages, self.pdf.len())
    }
}

/// What is seen of one page.
pub struct SeenPage {
    /// The part of its plane that is shown.
    pub shown: PageBox,
    /// How many quarters it is turned clockwise.
    pub quarters: i64,
    /// Draws it.
    pub form: ObjectId,
    /// Lies over it.
    pub over: Vec<Overlay>,
}

/// Something that lies over a page.
pub struct Overlay {
    /// Draws it.
    pub form: ObjectId,
    /// Where.
    pub at: Transform,
}

/// The pages that are made, in the document whose objects they draw with.
pub struct FitPages {
    pub document: Document,
    root: ObjectId,
    made: Vec<Object>,
    turns_on_short_edge: bool,
}

impl FitPages {
    /// None yet.
    pub fn new(mut document: Document) -> Self {
        let root = document.new_object_id();
        Self { document, root, made: Vec::new(), turns_on_short_edge: false }
    }

    /// Whoever prints them on both sides turns them on their short edge.
    pub fn turn_on_short_edge(&mut self) {
        self.turns_on_short_edge = true;
    }

    /// Adds a page of this size, width and height, that shows these, each at its place.
    pub fn add(&mut self, shown: &[(Transform, &SeenPage)], [width, height]: [f32; 2]) {
        let (mut drawn, mut content) = (Dictionary::new(), String::new());
        for ((place, seen), at) in shown.iter().zip(1..) {
            // Writing to a String cannot fail.
            let _ = writeln!(content, "q {} cm\n/P{at} Do", place.operands());
            drawn.set(format!("P{at}"), seen.form);
            for (over, number) in seen.over.iter().zip(1..) {
                let name = format!("P{at}N{number}");
                let _ = writeln!(content, "q {} cm /{name} Do Q", over.at.operands());
                drawn.set(name, over.form);
            }
            content.push_str("Q\n");
        }
        let content =
            self.document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
        let resources = self.document.add_object(dictionary! { "XObject" => drawn });
        let page = dictionary! {
            "Type" => "Page",
            "Parent" => self.root,
            "MediaBox" => [0.0, 0.0, width, height].map(Object::Real).to_vec(),
            "Contents" => content,
            "Resources" => resources,
        };
        self.made.push(self.document.add_object(page).into());
    }

    /// The document of these pages alone.
    pub fn finish(mut self) -> Result<FitPdf, UnfitDocument> {
        let pages = self.made.len();
        let count = i64::try_from(pages).map_err(|_| UnfitDocument::TooManyPages)?;
        let kids = std::mem::take(&mut self.made);
        let root = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        self.document.objects.insert(self.root, root.into());
        let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => self.root };
        if self.turns_on_short_edge {
            let turned =
                dictionary! { "Duplex" => "DuplexFlipShortEdge", "PrintScaling" => "None" };
            catalog.set("ViewerPreferences", turned);
        }
        let catalog = self.document.add_object(catalog);
        self.document.trailer = dictionary! { "Root" => catalog };
        self.document.prune_objects();
        for (id, object) in &mut self.document.objects {
            let is_frame = *id == self.root
                || matches!(object, Object::Dictionary(page) if page.has_type(b"Page"));
            if !is_frame {
                leave_behind(object, MAX_DEPTH);
            }
        }
        // What was named by what stays behind goes too.
        self.document.prune_objects();
        self.document.renumber_objects();
        self.document.compress();
        let mut pdf = Vec::new();
        self.document.save_to(&mut pdf).map_err(|_| UnfitDocument::Damaged)?;
        Ok(FitPdf { pdf, pages })
    }
}

fn leave_behind(object: &mut Object, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => {
            for key in ELSEWHERE {
                stream.dict.remove(key);
            }
            &mut stream.dict
        }
        Object::Array(array) => {
            for it in array {
                leave_behind(it, depth);
            }
            return;
        }
        _ => return,
    };
    // A pattern, a font or a colour may bear any of these as its own name, never as a key of a drawing.
    let is_drawing = dictionary
        .get(b"Subtype")
        .and_then(Object::as_name)
        .is_ok_and(|kind| kind == b"Form" || kind == b"Image");
    if is_drawing {
        for key in LEFT_BEHIND {
            dictionary.remove(key);
        }
    }
    for (_, value) in dictionary.iter_mut() {
        leave_behind(value, depth);
    }
}
