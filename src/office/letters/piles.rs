//! The piles of a batch, each as a PDF of its own, and address labels in the order of the batch.

use std::path::Path;

use serde::Serialize;

use super::{BatchFile, LettersRefusal, batch, printer, refuse_cancelled};
use crate::batches::{part_name, sides_of};
use crate::office::School;
use crate::people::unaccented_capitals;
use crate::private_file;
use crate::render::letters::{BatchParts, LabelSheet};
use crate::store::batches::{Batch, FiledPile};

/// A pile of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchPile {
    /// Its number within the batch, from 1.
    pub number: usize,
    /// What is written on it.
    pub name: String,
    /// Letters in it, as they were gathered.
    pub letters: usize,
    /// Its first page in the PDF, once printed.
    pub first_page: Option<usize>,
    /// Its pages, the sheet before it included.
    pub pages: Option<usize>,
    /// Its sheets of paper, that one included.
    pub sheets: Option<usize>,
}

/// A pile that was written into a file of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SplitPile {
    /// The pile.
    #[serde(flatten)]
    pub pile: BatchPile,
    /// Its PDF.
    pub file: String,
}

/// Which labels are printed.
#[derive(Debug, Clone, Copy)]
pub struct LabelsRequest {
    /// The number of the batch.
    pub batch: u32,
    /// On which sheets.
    pub sheet: LabelSheet,
    /// The label of the first sheet on which they begin, the first being 1.
    pub first: usize,
}

/// The piles of a batch, in its order; none where it was gathered before there were any.
pub async fn piles_of_batch(
    school: &School,
    number: u32,
) -> Result<Vec<BatchPile>, LettersRefusal> {
    let batch = batch(school, number).await?;
    let filed = school.queue.letters().piles(&batch).await?;
    Ok(listed(&batch, &filed))
}

fn listed(batch: &Batch, filed: &[FiledPile]) -> Vec<BatchPile> {
    let sides = batch.file.as_deref().map(sides_of);
    let ends = filed.iter().skip(1).map(|next| next.place).chain([batch.letters]);
    let listed = filed.iter().zip(ends).zip(1..).map(|((it, end), number)| {
        let pages = it.pages.as_ref().map(ExactSizeIterator::len);
        BatchPile {
            number,
            name: it.pile.in_french(),
            letters: end.saturating_sub(it.place),
            first_page: it.pages.as_ref().map(|pages| pages.start),
            pages,
            sheets: sides.zip(pages).map(|(sides, pages)| sides.sheets(pages)),
        }
    });
    listed.collect()
}

/// The pages of one pile, as they were printed.
pub async fn pile_file(
    school: &School,
    number: u32,
    pile: usize,
) -> Result<BatchFile, LettersRefusal> {
    let piles = piles_of_batch(school, number).await?;
    let pile = piles.into_iter().find(|it| it.number == pile && it.pages.is_some());
    let pile = pile.ok_or(LettersRefusal::NoSuchPile(number))?;
    let whole = super::batch_file(school, number, 1).await?;
    let name = file_name(&whole.name, &pile);
    let cut = move || cut(&BatchParts::of(&whole.content)?, &pile);
    let pdf = tokio::task::spawn_blocking(cut).await;
    Ok(BatchFile { name, content: pdf.map_err(|_| LettersRefusal::FileGone(number))?? })
}

/// Writes each pile of a batch into a folder, as a file of its own; a file that is there by that name is replaced.
pub async fn split_batch(
    school: &School,
    number: u32,
    folder: &Path,
) -> Result<Vec<SplitPile>, LettersRefusal> {
    let piles = piles_of_batch(school, number).await?;
    let whole = super::batch_file(school, number, 1).await?;
    if piles.is_empty() {
        return Err(LettersRefusal::NoSuchPile(number));
    }
    let folder = folder.to_owned();
    let split = move || -> Result<Vec<SplitPile>, LettersRefusal> {
        std::fs::create_dir_all(&folder)?;
        let parts = BatchParts::of(&whole.content)?;
        let mut written = Vec::new();
        for pile in piles.into_iter().filter(|pile| pile.pages.is_some()) {
            let file = folder.join(file_name(&whole.name, &pile));
            private_file::write(&file, &cut(&parts, &pile)?)?;
            written.push(SplitPile { pile, file: file.display().to_string() });
        }
        Ok(written)
    };
    let written = tokio::task::spawn_blocking(split).await;
    written.map_err(|_| LettersRefusal::FileGone(number))?
}

fn cut(parts: &BatchParts, pile: &BatchPile) -> Result<Vec<u8>, LettersRefusal> {
    let (first, pages) = (pile.first_page.unwrap_or(1), pile.pages.unwrap_or_default());
    Ok(parts.part(first..first + pages)?)
}

/// `lettres-0012-03-classe-6a.pdf`.
fn file_name(whole: &str, pile: &BatchPile) -> String {
    let name = unaccented_capitals(&pile.name).to_lowercase();
    let words = name.split(|sign: char| !sign.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    part_name(whole, &format!("{:02}-{}", pile.number, words.join("-")))
}

/// Address labels for the letters of a batch, in its order.
pub async fn labels_of_batch(
    school: &School,
    request: LabelsRequest,
) -> Result<BatchFile, LettersRefusal> {
    let LabelsRequest { batch: number, sheet, first } = request;
    if !(1..=sheet.labels()).contains(&first) {
        return Err(LettersRefusal::NoSuchLabel { first, labels: sheet.labels() });
    }
    let batch = batch(school, number).await?;
    let letters = school.queue.letters().of(&batch).await?;
    refuse_cancelled(school, number, &letters).await?;
    let (press, folder) = (school.press(), school.letters_folder());
    let (printer, now) = (printer(school, &press, &folder), school.clock.now());
    let pdf = printer.print_labels(&batch, &letters, (sheet, first), now).await?;
    Ok(BatchFile { name: format!("etiquettes-{number:04}.pdf"), content: pdf })
}
