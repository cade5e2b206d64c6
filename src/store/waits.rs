//! What the addressees of a message who wait are waiting for, grouped: a row a reason, not a row a person.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::FailureKind;
use crate::delivery::waiting::Next;
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;

/// How many addressees of a message wait for which next thing: each is counted once, by the delivery that a
/// machine makes next. Of what was tried already, the first moment is told.
pub fn of_message(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    now: Moment,
) -> Result<Vec<(Next, usize)>, StoreError> {
    tx.query(
        "SELECT gathered_until, channel, failure, MIN(due), MIN(climb_at), COUNT(*) FROM \
         (SELECT a.gathered_until, a.climb_at, d.channel, d.failure, \
         COALESCE(d.due_at, l.due_at) AS due, ROW_NUMBER() OVER (PARTITION BY a.id \
         ORDER BY COALESCE(d.due_at, l.due_at), d.leg) AS place \
         FROM addressees a LEFT JOIN deliveries d ON d.addressee_id = a.id \
         AND d.state = 'waiting' AND d.channel <> 'letter' AND d.channel <> 'phone' \
         LEFT JOIN deliveries l ON l.id = d.leader_id \
         WHERE a.message_id = $1 AND a.school_id = $2 AND a.state = 'waiting') w \
         WHERE place = 1 GROUP BY gathered_until, channel, failure, \
         CASE WHEN due > $3 THEN 1 ELSE 0 END, \
         CASE WHEN due > $3 AND failure IS NULL THEN due END",
        &[(&message).into(), school.as_str().into(), now.into()],
        |row| {
            let channel = row.maybe_word(1, |word| word.parse().ok())?;
            let next = match (row.maybe_moment(0)?, channel) {
                (Some(at), None) => Next::Digest { at },
                (_, Some(channel)) => Next::Leave {
                    channel,
                    due_at: row.maybe_moment(3)?.unwrap_or(now),
                    failure: row.maybe_word(2, FailureKind::from_word)?,
                },
                (None, None) => Next::Climb { at: row.maybe_moment(4)? },
            };
            Ok((next, row.count(5)?))
        },
    )
}
