//! What was sent, newest first, and what is being written.

use askama::Template;
use axum::extract::Query;
use serde::Deserialize;

use super::super::compose::kept::listed_as;
use super::super::fault::Fault;
use super::super::levels::LevelsBar;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use super::found;
use crate::message::MessageState;
use crate::office::{self, SENT_A_PAGE, School, SentListed, SentPage, draft, draft::DraftShown};
use crate::people::Right;

const TITLE: &str = "Annonces";

#[derive(Template)]
#[template(path = "announcements/list.html", config = "src/web/askama.toml")]
struct SentBody<'a> {
    called: &'a str,
    found: String,
    drafts: Vec<DraftLine>,
    rows: Vec<SentRow>,
    pages: Numbered,
    may_write: bool,
}

struct DraftLine {
    number: u32,
    subject: String,
    told: String,
}

struct SentRow {
    code: String,
    subject: String,
    told: String,
    state: &'static str,
    levels: LevelsBar,
}

/// What somebody looks for.
#[derive(Deserialize)]
pub(super) struct SentAsked {
    #[serde(default, rename = "q")]
    called: String,
    #[serde(default)]
    page: String,
}

/// The list.
pub(super) async fn page(
    visitor: Visitor,
    Query(asked): Query<SentAsked>,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let called = asked.called.trim();
    let page = asked.page.parse().unwrap_or(1);
    let sent = office::sent(school, called, page).await?;
    let may_write = visitor.may(Right::Write);
    let drafts =
        if may_write && called.is_empty() { draft::list(school).await? } else { Vec::new() };
    let body = SentBody {
        called,
        found: found_so_many(&sent, called),
        drafts: drafts.iter().map(|it| drafted(school, it)).collect(),
        rows: sent.messages.iter().map(|it| row(school, it)).collect(),
        pages: Numbered::of(
            found::pages("/annonces", &[("q", called)]),
            &asked.page,
            sent.found,
            SENT_A_PAGE,
        ),
        may_write,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

fn found_so_many(sent: &SentPage, called: &str) -> String {
    match (sent.found, called.is_empty()) {
        (0, true) => "Aucune annonce n’a encore été envoyée.".to_owned(),
        (0, false) => format!("Aucune annonce ne parle de « {called} »."),
        (all, true) => count(all, "annonce envoyée", "annonces envoyées"),
        (all, false) => {
            format!("{} de « {called} »", count(all, "annonce parle", "annonces parlent"))
        }
    }
}

fn drafted(school: &School, kept: &DraftShown) -> DraftLine {
    DraftLine {
        number: kept.number,
        subject: listed_as(kept),
        told: format!("de {}, {}", kept.changed_by, hour_of(school, kept.changed_at)),
    }
}

fn row(school: &School, sent: &SentListed) -> SentRow {
    let by = if sent.launched_by.is_empty() { "" } else { " par " };
    let follows = match (&sent.corrects, &sent.retries) {
        (Some(code), _) => format!(" · rectifie {code}"),
        (None, Some(code)) => format!(" · relance {code}"),
        (None, None) => String::new(),
    };
    SentRow {
        code: sent.message.to_string(),
        subject: sent.subject.clone(),
        told: format!(
            "lancée {}{by}{} · pour : {}{follows}",
            hour_of(school, sent.launched_at),
            sent.launched_by,
            sent.audience
        ),
        state: state(sent.sum.state),
        levels: LevelsBar::of(&sent.sum),
    }
}

/// What is to be known of one that does not simply run.
pub(super) const fn state(state: MessageState) -> &'static str {
    match state {
        MessageState::Running => "",
        MessageState::Paused => "Suspendue : rien ne part avant la reprise.",
        MessageState::Cancelled => "Annulée : rien ne part plus.",
    }
}
