//! What follows an announcement, and needs a second person's yes first: the button asks for it, and what waits is a draft.

use askama::Template;
use axum::response::Response;

use super::super::compose::kept::{self, WritingStep};
use super::super::fault::Fault;
use super::super::page;
use super::super::visitor::Visitor;
use super::turn;
use crate::message::{Code, Draft, Urgency};
use crate::office;
use crate::people::Right;

/// What stands in the place of sending it, within its form.
#[derive(Template)]
#[template(path = "approvals/first.html", config = "src/web/askama.toml")]
pub(crate) struct AskFirst {
    code: String,
    /// Whom the button asks; nobody where nobody else may approve.
    whom: Option<String>,
}

impl AskFirst {
    /// What there is to ask; `None` where it needs nobody's yes.
    pub(crate) async fn of(
        visitor: &Visitor,
        code: &Code,
        recipients: usize,
        urgency: Urgency,
    ) -> Result<Option<Self>, Fault> {
        let school = visitor.school();
        if !office::needs_approval(school, &visitor.actor(), recipients, urgency) {
            return Ok(None);
        }
        let whom = office::asked_first(school, &visitor.session().account).await?;
        let whom = (!whom.is_empty()).then(|| turn::names(&whom));
        Ok(Some(Self { code: code.to_string(), whom }))
    }
}

/// Keeps it as a draft, and asks; leads to what waits then.
pub(crate) async fn ask(visitor: &Visitor, code: &Code, draft: Draft) -> Result<Response, Fault> {
    let account = &visitor.session().account;
    let number = office::ask_to_follow(visitor.school(), account, draft).await?;
    // Whoever may send and not write opens no draft.
    let path = if visitor.may(Right::Write) {
        kept::address(number, WritingStep::Check)
    } else {
        format!("/annonces/{code}")
    };
    Ok(page::to(&format!("{path}?fait=demande")))
}
