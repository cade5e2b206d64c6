//! The pages of a document that goes behind letters.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::stamp::FONT;

/// One of them, as every copy draws it: a few octets a copy, and what it draws with once for all.
#[derive(Clone)]
pub struct Face {
    contents: Object,
    resources: Object,
    /// What the resources name, but for fonts.
    drawings: Object,
    size: Object,
}

/// What marks a copy of a page.
#[derive(Clone, Copy)]
pub struct Marking {
    /// Makes room for the mark.
    pub shrink: ObjectId,
    /// Draws the mark.
    pub stamp: ObjectId,
    /// The font that it is written in.
    pub font: ObjectId,
}

impl Face {
    /// What it draws with.
    pub fn draws_with(&self) -> [Object; 2] {
        [self.contents.clone(), self.resources.clone()]
    }

    /// One copy, which has no parent yet.
    pub fn page(&self) -> Dictionary {
        dictionary! {
            "Type" => "Page",
            "MediaBox" => self.size.clone(),
            "Contents" => self.contents.clone(),
            "Resources" => self.resources.clone(),
        }
    }

    /// One copy that is marked.
    pub fn marked(&self, marking: Marking) -> Dictionary {
        let mut page = self.page();
        page.set(
            "Contents",
            vec![marking.shrink.into(), self.contents.clone(), marking.stamp.into()],
        );
        let fonts = dictionary! { FONT => marking.font };
        page.set("Resources", dictionary! { "XObject" => self.drawings.clone(), "Font" => fonts });
        page
    }

    /// A page of this size that is drawn by one stream, which names nothing but the font of marks.
    pub fn drawn_by(contents: ObjectId, size: [f32; 2]) -> Self {
        let [width, height] = size.map(Object::Real);
        Self {
            contents: contents.into(),
            resources: Dictionary::new().into(),
            drawings: Dictionary::new().into(),
            size: vec![0.into(), 0.into(), width, height].into(),
        }
    }
}

/// The pages of a document that was made fit ([`crate::render::documents`]).
pub fn faces(document: &Document) -> Result<Vec<Face>, lopdf::Error> {
    let faces = document.get_pages().into_values().map(|page| {
        let page = document.get_dictionary(page)?;
        let own = |key| page.get(key).cloned();
        let resources = page.get_deref(b"Resources", document)?.as_dict()?;
        Ok(Face {
            contents: own(b"Contents")?,
            resources: own(b"Resources")?,
            drawings: resources.get(b"XObject").cloned().unwrap_or(Dictionary::new().into()),
            size: own(b"MediaBox")?,
        })
    });
    faces.collect()
}
