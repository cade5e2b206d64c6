//! Which provider has a delivery, or had it last: what goes from one to another, and what none has any more.

use super::{StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;

/// How many deliveries of a message a provider has that left on a channel.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Carried {
    /// On which.
    pub channel: Channel,
    /// The provider's name in the configuration.
    pub carrier: String,
    /// Handed over, or under way, or without an answer.
    pub count: usize,
}

/// What left of a message, by channel and provider. Who follows another delivery went by that one's.
pub fn count(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<Carried>, StoreError> {
    tx.query(
        "SELECT d.channel, COALESCE(l.carrier, d.carrier), COUNT(*) FROM deliveries d \
         LEFT JOIN deliveries l ON l.id = d.leader_id WHERE d.message_id = $1 AND d.school_id = $2 \
         AND d.state IN ('sending', 'uncertain', 'accepted', 'proven') \
         AND COALESCE(l.carrier, d.carrier) IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
        &[(&message).into(), school.as_str().into()],
        |row| {
            let channel = row.word(0, |word| word.parse().ok())?;
            Ok(Carried { channel, carrier: row.text(1)?, count: row.count(2)? })
        },
    )
}

/// Gives what waits because its carrier does not see the recipient to another one, which alone sends it from now on:
/// with nobody whom the refused call was for.
pub fn give(tx: &Tx<'_>, school: &SchoolId, id: Id<Delivery>, to: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET carrier = $1, sent_as = NULL WHERE id = $2 AND school_id = $3 \
         AND state = 'waiting' AND failure = 'unseen'",
        &[to.into(), (&id).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Makes due what waits because this provider, or our account there, was in the way: another one may take it.
/// What may have left by it stays its own.
pub fn hand_over(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    carrier: &str,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET due_at = $1 WHERE school_id = $2 AND channel = $3 \
         AND state = 'waiting' AND due_at > $1 AND carrier = $4 AND failure IS NOT NULL AND failure IN \
         ('unreachable', 'throttled', 'denied', 'misconfigured', 'out_of_credit', 'over_quota')",
        &[now.into(), school.as_str().into(), channel.as_str().into(), carrier.into()],
    )?;
    Ok(())
}

/// The providers that had begun what lies there under a lease that is over.
pub fn of_lapsed(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    now: Moment,
) -> Result<Vec<String>, StoreError> {
    tx.query(
        "SELECT DISTINCT carrier FROM deliveries WHERE school_id = $1 AND channel = $2 \
         AND state = 'sending' AND due_at <= $3 AND carrier IS NOT NULL ORDER BY carrier",
        &[school.as_str().into(), channel.as_str().into(), now.into()],
        |row| row.text(0),
    )
}

/// The providers that alone send what waits: by which it may have left already, or who were given it.
pub fn of_unclear(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
) -> Result<Vec<String>, StoreError> {
    tx.query(
        "SELECT DISTINCT carrier FROM deliveries WHERE school_id = $1 AND channel = $2 \
         AND state = 'waiting' AND due_at IS NOT NULL AND failure IS NOT NULL \
         AND failure IN ('uncertain', 'unseen') AND carrier IS NOT NULL ORDER BY carrier",
        &[school.as_str().into(), channel.as_str().into()],
        |row| row.text(0),
    )
}

/// Lets whoever serves the channel send what waits and was this one's alone.
pub fn release(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    carrier: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET carrier = NULL WHERE school_id = $1 AND channel = $2 \
         AND state = 'waiting' AND due_at IS NOT NULL AND failure IS NOT NULL \
         AND failure IN ('uncertain', 'unseen') AND carrier = $3",
        &[school.as_str().into(), channel.as_str().into(), carrier.into()],
    )?;
    Ok(())
}
