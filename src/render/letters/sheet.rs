//! Sheets that are set by themselves and are no letters: what separates piles, address labels.

use serde::Serialize;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::error::LettersError;
use super::export;
use super::world::{TypstLayout, TypstWorld};

/// Sets sheets of one layout.
pub struct SheetSetter {
    world: TypstWorld,
    options: PdfOptions,
}

impl SheetSetter {
    /// A setter for sheets of this layout.
    pub fn new(layout: TypstLayout) -> Result<Self, LettersError> {
        let world = TypstWorld::new(layout).ok_or_else(LettersError::no_path)?;
        Ok(Self { world, options: export::options()? })
    }

    /// The PDF of a sheet that shows this, and its pages.
    pub fn set(&mut self, data: &impl Serialize) -> Result<(Vec<u8>, usize), LettersError> {
        let broken = |error: &dyn std::fmt::Display| LettersError::Layout(error.to_string());
        self.world.lay(serde_json::to_vec(data).map_err(|error| broken(&error))?);
        let set = typst::compile::<PagedDocument>(&self.world).output;
        let pdf =
            set.and_then(|sheet| Ok((typst_pdf::pdf(&sheet, &self.options)?, sheet.pages().len())));
        comemo::evict(0);
        // Typst quotes what it was given, which names people.
        pdf.map_err(|faults| broken(&format!("a sheet cannot be set ({} faults)", faults.len())))
    }

    /// A text with a question mark for each sign that no face has: it stands on a sheet of many, which one of them must
    /// not keep from being printed.
    pub fn printable(&self, text: &str) -> String {
        text.chars().map(|sign| if self.world.can_print(sign) { sign } else { '?' }).collect()
    }
}
