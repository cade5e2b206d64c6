//! The last import taken back, whole, while nothing was made of it yet.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::clock::Moment;
use crate::message::Code;
use crate::people::{Act, By, SchoolId};
use crate::store::imports::{self, New};
use crate::store::{Store, StoreError, Tx, journal, restrictions};

/// An import that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// When it had been applied.
    pub applied_at: Moment,
    /// Adults whom it had added, who are gone again.
    pub persons: usize,
    /// Pupils whom it had added.
    pub pupils: usize,
}

/// Why the last import stays. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is none, or it was taken back already.
    #[error("there is no import to take back: none changed anything since the last one that was")]
    Nothing,
    /// It is not the one that was looked at.
    #[error("another import was applied since; nothing was taken back; look at it first")]
    Another,
    /// Somebody may have been written to because of it.
    #[error("message {0} was launched since the import; nothing was taken back")]
    Launched(Code),
    /// Somebody noted something of people since.
    #[error("since the import, people were put right by hand ({}); nothing was taken back", .0.as_str())]
    Noted(Act),
    /// A ruling was noted on somebody whom the import added: it would hang on nobody.
    #[error(
        "since the import, a restriction was noted on somebody whom it added; nothing was taken back"
    )]
    Ruling,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What taking the last import back would undo; changes nothing.
pub async fn to_undo(store: &Store, school: &SchoolId) -> Result<Undone, UndoError> {
    let school = school.clone();
    store.read(move |tx| undoable(tx, &school)).await?
}

/// Takes back the last import: every row of people stands as before it. What came since by itself (a STOP, a
/// receipt) and rulings stay. Refused where it is not the one that was `seen`, applied at that moment.
pub async fn undo(
    store: &Store,
    school: &SchoolId,
    by: By,
    seen: Option<Moment>,
) -> Result<Undone, UndoError> {
    let school = school.clone();
    store.write(move |tx| take_back(tx, &school, &by, seen)).await?
}

fn take_back(
    tx: &Tx<'_>,
    school: &SchoolId,
    by: &By,
    seen: Option<Moment>,
) -> Result<Result<Undone, UndoError>, StoreError> {
    if seen.is_some() && imports::last(tx, school)?.is_some_and(|last| Some(last) != seen) {
        return Ok(Err(UndoError::Another));
    }
    let undone = match undoable(tx, school)? {
        Ok(undone) => undone,
        Err(refused) => return Ok(Err(refused)),
    };
    imports::take_back(tx, school, undone.applied_at)?;
    journal::note(tx, school, by, Act::UndoImport, "")?;
    Ok(Ok(undone))
}

fn undoable(tx: &Tx<'_>, school: &SchoolId) -> Result<Result<Undone, UndoError>, StoreError> {
    let Some(applied_at) = imports::last(tx, school)? else { return Ok(Err(UndoError::Nothing)) };
    let new = imports::new_of(tx, school)?;
    if let Some(refused) = refused(tx, school, applied_at, &new)? {
        return Ok(Err(refused));
    }
    Ok(Ok(Undone { applied_at, persons: new.persons.len(), pupils: new.pupils.len() }))
}

/// What was made of it since.
fn refused(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
    new: &New,
) -> Result<Option<UndoError>, StoreError> {
    if let Some(code) = imports::launched_since(tx, school, since)? {
        return Ok(Some(UndoError::Launched(code)));
    }
    let acts = journal::acts_since(tx, school, since)?;
    if let Some(act) = acts.into_iter().find(|act| act.changes_people()) {
        return Ok(Some(UndoError::Noted(act)));
    }
    let noted = restrictions::noted_since(tx, school, since)?;
    let is_new = |keys: &BTreeSet<String>, key: &str| keys.contains(key);
    let hangs = noted
        .iter()
        .any(|tie| is_new(&new.persons, &tie.person.0) || is_new(&new.pupils, &tie.pupil.0));
    Ok(hangs.then_some(UndoError::Ruling))
}
