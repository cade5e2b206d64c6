//! The yes, by which a draft leaves, and what became of a draft about which nothing is asked any more.

use axum::extract::Path;
use axum::response::Response;

use super::super::compose::kept;
use super::super::fault::{Explained, Fault};
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use crate::office::{self, ApprovalRefusal, Refusal, draft};

/// Says yes to the version that was looked at, which leaves. Asked twice, it answers where the announcement is.
pub(super) async fn say_yes(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let seen = kept::seen(&posted, number)?;
    match office::approve(visitor.school(), &visitor.session().account, seen).await {
        Ok(message) => Ok(page::to(&format!("/annonces/{}?fait=envoyee", message.code))),
        Err(refusal) => not_said(refusal),
    }
}

/// Why an answer was not taken.
pub(super) fn not_said(refusal: ApprovalRefusal) -> Result<Response, Fault> {
    match refusal {
        ApprovalRefusal::Message(Refusal::DraftLaunched { code, .. }) => {
            Ok(page::to(&format!("/annonces/{code}?fait=deja")))
        }
        ApprovalRefusal::Message(Refusal::NoSuchDraft(_)) => Err(Fault::NothingThere),
        ApprovalRefusal::Message(Refusal::DraftChanged { at, by, .. }) => Err(changed(&at, &by)),
        other => Err(other.into()),
    }
}

fn changed(at: &str, by: &str) -> Fault {
    let what = format!("{by} a changé cette annonce le {at}, après la demande. Rien n’est parti.");
    Explained::new(what, "L’accord doit être demandé de nouveau, pour ce qu’elle dit maintenant.")
        .into()
}

/// What became of a draft about which nothing is asked any more.
pub(super) async fn what_became_of(visitor: &Visitor, number: u32) -> Result<Response, Fault> {
    match draft::open(visitor.school(), number).await {
        Ok(_) => Err(ApprovalRefusal::NotAsked.into()),
        Err(refusal) => not_said(refusal.into()),
    }
}
