//! Blocks without markup: as text, as one line, on paper.

use super::french::line_in_french;
use super::{Block, TextSpan};

/// The longest title of a column that is read out with each of its cells, in signs.
const LONGEST_TITLE: usize = 20;

/// The blocks as plain text: a blank line between paragraphs, `- ` and `1. ` before items, the
/// address of a link after its words.
#[must_use]
pub fn plain_of(blocks: &[Block]) -> String {
    let pieces: Vec<String> = blocks.iter().map(plain_block).collect();
    pieces.join("\n\n")
}

/// The blocks on a single line, as an SMS or a subject takes them: nothing is left out.
#[must_use]
pub fn line_of(blocks: &[Block]) -> String {
    let pieces: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Heading { spans, .. } | Block::Paragraph { spans } => {
                plain_spans(spans).replace('\n', " ")
            }
            Block::List { items, .. } => {
                items.iter().map(|item| line_of(item)).collect::<Vec<_>>().join(" ; ")
            }
            Block::Table { head, rows } => {
                let (heading, lines) = rows_as_lines(head, rows);
                heading.map_or_else(String::new, |titles| format!("{titles} : "))
                    + &lines.join(" ; ")
            }
            Block::Frame { blocks } => line_of(blocks),
            Block::Rule => String::new(),
        })
        .collect();
    pieces.into_iter().filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The blocks as paper shows them: in French typography, and after the words of a link where it leads.
#[must_use]
pub fn on_paper(blocks: &[Block]) -> Vec<Block> {
    let mut set = |line: &[TextSpan]| line_in_french(&with_addresses(line));
    blocks.iter().map(|block| block.with_lines(&mut set)).collect()
}

fn plain_block(block: &Block) -> String {
    match block {
        Block::Heading { spans, .. } | Block::Paragraph { spans } => plain_spans(spans),
        Block::List { ordered, start, items } => {
            let lines: Vec<String> = (*start..)
                .zip(items)
                .map(|(number, item)| {
                    let sign = if *ordered { format!("{number}. ") } else { "- ".to_owned() };
                    let pieces: Vec<String> = item.iter().map(plain_block).collect();
                    let hang = format!("\n{}", " ".repeat(sign.len()));
                    format!("{sign}{}", pieces.join("\n").replace('\n', &hang))
                })
                .collect();
            lines.join("\n")
        }
        Block::Table { head, rows } => {
            let (heading, lines) = rows_as_lines(head, rows);
            let heading = heading.map(|titles| format!("{titles} :"));
            let lines = lines.into_iter().map(|line| format!("- {line}"));
            heading.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
        }
        Block::Frame { blocks } => plain_of(blocks),
        Block::Rule => "-----".to_owned(),
    }
}

/// Each row as a sentence that needs no other, as it is read out: `Niveau 6e : Heure 9h, Salle 12`; what is
/// empty is not told. Titles that are sentences themselves, or that no cell would tell, stand once before,
/// where it is clear without them which cell is whose.
fn rows_as_lines(
    head: &[Vec<TextSpan>],
    rows: &[Vec<Vec<TextSpan>>],
) -> (Option<String>, Vec<String>) {
    let titles: Vec<String> = head.iter().map(|cell| plain_spans(cell)).collect();
    if rows.is_empty() {
        return (None, vec![titles.join(", ")]);
    }
    let is_told = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|it| !it.is_empty()));
    let is_long = |title: &String| title.chars().count() > LONGEST_TITLE;
    let wanted = titles.iter().enumerate().any(|(at, title)| is_long(title) || !is_told(at));
    let has_gap = |row: &Vec<Vec<TextSpan>>| !row.is_sorted_by_key(Vec::is_empty);
    let is_clear = !titles.iter().any(String::is_empty) && !rows.iter().any(has_gap);
    let heading = (wanted && is_clear).then(|| titles.join(" / "));
    let beside = if heading.is_some() { vec![String::new(); titles.len()] } else { titles };
    let lines = rows.iter().map(|row| row_as_line(&beside, row));
    (heading, lines.filter(|line| !line.is_empty()).collect())
}

fn row_as_line(titles: &[String], row: &[Vec<TextSpan>]) -> String {
    let cells = titles.iter().zip(row).map(|(title, cell)| (title, plain_spans(cell)));
    let cells = cells.filter(|(_, words)| !words.is_empty());
    let mut cells = cells.map(|(title, words)| format!("{title} {words}").trim_start().to_owned());
    let first = cells.next().unwrap_or_default();
    let others = cells.collect::<Vec<_>>().join(", ");
    if others.is_empty() { first } else { format!("{first} : {others}") }
}

fn plain_spans(spans: &[TextSpan]) -> String {
    let mut plain = String::new();
    for span in spans {
        match span {
            TextSpan::Text { text } => plain.push_str(text),
            TextSpan::Break => plain.push('\n'),
            TextSpan::Strong { spans } | TextSpan::Emphasis { spans } => {
                plain.push_str(&plain_spans(spans));
            }
            TextSpan::Link { href, spans } => {
                let words = plain_spans(spans);
                plain.push_str(&words);
                plain.push_str(&address_after(&words, href));
            }
        }
    }
    plain
}

/// ` (https://…)`, unless the words already say where the link leads.
fn address_after(words: &str, href: &str) -> String {
    let address = href.strip_prefix("mailto:").unwrap_or(href);
    if href.starts_with("tel:") || words.contains(address) {
        String::new()
    } else {
        format!(" ({address})")
    }
}

fn with_addresses(spans: &[TextSpan]) -> Vec<TextSpan> {
    let one = |span: &TextSpan| match span {
        TextSpan::Strong { spans } => TextSpan::Strong { spans: with_addresses(spans) },
        TextSpan::Emphasis { spans } => TextSpan::Emphasis { spans: with_addresses(spans) },
        TextSpan::Link { href, spans } => {
            let mut spans = spans.clone();
            let address = address_after(&plain_spans(&spans), href);
            if !address.is_empty() {
                spans.push(TextSpan::text(address));
            }
            TextSpan::Link { href: href.clone(), spans }
        }
        other => other.clone(),
    };
    spans.iter().map(one).collect()
}
