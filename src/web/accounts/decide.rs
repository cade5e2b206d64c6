//! What is decided about somebody else's account by one press.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::meant::{found_other, not_done, path};
use crate::id::Id;
use crate::office::{self, AccountRefusal};
use crate::people::Account;

/// Asks for a code of the telephone from now on, or leaves it to its owner again.
pub(super) async fn require(
    visitor: Visitor,
    Path(id): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let (id, must) = (other(&visitor, &id).await?, posted.text("exige") == "oui");
    let done = office::require_second_factor(visitor.school(), visitor.actor(), id, must).await;
    went(&visitor, id, done, if must { "exige" } else { "non-exige" })
}

/// Lets its owner try again at once.
pub(super) async fn unlock(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let id = other(&visitor, &id).await?;
    let done = office::unlock_account(visitor.school(), visitor.actor(), id).await;
    went(&visitor, id, done, "debloque")
}

/// Opens a closed one again.
pub(super) async fn reopen(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let id = other(&visitor, &id).await?;
    let done = office::enable_account(visitor.school(), visitor.actor(), id).await;
    went(&visitor, id, done.map(drop), "rouvert")
}

/// Closes it.
pub(super) async fn close(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let id = other(&visitor, &id).await?;
    let done = office::disable_account(visitor.school(), visitor.actor(), id).await;
    went(&visitor, id, done.map(drop), "ferme")
}

/// Asks for no code of a telephone that is lost.
pub(super) async fn forget_telephone(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let id = other(&visitor, &id).await?;
    let done = office::drop_second_factor(visitor.school(), visitor.actor(), id).await;
    went(&visitor, id, done, "telephone")
}

/// Unties it from an OpenID provider.
pub(super) async fn untie(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let id = other(&visitor, &id).await?;
    let done = office::untie_identity(visitor.school(), visitor.actor(), id).await;
    went(&visitor, id, done, "detache")
}

/// Ends every session of it.
pub(super) async fn end_sessions(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let id = other(&visitor, &id).await?;
    let done = office::end_sessions(visitor.school(), visitor.actor(), id, None).await;
    went(&visitor, id, done, "deconnecte")
}

async fn other(visitor: &Visitor, typed: &str) -> Result<Id<Account>, Fault> {
    Ok(found_other(visitor, typed).await?.account.id)
}

fn went(
    visitor: &Visitor,
    id: Id<Account>,
    done: Result<(), AccountRefusal>,
    told: &str,
) -> Result<Response, Fault> {
    done.map_err(|refusal| not_done(visitor, refusal))?;
    Ok(page::to(&format!("{}?fait={told}", path(id))))
}
