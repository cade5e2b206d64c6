//! A device is signed out from elsewhere.

use axum::response::Response;

use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::sign_in::refused;
use super::super::visitor::Visitor;
use crate::office;

/// Ends one of somebody's own sessions.
pub(super) async fn end(visitor: Visitor, form: Form) -> Result<Response, Fault> {
    let session = form.text("appareil").parse().map_err(|_| Fault::Unreadable)?;
    let (school, account) = (visitor.school(), visitor.session().account.id);
    match office::revoke_session(school, visitor.actor(), account, session).await {
        Ok(()) => Ok(page::to("/compte?fait=appareil")),
        Err(refusal) => {
            let what = refused::account(school, refusal)?;
            Err(super::super::fault::Explained::new(what, "Rechargez la page.").into())
        }
    }
}
