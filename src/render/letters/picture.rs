//! The first page of a letter as a picture: what a family takes out of the envelope.

use serde::{Deserialize, Serialize};
use typst_svg::SvgOptions;

use super::chunk::ChunkSetter;
use super::error::LettersError;
use super::job::LetterJob;

/// A page as SVG.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagePicture {
    /// The page.
    pub svg: String,
}

impl std::fmt::Debug for PagePicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PagePicture({} bytes)", self.svg.len())
    }
}

/// Draws the first page of the first letter of a job.
pub fn picture(job: &LetterJob) -> Result<PagePicture, LettersError> {
    let document = ChunkSetter::new(job)?.document(0)?;
    let drawn = document.pages().first();
    let svg = drawn.map(|page| typst_svg::svg(page, &SvgOptions::default()));
    Ok(PagePicture { svg: svg.unwrap_or_default() })
}
