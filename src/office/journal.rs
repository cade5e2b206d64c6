//! Who asked for what.

use serde::Serialize;

use super::School;
use crate::clock::Moment;
use crate::people::{Act, Actor};
use crate::store::journal::{self, Entry};
use crate::store::{StoreError, Tx};

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// When.
    pub at: Moment,
    /// Who asked for it.
    pub by: Actor,
    /// What.
    pub act: Act,
    /// About whom or what: a code, a key, a channel, a class, a number; never a person's name or a text.
    pub about: String,
}

/// The newest acts, newest first.
pub async fn journal(school: &School, most: usize) -> Result<Vec<Noted>, StoreError> {
    let id = school.queue.school().clone();
    let entries = school.store().read(move |tx: &Tx<'_>| journal::newest(tx, &id, most)).await?;
    Ok(entries.into_iter().map(noted).collect())
}

/// So many acts after so many of the newest.
pub async fn journal_page(
    school: &School,
    skipped: usize,
    most: usize,
) -> Result<Vec<Noted>, StoreError> {
    let id = school.queue.school().clone();
    let read = move |tx: &Tx<'_>| journal::page(tx, &id, skipped, most);
    Ok(school.store().read(read).await?.into_iter().map(noted).collect())
}

/// How many acts there are.
pub async fn journal_length(school: &School) -> Result<usize, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx: &Tx<'_>| journal::count(tx, &id)).await
}

fn noted(Entry { by, act, about }: Entry) -> Noted {
    Noted { at: by.at, by: by.actor, act, about }
}
