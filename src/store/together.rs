//! Who goes together: the deliveries that one call carried, or is to carry again, by its reference.
//! Each statement repeats the condition of the index `deliveries_sent_as`, since SQLite compares it word by word.

use super::deliveries::{self, Claim, Due};
use super::picks::Picked;
use super::{StoreError, Tx};
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::people::SchoolId;

/// Of those who wait to go again under a reference: the ones that are this transaction's now, and how many
/// there are in all.
pub fn waiting(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    sent_as: &str,
) -> Result<(Vec<Picked>, usize), StoreError> {
    let values = [school.as_str().into(), sent_as.into(), claim.channel.as_str().into()];
    let ours = tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, a.number, a.recipient, d.provider_ref, \
         d.sent_as, d.channel, d.rung, d.state, d.proof, d.failure, d.tries, d.due_at \
         FROM deliveries d JOIN addressees a ON a.id = d.addressee_id WHERE d.school_id = $1 \
         AND d.sent_as = $2 AND d.state IN ('waiting', 'uncertain') AND d.state = 'waiting' \
         AND d.channel = $3 AND d.due_at IS NOT NULL \
         ORDER BY d.id /*skip locked*/",
        &values,
        |row| {
            let in_hand = deliveries::read_in_hand(row, 4);
            Ok(Picked { due: deliveries::due(row)?, in_hand })
        },
    )?;
    let all = tx.query_one(
        "SELECT COUNT(*) FROM deliveries WHERE school_id = $1 AND sent_as = $2 \
         AND state IN ('waiting', 'uncertain') AND state = 'waiting' AND channel = $3 \
         AND due_at IS NOT NULL",
        &values,
        |row| row.count(0),
    )?;
    Ok((ours, all.unwrap_or_default()))
}

/// Takes those whose call under this reference is to be asked about, as [`deliveries::claim`] does.
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
