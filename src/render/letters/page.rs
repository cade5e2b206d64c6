//! What the layout is given: letters as data.

use serde::Serialize;

use super::job::{CallRow, DiaryDay, JobDocument, Letter, LetterJob, PupilPart};
use super::qr;
use crate::message::{AskedBack, WorkOn};
use crate::render::question::SlipQuestion;
use crate::render::school::SchoolFacts;
use crate::wording::markdown::Block;
use crate::wording::{dates, titles};

#[derive(Serialize)]
struct PageData<'a> {
    title: &'a str,
    school: &'a SchoolFacts,
    /// In which function somebody signs.
    signed_as: String,
    place_and_date: String,
    year: i16,
    month: i8,
    day: i8,
    numbered: bool,
    letters: Vec<LetterData<'a>>,
}

#[derive(Serialize)]
struct LetterData<'a> {
    address: &'a [String],
    reference: &'a str,
    subject: &'a str,
    about: &'a [String],
    class_label: Option<&'a str>,
    body: &'a [Block],
    question: Option<&'a SlipQuestion>,
    form: bool,
    large_print: bool,
    calls: &'a [CallRow],
    diary: &'a [DiaryDay],
    parts: Vec<PartData<'a>>,
    qr: Option<String>,
}

/// What is behind a letter for one pupil.
#[derive(Serialize)]
struct PartData<'a> {
    pupil: &'a str,
    documents: Vec<DocumentData<'a>>,
}

#[derive(Serialize)]
struct DocumentData<'a> {
    subject: &'a str,
    title: &'a str,
    pages: usize,
    /// Whether and by when it is to be given back; empty where it is not.
    back: String,
}

impl<'a> PartData<'a> {
    fn of(part: &'a PupilPart, documents: &'a [JobDocument]) -> Self {
        let own = part.documents.iter().filter_map(|it| documents.get(it.place));
        let row = |it: &'a JobDocument| DocumentData {
            subject: &it.subject,
            title: &it.title,
            pages: it.pages,
            back: it.asked_back.map(given_back).unwrap_or_default(),
        };
        Self { pupil: &part.pupil, documents: own.map(row).collect() }
    }
}

/// What the list says of work that is asked back.
fn given_back(asked: AskedBack) -> String {
    let on = match asked.on {
        WorkOn::Pages => "oui",
        WorkOn::Sheet => "sur la copie jointe",
    };
    match (asked.on, asked.by) {
        (_, None) => on.to_owned(),
        (WorkOn::Pages, Some(day)) => format!("pour le {}", dates::in_month(day)),
        (WorkOn::Sheet, Some(day)) => format!("{on}, pour le {}", dates::in_month(day)),
    }
}

/// The data of some letters of a job, as JSON; `numbered` when some have a second page.
pub fn data(
    job: &LetterJob,
    indices: &[usize],
    numbered: bool,
) -> Result<Vec<u8>, serde_json::Error> {
    let letters = indices.iter().filter_map(|index| job.letters.get(*index));
    let letters = letters.map(|letter| page(letter, &job.documents)).collect();
    let date = dates::in_full(job.date);
    let town = &job.school.town;
    serde_json::to_vec(&PageData {
        title: &job.title,
        school: &job.school,
        signed_as: titles::in_signature(&job.school.signatory_title),
        place_and_date: if town.is_empty() { date } else { format!("{town}, le {date}") },
        year: job.date.year(),
        month: job.date.month(),
        day: job.date.day(),
        numbered,
        letters,
    })
}

fn page<'a>(letter: &'a Letter, documents: &'a [JobDocument]) -> LetterData<'a> {
    LetterData {
        address: &letter.address,
        reference: &letter.reference,
        subject: &letter.subject,
        about: &letter.about,
        class_label: letter.class_label.as_deref(),
        body: &letter.body,
        question: letter.question.as_ref(),
        form: letter.form,
        large_print: letter.large_print,
        calls: &letter.calls,
        diary: &letter.diary,
        parts: letter.parts.iter().map(|part| PartData::of(part, documents)).collect(),
        qr: qr::svg(&letter.reference),
    }
}
