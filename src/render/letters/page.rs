//! What the layout is given: letters as data.

use serde::Serialize;

use super::job::{CallRow, JobDocument, Letter, LetterJob, PupilPart};
use super::qr;
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
}

impl<'a> PartData<'a> {
    fn of(part: &'a PupilPart, documents: &'a [JobDocument]) -> Self {
        let own = part.documents.iter().filter_map(|place| documents.get(*place));
        let row = |it: &'a JobDocument| DocumentData {
            subject: &it.subject,
            title: &it.title,
            pages: it.pages,
        };
        Self { pupil: &part.pupil, documents: own.map(row).collect() }
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
        parts: letter.parts.iter().map(|part| PartData::of(part, documents)).collect(),
        qr: qr::svg(&letter.reference),
    }
}
