//! The addressees of an announcement, as a spreadsheet opens them. That they were taken out stands in the journal.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::file;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::found;
use crate::office;
use crate::people::Right;

/// The table.
pub(super) async fn table(
    visitor: Visitor,
    Path(code): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NotAllowed);
    }
    let message = found::message(&visitor, &code).await?;
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    let table = office::addressee_table(school, actor, &message, whom).await?;
    let name = format!("annonce-{}.csv", message.code);
    Ok(file::kept("text/csv; charset=utf-8", &name, table.csv))
}
