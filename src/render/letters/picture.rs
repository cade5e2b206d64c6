//! One page of a letter as a picture: what a family takes out of the envelope.

use serde::{Deserialize, Serialize};
use typst_svg::SvgOptions;

use super::chunk::ChunkSetter;
use super::error::LettersError;
use super::job::LetterJob;

/// A page as SVG, and how many there are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagePicture {
    /// The page; the last one where there are fewer.
    pub svg: String,
    /// The pages of the letter.
    pub pages: usize,
}

impl std::fmt::Debug for PagePicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PagePicture(of {} pages)", self.pages)
    }
}

/// Draws one page, from 0, of the first letter of a job.
pub fn picture(job: &LetterJob, page: usize) -> Result<PagePicture, LettersError> {
    let document = ChunkSetter::new(job)?.document(0)?;
    let pages = document.pages().len();
    let drawn = document.pages().get(page).or(document.pages().last());
    let svg = drawn.map(|page| typst_svg::svg(page, &SvgOptions::default()));
    Ok(PagePicture { svg: svg.unwrap_or_default(), pages })
}
