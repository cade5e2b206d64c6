//! Asking for a yes on the last page of a draft, and taking the request back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::compose::kept::{self, WritingStep};
use super::super::compose::last_look::LastLookPart;
use super::super::compose::send::may_leave;
use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::turn::{self, TurnPart, address};
use crate::message::DraftVersion;
use crate::office::{self, AskedApproval};

/// What stands on the last page of a draft in the place of sending it.
#[derive(Template)]
#[template(path = "approvals/asking.html", config = "src/web/askama.toml")]
pub(crate) struct AskingPart<'a> {
    csrf: &'a str,
    at: DraftVersion,
    /// Who refused it, and why.
    declined: Option<String>,
    /// What is asked already.
    asked: Option<AskedPart>,
    /// Whom the button asks; nobody where nobody else may approve, or it is asked already.
    whom: Option<String>,
}

/// What is asked already.
struct AskedPart {
    turn: TurnPart,
    origin: String,
    address: String,
    is_own: bool,
    may_answer: bool,
}

impl<'a> AskingPart<'a> {
    /// What there is to ask, or was asked; `None` where it needs nobody's yes, or is not theirs to send.
    pub(crate) async fn of(
        visitor: &'a Visitor,
        at: DraftVersion,
        look: &LastLookPart,
        may_send: bool,
    ) -> Result<Option<Self>, Fault> {
        let (school, account) = (visitor.school(), &visitor.session().account);
        if !office::needs_approval(school, &visitor.actor(), look.recipients, look.urgency) {
            return Ok(None);
        }
        let asked = about(visitor, at.number).await?;
        let declined = asked.as_ref().and_then(|it| turn::declined(school, it));
        let asked = asked.filter(|it| it.declined.is_none());
        if asked.is_none() && !may_send {
            return Ok(None);
        }
        let whom = match &asked {
            Some(_) => Vec::new(),
            None => office::asked_first(school, account).await?,
        };
        Ok(Some(Self {
            csrf: visitor.csrf(),
            at,
            declined,
            asked: asked.map(|it| AskedPart::of(visitor, &it)),
            whom: (!whom.is_empty()).then(|| turn::names(&whom)),
        }))
    }
}

impl AskedPart {
    fn of(visitor: &Visitor, asked: &AskedApproval) -> Self {
        let account = &visitor.session().account;
        Self {
            turn: TurnPart::of(visitor.school(), asked),
            origin: visitor.web().address().origin().to_owned(),
            address: address(asked.draft.number),
            is_own: account.is(&asked.asked_by),
            may_answer: asked.waits_for(account),
        }
    }
}

/// What is asked, or was refused, about a draft as it is kept now.
pub(super) async fn about(visitor: &Visitor, number: u32) -> Result<Option<AskedApproval>, Fault> {
    let all = office::approvals(visitor.school()).await?;
    Ok(all.into_iter().find(|it| it.draft.number == number))
}

/// Asks for a yes to the version that was looked at.
pub(super) async fn ask(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let (school, seen) = (visitor.school(), kept::seen(&posted, number)?);
    let draft = kept::open(&visitor, number).await?;
    may_leave(&visitor, office::ready_draft(school, draft, true).await?.urgency())?;
    office::ask_approval(school, &visitor.session().account, seen).await?;
    Ok(back(number, "demande"))
}

/// Takes the request back.
pub(super) async fn take_back(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let seen = kept::seen(&posted, number)?;
    office::take_back_approval(visitor.school(), &visitor.session().account, seen).await?;
    Ok(back(number, "repris"))
}

fn back(number: u32, done: &str) -> Response {
    page::to(&format!("{}?fait={done}", kept::address(number, WritingStep::Check)))
}

/// What was just done.
pub(crate) fn done(done: &str) -> Option<&'static str> {
    match done {
        "demande" => Some("L’accord est demandé. L’annonce partira dès qu’il sera donné."),
        "repris" => Some("La demande est reprise. Rien n’est parti, le brouillon est gardé."),
        _ => None,
    }
}
