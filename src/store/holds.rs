//! Holds: while one stands, nothing of its school is sent.

use super::{Row, StoreError, Tx, moves};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryState;
use crate::id::Id;
use crate::people::SchoolId;
use crate::store::deliveries::Due;

/// What the office reads on a school that came out of a backup.
const RESTORED: &str = "restauré d’une sauvegarde";

/// A hold on everything that a school sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Why, for the office.
    pub reason: String,
    /// Since when.
    pub since: Moment,
    /// In a restored backup: when it was taken. What left later is not known here.
    pub as_of: Option<Moment>,
}

/// What would leave by one channel if the hold were lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub channel: Channel,
    /// Deliveries that wait.
    pub waiting: usize,
    /// Among them: of messages launched before the moment that was asked about.
    pub old: usize,
    /// Among them: waited already when the backup was taken, was due since, and may have left.
    pub may_have_left: usize,
}

/// The hold of a school.
pub fn standing(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<Hold>, StoreError> {
    tx.query_one(
        "SELECT reason, since, as_of FROM holds WHERE school_id = $1",
        &[school.as_str().into()],
        |row| {
            Ok(Hold {
                reason: row.text(0)?,
                since: Moment(row.int(1)?),
                as_of: row.maybe_moment(2)?,
            })
        },
    )
}

/// Holds a school; a hold that stands keeps its beginning and what it knows of a backup.
pub fn put(tx: &Tx<'_>, school: &SchoolId, reason: &str, since: Moment) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO holds (school_id, reason, since) VALUES ($1, $2, $3) \
         ON CONFLICT (school_id) DO UPDATE SET reason = excluded.reason",
        &[school.as_str().into(), reason.into(), since.into()],
    )?;
    Ok(())
}

/// Holds every school of a database that came out of a backup, which knows nothing after `as_of`. With
/// `anew`, a hold that stands is of this backup too; otherwise it remains as it is.
pub fn put_on_all(tx: &Tx<'_>, as_of: Moment, since: Moment, anew: bool) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO holds (school_id, reason, since, as_of) \
         SELECT school_id, CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM \
         (SELECT school_id FROM persons UNION SELECT school_id FROM messages) s WHERE TRUE \
         ON CONFLICT (school_id) DO UPDATE SET reason = excluded.reason, since = excluded.since, \
         as_of = excluded.as_of WHERE CAST($4 AS BIGINT) = 1",
        &[RESTORED.into(), since.into(), as_of.into(), i64::from(anew).into()],
    )
}

/// Lifts the hold; refused for a school that moved away. Time did not count while it stood: every patience
/// is as long as it was, and one that had not begun, since its channel was to open later, begins as it
/// would have.
pub fn lift(tx: &Tx<'_>, school: &SchoolId, hold: &Hold, now: Moment) -> Result<(), StoreError> {
    moves::check_not_left(tx, school)?;
    let stopped_at = hold.as_of.unwrap_or(hold.since);
    tx.execute(
        "UPDATE addressees SET climb_at = climb_at + (SELECT CASE \
         WHEN p.began >= CAST($1 AS BIGINT) THEN 0 \
         WHEN p.began > CAST($2 AS BIGINT) AND p.began > m.launched_at THEN CAST($1 AS BIGINT) - p.began \
         WHEN m.launched_at > CAST($2 AS BIGINT) THEN CAST($1 AS BIGINT) - m.launched_at \
         ELSE CAST($1 AS BIGINT) - CAST($2 AS BIGINT) END \
         FROM (SELECT COALESCE(MIN(CASE WHEN d.state = 'waiting' AND d.tries = 0 \
         THEN COALESCE(d.due_at, l.due_at) ELSE 0 END), 0) AS began \
         FROM deliveries d LEFT JOIN deliveries l ON l.id = d.leader_id \
         WHERE d.addressee_id = addressees.id AND d.rung = addressees.rung) p, \
         messages m WHERE m.id = addressees.message_id) \
         WHERE school_id = $3 AND climb_at IS NOT NULL",
        &[now.into(), stopped_at.into(), school.as_str().into()],
    )?;
    tx.execute("DELETE FROM holds WHERE school_id = $1", &[school.as_str().into()])?;
    Ok(())
}

/// What waits to be sent by machines, by channel.
pub fn held(
    tx: &Tx<'_>,
    school: &SchoolId,
    hold: &Hold,
    launched_before: Moment,
    now: Moment,
) -> Result<Vec<Held>, StoreError> {
    let all = tx.query(
        "SELECT d.channel, COUNT(*), \
         CAST(SUM(CASE WHEN m.launched_at < $2 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN m.launched_at <= $3 AND d.due_at <= $4 THEN 1 ELSE 0 END) AS BIGINT) \
         FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE d.school_id = $1 \
         AND d.state = 'waiting' AND d.leader_id IS NULL GROUP BY d.channel ORDER BY d.channel",
        &[school.as_str().into(), launched_before.into(), in_the_backup(hold).into(), now.into()],
        |row| {
            Ok(Held {
                channel: row.word(0, |word| word.parse().ok())?,
                waiting: row.count(1)?,
                old: row.count(2)?,
                may_have_left: row.count(3)?,
            })
        },
    )?;
    Ok(all.into_iter().filter(|held| !held.channel.is_carried_by_people()).collect())
}

/// The deliveries of a channel that waited when the backup was taken and fell due since: each may have
/// left.
pub fn may_have_left(
    tx: &Tx<'_>,
    school: &SchoolId,
    hold: &Hold,
    channel: Channel,
    now: Moment,
) -> Result<Vec<Due>, StoreError> {
    tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg FROM deliveries d \
         JOIN messages m ON m.id = d.message_id WHERE d.school_id = $1 AND d.channel = $2 \
         AND d.state = $3 AND d.leader_id IS NULL AND m.launched_at <= $4 AND d.due_at <= $5 \
         ORDER BY d.id",
        &[
            school.as_str().into(),
            channel.as_str().into(),
            DeliveryState::Waiting.as_str().into(),
            in_the_backup(hold).into(),
            now.into(),
        ],
        due,
    )
}

/// Messages launched until then came with the backup; none did where there was no backup.
#[must_use]
pub fn in_the_backup(hold: &Hold) -> Moment {
    hold.as_of.map_or(Moment(i64::MIN), |_| hold.since)
}

fn due(row: &Row<'_>) -> Result<Due, StoreError> {
    let id: Id<_> = row.id(0)?;
    Ok(Due { id, message: row.id(1)?, addressee: row.id(2)?, leg: row.count(3)? })
}
