//! What waits and is due, picked with all that an attempt needs of it. Nothing is written: what is picked is
//! its transaction's alone until that ends.

use super::deliveries::{self, Claim, Due, InHand};
use super::{Row, StoreError, Tx};
use crate::delivery::lifecycle::DeliveryState;
use crate::message::Urgency;
use crate::people::SchoolId;

/// A delivery that may start now.
#[derive(Debug)]
pub struct Picked {
    /// Which.
    pub due: Due,
    /// What an attempt needs of it, where that can be read.
    pub in_hand: Result<InHand, StoreError>,
}

/// The statement of a pick, out of one lane, among those for which `$which` holds.
macro_rules! pick_where {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.message_id, d.addressee_id, d.leg, a.number, a.recipient, \
             d.provider_ref, d.sent_as, d.channel, d.rung, d.state, d.proof, d.failure, d.tries, d.due_at \
             FROM deliveries d JOIN addressees a ON a.id = d.addressee_id WHERE d.school_id = $1 \
             AND d.channel = $2 AND d.state = $3 AND d.lane = $4 AND d.due_at <= $5 \
             AND (d.failure IS NULL OR d.failure NOT IN ('uncertain', 'unseen') OR d.carrier IS NULL OR d.carrier = $6) ",
            $which,
            " ORDER BY d.due_at LIMIT $7 /*skip locked*/"
        )
    };
}

/// Whatever is due, out of these lanes, first one first. What may have left by another provider, or was given to it,
/// is its alone.
pub fn all(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    lanes: &[Urgency],
) -> Result<Vec<Picked>, StoreError> {
    pick(pick_where!(""), tx, school, claim, lanes)
}

/// The same, of what the provider put off. Not what it denied, nor what met a fault of ours: either may be
/// about that one recipient after all.
pub fn put_off(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    lanes: &[Urgency],
) -> Result<Vec<Picked>, StoreError> {
    let sql = pick_where!("AND d.failure IS NOT NULL AND d.failure IN ('deferred', 'throttled')");
    pick(sql, tx, school, claim, lanes)
}

/// The same, of what was never refused in a way that may be about that one recipient.
pub fn unblamed(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    lanes: &[Urgency],
) -> Result<Vec<Picked>, StoreError> {
    let sql = pick_where!(
        "AND (d.failure IS NULL OR d.failure NOT IN \
         ('denied', 'misconfigured', 'out_of_credit', 'over_quota'))"
    );
    pick(sql, tx, school, claim, lanes)
}

/// The same, of what this provider alone may send: another try of what may have left by it, and what it was given.
pub fn own(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    lanes: &[Urgency],
) -> Result<Vec<Picked>, StoreError> {
    let sql = pick_where!(
        "AND d.failure IS NOT NULL AND d.failure IN ('uncertain', 'unseen') AND d.carrier = $6"
    );
    pick(sql, tx, school, claim, lanes)
}

fn pick(
    sql: &'static str,
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    lanes: &[Urgency],
) -> Result<Vec<Picked>, StoreError> {
    let mut picked = Vec::new();
    for lane in lanes {
        if picked.len() == claim.most {
            break;
        }
        picked.extend(tx.query(
            sql,
            &[
                school.as_str().into(),
                claim.channel.as_str().into(),
                DeliveryState::Waiting.as_str().into(),
                lane.lane().into(),
                claim.now.into(),
                (&*claim.carrier).into(),
                (claim.most - picked.len()).into(),
            ],
            read,
        )?);
    }
    Ok(picked)
}

/// Of those who wait to go again under the reference of a call, and may by this provider: the ones that are this
/// transaction's now, and how many there are in all. Both repeat the condition of the index `deliveries_sent_as`,
/// which SQLite compares word by word.
pub fn of_call(
    tx: &Tx<'_>,
    school: &SchoolId,
    claim: &Claim,
    sent_as: &str,
) -> Result<(Vec<Picked>, usize), StoreError> {
    let (carrier, channel) = (&*claim.carrier, claim.channel.as_str());
    let values = [school.as_str().into(), sent_as.into(), channel.into(), carrier.into()];
    let ours = tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, a.number, a.recipient, \
         d.provider_ref, d.sent_as, d.channel, d.rung, d.state, d.proof, d.failure, d.tries, d.due_at \
         FROM deliveries d JOIN addressees a ON a.id = d.addressee_id WHERE d.school_id = $1 \
         AND d.sent_as = $2 AND d.state IN ('waiting', 'uncertain') AND d.state = 'waiting' \
         AND d.channel = $3 AND d.due_at IS NOT NULL \
         AND (d.failure IS NULL OR d.failure NOT IN ('uncertain', 'unseen') OR d.carrier IS NULL OR d.carrier = $4) \
         ORDER BY d.id /*skip locked*/",
        &values,
        read,
    )?;
    let all = tx.query_one(
        "SELECT COUNT(*) FROM deliveries WHERE school_id = $1 AND sent_as = $2 \
         AND state IN ('waiting', 'uncertain') AND state = 'waiting' AND channel = $3 \
         AND due_at IS NOT NULL \
         AND (failure IS NULL OR failure NOT IN ('uncertain', 'unseen') OR carrier IS NULL OR carrier = $4)",
        &values,
        |row| row.count(0),
    )?;
    Ok((ours, all.unwrap_or_default()))
}

fn read(row: &Row<'_>) -> Result<Picked, StoreError> {
    let in_hand = deliveries::read_in_hand(row, 4);
    Ok(Picked { due: deliveries::due(row)?, in_hand })
}
