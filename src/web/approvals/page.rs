//! The page on which a second person answers: what will happen to how many people, and what each family sees.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::compose::last_look::{LastLookPart, Looked};
use super::super::fault::Fault;
use super::super::page::Section;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::turn::{self, TurnPart, address};
use super::{asking, decide};
use crate::message::DraftVersion;
use crate::office::{AskedApproval, Refusal};
use crate::people::Account;

const TITLE: &str = "Un accord est demandé";

#[derive(Template)]
#[template(path = "approvals/page.html", config = "src/web/askama.toml")]
struct ApprovalBody<'a> {
    csrf: &'a str,
    done: Option<&'static str>,
    at: DraftVersion,
    address: String,
    turn: TurnPart,
    declined: Option<String>,
    look: LastLookPart,
    may_answer: bool,
    is_own: bool,
    button: String,
}

/// Which family is looked at, and what was just done.
#[derive(Deserialize)]
pub(super) struct LookedAt {
    #[serde(default, rename = "famille")]
    family: usize,
    #[serde(default, rename = "fait")]
    done: String,
}

/// What is asked for; where nothing is any more, what became of it.
pub(super) async fn page(
    visitor: Visitor,
    Path(number): Path<u32>,
    Query(looked): Query<LookedAt>,
) -> Result<Response, Fault> {
    match asking::about(&visitor, number).await? {
        Some(asked) => shown(&visitor, asked, &looked).await,
        None => decide::what_became_of(&visitor, number).await,
    }
}

async fn shown(
    visitor: &Visitor,
    asked: AskedApproval,
    looked_at: &LookedAt,
) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), &visitor.session().account);
    let looked = Looked { family: looked_at.family, again: false, is_changed_here: false };
    let look = LastLookPart::of(visitor, &asked.draft, looked).await?;
    let look = look.map_err(|refusal| cannot_leave(account, &asked, refusal))?;
    let body = ApprovalBody {
        csrf: visitor.csrf(),
        done: (looked_at.done == "refuse")
            .then_some("Votre refus est noté, et son motif donné à qui demandait."),
        at: asked.draft.at(),
        address: address(asked.draft.number),
        turn: TurnPart::of(school, &asked),
        declined: turn::declined(school, &asked),
        may_answer: asked.waits_for(account),
        is_own: account.is(&asked.asked_by),
        button: format!("Donner mon accord : envoyer à {}", look.people),
        look,
    };
    Ok(visitor.page(Section::Approvals, TITLE, &body)?.into_response())
}

/// Why it cannot leave any more; whoever is asked may say no to it still.
fn cannot_leave(account: &Account, asked: &AskedApproval, refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Store(error) => error.into(),
        refusal if asked.waits_for(account) => {
            let refuse = format!("{}/refuser", address(asked.draft.number));
            refusals::told(&refusal).by(refuse, "Refuser cet envoi").into()
        }
        refusal => refusal.into(),
    }
}
