//! What came attached to an e-mail, put to its use: documents of a colleague are left for pupils, pages of work and slips are
//! read.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page;
use super::super::posted::Form;
use super::super::refusals::told_of_mailed;
use super::super::slips;
use super::super::visitor::Visitor;
use super::entry::{EntryTyped, made, name};
use super::mailed::MailedTyped;
use crate::office::{self, DocumentsLeft, EntryName};
use crate::people::Right;

/// Leaves documents, and leads to their week.
pub(super) async fn leave(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    // What is left for pupils says something of the list too.
    if !visitor.may(Right::CarryByHand) {
        return Err(Fault::NotAllowed);
    }
    let (name, typed) = (name(&named)?, MailedTyped::of(&posted));
    match left(&visitor, &name, &typed).await? {
        Ok(DocumentsLeft { week, documents, .. }) => {
            Ok(page::to(&format!("/documents?semaine={week}&gardes={documents}")))
        }
        Err(faults) => {
            let typed = EntryTyped::of_documents(typed, faults);
            Ok(made(&visitor, &name, typed, "").await?.refused().into_response())
        }
    }
}

/// What was left, or what is wrong with what was typed.
async fn left(
    visitor: &Visitor,
    name: &EntryName,
    typed: &MailedTyped,
) -> Result<Result<DocumentsLeft, Faults>, Fault> {
    let asked = match typed.asked() {
        Ok(asked) => asked,
        Err(faults) => return Ok(Err(faults)),
    };
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    let left = office::leave_mailed_documents(school, actor, &whom, name.clone(), asked);
    let refusal = match left.await {
        Ok(left) => return Ok(Ok(left)),
        Err(refusal) => refusal,
    };
    let (field, told) = told_of_mailed(refusal)?;
    let mut faults = Faults::default();
    for told in told {
        faults.add(field, told);
    }
    Ok(Err(faults))
}

/// Reads the pages that are attached, and leads to their reading.
pub(super) async fn read(
    visitor: Visitor,
    Path(named): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let scan = office::keep_attached_scan(school, actor, name(&named)?).await?;
    Ok(slips::reading(&visitor, scan))
}
