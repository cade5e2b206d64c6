//! What is attached to a mail. It is kept as it came, under a safe name, and never opened.

use std::sync::Arc;

use mail_parser::{Message, MessagePart, MimeHeaders as _, PartType};

use super::arrival::Arrival;
use crate::plain_text::one_line;

/// Octets of all that is attached to one mail and kept; of what is beyond, the name and the size.
pub const MOST_KEPT: usize = 10 * 1024 * 1024;

/// Attachments of one mail that are told of.
const MOST: usize = 50;
/// Signs of a name.
const LONGEST_NAME: usize = 100;
/// The name of what has none.
const UNNAMED: &str = "piece-jointe";
/// What a name must not hold: it would lead to another folder, or to a device.
const UNSAFE: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Something attached. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, safe to be written to a disk.
    pub name: String,
    /// Its size in octets: as it was written, where it was not kept.
    pub octets: usize,
    /// What it holds; nothing where that was too large.
    pub content: Option<Arc<[u8]>>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({} octets)", self.octets)
    }
}

/// What is attached to this one.
pub(super) fn of(mail: &Message<'_>, arrival: &Arrival<'_>) -> Vec<Attachment> {
    let raw = mail.raw_message();
    let missing = arrival.octets.saturating_sub(raw.len());
    let mut left = MOST_KEPT;
    let mut found = Vec::new();
    for part in mail.attachments().take(MOST) {
        let name = safe_name(part.attachment_name().unwrap_or_default(), part);
        let (begin, end) = (part.raw_body_offset() as usize, part.raw_end_offset() as usize);
        // What was cut off, the last one lacks.
        let is_cut = missing > 0 && (part.is_encoding_problem || end + 2 >= raw.len());
        if is_cut {
            let octets = raw.len().saturating_sub(begin) + missing;
            found.push(Attachment { name, octets, content: None });
            continue;
        }
        let content = match &part.body {
            PartType::Message(_) => raw.get(begin..end).unwrap_or_default(),
            _ => part.contents(),
        };
        let is_kept = content.len() <= left;
        left = left.saturating_sub(if is_kept { content.len() } else { 0 });
        let octets = content.len();
        found.push(Attachment { name, octets, content: is_kept.then(|| content.into()) });
    }
    found
}

fn safe_name(name: &str, part: &MessagePart<'_>) -> String {
    let line = one_line(name);
    let safe: String =
        line.chars().map(|sign| if UNSAFE.contains(&sign) { '_' } else { sign }).collect();
    let safe = safe.trim_matches(['.', ' ']);
    if safe.is_empty() {
        let is_mail = matches!(part.body, PartType::Message(_));
        return format!("{UNNAMED}{}", if is_mail { ".eml" } else { "" });
    }
    // Its ending tells a person what it is.
    let signs = safe.chars().count();
    if signs <= LONGEST_NAME {
        return safe.to_owned();
    }
    let ending: String = safe.chars().skip(signs - 10).collect();
    safe.chars().take(LONGEST_NAME - 10).chain(ending.chars()).collect()
}
