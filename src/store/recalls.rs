//! Recalls: what corrections take back from those who have it, one row a message of the provider's.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::RecallState;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;

/// A message that a provider handed out, and of which no recall is noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOut {
    /// Its id with the provider.
    pub provider_ref: String,
    /// The reference of the call, where that may have carried several.
    pub sent_as: Option<String>,
    /// When it left, at the earliest.
    pub sent_at: Moment,
}

/// A recall that is noted now.
#[derive(Debug, Clone, Copy)]
pub struct NewRecall<'a> {
    /// By which provider, by its name in the configuration.
    pub provider: &'a str,
    /// What is taken back.
    pub of: &'a HandedOut,
    /// Whose text it is.
    pub message: Id<Message>,
    /// The correction that takes it back.
    pub corrected_by: Id<Message>,
    /// From then on the provider takes nothing back.
    pub ends_at: Moment,
    /// When it is to be asked; `None`: it is too late.
    pub due_at: Option<Moment>,
}

/// A recall that a provider is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRecall {
    /// Of which provider's.
    pub provider: String,
    /// The provider's id of the message.
    pub provider_ref: String,
    /// How many times it was asked in vain.
    pub tries: u32,
    /// From then on it takes nothing back.
    pub ends_at: Moment,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallAnswer {
    /// How it stands now.
    pub state: RecallState,
    /// When it is to be asked again.
    pub due_at: Option<Moment>,
    /// The provider's words, without any address.
    pub detail: String,
}

/// A recall, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRecall {
    /// By which provider.
    pub provider: String,
    /// How it stands.
    pub state: RecallState,
    /// When the message left.
    pub sent_at: Moment,
    /// From when on the provider takes nothing back.
    pub ends_at: Moment,
    /// Since when it stands so.
    pub changed_at: Moment,
    /// The provider's last words.
    pub detail: String,
}

/// A message of the provider's that was under way when its text was corrected, and that it turned out to have taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateRecall {
    /// By which delivery.
    pub delivery: Id<Delivery>,
    /// What is to be taken back.
    pub of: HandedOut,
    /// Whose text it is.
    pub message: Id<Message>,
    /// The correction that takes it back.
    pub corrected_by: Id<Message>,
}

/// What a provider handed out and was not told to take back yet, of which `$which` holds, oldest first. What was asked
/// about counts from the call whose answer was lost.
macro_rules! handed_out {
    ($which:literal) => {
        concat!(
            "SELECT d.provider_ref, d.sent_as, COALESCE((SELECT MIN(t.started_at) FROM attempts t \
             WHERE t.delivery_id = d.id AND t.outcome IN ('accepted', 'uncertain') \
             AND t.started_at > COALESCE((SELECT MAX(n.started_at) FROM attempts n WHERE n.delivery_id = d.id \
             AND n.outcome = 'never_arrived'), 0)), m.launched_at) AS sent_at, d.id, d.message_id, \
             (SELECT l.corrected_by FROM late_recalls l WHERE l.school_id = $1 AND l.provider = $2 \
             AND l.delivery_id = d.id) FROM deliveries d JOIN messages m ON m.id = d.message_id \
             WHERE d.carrier = $2 AND d.school_id = $1 AND d.provider_ref IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM recalls r WHERE r.school_id = $1 AND r.provider = $2 \
             AND r.provider_ref = d.provider_ref) ",
            $which,
            " ORDER BY sent_at, d.provider_ref"
        )
    };
}

/// What it handed out of a message. Of a call for several one delivery keeps the id.
pub fn handed_out(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    provider: &str,
) -> Result<Vec<HandedOut>, StoreError> {
    tx.query(
        handed_out!("AND d.message_id = $3"),
        &[school.as_str().into(), provider.into(), (&message).into()],
        read_handed_out,
    )
}

/// Keeps in mind what a provider has under way of a message, or without an answer: until `ends_at` it is looked at
/// whether it was taken.
pub fn keep_in_mind(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    provider: &str,
    (corrected_by, ends_at): (Id<Message>, Moment),
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO late_recalls (school_id, provider, delivery_id, corrected_by, ends_at) \
         SELECT d.school_id, d.carrier, d.id, c.id, CAST($5 AS BIGINT) FROM deliveries d JOIN messages c ON c.id = $4 \
         WHERE d.school_id = $1 AND d.carrier = $2 AND d.message_id = $3 AND d.provider_ref IS NULL \
         AND d.leader_id IS NULL AND d.state IN ('sending', 'uncertain') ON CONFLICT DO NOTHING",
        &[
            school.as_str().into(),
            provider.into(),
            (&message).into(),
            (&corrected_by).into(),
            ends_at.into(),
        ],
    )
}

/// What was kept in mind and is to be taken back, now that it turned out to have been taken.
pub fn late(tx: &Tx<'_>, school: &SchoolId, provider: &str) -> Result<Vec<LateRecall>, StoreError> {
    tx.query(
        handed_out!(
            "AND d.id IN (SELECT k.delivery_id FROM late_recalls k WHERE k.school_id = $1 AND k.provider = $2)"
        ),
        &[school.as_str().into(), provider.into()],
        |row| {
            let of = read_handed_out(row)?;
            Ok(LateRecall { delivery: row.id(3)?, of, message: row.id(4)?, corrected_by: row.id(5)? })
        },
    )
}

/// Forgets one that was kept in mind.
pub fn forget(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    delivery: Id<Delivery>,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM late_recalls WHERE school_id = $1 AND provider = $2 AND delivery_id = $3",
        &[school.as_str().into(), provider.into(), (&delivery).into()],
    )
}

fn read_handed_out(row: &Row<'_>) -> Result<HandedOut, StoreError> {
    Ok(HandedOut {
        provider_ref: row.text(0)?,
        sent_as: row.maybe_text(1)?,
        sent_at: Moment(row.int(2)?),
    })
}

/// Notes that a message is to be taken back, or that it is too late for that. Once: another correction of the same
/// text does not ask again.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    recall: &NewRecall<'_>,
    now: Moment,
) -> Result<(), StoreError> {
    let state = if recall.due_at.is_some() { RecallState::Awaited } else { RecallState::TooLate };
    tx.execute(
        "INSERT INTO recalls (school_id, provider, provider_ref, message_id, corrected_by, sent_as, sent_at, \
         ends_at, state, due_at, tries, detail, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11) \
         ON CONFLICT (school_id, provider, provider_ref) DO NOTHING",
        &[
            school.as_str().into(),
            recall.provider.into(),
            (&recall.of.provider_ref).into(),
            (&recall.message).into(),
            (&recall.corrected_by).into(),
            recall.of.sent_as.as_deref().into(),
            recall.of.sent_at.into(),
            recall.ends_at.into(),
            state.as_str().into(),
            recall.due_at.into(),
            now.into(),
        ],
    )
}

/// Whether a provider is to be asked for one now, or something that was kept in mind may be forgotten.
pub fn is_due(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    now: Moment,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM recalls WHERE school_id = $1 AND provider = $2 AND due_at <= $3 \
         UNION ALL SELECT 1 FROM late_recalls WHERE school_id = $1 AND provider = $2 AND ends_at <= $3 LIMIT 1",
        &[school.as_str().into(), provider.into(), now.into()],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Gives up those that are due and too late by now, and forgets those whose correction was cancelled before it
/// left: nothing came in the place of their text. What was kept in mind is forgotten when its time is over.
pub fn give_up(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM recalls WHERE school_id = $1 AND provider = $2 AND due_at <= $3 AND EXISTS \
         (SELECT 1 FROM messages m WHERE m.id = recalls.corrected_by AND m.school_id = $1 \
         AND m.state = 'cancelled')",
        &[school.as_str().into(), provider.into(), now.into()],
    )?;
    tx.execute(
        "DELETE FROM late_recalls WHERE school_id = $1 AND provider = $2 AND ends_at <= $3",
        &[school.as_str().into(), provider.into(), now.into()],
    )?;
    tx.execute(
        "UPDATE recalls SET state = 'too_late', due_at = NULL, changed_at = $3 \
         WHERE school_id = $1 AND provider = $2 AND due_at <= $3 AND ends_at <= $3",
        &[school.as_str().into(), provider.into(), now.into()],
    )
}

/// Takes the one that is due longest, of several that whose time ends first; nobody else gets it before the lease
/// ends. None of a correction that is paused: nothing would stand in the place of its text. (`=`, not `IN`: PostgreSQL
/// may look for the members of a list once a row, and lock another one each time.)
pub fn claim(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    now: Moment,
    lease_ends: Moment,
) -> Result<Option<DueRecall>, StoreError> {
    tx.query_one(
        "UPDATE recalls SET due_at = $1 WHERE school_id = $2 AND provider = $3 AND provider_ref = \
         (SELECT r.provider_ref FROM recalls r WHERE r.school_id = $2 AND r.provider = $3 AND r.due_at <= $4 \
         AND EXISTS (SELECT 1 FROM messages m WHERE m.id = r.corrected_by AND m.school_id = $2 \
         AND m.state = 'running') ORDER BY r.due_at, r.ends_at, r.provider_ref LIMIT 1 /*skip locked*/) \
         RETURNING provider, provider_ref, tries, ends_at",
        &[lease_ends.into(), school.as_str().into(), provider.into(), now.into()],
        |row| {
            Ok(DueRecall {
                provider: row.text(0)?,
                provider_ref: row.text(1)?,
                tries: row.number(2)?,
                ends_at: Moment(row.int(3)?),
            })
        },
    )
}

/// Puts off one that was not asked for.
pub fn put_off(
    tx: &Tx<'_>,
    school: &SchoolId,
    recall: &DueRecall,
    until: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE recalls SET due_at = $1 WHERE school_id = $2 AND provider = $3 AND provider_ref = $4 \
         AND state = 'awaited'",
        &[
            until.into(),
            school.as_str().into(),
            (&recall.provider).into(),
            (&recall.provider_ref).into(),
        ],
    )
}

/// Writes down what a provider answered. That it is recalled stays true, whatever another one that asked hears.
pub fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    recall: &DueRecall,
    answer: &RecallAnswer,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE recalls SET state = $1, due_at = $2, detail = $3, changed_at = $4, tries = tries + 1 \
         WHERE school_id = $5 AND provider = $6 AND provider_ref = $7 \
         AND (state = 'awaited' OR (state <> 'recalled' AND $1 = 'recalled'))",
        &[
            answer.state.as_str().into(),
            answer.due_at.into(),
            (&answer.detail).into(),
            now.into(),
            school.as_str().into(),
            (&recall.provider).into(),
            (&recall.provider_ref).into(),
        ],
    )
}

/// Those of a message, oldest first.
pub fn of_message(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<KeptRecall>, StoreError> {
    tx.query(
        "SELECT provider, state, sent_at, ends_at, changed_at, detail FROM recalls \
         WHERE message_id = $1 AND school_id = $2 ORDER BY sent_at, provider, provider_ref",
        &[(&message).into(), school.as_str().into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<KeptRecall, StoreError> {
    Ok(KeptRecall {
        provider: row.text(0)?,
        state: row.word(1, RecallState::from_word)?,
        sent_at: Moment(row.int(2)?),
        ends_at: Moment(row.int(3)?),
        changed_at: Moment(row.int(4)?),
        detail: row.text(5)?,
    })
}
