//! Blocks as HTML.

use super::{Block, TextSpan};

/// How a frame looks wherever nothing else says so. Its one colour is told from white, black and what is
/// between them by 3:1 or more (WCAG 1.4.11), so that it needs to know nothing of the screen.
const FRAME: &str = "border:2px solid #3a6fd8;border-left-width:8px;padding:0.2em 1em;margin:1em 0";

/// The longest piece of an address that stays on one line, in signs: a telephone shows as many.
const LONGEST_PIECE: usize = 30;

/// The blocks in HTML, escaped. Only `p h1–h3 ul ol li hr strong em a br` occur, `div` for a frame, `wbr` and
/// `span` within an address, and `table thead tbody tr th td`.
#[must_use]
pub fn html_of(blocks: &[Block]) -> String {
    let mut html = String::new();
    for block in blocks {
        put_block(&mut html, block);
    }
    html
}

fn put_block(html: &mut String, block: &Block) {
    match block {
        Block::Heading { level, spans } => {
            let level = level.to_string();
            put_element(html, &["h", &level], |html| put_line(html, spans));
        }
        Block::Paragraph { spans } => put_element(html, &["p"], |html| put_line(html, spans)),
        Block::List { ordered, start, items } => {
            match (ordered, start) {
                (false, _) => html.push_str("<ul>\n"),
                (true, 1) => html.push_str("<ol>\n"),
                (true, start) => {
                    html.push_str("<ol start=\"");
                    html.push_str(&start.to_string());
                    html.push_str("\">\n");
                }
            }
            for item in items {
                put_element(html, &["li"], |html| put_item(html, item));
            }
            html.push_str(if *ordered { "</ol>\n" } else { "</ul>\n" });
        }
        Block::Table { head, rows } => put_table(html, head, rows),
        Block::Frame { blocks } => {
            html.push_str("<div style=\"");
            html.push_str(FRAME);
            html.push_str("\">\n");
            for block in blocks {
                put_block(html, block);
            }
            html.push_str("</div>\n");
        }
        Block::Rule => html.push_str("<hr>\n"),
    }
}

/// With lines between the cells, also where no style sheet says so.
fn put_table(html: &mut String, head: &[Vec<TextSpan>], rows: &[Vec<Vec<TextSpan>>]) {
    html.push_str(
        "<table border=\"1\" cellpadding=\"6\" style=\"border-collapse:collapse\">\n<thead>\n<tr>",
    );
    put_cells(html, "<th scope=\"col\">", head, "</th>");
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        put_cells(html, "<td>", row, "</td>");
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
}

fn put_cells(html: &mut String, opens: &str, cells: &[Vec<TextSpan>], closes: &str) {
    for cell in cells {
        html.push_str(opens);
        put_line(html, cell);
        html.push_str(closes);
    }
}

fn put_element(html: &mut String, name: &[&str], inside: impl FnOnce(&mut String)) {
    let name = name.concat();
    html.push('<');
    html.push_str(&name);
    html.push('>');
    inside(html);
    html.push_str("</");
    html.push_str(&name);
    html.push_str(">\n");
}

/// The first paragraph of an item needs no element of its own.
fn put_item(html: &mut String, item: &[Block]) {
    let mut rest = item;
    if let [Block::Paragraph { spans }, others @ ..] = item {
        put_line(html, spans);
        rest = others;
        if !rest.is_empty() {
            html.push('\n');
        }
    }
    for block in rest {
        put_block(html, block);
    }
}

fn put_line(html: &mut String, spans: &[TextSpan]) {
    for span in spans {
        match span {
            TextSpan::Text { text } => put_words(html, text),
            TextSpan::Break => html.push_str("<br>\n"),
            TextSpan::Strong { spans } => {
                html.push_str("<strong>");
                put_line(html, spans);
                html.push_str("</strong>");
            }
            TextSpan::Emphasis { spans } => {
                html.push_str("<em>");
                put_line(html, spans);
                html.push_str("</em>");
            }
            TextSpan::Link { href, spans } => {
                html.push_str("<a href=\"");
                push_html(html, href);
                html.push_str("\">");
                put_line(html, spans);
                html.push_str("</a>");
            }
        }
    }
}

/// Words, among which an address breaks before its `@`, a full stop or a stroke alone: neither at a hyphen nor
/// before the full stop that follows it. `wbr` is no sign: nobody copies it.
fn put_words(html: &mut String, text: &str) {
    for word in text.split_inclusive(char::is_whitespace) {
        if !["://", "www.", "@"].iter().any(|mark| word.contains(mark)) {
            push_html(html, word);
            continue;
        }
        let (shown, blank) = word.split_at(word.trim_end().len());
        for (number, piece) in in_pieces(shown).iter().enumerate() {
            html.push_str(if number > 0 { "<wbr>" } else { "" });
            put_unbroken(html, piece);
        }
        push_html(html, blank);
    }
}

/// `secretariat`, `@college`, `.example`, `.org.`
fn in_pieces(address: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let ends = address.trim_end_matches(['.', '?', '/', '&']).len();
    for (at, sign) in address.char_indices() {
        let may_begin = matches!(sign, '@' | '.' | '/' | '?' | '&') && at < ends;
        if may_begin && !piece.is_empty() && !piece.ends_with(['/', ':']) {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push(sign);
    }
    pieces.push(piece);
    pieces
}

/// What a screen would break at a hyphen is told not to, unless it is too long for any screen.
fn put_unbroken(html: &mut String, piece: &str) {
    if piece.contains('-') && piece.chars().count() <= LONGEST_PIECE {
        html.push_str("<span style=\"white-space:nowrap\">");
        push_html(html, piece);
        html.push_str("</span>");
    } else {
        push_html(html, piece);
    }
}

/// Appends text as HTML shows it, in an element or in a quoted attribute.
pub fn push_html(html: &mut String, text: &str) {
    for sign in text.chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(sign),
        }
    }
}
