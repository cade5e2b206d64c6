//! The records that files change, and what of them was set aside: a page at a time, of a hundred thousand if need be.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::Section;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::{kept, words};
use crate::directory::{Change, RecordOf};
use crate::import::SetAside;
use crate::office::{ChangedRecord, Proposal};

/// Records on a page.
const EACH: usize = 100;
/// Letters of a name or a reason that are shown.
const LONGEST: usize = 300;

/// Every sort of record.
pub(super) const WHO: [RecordOf; 3] = [RecordOf::Pupil, RecordOf::Guardian, RecordOf::Staff];
/// Everything that happens to one.
pub(super) const CHANGES: [Change; 3] = [Change::Added, Change::Changed, Change::Archived];

/// A record that changes.
pub(super) struct RecordRow {
    pub(super) who: &'static str,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) reason: String,
}

/// What was set aside.
pub(super) struct AsideRow {
    pub(super) place: String,
    pub(super) what: String,
    pub(super) reason: String,
}

#[derive(Template)]
#[template(path = "imports/records.html", config = "src/web/askama.toml")]
struct RecordsPage {
    title: String,
    back: String,
    rows: Vec<RecordRow>,
    pages: Numbered,
}

#[derive(Template)]
#[template(path = "imports/aside.html", config = "src/web/askama.toml")]
struct AsidePage {
    title: String,
    back: String,
    rows: Vec<AsideRow>,
    pages: Numbered,
}

/// Which records are asked for; `None`: all of them.
#[derive(Clone, Copy, Default)]
struct WantedRecords {
    who: Option<RecordOf>,
    change: Option<Change>,
}

/// The records of one sort.
pub(super) async fn records(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let (back, asked, proposal) = match read(&visitor, &typed, query.as_deref()).await? {
        Ok(read) => read,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let wanted = WantedRecords::of(&asked);
    let total = counted(&proposal, wanted);
    let pages = Numbered::of(wanted.path(&back), asked.text("page"), total, EACH);
    let rows = page_of(proposal, wanted, pages.range().start).await?;
    let title = format!("{}{}", words::records(total, wanted.change), wanted.of_whom());
    let body = RecordsPage { title: title.clone(), back, rows, pages };
    Ok(visitor.page(Section::Imports, &title, &body)?.into_response())
}

/// What was set aside.
pub(super) async fn set_aside(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let (back, asked, proposal) = match read(&visitor, &typed, query.as_deref()).await? {
        Ok(read) => read,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let all = &proposal.set_aside;
    let pages = Numbered::of(format!("{back}/ecartees?page="), asked.text("page"), all.len(), EACH);
    let rows = pages.part(all).iter().map(AsideRow::of).collect();
    let title = match all.len() {
        0 => "Rien n’est laissé de côté".to_owned(),
        some => format!("{} à regarder", count(some, "remarque", "remarques")),
    };
    let body = AsidePage { title: title.clone(), back, rows, pages };
    Ok(visitor.page(Section::Imports, &title, &body)?.into_response())
}

/// The page of files, what is asked of them, and what they change; or an answer that leads elsewhere.
async fn read(
    visitor: &Visitor,
    typed: &str,
    query: Option<&str>,
) -> Result<Result<(String, Form, Arc<Proposal>), Response>, Fault> {
    let read = kept::read(visitor, typed).await?;
    let asked = Form::asked(query.unwrap_or_default());
    Ok(read.map(|(upload, _, proposal)| (kept::path(upload.id), asked, proposal)))
}

/// A département's records take a moment to go through.
async fn page_of(
    proposal: Arc<Proposal>,
    wanted: WantedRecords,
    skipped: usize,
) -> Result<Vec<RecordRow>, Fault> {
    let read = move || {
        let of_these = proposal.changed().filter(|record| wanted.has(record));
        of_these.skip(skipped).take(EACH).map(RecordRow::of).collect()
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| Fault::Broken(error.to_string()))
}

/// The first records of each sort of change.
pub(super) async fn first_of_each(
    proposal: Arc<Proposal>,
    most: usize,
) -> Result<Vec<(Change, Vec<RecordRow>)>, Fault> {
    let read = move || {
        let total = |change| WHO.iter().map(|who| number(&proposal, *who, change)).sum::<usize>();
        let mut first = CHANGES.map(|change| (change, Vec::new(), total(change).min(most)));
        // A département's are gone through once, and no further than is shown.
        for record in proposal.changed() {
            let mut of_this = first.iter_mut().filter(|(change, ..)| *change == record.change);
            if let Some((_, rows, most)) = of_this.next()
                && rows.len() < *most
            {
                rows.push(RecordRow::of(record));
            }
            if first.iter().all(|(_, rows, most)| rows.len() >= *most) {
                break;
            }
        }
        let first = first.into_iter().map(|(change, rows, _)| (change, rows));
        first.filter(|(_, rows)| !rows.is_empty()).collect()
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| Fault::Broken(error.to_string()))
}

/// How many records of a sort there are.
pub(super) fn number(proposal: &Proposal, who: RecordOf, change: Change) -> usize {
    let changes = &proposal.diff.changes;
    let of = match who {
        RecordOf::Pupil => changes.pupils,
        RecordOf::Guardian => changes.guardians,
        RecordOf::Staff => changes.staff,
    };
    match change {
        Change::Added => of.added,
        Change::Changed => of.changed,
        Change::Archived => of.archived,
    }
}

fn counted(proposal: &Proposal, wanted: WantedRecords) -> usize {
    let sorts = WHO.into_iter().flat_map(|who| CHANGES.map(|change| (who, change)));
    let meant = sorts.filter(|(who, change)| wanted.is(*who, *change));
    meant.map(|(who, change)| number(proposal, who, change)).sum()
}

impl WantedRecords {
    fn of(asked: &Form) -> Self {
        Self {
            who: WHO.into_iter().find(|who| words::who_word(*who) == asked.text("qui")),
            change: CHANGES.into_iter().find(|it| words::change_word(*it) == asked.text("sorte")),
        }
    }

    fn is(self, who: RecordOf, change: Change) -> bool {
        self.who.is_none_or(|it| it == who) && self.change.is_none_or(|it| it == change)
    }

    fn has(self, record: &ChangedRecord<'_>) -> bool {
        self.is(record.who, record.change)
    }

    fn path(self, back: &str) -> String {
        let who = self.who.map_or("", words::who_word);
        let change = self.change.map_or("", words::change_word);
        format!("{back}/fiches?qui={who}&sorte={change}&page=")
    }

    const fn of_whom(self) -> &'static str {
        match self.who {
            None => "",
            Some(RecordOf::Pupil) => " : élèves",
            Some(RecordOf::Guardian) => " : responsables",
            Some(RecordOf::Staff) => " : personnels",
        }
    }
}

impl RecordRow {
    fn of(record: ChangedRecord<'_>) -> Self {
        let ChangedRecord { who, name, file, line, reason, .. } = record;
        Self {
            who: who.in_french(),
            name: short(&name),
            place: file.map(|file| place(file, line.map(u64::from))).unwrap_or_default(),
            reason: short(&reason),
        }
    }
}

impl AsideRow {
    pub(super) fn of(aside: &SetAside) -> Self {
        Self {
            place: place(&aside.file, aside.line),
            what: short(&aside.what),
            reason: short(&aside.reason),
        }
    }
}

fn place(file: &str, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{}, ligne {line}", short(file)),
        None => short(file),
    }
}

/// A cell of a table may hold a whole page.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
