//! What the reader of a message sees, kept as a page.

use std::fs;
use std::path::Path;

use super::state::EntMessage;
use crate::wording::markdown::push_html;

/// Writes a message to `folder`; `reader` is its only recipient, where it has one whom the others would see.
pub(super) fn keep(folder: &Path, message: &EntMessage, reader: Option<&str>) {
    let file = folder.join(format!("{}.html", message.id));
    if let Err(error) = fs::write(file, page(message, reader)) {
        tracing::warn!(%error, "A message cannot be kept to look at.");
    }
}

fn page(message: &EntMessage, reader: Option<&str>) -> String {
    // Whoever is hidden among several reads no name but their own, which differs from reader to reader.
    let reader = reader.unwrap_or("vous");
    let recalled = "<p><em>Ce message a été rappelé par son expéditeur.</em></p>";
    let (subject, body) = if message.is_recalled {
        ("Message rappelé", recalled)
    } else {
        (message.subject.as_str(), message.body.as_str())
    };
    let mut page = String::from(include_str!("message.html"));
    for (place, text) in [("<!--to-->", reader), ("<!--subject-->", subject)] {
        let mut escaped = String::new();
        push_html(&mut escaped, text);
        page = page.replace(place, &escaped);
    }
    page.replace("<!--body-->", body)
}
