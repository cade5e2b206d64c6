//! A *cahier de textes*, or a timetable, that is given as a table or a calendar becomes a document: pages that are set here.

use std::io;
use std::path::Path;

use super::super::School;
use super::super::sheets::{SheetError, pdf_of};
use crate::import::{AsTold, BadDiary, DiaryEntry, DiaryPart, DiaryWeek, diary};
use crate::message::{StandingDocument, Week};
use crate::people::MeantFor;
use crate::render::documents::{FitPdf, UnfitDocument, fit};
use crate::render::letters::{DiaryDay, DiaryLesson, Letter, LetterJob, Sides, unprintable};
use crate::wording::dates;
use crate::wording::markdown::{Block, TextSpan};

/// In the place of a sign that no face of ours has.
const NO_SIGN: char = '?';

/// What is given, as somebody knows it.
pub(super) struct GivenDiary<'a> {
    pub(super) file: &'a Path,
    pub(super) standing: StandingDocument,
    pub(super) meant_for: &'a MeantFor,
    pub(super) subject: &'a str,
    pub(super) week: Week,
}

/// What came of it.
pub(super) struct SetDiary {
    pub(super) pdf: FitPdf,
    /// Its week, as it was read.
    pub(super) read: DiaryWeek,
}

/// Why nothing came of it.
pub(super) enum NotSet {
    Bad(BadDiary),
    Unfit(UnfitDocument),
    Unset(SheetError),
}

/// Sets the pages of one week.
pub(super) async fn set_diary(school: &School, given: GivenDiary<'_>) -> Result<SetDiary, NotSet> {
    let read = read(school, &given).await?;
    let letter = letter(&given, &read.lessons);
    let job = LetterJob {
        title: letter.subject.clone(),
        school: school.renderer.school().clone(),
        date: school.today(),
        // A back that stays empty is no page of a document.
        sides: Sides::One,
        letters: vec![letter],
        documents: Vec::new(),
        piles: Vec::new(),
    };
    let pdf = pdf_of(school, &job).await.map_err(NotSet::Unset)?;
    // Our own press made it: nobody else has to take it apart.
    let pdf = fit(&pdf).map_err(NotSet::Unfit)?;
    Ok(SetDiary { pdf, read })
}

async fn read(school: &School, given: &GivenDiary<'_>) -> Result<DiaryWeek, NotSet> {
    let (file, week) = (given.file.to_owned(), given.week);
    let zone = school.config.school.time_zone();
    let class = match given.meant_for {
        MeantFor::Class(class) => Some(class.clone()),
        _ => None,
    };
    let work = move || diary(&file, DiaryPart { week, class: class.as_deref(), zone: &zone });
    let read = tokio::task::spawn_blocking(work).await;
    read.map_err(|error| NotSet::Unset(io::Error::other(error).into()))?.map_err(NotSet::Bad)
}

fn letter(given: &GivenDiary<'_>, lessons: &[DiaryEntry]) -> Letter {
    let all: String = lessons.iter().flat_map(DiaryEntry::said).collect();
    let unknown = unprintable(&all);
    let printed = |text: &str| {
        let sign = |sign| if unknown.contains(&sign) { NO_SIGN } else { sign };
        text.chars().map(sign).collect::<String>()
    };
    let days = lessons.chunk_by(|one, next| one.day == next.day);
    let day = |of_day: &[DiaryEntry]| DiaryDay {
        day: of_day.first().map(|it| dates::without_year(it.day)).unwrap_or_default(),
        lessons: of_day.iter().map(|it| on_paper(it, &printed)).collect(),
    };
    Letter {
        address: Vec::new(),
        reference: String::new(),
        subject: given.standing.title().to_owned(),
        about: Vec::new(),
        class_label: None,
        body: vec![Block::paragraph(vec![TextSpan::text(lead(given))])],
        question: None,
        form: false,
        large_print: false,
        calls: Vec::new(),
        diary: days.map(day).collect(),
        parts: Vec::new(),
    }
}

/// `Semaine du 18 janvier 2027, classe 6A, mathématiques.`
fn lead(given: &GivenDiary<'_>) -> String {
    let whose = match given.meant_for {
        MeantFor::Class(class) => format!(", classe {class}"),
        MeantFor::Level(level) => format!(", niveau {level}"),
        MeantFor::Group(group) => format!(", groupe {group}"),
        MeantFor::Everybody | MeantFor::Pupil(_) => String::new(),
    };
    let week = dates::in_month_and_year(given.week.monday());
    let about =
        if given.subject.is_empty() { String::new() } else { format!(", {}", given.subject) };
    format!("Semaine du {week}{whose}{about}.")
}

fn on_paper(lesson: &DiaryEntry, printed: &impl Fn(&str) -> String) -> DiaryLesson {
    let lines = |text: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(printed).collect()
    };
    DiaryLesson {
        hour: match &lesson.hour {
            Some(AsTold::Read(hour)) => dates::hour(lesson.day.to_datetime(*hour)),
            Some(AsTold::Typed(typed)) => printed(typed),
            None => String::new(),
        },
        subject: printed(&lesson.subject),
        teacher: printed(&lesson.teacher),
        done: lines(&lesson.done),
        due: match &lesson.due {
            Some(AsTold::Read(day)) => format!("À faire pour {}", dates::without_year(*day)),
            Some(AsTold::Typed(typed)) => format!("À faire pour {}", printed(typed)),
            None => String::new(),
        },
        to_do: lines(&lesson.to_do),
    }
}
