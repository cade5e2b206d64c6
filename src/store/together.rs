//! Who went together: the deliveries that one call carried, or is to carry again, by its reference.

use super::deliveries::{self, Claim, Due};
use super::{Row, StoreError, Tx};
use crate::delivery::Recipient;
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

/// A delivery that a call carried, under an id of the provider's.
#[derive(Debug, Clone)]
pub struct OneOfCall {
    /// Which.
    pub due: Due,
    /// The provider's id of it.
    pub provider_ref: String,
    /// To whom.
    pub recipient: Recipient,
}

/// A delivery that left together with others.
pub fn carried(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
) -> Result<Option<OneOfCall>, StoreError> {
    tx.query_one(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.provider_ref, a.recipient \
         FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.id = $1 AND d.school_id = $2 AND d.sent_as IS NOT NULL AND d.provider_ref IS NOT NULL",
        &[(&id).into(), school.as_str().into()],
        read_carried,
    )
}

/// All whom a call of this carrier under this reference carried, and who have an id of their own with the provider.
pub fn carried_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    carrier: &str,
    sent_as: &str,
) -> Result<Vec<OneOfCall>, StoreError> {
    tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.provider_ref, a.recipient \
         FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.school_id = $1 AND d.sent_as = $2 AND d.provider_ref IS NOT NULL AND d.carrier = $3 \
         ORDER BY d.id",
        &[school.as_str().into(), sent_as.into(), carrier.into()],
        read_carried,
    )
}

/// Gives each of two deliveries the id of the other; both have theirs still, or nothing is kept.
pub fn swap_ids(
    tx: &Tx<'_>,
    school: &SchoolId,
    one: &OneOfCall,
    other: &OneOfCall,
) -> Result<(), StoreError> {
    let swapped = tx.touched(
        "UPDATE deliveries SET provider_ref = CASE WHEN id = $1 THEN $4 ELSE $3 END \
         WHERE school_id = $5 AND ((id = $1 AND provider_ref = $3) OR (id = $2 AND provider_ref = $4))",
        &[
            (&one.due.id).into(),
            (&other.due.id).into(),
            one.provider_ref.as_str().into(),
            other.provider_ref.as_str().into(),
            school.as_str().into(),
        ],
    )?;
    if swapped == 2 { Ok(()) } else { Err(StoreError::Collided) }
}

fn read_carried(row: &Row<'_>) -> Result<OneOfCall, StoreError> {
    Ok(OneOfCall {
        due: deliveries::due(row)?,
        provider_ref: row.text(4)?,
        recipient: row.json(5)?,
    })
}
