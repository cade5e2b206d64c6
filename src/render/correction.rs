//! What stands around the text of a correction, on every channel: what it puts right, of which day, and what
//! changed. So nobody has to compare two letters, and no template can forget it.

use super::marks::is_mark;
use crate::message::Rectified;
use crate::wording::markdown::{Block, TextSpan, line_of, to_blocks};
use crate::wording::typography::french;

/// What a subject begins with.
const BEFORE_THE_SUBJECT: &str = "Rectificatif : ";

/// What a correction says of itself.
pub struct Notice {
    /// For readers: `Rectificatif à « Fermeture » du lundi 16 mars : l’heure de reprise change.`
    line: String,
    /// The same for a text message, without signs that make it dear.
    sms: String,
    /// For a text message that says the earlier subject itself.
    shorter_sms: String,
    /// What the earlier one was about, as a text message says it.
    of: String,
}

impl Notice {
    /// What a correction says; of one that kept nothing of it, the subject alone says that it is one.
    pub fn new(says: Option<&Rectified>) -> Self {
        let of = says.map_or_else(String::new, |says| line_of(&to_blocks(&says.of)));
        let line = |names: &str| says.map_or_else(String::new, |says| line(says, names));
        Self {
            line: french(&line(&format!("à «{}»", with_inner_quotes(&french(&of), ("“", "”"))))),
            sms: line(&format!("à \"{}\"", with_inner_quotes(&of, ("'", "'")))),
            shorter_sms: line("au message"),
            of,
        }
    }

    /// A subject that says that it is one of a correction.
    pub fn subject(of: &str) -> String {
        format!("{BEFORE_THE_SUBJECT}{of}")
    }

    /// A text message about `subject`; where that is what the earlier one was about, it is said once.
    pub fn sms(&self, text: &str, subject: Option<&str>) -> String {
        let is_said = subject == Some(self.of.as_str()) && text.contains(&self.of);
        let notice = if is_said { &self.shorter_sms } else { &self.sms };
        format!("{notice} {text}").trim_start().to_owned()
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

/// What is put right, of which day, and what changed.
fn line(says: &Rectified, names: &str) -> String {
    let Rectified { day, what, .. } = says;
    let what = what.trim().trim_end_matches('.');
    let what = if what.is_empty() { String::new() } else { format!(" : {what}") };
    format!("Rectificatif {names} du {day}{what}.").replace(is_mark, " ")
}

/// A text that is put between quotation marks, with these around what it quotes itself.
fn with_inner_quotes(text: &str, (opens, closes): (&str, &str)) -> String {
    let blanks = |sign: char| sign.is_whitespace();
    let mut inner = String::with_capacity(text.len());
    let mut is_open = false;
    let mut rest = text;
    while let Some(at) = rest.find(['«', '»', '“', '”', '"']) {
        let (before, after) = rest.split_at(at);
        let mut signs = after.chars();
        let ends = match signs.next() {
            Some('"') => is_open,
            sign => matches!(sign, Some('»' | '”')),
        };
        inner.push_str(if ends { before.trim_end_matches(blanks) } else { before });
        inner.push_str(if ends { closes } else { opens });
        is_open = !ends;
        rest = if ends { signs.as_str() } else { signs.as_str().trim_start_matches(blanks) };
    }
    inner.push_str(rest);
    inner
}
