//! What came back in words, and who of the school saw to it.

use super::addressees::Addressee;
use super::cards::SaidDone;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::ReplyKind;
use crate::id::Id;
use crate::message::Message;
use crate::people::{ContactPoint, PersonKey, SchoolId};

/// What came back in words, as it is kept. `Debug` hides what it says and whose it is.
#[derive(Clone)]
pub struct KeptReply {
    /// Its id.
    pub id: Id<KeptReply>,
    /// What it is.
    pub kind: ReplyKind,
    /// The way by which it came.
    pub channel: Channel,
    /// The provider that brought it, or who took it down.
    pub provider: String,
    /// The provider's id of it: the same is kept once.
    pub provider_ref: String,
    /// What it answers, where that is known.
    pub answers: Option<AnsweredCopy>,
    /// Whose it is, where the directory knows one.
    pub person: Option<PersonKey>,
    /// The address that it names as its own: anybody can write that.
    pub sender: Option<String>,
    /// Its subject line.
    pub subject: Option<String>,
    /// Their words.
    pub body: String,
    /// When it came.
    pub received_at: Moment,
}

/// The copy of a message that somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredCopy {
    /// Which message.
    pub message: Id<Message>,
    /// Whose copy of it.
    pub addressee: Id<Addressee>,
}

/// The same, and how it stands with the school.
#[derive(Debug, Clone)]
pub struct StandingReply {
    /// What came.
    pub reply: KeptReply,
    /// Its number in the school, by which people speak of it.
    pub number: u32,
    /// Who sees to it.
    pub assigned_to: Option<String>,
    /// Who saw to it, and when; what was done, as typed.
    pub settled: Option<(SaidDone, String)>,
}

impl KeptReply {
    /// The address that it names as its own, where that is one.
    #[must_use]
    pub fn from(&self) -> Option<ContactPoint> {
        let channel = if self.kind == ReplyKind::Reply { self.channel } else { return None };
        ContactPoint::from_stored(channel, self.sender.as_deref()?)
    }
}

impl std::fmt::Debug for KeptReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptReply({})", self.id)
    }
}

/// Keeps every other transaction that takes a word in away until this one ends: each has the next number.
pub fn lock(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.lock("SELECT pg_advisory_xact_lock(1798, hashtext($1))", &[school.as_str().into()])
}

/// Keeps what came back once, under the school's next number; `false` when it was kept before.
pub fn insert(tx: &Tx<'_>, school: &SchoolId, reply: &KeptReply) -> Result<bool, StoreError> {
    lock(tx, school)?;
    let last = tx.query_one(
        "SELECT MAX(number) FROM replies WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.maybe_number(0),
    )?;
    let number = last.flatten().map_or(1, |last: u32| last.saturating_add(1));
    let inserted = tx.touched(
        "INSERT INTO replies (id, school_id, number, kind, channel, provider, provider_ref, message_id, addressee_id, \
         person_key, sender, subject, body, received_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         ON CONFLICT (school_id, provider, provider_ref) DO NOTHING",
        &[
            (&reply.id).into(),
            school.as_str().into(),
            number.into(),
            reply.kind.as_str().into(),
            reply.channel.as_str().into(),
            (&reply.provider).into(),
            (&reply.provider_ref).into(),
            reply.answers.as_ref().map(|it| &it.message).into(),
            reply.answers.as_ref().map(|it| &it.addressee).into(),
            reply.person.as_ref().map(|key| key.0.as_str()).into(),
            reply.sender.as_deref().into(),
            reply.subject.as_deref().into(),
            (&reply.body).into(),
            reply.received_at.into(),
        ],
    )?;
    Ok(inserted == 1)
}

/// What came, newest first.
pub fn newest(
    tx: &Tx<'_>,
    school: &SchoolId,
    most: usize,
) -> Result<Vec<StandingReply>, StoreError> {
    tx.query(
        "SELECT id, kind, channel, provider, provider_ref, message_id, addressee_id, person_key, sender, \
         subject, body, received_at, number, assigned_to, settled_at, settled_by, settled_how FROM replies \
         WHERE school_id = $1 ORDER BY received_at DESC LIMIT $2",
        &[school.as_str().into(), most.into()],
        read,
    )
}

/// What waits for somebody, oldest first.
pub fn open(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<StandingReply>, StoreError> {
    tx.query(
        "SELECT id, kind, channel, provider, provider_ref, message_id, addressee_id, person_key, sender, \
         subject, body, received_at, number, assigned_to, settled_at, settled_by, settled_how FROM replies \
         WHERE school_id = $1 AND settled_at IS NULL ORDER BY received_at, number",
        &[school.as_str().into()],
        read,
    )
}

/// What has this number.
pub fn numbered(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: u32,
) -> Result<Option<StandingReply>, StoreError> {
    tx.query_one("SELECT id, kind, channel, provider, provider_ref, message_id, addressee_id, person_key, sender, \
         subject, body, received_at, number, assigned_to, settled_at, settled_by, settled_how FROM replies \
         WHERE school_id = $1 AND number = $2", &[school.as_str().into(), number.into()], read)
}

/// What one person said, newest first.
pub fn of_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Vec<StandingReply>, StoreError> {
    tx.query(
        "SELECT id, kind, channel, provider, provider_ref, message_id, addressee_id, person_key, sender, \
         subject, body, received_at, number, assigned_to, settled_at, settled_by, settled_how FROM replies \
         WHERE school_id = $1 AND person_key = $2 ORDER BY received_at DESC",
        &[school.as_str().into(), (&person.0).into()],
        read,
    )
}

/// Writes who sees to it; nobody any more where that is none.
pub fn assign(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: u32,
    to: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE replies SET assigned_to = $1 WHERE school_id = $2 AND number = $3",
        &[to.into(), school.as_str().into(), number.into()],
    )?;
    Ok(())
}

/// Writes that somebody saw to it, and what was done; that it is open again where that is none. `false`, and nothing
/// is written, where it stands so already.
pub fn settle(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: u32,
    done: Option<(&SaidDone, &str)>,
) -> Result<bool, StoreError> {
    let touched = match done {
        Some((said, how)) => tx.touched(
            "UPDATE replies SET settled_at = $1, settled_by = $2, settled_how = $3 \
             WHERE school_id = $4 AND number = $5 AND settled_at IS NULL",
            &[said.at.into(), (&said.by).into(), how.into(), school.as_str().into(), number.into()],
        ),
        None => tx.touched(
            "UPDATE replies SET settled_at = NULL, settled_by = NULL, settled_how = NULL \
             WHERE school_id = $1 AND number = $2 AND settled_at IS NOT NULL",
            &[school.as_str().into(), number.into()],
        ),
    }?;
    Ok(touched == 1)
}

/// Writes what it answers, once that is known.
pub fn tie(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: Id<KeptReply>,
    to: &AnsweredCopy,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE replies SET message_id = $1, addressee_id = $2 WHERE id = $3 AND school_id = $4",
        &[(&to.message).into(), (&to.addressee).into(), (&reply).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Writes that nobody need see to it: by whom it was read, who may be no person, and what was done.
pub fn settle_by_itself(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: Id<KeptReply>,
    done: &SaidDone,
    how: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE replies SET settled_at = $1, settled_by = $2, settled_how = $3 \
         WHERE id = $4 AND school_id = $5",
        &[done.at.into(), (&done.by).into(), how.into(), (&reply).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// When a number or an address that they name as their own last said something that is meant; nothing where none did.
pub fn last_from(
    tx: &Tx<'_>,
    school: &SchoolId,
    sender: &str,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Option<Moment>, StoreError> {
    let said = tx.query(
        "SELECT body, received_at FROM replies WHERE school_id = $1 AND sender = $2 \
         ORDER BY received_at DESC LIMIT 1000",
        &[school.as_str().into(), sender.into()],
        |row: &Row<'_>| Ok((row.text(0)?, Moment(row.int(1)?))),
    )?;
    Ok(said.into_iter().find(|(body, _)| is_meant(body)).map(|(_, at)| at))
}

/// What was said last of the copy of an addressee, of a kind, by the number of all that was.
pub fn last_of_copy(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
    kind: ReplyKind,
) -> Result<Option<(String, usize)>, StoreError> {
    let bodies = tx.query(
        "SELECT body FROM replies WHERE school_id = $1 AND addressee_id = $2 AND kind = $3 \
         ORDER BY number DESC",
        &[school.as_str().into(), (&addressee).into(), kind.as_str().into()],
        |row: &Row<'_>| row.text(0),
    )?;
    let many = bodies.len();
    Ok(bodies.into_iter().next().map(|body| (body, many)))
}

fn read(row: &Row<'_>) -> Result<StandingReply, StoreError> {
    let answers = row.maybe_id(5)?.zip(row.maybe_id(6)?);
    let settled = row.maybe_moment(14)?.map(|at| -> Result<_, StoreError> {
        let by = row.maybe_text(15)?.unwrap_or_default();
        Ok((SaidDone { at, by }, row.maybe_text(16)?.unwrap_or_default()))
    });
    Ok(StandingReply {
        reply: KeptReply {
            id: row.id(0)?,
            kind: row.word(1, ReplyKind::from_word)?,
            channel: row.word(2, |word| word.parse().ok())?,
            provider: row.text(3)?,
            provider_ref: row.text(4)?,
            answers: answers.map(|(message, addressee)| AnsweredCopy { message, addressee }),
            person: row.maybe_text(7)?.map(PersonKey),
            sender: row.maybe_text(8)?,
            subject: row.maybe_text(9)?,
            body: row.text(10)?,
            received_at: Moment(row.int(11)?),
        },
        number: row.number(12)?,
        assigned_to: row.maybe_text(13)?,
        settled: settled.transpose()?,
    })
}
