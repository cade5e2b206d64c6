//! How every PDF of ours is written.

use typst::foundations::Smart;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::error::LettersError;

/// PDF/A-2a, which is a check too: it makes a missing glyph an error, where the usual export prints an empty box.
/// PDF/UA-1: whoever reads by ear finds their way in a letter.
pub fn options() -> Result<PdfOptions, LettersError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| LettersError::Layout(error.message().to_string()))?;
    Ok(PdfOptions {
        creator: Smart::Custom(Some("Chappe".into())),
        standards,
        ..PdfOptions::default()
    })
}
