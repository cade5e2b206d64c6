//! Who answered what to an announcement that asks something, and who has not; an answer of theirs is noted there.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::file;
use super::super::numbered::Numbered;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use super::found;
use crate::audience::Filter;
use crate::channel::Channel;
use crate::message::{AnswerChoice, Reference};
use crate::office::{self, AnswerCounts, AskedLine, NoteAnswerRefusal, School};
use crate::people::Right;

const TITLE: &str = "Réponses";
/// People on one page.
const A_PAGE: usize = 50;
/// The word for those who have not answered.
const SILENT: &str = "sans";

/// How many answered what, on the announcement's own page.
pub(super) struct AnswersPart {
    /// What is asked.
    pub(super) question: Option<String>,
    /// Each answer, and how many gave it.
    pub(super) counts: Vec<(&'static str, String)>,
    /// Whether they may be named.
    pub(super) may_look: bool,
}

impl AnswersPart {
    /// What was counted.
    pub(super) fn of(counts: &AnswerCounts, may_look: bool) -> Self {
        let people = |number| count(number, "personne", "personnes");
        let each =
            counts.counts.iter().map(|(answer, number)| (answer.in_french(), people(*number)));
        let silent = ("Pas encore répondu", people(counts.silent));
        Self { question: counts.question.clone(), counts: each.chain([silent]).collect(), may_look }
    }
}

#[derive(Template)]
#[template(path = "announcements/answers.html", config = "src/web/askama.toml")]
struct AnswersBody<'a> {
    csrf: &'a str,
    code: String,
    subject: String,
    question: Option<String>,
    done: bool,
    kinds: Vec<AnswerFilter>,
    chosen: &'static str,
    lines: Vec<AnsweredRow>,
    choices: Vec<(&'static str, &'static str)>,
    pages: Numbered,
    reminder: Option<String>,
    may_note: bool,
    may_export: bool,
}

/// What can be looked at: an answer, and those who gave it.
struct AnswerFilter {
    word: &'static str,
    told: String,
    is_chosen: bool,
}

struct AnsweredRow {
    number: u32,
    name: String,
    about: String,
    answer: &'static str,
    told: String,
}

/// Which of them somebody looks at.
#[derive(Deserialize)]
pub(super) struct AnswersAsked {
    #[serde(default, rename = "reponse")]
    answer: String,
    #[serde(default)]
    page: String,
    #[serde(default, rename = "fait")]
    done: String,
}

/// The page.
pub(super) async fn page(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<AnswersAsked>,
) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    let school = visitor.school();
    let answers = office::answers(school, &message, &visitor.whom()).await?;
    let answers = answers.ok_or(Fault::NothingThere)?;
    let chosen =
        AnswerChoice::from_word(&asked.answer).filter(|it| it.is_of(answers.counts.answers));
    let word = chosen.map_or(SILENT, AnswerChoice::as_str);
    let meant: Vec<&AskedLine> = answers.asked.iter().filter(|it| it.answer == chosen).collect();
    let path = found::pages(&format!("/annonces/{}/reponses", message.code), &[("reponse", word)]);
    let pages = Numbered::of(path, &asked.page, meant.len(), A_PAGE);
    let lines = pages.part(&meant).iter().map(|line| row(school, line)).collect();
    let choices = answers.counts.answers.choices().iter();
    let body = AnswersBody {
        csrf: &visitor.session().csrf,
        code: message.code.to_string(),
        subject: school.subject(&message.template, &message.fields),
        question: answers.counts.question.clone(),
        done: asked.done == "notee",
        kinds: kinds(&answers.counts, chosen),
        chosen: word,
        lines,
        choices: choices.map(|it| (it.as_str(), it.in_french())).collect(),
        pages,
        reminder: (chosen.is_none() && !meant.is_empty())
            .then(|| format!("{} {}", Filter::NotAnswered.as_str(), message.code)),
        may_note: visitor.may(Right::EditFamilies),
        may_export: visitor.may(Right::Export),
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

fn kinds(counts: &AnswerCounts, chosen: Option<AnswerChoice>) -> Vec<AnswerFilter> {
    let silent = AnswerFilter {
        word: SILENT,
        told: format!("Pas encore répondu ({})", counts.silent),
        is_chosen: chosen.is_none(),
    };
    let each = counts.counts.iter().map(|(answer, number)| AnswerFilter {
        word: answer.as_str(),
        told: format!("{} ({number})", answer.in_french()),
        is_chosen: chosen == Some(*answer),
    });
    std::iter::once(silent).chain(each).collect()
}

fn row(school: &School, line: &AskedLine) -> AnsweredRow {
    let by = line.channel.map(Channel::in_french).map(|way| format!("par {way}"));
    let typed = line.typed_by.as_ref().map(|by| format!("saisie par {by}"));
    let at = line.at.map(|at| hour_of(school, at));
    AnsweredRow {
        number: line.number,
        name: line.name.clone(),
        about: line.about.join(", "),
        answer: line.answer.map_or("", AnswerChoice::in_french),
        told: [by, typed, at].into_iter().flatten().collect::<Vec<_>>().join(", "),
    }
}

/// Notes what somebody answered by word of mouth.
pub(super) async fn note(
    visitor: Visitor,
    Path(code): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    let number: u32 = posted.text("destinataire").parse().map_err(|_| Fault::Unreadable)?;
    let answer = AnswerChoice::from_word(posted.text("reponse")).ok_or(Fault::Unreadable)?;
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    let reference = Reference { code: message.code.clone(), addressee: number, leg: 0 };
    match office::note_answer(school, actor, &whom, reference, answer).await {
        Ok(_) => {}
        Err(NoteAnswerRefusal::Store(error)) => return Err(error.into()),
        Err(NoteAnswerRefusal::NoSuchReference(_) | NoteAnswerRefusal::AsksNothing(_)) => {
            return Err(Fault::NothingThere);
        }
        Err(NoteAnswerRefusal::NotOfKind { .. }) => return Err(Fault::Unreadable),
    }
    Ok(page::to(&format!("/annonces/{}/reponses?fait=notee", message.code)))
}

/// Who answered what, as a spreadsheet opens it. That it was taken out stands in the journal.
pub(super) async fn table(
    visitor: Visitor,
    Path(code): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NotAllowed);
    }
    let message = found::message(&visitor, &code).await?;
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    let table = office::answer_table(school, actor, &message, &whom).await?;
    let table = table.ok_or(Fault::NothingThere)?;
    let name = format!("reponses-{}.csv", message.code);
    Ok(file::kept("text/csv; charset=utf-8", &name, table.csv))
}
