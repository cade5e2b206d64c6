//! Tables as people type them, before they are read: Markdown drops the cells of a row that is longer
//! than its head, and takes for a row whatever line follows.

use std::borrow::Cow;

/// The text with every table even: a head as wide as the widest row, a blank line before and after.
pub fn even(text: &str) -> Cow<'_, str> {
    let lines: Vec<&str> = text.lines().collect();
    let mut evened: Vec<Cow<'_, str>> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rows = rows_of_table(lines.get(at..).unwrap_or_default());
        let Some(table) = lines.get(at..at + rows).filter(|_| rows > 0) else {
            evened.push(Cow::Borrowed(line));
            at += 1;
            continue;
        };
        let columns = table.iter().map(|row| cells(row)).max().unwrap_or(0);
        evened.push(Cow::Borrowed(""));
        evened.extend(table.iter().map(|row| Cow::Owned(widened(row, columns))));
        evened.push(Cow::Borrowed(""));
        at += rows;
    }
    if evened.len() == lines.len() { Cow::Borrowed(text) } else { Cow::Owned(evened.join("\n")) }
}

/// How many lines at the beginning of these are a table; none when they begin with something else.
fn rows_of_table(lines: &[&str]) -> usize {
    let is_table = matches!(lines, [head, line, ..]
        if is_row(head) && !is_delimiter(head) && is_delimiter(line));
    if is_table { lines.iter().take_while(|line| is_row(line)).count() } else { 0 }
}

/// Whether a line has a bar that stands for one. Indented by four blanks or more it is no row.
fn is_row(line: &str) -> bool {
    !line.starts_with("    ") && bars(line) > 0
}

/// Whether a line parts a head from its rows: `|---|:-:|`.
fn is_delimiter(line: &str) -> bool {
    is_row(line)
        && line.contains('-')
        && line.chars().all(|sign| matches!(sign, '|' | '-' | ':' | ' '))
}

fn bars(line: &str) -> usize {
    let mut escaped = false;
    line.chars()
        .filter(|sign| {
            let is_bar = *sign == '|' && !escaped;
            escaped = *sign == '\\' && !escaped;
            is_bar
        })
        .count()
}

/// How many cells a row has: a bar at its beginning or its end parts nothing.
fn cells(row: &str) -> usize {
    let row = row.trim();
    let outer = usize::from(row.starts_with('|')) + usize::from(ends_with_bar(row));
    (bars(row) + 1).saturating_sub(outer)
}

fn ends_with_bar(row: &str) -> bool {
    row.len() > 1 && row.ends_with('|') && !row.ends_with("\\|")
}

/// The row with empty cells at its end, up to so many columns.
fn widened(row: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(cells(row));
    let mut wide = row.trim_end().to_owned();
    if missing > 0 && !ends_with_bar(wide.trim_start()) {
        wide.push_str(" |");
    }
    let cell = if is_delimiter(row) { "---|" } else { " |" };
    wide.push_str(&cell.repeat(missing));
    wide
}
