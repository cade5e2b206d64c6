//! Sheets that are made from what is so now: how the school sends, whom one asks for what, how it is used (the
//! memo: *un document de synthèse qui précise les circuits*, *un « mode d’emploi »*). In French, for a page or
//! for paper.

mod circuits;
mod guide;
mod in_words;
mod settings;

use std::io;

use jiff::civil::Date;

use super::School;
use crate::render::documents::{SheetShape, fit_as};
use crate::render::letters::{Letter, LetterJob, Sides};
use crate::render::press::PressError;
use crate::store::StoreError;
use crate::wording::markdown::{Block, TextSpan};

pub use circuits::circuits;
pub use guide::guide;
pub use settings::{SecretStands, ServiceStands, SettingsPart, services, settings};

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSheet {
    /// Its title.
    pub title: &'static str,
    /// What it is for.
    pub lead: String,
    /// The day of which it tells.
    pub day: Date,
    /// Its parts.
    pub parts: Vec<SheetPart>,
}

/// A part of a sheet; what it has none of is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetPart {
    /// Its title.
    pub title: &'static str,
    /// What is said.
    pub text: Vec<String>,
    /// What is listed: a name, and what is said of it.
    pub rows: Vec<(String, String)>,
    /// The titles of a table that is filled in by hand, on paper.
    pub by_hand: Vec<&'static str>,
}

impl SheetPart {
    fn new(title: &'static str) -> Self {
        Self { title, ..Self::default() }
    }

    fn saying(self, text: impl Into<String>) -> Self {
        let mut part = self;
        part.text.push(text.into());
        part
    }

    /// One row more; nothing where there is nothing to say.
    fn row(self, name: impl Into<String>, said: impl Into<String>) -> Self {
        let (mut part, said) = (self, said.into());
        if !said.is_empty() {
            part.rows.push((name.into(), said));
        }
        part
    }

    fn rows(self, rows: impl IntoIterator<Item = (String, String)>) -> Self {
        rows.into_iter().fold(self, |part, (name, said)| part.row(name, said))
    }
}

/// Why a sheet is not on paper.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The press.
    #[error("{0}")]
    Press(#[from] PressError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The folder of letters.
    #[error("cannot write the sheet: {0}")]
    Folder(#[from] io::Error),
}

/// A job as a PDF, kept nowhere.
pub(super) async fn pdf_of(school: &School, job: &LetterJob) -> Result<Vec<u8>, SheetError> {
    let (press, folder) = (school.press(), school.letters_folder());
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!(".fiche-{}.pdf", fastrand::u64(..)));
    press.print(job, &file, |_| {}).await?;
    let pdf = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    Ok(pdf)
}

/// Lines to write on by hand, in a table of a sheet on paper.
const LINES: usize = 5;

impl FactSheet {
    /// The sheet as a PDF, on the school's paper.
    pub async fn print(&self, school: &School) -> Result<Vec<u8>, SheetError> {
        pdf_of(school, &self.job(school)).await
    }

    /// The sheet as a booklet of A5; what is set in large print is as large there as in a book.
    pub async fn print_booklet(&self, school: &School) -> Result<Vec<u8>, SheetError> {
        let mut job = LetterJob { sides: Sides::One, ..self.job(school) };
        for letter in &mut job.letters {
            letter.large_print = true;
        }
        let pdf = pdf_of(school, &job).await?;
        Ok(fit_as(&pdf, SheetShape::Booklet).map_err(io::Error::other)?.pdf)
    }

    fn job(&self, school: &School) -> LetterJob {
        let lead = Block::paragraph(vec![TextSpan::text(self.lead.as_str())]);
        let parts = self.parts.iter().flat_map(SheetPart::blocks);
        let letter = Letter {
            address: vec!["À AFFICHER".to_owned()],
            reference: format!("FICHE-{}", self.day.strftime("%d%m%Y")),
            subject: self.title.to_owned(),
            about: Vec::new(),
            class_label: None,
            body: std::iter::once(lead).chain(parts).collect(),
            question: None,
            form: true,
            large_print: false,
            calls: Vec::new(),
            diary: Vec::new(),
            parts: Vec::new(),
        };
        LetterJob {
            title: self.title.to_owned(),
            school: school.renderer.school().clone(),
            date: self.day,
            sides: school.config.letters.sides,
            letters: vec![letter],
            documents: Vec::new(),
            piles: Vec::new(),
        }
    }
}

impl SheetPart {
    fn blocks(&self) -> Vec<Block> {
        let words = |text: &str| vec![TextSpan::text(text)];
        let mut blocks = vec![Block::Heading { level: 2, spans: words(self.title) }];
        blocks.extend(self.text.iter().map(|text| Block::paragraph(words(text))));
        if !self.rows.is_empty() {
            let item = |(name, said): &(String, String)| {
                let name = TextSpan::Strong { spans: words(name) };
                vec![Block::paragraph(vec![name, TextSpan::text(format!(" : {said}"))])]
            };
            let items = self.rows.iter().map(item).collect();
            blocks.push(Block::List { ordered: false, start: 1, items });
        }
        if !self.by_hand.is_empty() {
            let empty = vec![Vec::new(); self.by_hand.len()];
            let head = self.by_hand.iter().map(|title| words(title)).collect();
            blocks.push(Block::Table { head, rows: vec![empty; LINES] });
        }
        blocks
    }
}
