//! From Markdown to blocks.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Block, TextSpan, tables};

/// Deeper nesting than this is read as if it were not there: nobody writes it, and whoever walks
/// the tree may trust in its depth.
const MAX_DEPTH: usize = 6;

/// What the end of a line in the source means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// A new line: people type schedules so.
    Kept,
    /// A space: the source of a template is wrapped.
    Joined,
}

/// Reads Markdown. `accepts` says where a link may lead; any other is shown as it was typed.
#[must_use]
pub fn parse(text: &str, lines: LineEnds, accepts: fn(&str) -> bool) -> Vec<Block> {
    let text = &*tables::even(text);
    let mut builder = Builder::new(lines);
    let mut as_typed = 0_usize; // how many ends to wait for until a piece shown as typed is over
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let source = text.get(range).unwrap_or_default();
        match event {
            Event::Start(_) if as_typed > 0 => as_typed += 1,
            Event::End(_) if as_typed > 0 => as_typed -= 1,
            _ if as_typed > 0 => {}
            Event::Start(tag) if is_shown_as_typed(&tag, accepts) => {
                builder.words(source);
                as_typed = 1;
            }
            Event::Start(tag) => builder.open(tag),
            Event::End(tag) => builder.close(tag),
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words) => builder.words(&words),
            Event::SoftBreak => builder.end_of_line(),
            Event::HardBreak => builder.spans.push(TextSpan::Break),
            Event::Rule => builder.rule(),
            _ => {}
        }
    }
    builder.end_paragraph();
    builder.containers.swap_remove(0)
}

/// Whether a link may lead there: http, https, mailto or tel, without blanks or control signs.
#[must_use]
pub fn is_safe_href(href: &str) -> bool {
    let scheme_is_known = href.split_once(':').is_some_and(|(scheme, rest)| {
        let known = ["http", "https", "mailto", "tel"];
        !rest.is_empty() && known.iter().any(|known| scheme.eq_ignore_ascii_case(known))
    });
    scheme_is_known && !href.chars().any(|sign| sign.is_whitespace() || sign.is_control())
}

fn is_shown_as_typed(tag: &Tag<'_>, accepts: fn(&str) -> bool) -> bool {
    match tag {
        Tag::Image { .. } => true,
        Tag::Link { dest_url, .. } => !accepts(dest_url),
        _ => false,
    }
}

/// What surrounds spans that are being read.
enum Wrap {
    Strong,
    Emphasis,
    Link(String),
    /// Nested too deep.
    Nothing,
}

struct OpenList {
    ordered: bool,
    start: u64,
    items: Vec<Vec<Block>>,
}

struct Builder {
    lines: LineEnds,
    /// The text itself, then the open frame and each open list item; never empty.
    containers: Vec<Vec<Block>>,
    /// Each open list; `None` where it is nested too deep to be one.
    lists: Vec<Option<OpenList>>,
    /// What is open in the paragraph, outermost first, with what stood before it.
    wraps: Vec<(Wrap, Vec<TextSpan>)>,
    /// The spans of the innermost open piece.
    spans: Vec<TextSpan>,
    heading: Option<u8>,
    /// How many quotations are open; the outermost of a template is a frame.
    quotations: usize,
    /// The rows of the open table, its head first; tables do not nest.
    table: Vec<Vec<Vec<TextSpan>>>,
}

impl Builder {
    fn new(lines: LineEnds) -> Self {
        Self {
            lines,
            containers: vec![Vec::new()],
            lists: Vec::new(),
            wraps: Vec::new(),
            spans: Vec::new(),
            heading: None,
            quotations: 0,
            table: Vec::new(),
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.wrap(Wrap::Strong),
            Tag::Emphasis => self.wrap(Wrap::Emphasis),
            Tag::Link { dest_url, .. } => self.wrap(Wrap::Link(dest_url.into_string())),
            Tag::List(start) => {
                self.end_paragraph();
                let list = OpenList {
                    ordered: start.is_some(),
                    start: start.unwrap_or(1),
                    items: Vec::new(),
                };
                self.lists.push((self.lists.len() < MAX_DEPTH).then_some(list));
            }
            Tag::Item => {
                self.end_paragraph();
                if matches!(self.lists.last(), Some(Some(_))) {
                    self.containers.push(Vec::new());
                }
            }
            Tag::Heading { level, .. } => {
                self.end_paragraph();
                self.heading = Some(heading_level(level));
            }
            Tag::BlockQuote(_) => {
                self.end_paragraph();
                self.quotations += 1;
                if self.is_frame() {
                    self.containers.push(Vec::new());
                }
            }
            Tag::TableHead | Tag::TableRow => self.table.push(Vec::new()),
            _ => self.end_paragraph(),
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link => self.unwrap_span(),
            TagEnd::Item => {
                self.end_paragraph();
                if let Some(Some(list)) = self.lists.last_mut()
                    && let Some(item) = self.containers.pop()
                {
                    list.items.push(item);
                }
            }
            TagEnd::List(_) => {
                self.end_paragraph();
                if let Some(Some(OpenList { ordered, start, items })) = self.lists.pop() {
                    self.put(Block::List { ordered, start, items });
                }
            }
            TagEnd::BlockQuote(_) => {
                self.end_paragraph();
                if self.is_frame()
                    && let Some(blocks) = self.containers.pop()
                {
                    self.put(Block::Frame { blocks });
                }
                self.quotations = self.quotations.saturating_sub(1);
            }
            TagEnd::TableCell => {
                let cell = self.take_line();
                if let Some(row) = self.table.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.end_table(),
            _ => self.end_paragraph(),
        }
    }

    /// Whether the quotation that begins or ends is a frame: in a template, and not within another.
    fn is_frame(&self) -> bool {
        self.lines == LineEnds::Joined && self.quotations == 1 && self.lists.is_empty()
    }

    fn wrap(&mut self, wrap: Wrap) {
        let wrap = if self.wraps.len() < MAX_DEPTH { wrap } else { Wrap::Nothing };
        self.wraps.push((wrap, std::mem::take(&mut self.spans)));
    }

    fn unwrap_span(&mut self) {
        let Some((wrap, before)) = self.wraps.pop() else { return };
        let inside = std::mem::replace(&mut self.spans, before);
        match wrap {
            Wrap::Nothing => self.spans.extend(inside),
            Wrap::Strong => self.spans.push(TextSpan::Strong { spans: inside }),
            Wrap::Emphasis => self.spans.push(TextSpan::Emphasis { spans: inside }),
            Wrap::Link(href) => self.spans.push(TextSpan::Link { href, spans: inside }),
        }
    }

    /// Adds words; lines within them (raw HTML, indented text) are lines.
    fn words(&mut self, words: &str) {
        for (number, line) in words.split('\n').enumerate() {
            if number > 0 {
                self.end_of_line();
            }
            match self.spans.last_mut() {
                Some(TextSpan::Text { text }) => text.push_str(line),
                _ if line.is_empty() => {}
                _ => self.spans.push(TextSpan::text(line)),
            }
        }
    }

    fn end_of_line(&mut self) {
        match self.lines {
            LineEnds::Kept => self.spans.push(TextSpan::Break),
            LineEnds::Joined => self.words(" "),
        }
    }

    /// What was read since the last block or cell.
    fn take_line(&mut self) -> Vec<TextSpan> {
        while !self.wraps.is_empty() {
            self.unwrap_span();
        }
        link_addresses(trim(std::mem::take(&mut self.spans)))
    }

    fn end_table(&mut self) {
        let mut rows = std::mem::take(&mut self.table).into_iter();
        if let Some(head) = rows.next() {
            self.put(Block::Table { head, rows: rows.collect() });
        }
    }

    fn end_paragraph(&mut self) {
        let heading = self.heading.take();
        let spans = self.take_line();
        if spans.is_empty() {
            return;
        }
        self.put(match heading {
            Some(level) => Block::Heading { level, spans },
            None => Block::Paragraph { spans },
        });
    }

    fn rule(&mut self) {
        self.end_paragraph();
        self.put(Block::Rule);
    }

    fn put(&mut self, block: Block) {
        if let Some(container) = self.containers.last_mut() {
            container.push(block);
        }
    }
}

fn heading_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        _ => 3,
    }
}

/// Drops empty lines and blanks at both ends.
fn trim(mut spans: Vec<TextSpan>) -> Vec<TextSpan> {
    while let Some(last) = spans.last_mut() {
        if let TextSpan::Text { text } = last {
            text.truncate(text.trim_end().len());
            if !text.is_empty() {
                break;
            }
        } else if !matches!(last, TextSpan::Break) {
            break;
        }
        spans.pop();
    }
    let first = spans.iter().position(|span| match span {
        TextSpan::Text { text } => !text.trim().is_empty(),
        TextSpan::Break => false,
        _ => true,
    });
    spans.drain(..first.unwrap_or(0));
    spans
}

/// Makes a link of each web address that stands in the text.
fn link_addresses(spans: Vec<TextSpan>) -> Vec<TextSpan> {
    let mut linked = Vec::with_capacity(spans.len());
    for span in spans {
        match span {
            TextSpan::Text { text } if text.contains("://") => link_words(&text, &mut linked),
            TextSpan::Strong { spans } => {
                linked.push(TextSpan::Strong { spans: link_addresses(spans) });
            }
            TextSpan::Emphasis { spans } => {
                linked.push(TextSpan::Emphasis { spans: link_addresses(spans) });
            }
            other => linked.push(other),
        }
    }
    linked
}

fn link_words(text: &str, linked: &mut Vec<TextSpan>) {
    let mut plain = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let begins = ["https://", "http://"].iter().filter_map(|scheme| word.find(scheme)).min();
        let Some((before, address)) = begins.and_then(|at| word.split_at_checked(at)) else {
            plain.push_str(word);
            continue;
        };
        let href = address.trim_end_matches(|sign: char| {
            sign.is_whitespace()
                || matches!(sign, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '>' | '»')
        });
        let after = address.strip_prefix(href).unwrap_or_default();
        if href.ends_with("://") || !is_safe_href(href) {
            plain.push_str(word);
            continue;
        }
        plain.push_str(before);
        if !plain.is_empty() {
            linked.push(TextSpan::text(std::mem::take(&mut plain)));
        }
        linked.push(TextSpan::Link { href: href.to_owned(), spans: vec![TextSpan::text(href)] });
        plain.push_str(after);
    }
    if !plain.is_empty() {
        linked.push(TextSpan::text(plain));
    }
}
