//! One page as it was answered, and everything that is asked of every page, whatever it is about.

mod document;
mod forms;
mod references;
mod safety;
pub(super) mod sample;
mod structure;
mod typography;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use document::{Document, Element};

/// A page, read as a browser reads it.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
    document: Document,
}

impl Page {
    /// The page, which has no fault: most are those that nobody writes a test about.
    pub(crate) fn checked(status: StatusCode, headers: HeaderMap, html: String) -> Self {
        let page = Self::read(status, headers, html);
        let faults = page.faults();
        assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), page.html);
        page
    }

    fn read(status: StatusCode, headers: HeaderMap, html: String) -> Self {
        let document = Document::read(&html);
        Self { status, headers, html, document }
    }

    /// Each thing that is wrong, in words.
    pub(crate) fn faults(&self) -> Vec<String> {
        let document = &self.document;
        let mut faults = document.errors.clone();
        faults.extend(structure::faults(document));
        faults.extend(references::faults(document));
        faults.extend(forms::faults(document));
        faults.extend(safety::faults(self));
        faults.extend(typography::faults(document));
        faults
    }

    /// What one reads: the blocks of text, a line each, with plain spaces.
    pub(crate) fn text(&self) -> String {
        let lines = self.document.blocks.iter().map(|block| super::plain(&block.text));
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn title(&self) -> String {
        self.document.named("title").map(Element::words).collect()
    }

    /// The value of a field, by its name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut fields = self.document.elements.iter();
        fields.find(|field| field.get("name") == Some(name))?.get("value")
    }

    /// What a form of this address would send: its hidden fields.
    pub(crate) fn hidden(&self, action: &str) -> Vec<(&str, &str)> {
        let document = &self.document;
        let is_of = |field: &Element| {
            document.around(field).any(|outer| outer.get("action") == Some(action))
        };
        let fields = document.named("input").filter(|it| it.get("type") == Some("hidden"));
        let fields = fields.filter(|field| is_of(field));
        fields.filter_map(|field| Some((field.get("name")?, field.get("value")?))).collect()
    }

    /// Where its links lead to among our own pages.
    pub(crate) fn paths(&self) -> Vec<String> {
        let links = self.document.named("a").filter_map(|link| link.get("href"));
        let paths =
            links.filter_map(|href| href.split('#').next()).filter(|path| path.starts_with('/'));
        paths.map(str::to_owned).collect()
    }

    /// Where the link leads that says these words.
    pub(crate) fn link(&self, words: &str) -> Option<&str> {
        let mut links = self.document.named("a");
        links.find(|link| link.words() == super::plain(words))?.get("href")
    }
}
