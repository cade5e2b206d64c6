//! The pages of a document that goes behind letters.

use lopdf::{Dictionary, Document, Object, dictionary};

/// One of them, as every copy draws it: a few octets a copy, and what it draws with once for all.
pub struct Face {
    contents: Object,
    resources: Object,
    size: Object,
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
}

/// The pages of a document that was made fit ([`crate::render::documents`]).
pub fn faces(document: &Document) -> Result<Vec<Face>, lopdf::Error> {
    let faces = document.get_pages().into_values().map(|page| {
        let page = document.get_dictionary(page)?;
        let own = |key| page.get(key).cloned();
        Ok(Face {
            contents: own(b"Contents")?,
            resources: own(b"Resources")?,
            size: own(b"MediaBox")?,
        })
    });
    faces.collect()
}
