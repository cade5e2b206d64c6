//! The no, and why: it goes back to who asked.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::compose::kept;
use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::turn::address;
use super::{asking, decide};
use crate::message::DraftVersion;
use crate::office::{self, ApprovalRefusal, AskedApproval};

const TITLE: &str = "Refuser cet envoi";

#[derive(Template)]
#[template(path = "approvals/refuse.html", config = "src/web/askama.toml")]
struct RefuseBody<'a> {
    csrf: &'a str,
    at: DraftVersion,
    address: String,
    faults: Faults,
    subject: &'a str,
    asked_by: &'a str,
    reason: FormField,
}

/// Asks why.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<Response, Fault> {
    match asking::about(&visitor, number).await? {
        Some(asked) if asked.waits_for(&visitor.session().account) => {
            Ok(shown(&visitor, &asked, Faults::default())?.into_response())
        }
        Some(_) => Ok(page::to(&address(number))),
        None => decide::what_became_of(&visitor, number).await,
    }
}

fn shown(visitor: &Visitor, asked: &AskedApproval, faults: Faults) -> Result<WebPage, Fault> {
    let reason = FormField::new("motif", "Pourquoi", FieldKind::Lines(3))
        .required()
        .hint("Qui a demandé l’accord le lira. Exemple : la date est fausse.")
        .fault(faults.of("motif"));
    let body = RefuseBody {
        csrf: visitor.csrf(),
        at: asked.draft.at(),
        address: address(asked.draft.number),
        subject: &asked.draft.subject,
        asked_by: asked.asked_by.name(),
        reason,
        faults,
    };
    visitor.page(Section::Approvals, TITLE, &body)
}

/// Says no.
pub(super) async fn say_no(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), &visitor.session().account);
    let (seen, reason) = (kept::seen(&posted, number)?, posted.text("motif"));
    match office::decline(school, account, seen, reason).await {
        Ok(()) => Ok(page::to(&format!("{}?fait=refuse", address(number)))),
        Err(ApprovalRefusal::NoReason) => {
            let Some(asked) = asking::about(&visitor, number).await? else {
                return decide::what_became_of(&visitor, number).await;
            };
            let mut faults = Faults::default();
            faults.add("motif", "Écrivez pourquoi : qui a demandé l’accord doit le savoir.");
            Ok(shown(&visitor, &asked, faults)?.refused().into_response())
        }
        Err(refusal) => decide::not_said(refusal),
    }
}
