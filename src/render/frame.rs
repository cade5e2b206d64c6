//! A document of ours, with its parts in their places.

use crate::wording::markdown::push_html;

/// The frame with each part in its place; they stand there in this order. What is put in is HTML already.
pub(super) fn filled<const N: usize>(frame: &str, parts: [(&str, &str); N]) -> String {
    let mut document = String::new();
    let mut rest = frame;
    for (place, part) in parts {
        let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
        document.push_str(before);
        document.push_str(part);
        rest = after;
    }
    document.push_str(rest);
    document
}

/// A text as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::new();
    push_html(&mut html, text);
    html
}
