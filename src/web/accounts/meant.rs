//! The account that an address means, and why nothing was changed about it.

use super::super::fault::{Explained, Fault};
use super::super::sign_in::refused;
use super::super::visitor::Visitor;
use crate::id::Id;
use crate::office::{self, AccountRefusal, AccountSeenTo};
use crate::people::Account;

/// The list.
pub(super) const LIST: &str = "/reglages/comptes";

/// The page of an account.
pub(super) fn path(id: Id<Account>) -> String {
    format!("{LIST}/{id}")
}

/// The account that an address means.
pub(super) async fn found(visitor: &Visitor, typed: &str) -> Result<AccountSeenTo, Fault> {
    let id = typed.parse().map_err(|_| Fault::NothingThere)?;
    office::account_seen_to(visitor.school(), id).await?.ok_or(Fault::NothingThere)
}

/// The same, where it is not their own: nobody changes what they themselves may.
pub(super) async fn found_other(visitor: &Visitor, typed: &str) -> Result<AccountSeenTo, Fault> {
    let found = found(visitor, typed).await?;
    if found.account.id == visitor.session().account.id {
        return Err(not_done(visitor, AccountRefusal::OwnAccount));
    }
    Ok(found)
}

/// Why nothing was changed.
pub(super) fn not_done(visitor: &Visitor, refusal: AccountRefusal) -> Fault {
    match refused::account(visitor.school(), refusal) {
        Ok(what) => Explained::new(what, "Rien n’a changé.").by(LIST, "Voir les comptes").into(),
        Err(fault) => fault,
    }
}
