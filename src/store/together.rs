//! Who went together: the deliveries that one call carried, or is to carry again, by its reference.

use super::deliveries::{self, Claim, Due};
use super::{StoreError, Tx};
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::people::SchoolId;

/// Takes those whose call under this reference is to be asked about, as [`deliveries::claim`] does. It repeats the
/// condition of the index `deliveries_sent_as`, which SQLite compares word by word.
pub fn claim_uncertain(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    sent_as: &str,
) -> Result<Vec<Due>, StoreError> {
    tx.query(
        "UPDATE deliveries SET due_at = $1 WHERE id IN (SELECT id FROM deliveries \
         WHERE school_id = $2 AND sent_as = $3 AND state IN ('waiting', 'uncertain') \
         AND state = 'uncertain' AND channel = $4 AND due_at <= $5 AND carrier = $6 ORDER BY id /*skip locked*/) \
         RETURNING id, message_id, addressee_id, leg",
        &[
            claim.lease_ends.into(),
            school.as_str().into(),
            sent_as.into(),
            claim.channel.as_str().into(),
            claim.now.into(),
            (&*claim.carrier).into(),
        ],
        deliveries::due,
    )
}

/// With whom a delivery goes again that was parted from others: those of the same reference.
pub fn set_sent_as(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    sent_as: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET sent_as = $1 WHERE id = $2 AND school_id = $3",
        &[sent_as.into(), (&id).into(), school.as_str().into()],
    )?;
    Ok(())
}
