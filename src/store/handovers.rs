//! Letters that were handed over one by one, and to whom.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::people::{Actor, By, SchoolId};

/// That a letter was handed over. `Debug` hides to whom.
#[derive(Clone, PartialEq, Eq)]
pub struct Handover {
    /// To whom; empty where nobody said.
    pub to_whom: String,
    /// By whom, and when.
    pub by: By,
}

impl std::fmt::Debug for Handover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Handover({:?})", self.by.at)
    }
}

/// Notes it; what was noted before of the same letter is put right.
pub fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    delivery: Id<Delivery>,
    Handover { to_whom, by }: &Handover,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO handovers (school_id, delivery_id, to_whom, handed_at, handed_by) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (school_id, delivery_id) DO UPDATE \
         SET to_whom = excluded.to_whom, handed_at = excluded.handed_at, \
         handed_by = excluded.handed_by",
        &[
            school.as_str().into(),
            (&delivery).into(),
            to_whom.into(),
            by.at.into(),
            (&by.actor.to_stored()).into(),
        ],
    )?;
    Ok(())
}

/// Takes it back.
pub fn take_back(tx: &Tx<'_>, school: &SchoolId, delivery: Id<Delivery>) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM handovers WHERE school_id = $1 AND delivery_id = $2",
        &[school.as_str().into(), (&delivery).into()],
    )?;
    Ok(())
}

/// To whom a letter was handed over.
pub fn of(
    tx: &Tx<'_>,
    school: &SchoolId,
    delivery: Id<Delivery>,
) -> Result<Option<Handover>, StoreError> {
    tx.query_one(
        "SELECT to_whom, handed_by, handed_at FROM handovers \
         WHERE school_id = $1 AND delivery_id = $2",
        &[school.as_str().into(), (&delivery).into()],
        |row| {
            let by = By { actor: row.word(1, Actor::from_stored)?, at: Moment(row.int(2)?) };
            Ok(Handover { to_whom: row.text(0)?, by })
        },
    )
}
