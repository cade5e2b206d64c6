//! Writing to the terminal or the pipe: the one place that does (but for questions: `terminal`), so that no
//! name steers a terminal. A closed pipe ends the output, not the work.

use std::io::{self, BufWriter, Write};

use comfy_table::{ContentArrangement, Table, presets};
use console::Style;
use serde::Serialize;

use crate::plain_text::{Harmless, shown};

/// One line.
pub(super) fn line(text: impl AsRef<str>) {
    let _ = writeln!(io::stdout().lock(), "{}", shown(text.as_ref()));
}

/// A text in a style, where the terminal has it: not in a pipe, and not under `NO_COLOR`.
pub(super) fn painted(text: &str, style: &Style) -> String {
    style.apply_to(shown(text)).to_string()
}

/// One line in a style.
pub(super) fn styled_line(text: &str, style: &Style) {
    let _ = writeln!(io::stdout().lock(), "{}", painted(text, style));
}

/// One value, as one line of JSON, written as it is made: an import's answer may name very many.
pub(super) fn json(value: &impl Serialize) {
    let mut out = BufWriter::new(io::stdout().lock());
    let _ = value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Harmless));
    let _ = writeln!(out);
}

/// Why a command failed, where JSON is expected: `{"error": …}`.
pub(super) fn failure(reason: &str) {
    #[derive(Serialize)]
    struct Failed<'a> {
        error: &'a str,
    }
    json(&Failed { error: reason });
}

/// One error, on standard error.
pub(super) fn error(text: &str) {
    let _ = writeln!(io::stderr().lock(), "chappe: {}", shown(text));
}

/// How far a long command is, on standard error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", shown(text));
}

/// A table with this head.
pub(super) fn table<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    table
}
