//! Marks: signs of Unicode's private-use area that stand for values while a template is rendered
//! and its Markdown is read, and the pieces that are left between them.

use super::error::TemplateFault;
use crate::wording::markdown::push_html;

const PERSON: u32 = 0xE000;
const FIXED: u32 = 0xF000;
const END: u32 = 0xF8FF;

/// A value in waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// Differs from person to person: the number of the value.
    Person(usize),
    /// The same for all: a field, a fact of the school.
    Fixed(usize),
}

impl Placeholder {
    /// The mark that a sign is.
    pub fn of(sign: char) -> Option<Self> {
        let code = u32::from(sign);
        let number = |base: u32| usize::try_from(code - base).unwrap_or(0);
        match code {
            PERSON..FIXED => Some(Self::Person(number(PERSON))),
            FIXED..=END => Some(Self::Fixed(number(FIXED))),
            _ => None,
        }
    }

    /// The sign that is the mark.
    pub fn sign(self) -> char {
        let (base, number) = match self {
            Self::Person(number) => (PERSON, number),
            Self::Fixed(number) => (FIXED, number),
        };
        u32::try_from(number)
            .ok()
            .and_then(|number| char::from_u32(base + number))
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// Whether a sign would be taken for a mark.
pub fn is_mark(sign: char) -> bool {
    Placeholder::of(sign).is_some()
}

/// What a value must be escaped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Plain text.
    Nothing,
    /// HTML.
    Html,
    /// The address of a link in HTML.
    Href,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Value(usize, Escape),
}

/// A text with holes.
#[derive(Debug, Clone)]
pub struct Pieces {
    pieces: Vec<Piece>,
    length: usize,
}

impl Pieces {
    /// Plain text with marks.
    pub fn of_text(text: &str) -> Self {
        Self::split(text, |_| Escape::Nothing)
    }

    /// HTML of our making with marks. It quotes every attribute and escapes every other quotation
    /// mark, so the last `"` tells whether a mark stands in a link's address.
    pub fn of_html(html: &str) -> Self {
        Self::split(html, |before| match before.rsplit_once('"') {
            Some((opening, _)) if opening.ends_with("href=") => Escape::Href,
            _ => Escape::Html,
        })
    }

    fn split(text: &str, escape: impl Fn(&str) -> Escape) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut at = 0;
        while let Some(found) = rest.find(is_mark) {
            let (fixed, after) = rest.split_at_checked(found).unwrap_or((rest, ""));
            at += found;
            if !fixed.is_empty() {
                pieces.push(Piece::Text(fixed.to_owned()));
            }
            let mut signs = after.chars();
            if let Some(sign) = signs.next() {
                if let Some(Placeholder::Person(number)) = Placeholder::of(sign) {
                    let before = text.get(..at).unwrap_or_default();
                    pieces.push(Piece::Value(number, escape(before)));
                }
                at += sign.len_utf8();
            }
            rest = signs.as_str();
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self { pieces, length: text.len() }
    }

    /// Whether it has no holes but those of one number.
    pub fn tells_nothing_but(&self, number: usize) -> bool {
        self.pieces.iter().all(|it| match it {
            Piece::Text(_) => true,
            Piece::Value(other, _) => *other == number,
        })
    }

    /// The text for one person; a fault when it is longer than `limit` bytes.
    pub fn fill(&self, values: &[&str], limit: usize) -> Result<String, TemplateFault> {
        let mut text = String::with_capacity(self.length + 128);
        for piece in &self.pieces {
            match piece {
                Piece::Text(fixed) => text.push_str(fixed),
                Piece::Value(number, escape) => {
                    let value = values.get(*number).copied().unwrap_or_default();
                    match escape {
                        Escape::Nothing => text.push_str(value),
                        Escape::Html => push_html(&mut text, value),
                        Escape::Href => push_percent(&mut text, value),
                    }
                }
            }
        }
        if text.len() > limit {
            return Err(TemplateFault::TooLong { bytes: text.len(), limit });
        }
        Ok(text)
    }
}

/// Appends a value as part of an address: all but unreserved signs (RFC 3986) as `%XX`.
fn push_percent(text: &mut String, value: &str) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(DIGITS[usize::from(byte >> 4)]);
            text.push(DIGITS[usize::from(byte & 15)]);
        }
    }
}
