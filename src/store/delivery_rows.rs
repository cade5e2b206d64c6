//! A delivery out of the columns of an answer.

use super::{Row, StoreError};
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::{Delivery, DeliveryState};
use crate::message::Proof;

/// A delivery out of seven columns: channel, rung, state, proof, failure, tries, due time.
pub(super) fn read(row: &Row<'_>, from: usize) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        channel: row.word(from, |word| word.parse().ok())?,
        rung: row.count(from + 1)?,
        state: row.word(from + 2, DeliveryState::from_word)?,
        proof: row.maybe_word(from + 3, Proof::from_word)?,
        failure: row.maybe_word(from + 4, FailureKind::from_word)?,
        tries: row.number(from + 5)?,
        due_at: row.maybe_moment(from + 6)?,
    })
}
