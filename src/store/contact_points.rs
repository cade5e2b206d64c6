//! Contact points: what the sources give, and what we know of each.

use std::collections::BTreeSet;

use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Proof;
use crate::people::{ContactPoint, ContactState, PersonKey, SchoolId, Source};

/// A contact point as it is kept.
/// `Debug` hides what it is.
#[derive(Clone)]
pub struct KeptContactPoint {
    /// The way.
    pub point: ContactPoint,
    /// Where we have it from; rows older than sources do not tell.
    pub source: Option<Source>,
    /// What we know of it.
    pub state: ContactState,
    /// The best proof of its last use.
    pub proof: Option<Proof>,
    /// When that was.
    pub proven_at: Option<Moment>,
    /// When its state changed.
    pub changed_at: Moment,
    /// What was typed for it, where that says more than the number.
    pub typed: Option<String>,
}

impl std::fmt::Debug for KeptContactPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptContactPoint({}, {})", self.point.channel(), self.state.as_str())
    }
}

/// How a source gives a contact point.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Preference within the channel: lower comes first.
    pub rank: usize,
    /// Which source.
    pub source: Source,
    /// What was typed, where it says more than the number.
    pub typed: Option<&'a str>,
}

/// Adds a contact point, or gives it a new rank and source; what we know of it stays.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    point: &ContactPoint,
    given: &Given<'_>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, \
         changed_at, source, typed) VALUES ($1, $2, $3, $4, $5, 'unverified', $6, $7, $8) \
         ON CONFLICT (school_id, person_key, channel, value) \
         DO UPDATE SET rank = excluded.rank, source = excluded.source, typed = excluded.typed",
        &[
            school.as_str().into(),
            (&person.0).into(),
            point.channel().as_str().into(),
            point.value().into(),
            given.rank.into(),
            now.into(),
            given.source.as_str().into(),
            given.typed.into(),
        ],
    )?;
    Ok(())
}

/// Moves a person's contact points of a channel one rank down: a better one comes first.
pub fn make_room(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    channel: Channel,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "UPDATE contact_points SET rank = rank + 1 \
         WHERE school_id = $1 AND person_key = $2 AND channel = $3",
        &[school.as_str().into(), (&person.0).into(), channel.as_str().into()],
    )?;
    Ok(())
}

/// What a source gave, and of whom, without those where nobody is written to any more.
pub fn given_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    source: Source,
) -> Result<Vec<(PersonKey, ContactPoint)>, StoreError> {
    tx.query(
        "SELECT person_key, channel, value FROM contact_points \
         WHERE school_id = $1 AND source = $2 AND state NOT IN ('opted_out', 'dead') \
         ORDER BY person_key, channel, value",
        &[school.as_str().into(), source.as_str().into()],
        |row| Ok((PersonKey(row.text(0)?), read_point(row, 1)?)),
    )
}

/// Forgets the contact points of a source that are none of `held`.
pub fn forget_stale(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    source: Source,
    held: &[ContactPoint],
) -> Result<(), StoreError> {
    let kept = tx.query(
        "SELECT channel, value FROM contact_points \
         WHERE school_id = $1 AND person_key = $2 AND source = $3",
        &[school.as_str().into(), (&person.0).into(), source.as_str().into()],
        |row| read_point(row, 0),
    )?;
    let mut stale = kept.iter().filter(|point| !held.contains(point));
    stale.try_for_each(|point| forget(tx, school, person, point))
}

/// Forgets a contact point that the source no longer gives. One where nobody is written to any more, at
/// the person's word or because it is dead, stays known, should it ever be given again.
pub fn forget(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    point: &ContactPoint,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "DELETE FROM contact_points WHERE school_id = $1 AND person_key = $2 AND channel = $3 \
         AND value = $4 AND state NOT IN ('opted_out', 'dead')",
        &[
            school.as_str().into(),
            (&person.0).into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes what we now know of a way, for everybody who has it. Who asked to stop is not written to
/// again because a late receipt says that the number works.
pub fn set_state(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    state: ContactState,
    now: Moment,
) -> Result<usize, StoreError> {
    let moved = tx.touched(
        "UPDATE contact_points SET state = $1, changed_at = $2 \
         WHERE school_id = $3 AND channel = $4 AND value = $5 AND state <> $1 \
         AND (state <> 'opted_out' OR $1 = 'opted_out')",
        &[
            state.as_str().into(),
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    // Receipts say again and again that a way works.
    if moved > 0 {
        tx.changes_directory(school);
    }
    Ok(moved)
}

/// Writes to a way again where somebody had asked not to be, for everybody who has it; how many had.
pub fn undo_stop(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    now: Moment,
) -> Result<usize, StoreError> {
    tx.changes_directory(school);
    tx.touched(
        "UPDATE contact_points SET state = 'unverified', changed_at = $1 \
         WHERE school_id = $2 AND channel = $3 AND value = $4 AND state = 'opted_out'",
        &[
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )
}

/// Notes that a way works, with the proof of it, for everybody who has it.
pub fn note_proof(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    proof: Proof,
    now: Moment,
) -> Result<(), StoreError> {
    set_state(tx, school, point, ContactState::Working, now)?;
    tx.execute(
        "UPDATE contact_points SET proof = $1, proven_at = $2 \
         WHERE school_id = $3 AND channel = $4 AND value = $5",
        &[
            proof.as_str().into(),
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes that a way failed, for everybody who has it: once it is failing, twice in a row it is dead.
/// An account of the ENT never is: whoever has one may open it any day.
pub fn note_failure(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "UPDATE contact_points SET changed_at = $1, \
         state = CASE WHEN state = 'failing' AND channel <> 'ent' THEN 'dead' ELSE 'failing' END \
         WHERE school_id = $2 AND channel = $3 AND value = $4 \
         AND state IN ('unverified', 'working', 'failing')",
        &[
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes that a way fails again and again, for everybody who has it; one that is worse off stays so.
pub fn note_failing(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "UPDATE contact_points SET changed_at = $1, state = 'failing' \
         WHERE school_id = $2 AND channel = $3 AND value = $4 \
         AND state IN ('unverified', 'working')",
        &[
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Whether somebody who has this way asked not to be written to there.
pub fn is_opted_out(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM contact_points WHERE school_id = $1 AND channel = $2 AND value = $3 \
         AND state = $4 LIMIT 1",
        &[
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
            ContactState::OptedOut.as_str().into(),
        ],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// What we know of a way, as it is kept with the first who has it.
pub fn state_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
) -> Result<Option<ContactState>, StoreError> {
    tx.query_one(
        "SELECT state FROM contact_points WHERE school_id = $1 AND channel = $2 AND value = $3 \
         LIMIT 1",
        &[school.as_str().into(), point.channel().as_str().into(), point.value().into()],
        |row| row.word(0, ContactState::from_word),
    )
}

/// The ways of a channel by which nobody is to be reached any more: whose, and what.
pub fn unusable(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
) -> Result<BTreeSet<(PersonKey, String)>, StoreError> {
    let found = tx.query(
        "SELECT person_key, value FROM contact_points WHERE school_id = $1 \
         AND state IN ('dead', 'opted_out') AND channel = $2",
        &[school.as_str().into(), channel.as_str().into()],
        |row| Ok((PersonKey(row.text(0)?), row.text(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// Whose this way is: everybody who has it.
pub fn owners(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
) -> Result<Vec<PersonKey>, StoreError> {
    // With the state, which no index holds, and in no order: SQLite would rather read a whole index that
    // holds the answer, or the order, than find it by its three words in another.
    let mut owners = tx.query(
        "SELECT person_key, state FROM contact_points WHERE school_id = $1 AND channel = $2 \
         AND value = $3",
        &[school.as_str().into(), point.channel().as_str().into(), point.value().into()],
        |row: &Row<'_>| Ok(PersonKey(row.text(0)?)),
    )?;
    owners.sort();
    Ok(owners)
}

/// Digits of a number, with its `+`, by which numbers are found that begin so.
pub const BEGINNING: usize = 8;

/// Whose number begins so, of `most` numbers at most: somebody may be named twice. The beginning has [`BEGINNING`] signs
/// at least, the `+` among them.
pub fn owners_beginning(
    tx: &Tx<'_>,
    school: &SchoolId,
    beginning: &str,
    most: usize,
) -> Result<Vec<PersonKey>, StoreError> {
    let Some(first) = beginning.get(..BEGINNING) else { return Ok(Vec::new()) };
    // By equal signs: databases do not agree on the order of texts. With the state, as for owners.
    tx.query(
        "SELECT person_key, state FROM contact_points WHERE school_id = $1 \
         AND channel IN ('sms', 'phone') AND substr(value, 1, 8) = $2 \
         AND substr(value, 1, length($3)) = $3 LIMIT $4",
        &[school.as_str().into(), first.into(), beginning.into(), most.into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )
}

/// Ways to people of the school now that are in a state, of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCount {
    /// The state.
    pub state: ContactState,
    /// The channel.
    pub channel: Channel,
    /// How many.
    pub count: usize,
}

/// How many ways to people of the school now are in which state, by channel. It reads an index alone, and those of people who
/// left.
pub fn count_states(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<StateCount>, StoreError> {
    let mut all = tx.query(
        "SELECT state, channel, COUNT(*) FROM contact_points WHERE school_id = $1 \
         GROUP BY state, channel",
        &[school.as_str().into()],
        read_count,
    )?;
    let of_who_left = tx.query(
        "SELECT c.state, c.channel, COUNT(*) FROM persons p CROSS JOIN contact_points c \
         WHERE p.school_id = $1 AND p.archived_at IS NOT NULL \
         AND c.school_id = p.school_id AND c.person_key = p.key GROUP BY c.state, c.channel",
        &[school.as_str().into()],
        read_count,
    )?;
    for gone in of_who_left {
        let same = |it: &&mut StateCount| (it.state, it.channel) == (gone.state, gone.channel);
        if let Some(counted) = all.iter_mut().find(same) {
            counted.count = counted.count.saturating_sub(gone.count);
        }
    }
    all.retain(|it| it.count > 0);
    Ok(all)
}

fn read_count(row: &Row<'_>) -> Result<StateCount, StoreError> {
    Ok(StateCount {
        state: row.word(0, ContactState::from_word)?,
        channel: row.word(1, |word| word.parse().ok())?,
        count: row.count(2)?,
    })
}

/// A contact point out of eight columns: channel, value, source, state, proof and its time, change,
/// what was typed.
pub(super) fn read_kept_point(row: &Row<'_>, from: usize) -> Result<KeptContactPoint, StoreError> {
    Ok(KeptContactPoint {
        point: read_point(row, from)?,
        source: read_source(row, from + 2)?,
        state: row.word(from + 3, ContactState::from_word)?,
        proof: row.maybe_word(from + 4, Proof::from_word)?,
        proven_at: row.maybe_moment(from + 5)?,
        changed_at: Moment(row.int(from + 6)?),
        typed: row.maybe_text(from + 7)?,
    })
}

/// The source in a column; an empty word is none.
fn read_source(row: &Row<'_>, column: usize) -> Result<Option<Source>, StoreError> {
    if row.str(column)? == Some("") {
        return Ok(None);
    }
    row.word(column, Source::from_word).map(Some)
}

/// A contact point out of two columns: channel, value.
pub(super) fn read_point(row: &Row<'_>, from: usize) -> Result<ContactPoint, StoreError> {
    let channel = row.word(from, |word| word.parse().ok())?;
    row.word(from + 1, |value| ContactPoint::from_stored(channel, value))
}
