//! One element with all that it holds, laid out flat in memory that the next one takes over: a file has
//! millions of elements.

use std::ops::Range;

/// Room for one record at a time, filled tag by tag.
#[derive(Default)]
pub(super) struct RecordRoom {
    /// Names, attributes and texts, one after the other.
    letters: String,
    /// In the order of their tags: an element comes right before all that it holds.
    elements: Vec<Element>,
    attributes: Vec<Attribute>,
    /// The open elements, outermost first: their place, and where their text begins in `texts`.
    open: Vec<(usize, usize)>,
    /// The texts of the open elements so far: that of an outer one goes on once the inner one is closed.
    texts: String,
    /// Bytes that came in, the blanks that are no text among them.
    size: usize,
    line: u64,
}

struct Element {
    name: Range<usize>,
    text: Range<usize>,
    attributes: Range<usize>,
    /// How many elements it holds, those within others counted too.
    holds: usize,
}

struct Attribute {
    key: Range<usize>,
    value: Range<usize>,
}

impl RecordRoom {
    /// Empties it for a record that begins on this line.
    pub(super) fn begin(&mut self, line: u64) {
        self.letters.clear();
        self.elements.clear();
        self.attributes.clear();
        self.open.clear();
        self.texts.clear();
        self.size = 0;
        self.line = line;
    }

    /// Opens an element within the one that is open.
    pub(super) fn open(&mut self, name: &str) {
        self.open.push((self.elements.len(), self.texts.len()));
        let attributes = self.attributes.len()..self.attributes.len();
        let name = self.keep(name);
        self.elements.push(Element { name, text: 0..0, attributes, holds: 0 });
    }

    /// Adds an attribute to the element that was opened last.
    pub(super) fn attribute(&mut self, key: &str, value: &str) {
        let attribute = Attribute { key: self.keep(key), value: self.keep(value) };
        self.attributes.push(attribute);
        if let Some(element) = self.elements.last_mut() {
            element.attributes.end = self.attributes.len();
        }
    }

    /// Adds to the text of the open element. Blanks before any text are the file's layout.
    pub(super) fn text(&mut self, text: &str) {
        self.size += text.len();
        if self.has_text() || !text.trim().is_empty() {
            self.texts.push_str(text);
        }
    }

    /// Whether the open element has a text so far.
    pub(super) fn has_text(&self) -> bool {
        self.open.last().is_some_and(|(_, begins)| self.texts.len() > *begins)
    }

    /// Closes the open element; whether it was the record itself.
    pub(super) fn close(&mut self) -> bool {
        if let Some((at, begins)) = self.open.pop() {
            let holds = self.elements.len() - at - 1;
            let from = self.letters.len();
            self.letters.push_str(self.texts.get(begins..).unwrap_or_default().trim());
            self.texts.truncate(begins);
            if let Some(element) = self.elements.get_mut(at) {
                element.text = from..self.letters.len();
                element.holds = holds;
            }
        }
        self.open.is_empty()
    }

    /// Bytes of the names, attributes and texts that came in.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The record, as far as it came.
    pub(super) fn record(&self) -> Option<Record<'_>> {
        let (element, inner) = self.elements.split_first()?;
        Some(Record { room: self, element, inner })
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let from = self.letters.len();
        self.letters.push_str(text);
        self.size += text.len();
        from..self.letters.len()
    }
}

/// An element of the record that was read last, or all of it.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    room: &'r RecordRoom,
    element: &'r Element,
    /// What it holds.
    inner: &'r [Element],
}

impl<'r> Record<'r> {
    /// The line on which the whole record begins.
    pub(super) fn line(self) -> u64 {
        self.room.line
    }

    /// What its tag says.
    pub(super) fn name(self) -> &'r str {
        self.letters(&self.element.name)
    }

    /// An attribute's value, trimmed; empty when there is none.
    pub(super) fn attribute(self, name: &str) -> &'r str {
        let all = self.room.attributes.get(self.element.attributes.clone()).unwrap_or_default();
        let found = all.iter().find(|attribute| self.letters(&attribute.key) == name);
        found.map_or("", |attribute| self.letters(&attribute.value).trim())
    }

    /// A child's text, trimmed; empty when there is none.
    pub(super) fn text_of(self, child: &str) -> &'r str {
        self.child(child).map_or("", Record::text)
    }

    /// The text, trimmed.
    pub(super) fn text(self) -> &'r str {
        self.letters(&self.element.text)
    }

    /// The first child of this name.
    pub(super) fn child(self, name: &str) -> Option<Record<'r>> {
        self.children(name).next()
    }

    /// The children `inner` of the child `outer`: the exports wrap every list so.
    pub(super) fn list(self, outer: &str, inner: &str) -> impl Iterator<Item = Record<'r>> {
        self.child(outer).into_iter().flat_map(move |list| list.children(inner))
    }

    /// The children of this name.
    pub(super) fn children(self, name: &str) -> impl Iterator<Item = Record<'r>> {
        let mut rest = self.inner;
        let all = std::iter::from_fn(move || {
            let (element, behind) = rest.split_first()?;
            let (inner, behind) = behind.split_at_checked(element.holds)?;
            rest = behind;
            Some(Record { room: self.room, element, inner })
        });
        all.filter(move |child| child.name() == name)
    }

    fn letters(self, at: &Range<usize>) -> &'r str {
        self.room.letters.get(at.clone()).unwrap_or_default()
    }
}
