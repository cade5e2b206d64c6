//! A sheet of the office, as a part of a page.

use askama::Template;

use crate::office::SheetPart;

/// The parts of a sheet.
#[derive(Template)]
#[template(path = "sheet.html", config = "src/web/askama.toml")]
pub(super) struct SheetParts {
    pub(super) parts: Vec<SheetPart>,
}
