//! Somebody asked for no more messages by a way, and the office writes to them again: they said so themselves, or the
//! STOP was not theirs. The number that a STOP comes from can be forged.

use serde::Serialize;

use crate::channel::Channel;
use crate::directory::{self, Who, WhoError};
use crate::office::School;
use crate::people::{Act, Actor, ContactPoint, ContactState, PersonKey};
use crate::store::{StoreError, Tx, contact_points, journal, people};

/// Ways that are used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopUndone {
    /// Whose.
    pub person: PersonKey,
    /// How many.
    pub ways: usize,
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum UndoStopRefusal {
    /// It is not clear whose.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// Nobody asked to stop there.
    #[error("nobody asked for no more messages there")]
    NoStop,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Writes to the one person who is meant again, by the ways of a channel where a STOP stood, or by all of them; so does it to
/// everybody who has the same number or address.
pub async fn undo_stop(
    school: &School,
    actor: Actor,
    who: &Who,
    channel: Option<Channel>,
) -> Result<StopUndone, UndoStopRefusal> {
    let (store, id, by) = (school.store(), school.queue.school().clone(), school.by(actor));
    let person = directory::find_person(store, &id, who).await?;
    let write = move |tx: &Tx<'_>| {
        let key = person.key;
        let kept = people::kept_person(tx, &id, &key)?;
        let points = kept.map(|kept| kept.points).unwrap_or_default().into_iter();
        let stopped = points.filter(|it| it.state == ContactState::OptedOut).map(|it| it.point);
        let wanted = |point: &ContactPoint| channel.is_none_or(|it| it == point.channel());
        let stopped: Vec<ContactPoint> = stopped.filter(wanted).collect();
        for point in &stopped {
            contact_points::undo_stop(tx, &id, point, by.at)?;
        }
        if !stopped.is_empty() {
            journal::note(tx, &id, &by, Act::UndoStop, &key.0)?;
        }
        Ok(StopUndone { person: key, ways: stopped.len() })
    };
    let undone = store.write(write).await?;
    if undone.ways == 0 { Err(UndoStopRefusal::NoStop) } else { Ok(undone) }
}
