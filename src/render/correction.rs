//! What stands around the text of a correction, on every channel: what it puts right, of which day, and what
//! changed. So nobody has to compare two letters, and no template can forget it.

use super::marks::is_mark;
use crate::message::Rectified;
use crate::wording::markdown::{Block, TextSpan};

/// What a subject begins with.
const BEFORE_THE_SUBJECT: &str = "Rectificatif : ";

/// What a correction says of itself.
pub struct Notice {
    /// For readers: `Rectificatif à “Fermeture” du lundi 16 mars : l’heure de reprise change.`
    line: String,
    /// The same for a text message, without signs that make it dear.
    sms: String,
}

impl Notice {
    /// What a correction says; of one that kept nothing of it, the subject alone says that it is one.
    pub fn new(says: Option<&Rectified>) -> Self {
        let line = |quotes| says.map_or_else(String::new, |says| line(says, quotes));
        Self { line: line(('“', '”')), sms: line(('"', '"')) }
    }

    /// A subject that says that it is one of a correction.
    pub fn subject(of: &str) -> String {
        format!("{BEFORE_THE_SUBJECT}{of}")
    }

    /// A text message.
    pub fn sms(&self, text: &str) -> String {
        format!("{} {text}", self.sms).trim_start().to_owned()
    }

    /// What a caller says: after the greeting.
    pub fn script(&self, text: String) -> String {
        if self.line.is_empty() {
            return text;
        }
        let (greeting, rest) = text.split_once("\n\n").unwrap_or(("", &text));
        format!("{greeting}\n\n{}\n\n{rest}", self.line)
    }

    /// What is read: first of all in the strip that says the fact, or in one of its own below the title.
    pub fn blocks(&self, mut blocks: Vec<Block>) -> Vec<Block> {
        if self.line.is_empty() {
            return blocks;
        }
        let text = TextSpan::Text { text: self.line.clone() };
        let line = Block::paragraph(vec![TextSpan::Strong { spans: vec![text] }]);
        let strip = blocks.iter_mut().find_map(|block| match block {
            Block::Frame { blocks } => Some(blocks),
            _ => None,
        });
        if let Some(strip) = strip {
            strip.insert(0, line);
        } else {
            let has_title = matches!(blocks.first(), Some(Block::Heading { level: 1, .. }));
            blocks.insert(usize::from(has_title), Block::Frame { blocks: vec![line] });
        }
        blocks
    }
}

fn line(says: &Rectified, (opens, closes): (char, char)) -> String {
    let Rectified { of, day, what } = says;
    let what = what.trim().trim_end_matches('.');
    let what = if what.is_empty() { String::new() } else { format!(" : {what}") };
    let line = format!("Rectificatif à {opens}{}{closes} du {day}{what}.", of.trim());
    line.replace(is_mark, " ")
}
