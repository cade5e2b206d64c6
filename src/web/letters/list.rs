//! What waits to be printed, what the press works on, and every batch.

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of, until};
use super::press_room::PressRun;
use crate::batches::PrintedBatch;
use crate::delivery::LetterOrder;
use crate::office::{self, BatchState, ListedBatch, School};
use crate::people::Right;
use crate::queue::HeldBack;

/// Batches on a page.
const EACH: usize = 50;

#[derive(Template)]
#[template(path = "letters/list.html", config = "src/web/askama.toml")]
struct LettersPage<'a> {
    csrf: &'a str,
    run: Option<PressProgress>,
    waiting: usize,
    print: String,
    /// Value, words, whether it is the usual one.
    orders: [(&'static str, &'static str, bool); 3],
    separators: bool,
    classes: Vec<(String, usize)>,
    held_back: Vec<String>,
    batches: Vec<BatchRow>,
    pages: Numbered,
    may_export: bool,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "letters/progress.html", config = "src/web/askama.toml")]
struct PressProgress {
    is_at_work: bool,
    said: String,
    done: usize,
    total: usize,
    printed: Vec<(u32, String)>,
    set_aside: Vec<(String, String)>,
    fault: Option<(String, String)>,
}

struct BatchRow {
    number: u32,
    made: String,
    letters: usize,
    sheets: String,
    state: &'static str,
    tone: &'static str,
}

/// The first page of letters.
pub(super) async fn list(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let waiting = office::letters_waiting(school).await?;
    let batches = office::letter_batches(school).await?;
    let unprinted = batches.iter().filter(|it| it.state == BatchState::ToPrint);
    let letters = waiting.letters + unprinted.map(|it| it.letters).sum::<usize>();
    let pages = Numbered::of("/courriers?page=", asked.text("page"), batches.len(), EACH);
    let body = LettersPage {
        csrf: visitor.csrf(),
        run: visitor.web().press().last().map(|run| PressProgress::of(school, run)),
        waiting: letters,
        print: format!("Imprimer {}", count(letters, "courrier", "courriers")),
        orders: LetterOrder::ALL
            .map(|it| (it.as_str(), order(it), it == school.config.letters.sort)),
        separators: school.config.letters.separators,
        classes: waiting.classes.into_iter().map(named).collect(),
        held_back: waiting.held_back.iter().map(|(why, held)| told(school, why, *held)).collect(),
        batches: pages.part(&batches).iter().map(|it| BatchRow::of(school, it)).collect(),
        pages,
        may_export: visitor.may(Right::Export),
        may_write: visitor.may(Right::Write),
    };
    visitor.page(Section::Letters, "Courriers", &body)
}

fn named((class, letters): (String, usize)) -> (String, usize) {
    (if class.is_empty() { "Sans classe et personnels".to_owned() } else { class }, letters)
}

/// Why letters wait that may not be printed now.
fn told(school: &School, why: &HeldBack, letters: usize) -> String {
    let wait = count(letters, "courrier attend", "courriers attendent");
    match why {
        HeldBack::OnHold => format!("{wait} la reprise des envois, tous suspendus."),
        HeldBack::Closed => format!("{wait} la réouverture de la voie « courrier »."),
        HeldBack::Paused(code) => format!("{wait} la fin de la pause de l’annonce {code}."),
        HeldBack::NotBefore(code, at) => {
            format!("{wait} : l’annonce {code} peut encore être annulée, {}.", until(school, *at))
        }
    }
}

impl PressProgress {
    fn of(school: &School, run: PressRun) -> Self {
        let PressRun { by, since, done, total, ended } = run;
        let begun = format!("Impression lancée {} par {by}", hour_of(school, since));
        let mut progress = Self {
            is_at_work: ended.is_none(),
            said: format!("{begun}."),
            done,
            total,
            printed: Vec::new(),
            set_aside: Vec::new(),
            fault: None,
        };
        match ended {
            None if total > 0 => progress.said = format!("{begun} : {done} courriers sur {total}."),
            None => progress.said = format!("{begun} : préparation."),
            Some(Err(told)) => progress.fault = Some((told.what, told.then)),
            Some(Ok(batches)) => {
                progress.printed = batches.iter().map(printed).collect();
                progress.set_aside = batches.into_iter().flat_map(|it| it.set_aside).collect();
            }
        }
        progress
    }
}

fn printed(batch: &PrintedBatch) -> (u32, String) {
    let letters = count(batch.letters, "courrier", "courriers");
    let sheets = count(batch.sheets, "feuille", "feuilles");
    (batch.number, format!("{letters} sur {sheets}"))
}

impl BatchRow {
    fn of(school: &School, batch: &ListedBatch) -> Self {
        let (state, tone) = state(batch.state);
        Self {
            number: batch.number,
            made: hour_of(school, batch.dates.made_at),
            letters: batch.letters,
            sheets: batch.sheets.map_or_else(|| "à compter".to_owned(), |it| it.to_string()),
            state,
            tone,
        }
    }
}

/// How a batch is sorted.
pub(super) const fn order(order: LetterOrder) -> &'static str {
    match order {
        LetterOrder::Class => "par classe",
        LetterOrder::Postcode => "par code postal",
        LetterOrder::PickUp => "par lieu de retrait, puis par code postal",
    }
}

/// What is to be done with a batch, and how pressing it is.
pub(super) const fn state(state: BatchState) -> (&'static str, &'static str) {
    match state {
        BatchState::ToPrint => ("à imprimer", "wait"),
        BatchState::ToPost => ("à poster ou à remettre", "wait"),
        BatchState::Posted => ("posté ou remis", "good"),
    }
}
