//! An announcement is suspended, or goes on: either can be undone, so that nobody is asked twice.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::found;
use crate::message::MessageState;
use crate::office::{self, DecideRefusal};

/// Nothing of it leaves until somebody lets it go on.
pub(super) async fn pause(
    visitor: Visitor,
    Path(code): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    bring(&visitor, &code, MessageState::Paused, "suspendue").await
}

/// It goes on.
pub(super) async fn resume(
    visitor: Visitor,
    Path(code): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    bring(&visitor, &code, MessageState::Running, "reprise").await
}

/// Brings it into a state; whoever asks twice finds it so.
pub(super) async fn bring(
    visitor: &Visitor,
    code: &str,
    state: MessageState,
    done: &str,
) -> Result<Response, Fault> {
    let message = found::message(visitor, code).await?;
    let by = visitor.session().account.name.clone();
    match office::decide(visitor.school(), visitor.actor(), &message, state, by).await {
        Ok(_) => {}
        Err(DecideRefusal::Already(_, is)) if is == state => {}
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(page::to(&format!("/annonces/{}?fait={done}", message.code)))
}
