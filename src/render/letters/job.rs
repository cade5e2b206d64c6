//! What is to be printed.

use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::sides::Sides;
use crate::message::AskedBack;
use crate::render::question::SlipQuestion;
use crate::render::school::SchoolFacts;
use crate::wording::markdown::Block;

/// A batch of letters of one school.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterJob {
    /// The title of the file: `Fermeture du collège, 212 lettres`.
    pub title: String,
    /// The letterhead and the signature.
    pub school: SchoolFacts,
    /// The day that the letters bear.
    pub date: Date,
    /// On which sides of a sheet they are printed.
    pub sides: Sides,
    /// In the order in which they are printed.
    pub letters: Vec<Letter>,
    /// What goes behind letters; each stands once in the file, however many get it.
    #[serde(default)]
    pub documents: Vec<JobDocument>,
    /// How the letters lie; empty where they are no piles.
    #[serde(default)]
    pub piles: Vec<JobPile>,
}

/// Letters of a job that lie together. `Debug` hides who signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPile {
    /// The place of its first letter; it ends where the next pile begins.
    pub first: usize,
    /// What is written on it: `Classe 6A`.
    pub name: String,
    /// The sheet that is printed before it.
    pub separator: Option<Separator>,
}

/// The sheet before a pile.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separator {
    /// Who signs for each of its letters; empty where nobody does.
    pub signed_by: Vec<String>,
}

impl std::fmt::Debug for JobPile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JobPile({} from letter {})", self.name, self.first)
    }
}

impl LetterJob {
    /// Its piles, with the places of their letters.
    pub(super) fn piles(&self) -> impl Iterator<Item = (&JobPile, Range<usize>)> {
        let ends = self.piles.iter().skip(1).map(|next| next.first);
        let ends = ends.chain([self.letters.len()]);
        self.piles.iter().zip(ends).map(|(pile, end)| (pile, pile.first..end))
    }
}

/// A document that goes behind letters. `Debug` shows its size alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobDocument {
    /// Its pages, made fit ([`crate::render::documents`]).
    pub file: PathBuf,
    /// What it is about: `Mathématiques`.
    pub subject: String,
    /// What it is called: `Fractions`.
    pub title: String,
    /// How many pages it has.
    pub pages: usize,
    /// Whether the work on it is asked back.
    #[serde(default)]
    pub asked_back: Option<AskedBack>,
}

impl std::fmt::Debug for JobDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JobDocument({} pages)", self.pages)
    }
}

/// The part of a packet that is one pupil's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilPart {
    /// `Zoé DURAND, 6A`.
    pub pupil: String,
    /// In the order in which they are printed.
    pub documents: Vec<PartDocument>,
}

/// A document behind a letter, for one pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDocument {
    /// Its place among the documents of the job.
    pub place: usize,
    /// The codes of the pages that come back: its own, or ruled ones behind it; none where nothing does.
    #[serde(default)]
    pub codes: Vec<PageCode>,
}

/// What stands on a page that comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCode {
    /// For a machine.
    pub coded: String,
    /// For whoever types it, in letters without accents.
    pub printed: String,
}

/// One letter.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// What shows in the window, by NF Z 10-011: at most seven lines of 38 signs.
    pub address: Vec<String>,
    /// Printed on every page and in the reply slip's code.
    pub reference: String,
    /// After "Objet :".
    pub subject: String,
    /// The pupils whom it is about, for the reply slip: `Zoé DURAND`.
    pub about: Vec<String>,
    /// For handing out: `6A`.
    pub class_label: Option<String>,
    /// From the salutation to the last line before the signature.
    pub body: Vec<Block>,
    /// What its slip asks, with the answers that can be ticked.
    pub question: Option<SlipQuestion>,
    /// Whether it is a form that comes back: room to write, its code at its foot, no signature and no slip.
    pub form: bool,
    /// Set in 17 points, for people who see badly.
    pub large_print: bool,
    /// The calls of a sheet, with boxes to tick: it is no letter then, and its body is what is said.
    #[serde(default)]
    pub calls: Vec<CallRow>,
    /// The days of a diary or a timetable: it is no letter then, and its body is what stands above them.
    #[serde(default)]
    pub diary: Vec<DiaryDay>,
    /// What goes behind it, pupil by pupil; empty where it is no packet.
    #[serde(default)]
    pub parts: Vec<PupilPart>,
}

impl Letter {
    /// The documents that go behind it, in their order.
    pub fn behind(&self) -> impl Iterator<Item = &PartDocument> {
        self.parts.iter().flat_map(|part| &part.documents)
    }
}

/// A day of a diary.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiaryDay {
    /// Which: `lundi 18 janvier`.
    pub day: String,
    /// By their hours.
    pub lessons: Vec<DiaryLesson>,
}

/// A lesson, line by line; what nobody said of it is empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiaryLesson {
    /// When it begins: `8 h 30`.
    pub hour: String,
    /// What it is about.
    pub subject: String,
    /// Who gives it.
    pub teacher: String,
    /// What was done.
    pub done: Vec<String>,
    /// For when the work is: `À faire pour jeudi 21 janvier`.
    pub due: String,
    /// What is to be done, each with a box to tick.
    pub to_do: Vec<String>,
}

impl std::fmt::Debug for DiaryDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DiaryDay({} lessons)", self.lessons.len())
    }
}

impl std::fmt::Debug for DiaryLesson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DiaryLesson({} to do)", self.to_do.len())
    }
}

/// A call on a sheet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// Whom to ask for.
    pub names: String,
    /// The pupils whom it is about, with their classes.
    pub about: String,
    /// The number, as people dial it.
    pub phone: String,
    /// Its reference.
    pub reference: String,
    /// In which language, whom, and when, where that is known.
    pub hints: String,
    /// What was tried so far.
    pub tried: String,
    /// What may be answered to what the message asks; empty where it asks nothing.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl CallRow {
    /// The same with each of its texts changed.
    #[must_use]
    pub fn with_texts(self, change: impl Fn(&str) -> String) -> Self {
        Self {
            names: change(&self.names),
            about: change(&self.about),
            phone: change(&self.phone),
            reference: self.reference,
            hints: change(&self.hints),
            tried: change(&self.tried),
            choices: self.choices,
        }
    }
}

impl std::fmt::Debug for CallRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallRow({})", self.reference)
    }
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.reference)
    }
}
