//! The XML parts of a workbook, walked tag by tag; nothing of them is expanded or held as a tree.
//!
//! Read here rather than by a spreadsheet library: those set memory aside by what a workbook declares
//! (a count of texts, a row repeated a million times) before its reader can say no.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::records::{reason_of, resolved};
use super::refused::Reason;

/// One step of the walk. Names come without their prefix.
#[derive(Clone, Copy)]
pub(super) enum Seen<'a> {
    /// A tag opens.
    Open(&'a str, &'a BytesStart<'a>),
    /// A tag closes.
    Close(&'a str),
    /// A text, or a piece of one.
    Text(&'a str),
}

/// Whether the walk goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    On,
    Done,
}

/// Hands each step to `take` until the part ends or `take` has had enough.
pub(super) fn walk(
    part: &str,
    mut take: impl FnMut(Seen<'_>) -> Result<Walk, Reason>,
) -> Result<(), Reason> {
    let mut reader = Reader::from_str(part.trim_start_matches('\u{feff}'));
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| reason_of(&error))?;
        let next = match &event {
            Event::Start(tag) => {
                depth += 1;
                take(Seen::Open(tag.local_name().as_ref(), tag))
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                take(Seen::Close(tag.local_name().as_ref()))
            }
            Event::Text(text) => take(Seen::Text(&text.xml10_content())),
            Event::CData(text) => take(Seen::Text(&text.xml10_content())),
            Event::GeneralRef(reference) => {
                take(Seen::Text(resolved(reference)?.encode_utf8(&mut [0; 4])))
            }
            Event::DocType(_) => Err(Reason::Doctype),
            Event::Eof if depth > 0 => Err(Reason::Truncated),
            Event::Eof => Ok(Walk::Done),
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Ok(Walk::On),
        };
        if next? == Walk::Done {
            return Ok(());
        }
    }
}

/// The value of an attribute, by its name without prefix; empty when there is none.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<String, Reason> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| reason_of(&error.into()))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Explicit1_0)
                .map_err(|error| reason_of(&error))?;
            return Ok(value.into_owned());
        }
    }
    Ok(String::new())
}
