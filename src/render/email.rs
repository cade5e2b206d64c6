//! An e-mail: one source, a document and a text that say the same.

use super::frame::{escaped, filled};
use super::marks::Pieces;
use crate::wording::markdown::{Block, html_of, line_of, plain_of};
use crate::wording::typography::french;

/// The document around a message: readable on any telephone, without anything from elsewhere.
const FRAME: &str = include_str!("email.html");
/// As much as a list of e-mails shows of one beside its subject, in signs.
const PREVIEW: usize = 140;

/// Both parts of an e-mail.
pub struct EmailPieces {
    pub html: Pieces,
    pub text: Pieces,
}

impl EmailPieces {
    /// The parts of an e-mail of the school: its name heads them.
    pub fn set(school: &str, subject: &str, blocks: &[Block]) -> Self {
        let school = french(school);
        let html = filled(
            FRAME,
            [
                ("<!--title-->", &escaped(subject)),
                ("<!--preview-->", &escaped(&preview(blocks))),
                ("<!--school-->", &escaped(&school)),
                ("<!--body-->", &html_of(blocks)),
            ],
        );
        let text = format!("{school}\n\n{}\n", plain_of(blocks));
        Self { html: Pieces::of_html(&html), text: Pieces::of_text(&text) }
    }
}

/// What a list of e-mails shows beside the subject: the words of the strip that is read first, or of
/// the whole. What is left out stands below in full.
fn preview(blocks: &[Block]) -> String {
    let framed = blocks.iter().find_map(|block| match block {
        Block::Frame { blocks } => Some(blocks.as_slice()),
        _ => None,
    });
    let shown: Vec<Block> = framed
        .unwrap_or(blocks)
        .iter()
        .filter(|it| !matches!(it, Block::Heading { .. }))
        .cloned()
        .collect();
    let line = line_of(&shown);
    match line.char_indices().nth(PREVIEW).and_then(|(end, _)| line.get(..end)) {
        Some(start) => format!("{}…", start.rsplit_once(' ').map_or(start, |(words, _)| words)),
        None => line,
    }
}
