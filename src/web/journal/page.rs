//! The journal, the newest first, a page at a time.

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::hour_of;
use super::acts::{self, Subject};
use crate::office::{self, Noted, School};
use crate::people::Actor;

/// Acts on a page.
const EACH: usize = 100;

#[derive(Template)]
#[template(path = "journal/page.html", config = "src/web/askama.toml")]
struct JournalPage {
    rows: Vec<JournalRow>,
    pages: Numbered,
}

struct JournalRow {
    at: String,
    by: String,
    what: &'static str,
    about: Subject,
}

/// One page of the journal.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let total = office::journal_length(school).await?;
    let pages = Numbered::of("/journal?page=", asked.text("page"), total, EACH);
    let noted = office::journal_page(school, pages.range().start, EACH).await?;
    let rows = noted.into_iter().map(|it| JournalRow::of(school, it)).collect();
    visitor.page(Section::Journal, "Journal", &JournalPage { rows, pages })
}

impl JournalRow {
    fn of(school: &School, Noted { at, by, act, about }: Noted) -> Self {
        let (what, about) = (acts::in_french(act), Subject::of(act, about));
        Self { at: hour_of(school, at), by: name(&by), what, about }
    }
}

/// Who, as colleagues know them.
fn name(by: &Actor) -> String {
    match by {
        Actor::Program => "Le programme".to_owned(),
        Actor::Unknown => "Quelqu’un".to_owned(),
        other => other.name().to_owned(),
    }
}
