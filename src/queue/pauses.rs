//! A paused message's deliveries stand aside, out of the lanes from which anything is picked.

use crate::id::Id;
use crate::message::{Message, MessageState};
use crate::people::SchoolId;
use crate::store::controls::{self, Control};
use crate::store::{StoreError, Tx};

/// Whether a message is in a state, until this transaction ends.
pub(super) fn is_still(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    state: MessageState,
) -> Result<bool, StoreError> {
    let control = controls::locked(tx, school, message)?;
    Ok(control.is_some_and(|control| control.state == state))
}

/// Whether what is added now stands aside. Nobody lets it go on before this transaction ends: the one
/// that would call it back must see it.
pub(super) fn is_paused(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<bool, StoreError> {
    let is_paused = |control: Control| control.state == MessageState::Paused;
    // Few are paused: only then is a lock taken.
    Ok(controls::of(tx, school, message)?.is_some_and(is_paused)
        && is_still(tx, school, message, MessageState::Paused)?)
}

/// One addressee of a paused message stands aside; not where it goes on again: nobody would call
/// them back.
pub(super) fn stand_aside(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    number: u32,
) -> Result<(), StoreError> {
    if !is_still(tx, school, message.id, MessageState::Paused)? {
        return Ok(());
    }
    let number = i64::from(number);
    controls::park(tx, school, message.id, (number, number))
}
