//! What is attached to a mail. It is kept as it came, under a safe name, and never opened.

use std::sync::Arc;

use mail_parser::{Message, MessagePart, MimeHeaders as _, PartType};

use super::arrival::Arrival;
use crate::plain_text::one_line;

/// Octets of all that is attached to one mail and kept, four or five photographs of a telephone; of what is beyond, the
/// name and the size.
pub const MOST_KEPT: usize = 19 * 1024 * 1024;

/// Attachments of one mail that are told of one by one.
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
    let mut parts = mail.attachments();
    for part in parts.by_ref().take(MOST) {
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
    found.extend(untold(parts));
    found
}

/// Those beyond, which one line tells of together.
fn untold<'a>(parts: impl Iterator<Item = &'a MessagePart<'a>>) -> Option<Attachment> {
    let sizes: Vec<usize> = parts.map(|part| part.contents().len()).collect();
    let many = sizes.len();
    let name =
        if many == 1 { "1 autre pièce".to_owned() } else { format!("{many} autres pièces") };
    (many > 0).then(|| Attachment { name, octets: sizes.into_iter().sum(), content: None })
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
