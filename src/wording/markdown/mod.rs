//! The small Markdown of the fields: paragraphs, line breaks, rules, bold, emphasis, lists, tables,
//! links.
//! Raw HTML and images are shown as the text that they are; a link leads only to http, https,
//! mailto or tel.

mod french;
mod html;
mod parse;
mod plain;
mod tables;

use serde::{Deserialize, Serialize};

pub use french::in_french;
pub use html::{html_of, push_html};
pub use parse::{LineEnds, is_safe_href, parse};
pub use plain::{line_of, on_paper, plain_of};

/// A piece of a text that stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading; only templates have them.
    Heading {
        /// 1 is the title of the whole.
        level: u8,
        /// Its words.
        spans: Vec<TextSpan>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        spans: Vec<TextSpan>,
    },
    /// A list.
    List {
        /// Numbered, or with dashes.
        ordered: bool,
        /// The number of the first item.
        start: u64,
        /// Each item is a small text of its own.
        items: Vec<Vec<Block>>,
    },
    /// A table; each row has as many cells as the head.
    Table {
        /// The titles of the columns.
        head: Vec<Vec<TextSpan>>,
        /// The cells below them, row by row.
        rows: Vec<Vec<Vec<TextSpan>>>,
    },
    /// What is read first, in a frame; only templates have them: `> `.
    Frame {
        /// What stands in it.
        blocks: Vec<Block>,
    },
    /// What follows is another part: `---`.
    Rule,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TextSpan {
    /// Words.
    Text {
        /// As they are to be read; nothing in them is markup.
        text: String,
    },
    /// A new line in the same paragraph.
    Break,
    /// Bold.
    Strong {
        /// What is bold.
        spans: Vec<TextSpan>,
    },
    /// Italics.
    Emphasis {
        /// What is emphasised.
        spans: Vec<TextSpan>,
    },
    /// A link.
    Link {
        /// Where to.
        href: String,
        /// What is shown.
        spans: Vec<TextSpan>,
    },
}

impl TextSpan {
    /// Words without markup.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }
}

impl Block {
    /// A paragraph of these words.
    #[must_use]
    pub fn paragraph(spans: Vec<TextSpan>) -> Self {
        Self::Paragraph { spans }
    }

    /// The same block with other words: each of its lines as `set` gives it.
    #[must_use]
    pub fn with_lines(&self, set: &mut dyn FnMut(&[TextSpan]) -> Vec<TextSpan>) -> Self {
        match self {
            Self::Heading { level, spans } => Self::Heading { level: *level, spans: set(spans) },
            Self::Paragraph { spans } => Self::paragraph(set(spans)),
            Self::List { ordered, start, items } => {
                let item = |item: &Vec<Self>| item.iter().map(|it| it.with_lines(set)).collect();
                let items = items.iter().map(item).collect();
                Self::List { ordered: *ordered, start: *start, items }
            }
            Self::Table { head, rows } => Self::Table {
                head: head.iter().map(|cell| set(cell)).collect(),
                rows: rows.iter().map(|row| row.iter().map(|cell| set(cell)).collect()).collect(),
            },
            Self::Frame { blocks } => {
                Self::Frame { blocks: blocks.iter().map(|it| it.with_lines(set)).collect() }
            }
            Self::Rule => Self::Rule,
        }
    }
}

/// The blocks of a field. A line that ends is a line that ends; a heading becomes a bold line, since
/// the outline of a message belongs to its template.
#[must_use]
pub fn to_blocks(text: &str) -> Vec<Block> {
    let mut blocks = parse(text, LineEnds::Kept, is_safe_href);
    for block in &mut blocks {
        if let Block::Heading { spans, .. } = block {
            *block = Block::paragraph(vec![TextSpan::Strong { spans: std::mem::take(spans) }]);
        }
    }
    blocks
}

/// A field in HTML.
#[must_use]
pub fn to_html(text: &str) -> String {
    html_of(&to_blocks(text))
}

/// A field as plain text.
#[must_use]
pub fn to_plain(text: &str) -> String {
    plain_of(&to_blocks(text))
}
