//! Documents that teachers leave, made fit for paper: pages of A4 that hold what was to be seen and nothing that
//! acts. They come from anywhere, so that a child process of ours ([`crate::confined`]) takes them apart.

mod annotations;
mod booklet;
mod fit;
mod fit_room;
mod linked;
mod numbers;
mod packed;
mod pages;
mod picture;
mod place;
mod unfit;
mod word_processor;

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use fit_room::FitRoom;
use word_processor::WordProcessorError;

use crate::confined::{self, Confined, ConfinedError};
use crate::private_file;

pub use booklet::SheetShape;
pub use fit::{fit, fit_as};
pub use packed::{
    PackedFault, RoomToUnpack, UnpackError, UnpackedDocument, is_of_a_program, unpack,
};
pub use pages::FitPdf;
pub use picture::album;
pub use unfit::{LARGEST_MEBIBYTES, MOST_PAGES, UnfitDocument};

/// The word by which the child is called.
pub const SUBCOMMAND: &str = "fit";
/// How long one document may take.
const TIME_LIMIT: Duration = Duration::from_mins(1);
/// The address space of the child, in bytes: a photograph of 50 megapixels takes 150 MB of it.
const MEMORY_LIMIT: u64 = 1024 * 1024 * 1024;

/// Makes documents fit for paper, one a child.
#[derive(Debug, Clone)]
pub struct Fitter {
    program: PathBuf,
    room: PathBuf,
}

/// Why nothing came of a document.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// It is refused.
    #[error("{0}")]
    Unfit(#[from] UnfitDocument),
    /// The child could not be run, or gave no answer that is one.
    #[error("the document cannot be looked at: {0}")]
    Unread(ConfinedError),
    /// What came of it cannot be written or read.
    #[error("the document cannot be kept: {0}")]
    Disk(#[from] io::Error),
}

impl From<WordProcessorError> for FitError {
    fn from(error: WordProcessorError) -> Self {
        match error {
            WordProcessorError::Unfit(why) => Self::Unfit(why),
            WordProcessorError::Run(error) => Self::Disk(error),
        }
    }
}

/// What the child is told.
#[derive(Serialize, Deserialize)]
struct FitOrder {
    memory_limit: u64,
    file: PathBuf,
    shape: SheetShape,
    /// The file to write, whole or not at all.
    part: PathBuf,
}

/// What the child says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FitAnswer {
    /// It is written, and has so many pages.
    Fit(usize),
    Unfit(UnfitDocument),
    Failed(String),
}

impl Fitter {
    /// A fitter whose children are this program; what comes of a document lies in `room` meanwhile.
    #[must_use]
    pub const fn new(program: PathBuf, room: PathBuf) -> Self {
        Self { program, room }
    }

    /// Makes the document in `file` fit for paper; a text of a word processor by way of `LibreOffice`, where this machine
    /// has it.
    pub async fn fit(&self, file: &Path) -> Result<FitPdf, FitError> {
        self.fit_as(file, SheetShape::Pages).await
    }

    /// The same, its pages laid onto sheets so.
    pub async fn fit_as(&self, file: &Path, shape: SheetShape) -> Result<FitPdf, FitError> {
        let room = FitRoom::make(&self.room)?;
        let part = room.path().join("fit.pdf");
        match self.fit_into(file, shape, &part).await {
            Err(FitError::Unfit(UnfitDocument::NoWordProcessor)) => {
                let program = word_processor::installed().ok_or(UnfitDocument::NoWordProcessor)?;
                let pdf = word_processor::to_pdf(&program, file, room.path()).await?;
                self.fit_into(&pdf, shape, &part).await
            }
            made => made,
        }
    }

    async fn fit_into(
        &self,
        file: &Path,
        shape: SheetShape,
        part: &Path,
    ) -> Result<FitPdf, FitError> {
        let done = tokio::time::timeout(TIME_LIMIT, self.ask(file, shape, part)).await;
        let answer = done.unwrap_or(Ok(FitAnswer::Unfit(UnfitDocument::Deadly)));
        let pages = match answer {
            Ok(FitAnswer::Fit(pages)) => pages,
            Ok(FitAnswer::Unfit(why)) => return Err(why.into()),
            Ok(FitAnswer::Failed(reason)) => return Err(io::Error::other(reason).into()),
            Err(ConfinedError::Died(_)) => return Err(UnfitDocument::Deadly.into()),
            Err(error) => return Err(FitError::Unread(error)),
        };
        Ok(FitPdf { pdf: std::fs::read(part)?, pages })
    }

    async fn ask(
        &self,
        file: &Path,
        shape: SheetShape,
        part: &Path,
    ) -> Result<FitAnswer, ConfinedError> {
        let (file, part) = (file.to_owned(), part.to_owned());
        let order = FitOrder { memory_limit: MEMORY_LIMIT, file, shape, part };
        Confined::start(&self.program, SUBCOMMAND, &order)?.answer().await
    }
}

/// What the hidden subcommand does: reads an order, makes one document fit, answers. `begin` is given the memory
/// limit once the order is read.
pub fn run_child(
    input: impl BufRead,
    mut output: impl Write,
    begin: impl FnOnce(u64) -> io::Result<()>,
) -> io::Result<()> {
    let order = confined::order_line(input)?;
    let answer = match serde_json::from_slice::<FitOrder>(&order) {
        Ok(order) => {
            begin(order.memory_limit)?;
            answer_to(&order)
        }
        Err(_) => FitAnswer::Failed("the order is not readable".into()),
    };
    confined::say(&mut output, &answer)
}

fn answer_to(order: &FitOrder) -> FitAnswer {
    let size = match std::fs::metadata(&order.file) {
        Ok(about) => about.len(),
        Err(error) => return FitAnswer::Failed(error.to_string()),
    };
    if size > LARGEST_MEBIBYTES * 1024 * 1024 {
        return FitAnswer::Unfit(UnfitDocument::TooLarge);
    }
    let bytes = match std::fs::read(&order.file) {
        Ok(bytes) => bytes,
        Err(error) => return FitAnswer::Failed(error.to_string()),
    };
    match fit_as(&bytes, order.shape) {
        Ok(made) => match private_file::write(&order.part, &made.pdf) {
            Ok(()) => FitAnswer::Fit(made.pages),
            Err(error) => FitAnswer::Failed(error.to_string()),
        },
        Err(why) => FitAnswer::Unfit(why),
    }
}
