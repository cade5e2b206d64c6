//! Restrictions: noted by hand, known again by whom they mean. Imports leave them alone.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::messages::json;
use super::{Row, StoreError, Tx, Value, contact_points, people};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryState;
use crate::delivery::{About, Recipient};
use crate::message::Code;
use crate::people::{
    By, Human, KnownRestriction, Mark, PersonKey, PostalAddress, Pupil, PupilKey, RestrictedTie,
    Restriction, Restrictions, SchoolId, WhichPupil,
};

/// What left for somebody, or may have.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Left {
    /// The message.
    pub message: Code,
    /// By which way.
    pub channel: Channel,
    /// Where that stands.
    pub state: DeliveryState,
    /// The pupils whom it was about.
    #[serde(skip)]
    pub about: Vec<About>,
    /// When it left, as far as it is known.
    pub at: Option<Moment>,
}

/// Every restricted tie of the school, as it was noted.
pub fn ties(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<RestrictedTie>, StoreError> {
    tx.query(
        "SELECT pupil_key, person_key, why, note FROM restrictions WHERE school_id = $1 \
         ORDER BY pupil_key, person_key",
        &[school.as_str().into()],
        read_tie,
    )
}

/// Those that were noted since a moment.
pub fn noted_since(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
) -> Result<Vec<RestrictedTie>, StoreError> {
    tx.query(
        "SELECT pupil_key, person_key, why, note FROM restrictions \
         WHERE school_id = $1 AND noted_at >= $2 ORDER BY pupil_key, person_key",
        &[school.as_str().into(), since.into()],
        read_tie,
    )
}

/// Every restriction of the school, with all that tells whom it means: one look where there is none.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Restrictions, StoreError> {
    let mut known = tx.query(
        "SELECT r.pupil_key, r.person_key, r.why, r.note, r.pupil_name, r.human, \
         u.family_name, u.usage_name, u.first_name, \
         p.family_name, p.usage_name, p.first_name, p.postal_address FROM restrictions r \
         LEFT JOIN pupils u ON u.school_id = r.school_id AND u.key = r.pupil_key \
         LEFT JOIN persons p ON p.school_id = r.school_id AND p.key = r.person_key \
         WHERE r.school_id = $1 ORDER BY r.pupil_key, r.person_key",
        &[school.as_str().into()],
        read_known,
    )?;
    if known.is_empty() {
        return Ok(Restrictions::default());
    }
    let marks = marks(tx, school)?;
    for one in &mut known {
        for mark in marks.get(&one.tie.person).into_iter().flatten() {
            one.human.has(mark.clone());
        }
    }
    Ok(Restrictions::new(known, trusted(tx, school)?))
}

/// Notes that nothing about a pupil goes to a guardian, or changes why. It is unsettled until every copy
/// that was under way has been looked at.
pub fn put(tx: &Tx<'_>, school: &SchoolId, tie: &RestrictedTie, by: &By) -> Result<(), StoreError> {
    tx.changes_directory(school);
    let human = human(tx, school, &tie.person)?;
    let pupil_name = pupil_name(tx, school, &tie.pupil)?.unwrap_or_default();
    tx.execute(
        "INSERT INTO restrictions (school_id, pupil_key, person_key, why, note, noted_at, \
         pupil_name, human, noted_by, unsettled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) \
         ON CONFLICT (school_id, pupil_key, person_key) DO UPDATE SET why = excluded.why, \
         note = excluded.note, noted_at = excluded.noted_at, pupil_name = excluded.pupil_name, \
         human = excluded.human, noted_by = excluded.noted_by, unsettled = 1",
        &[
            school.as_str().into(),
            (&tie.pupil.0).into(),
            (&tie.person.0).into(),
            tie.why.as_str().into(),
            (&tie.note).into(),
            by.at.into(),
            (&pupil_name).into(),
            (&json(&human)?).into(),
            (&by.actor.to_stored()).into(),
        ],
    )?;
    Ok(())
}

/// Lifts a restriction; whether there was one.
pub fn lift(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
    person: &PersonKey,
) -> Result<bool, StoreError> {
    tx.changes_directory(school);
    let lifted = tx.touched(
        "DELETE FROM restrictions WHERE school_id = $1 AND pupil_key = $2 AND person_key = $3",
        &[school.as_str().into(), (&pupil.0).into(), (&person.0).into()],
    )?;
    Ok(lifted > 0)
}

/// Whether some copy under way may not have been looked at since a restriction was noted.
pub fn are_not_obeyed_yet(tx: &Tx<'_>, school: &SchoolId) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM restrictions WHERE school_id = $1 AND unsettled = 1 LIMIT 1",
        &[school.as_str().into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Every copy was looked at for the restrictions that were noted up to a moment.
pub fn note_obeyed(tx: &Tx<'_>, school: &SchoolId, noted_by: Moment) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE restrictions SET unsettled = 0 WHERE school_id = $1 AND noted_at <= $2",
        &[school.as_str().into(), noted_by.into()],
    )?;
    Ok(())
}

/// A person said that these addresses may be used for a pupil, although somebody restricted has them.
pub fn trust(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
    marks: &[Mark],
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    for mark in marks {
        tx.execute(
            "INSERT INTO trusted_addresses (school_id, pupil_key, mark, said_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (school_id, pupil_key, mark) DO NOTHING",
            &[school.as_str().into(), (&pupil.0).into(), mark.as_str().into(), now.into()],
        )?;
    }
    Ok(())
}

/// Every record under which the restricted person of a tie is known as a guardian of that pupil.
pub fn records_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    tie: &RestrictedTie,
) -> Result<BTreeSet<PersonKey>, StoreError> {
    let (known, mut records) = (all(tx, school)?, BTreeSet::from([tie.person.clone()]));
    let pupil = pupil_name(tx, school, &tie.pupil)?.unwrap_or_default();
    let which = WhichPupil { key: Some(&tie.pupil), name: &pupil };
    for record in people::guardians_of(tx, school, &tie.pupil)? {
        let is_on = |shown: &String| known.on(which, &record.key, shown).is_some();
        if record.shown_names().iter().any(is_on) {
            records.insert(record.key);
        }
    }
    Ok(records)
}

/// What left for a person, or may have, newest message first; what another delivery carried left with it.
pub fn left(tx: &Tx<'_>, school: &SchoolId, person: &PersonKey) -> Result<Vec<Left>, StoreError> {
    tx.query(
        "SELECT m.code, d.channel, d.state, a.recipient, COALESCE(b.posted_at, \
         (SELECT MAX(t.ended_at) FROM attempts t WHERE t.delivery_id = COALESCE(d.leader_id, d.id))) \
         FROM addressees a JOIN messages m ON m.id = a.message_id \
         JOIN deliveries d ON d.addressee_id = a.id LEFT JOIN batches b ON b.id = d.batch_id \
         WHERE a.school_id = $1 AND a.person_key = $2 \
         AND d.state IN ('sending', 'uncertain', 'accepted', 'proven') \
         ORDER BY m.launched_at DESC, a.number, d.leg",
        &[school.as_str().into(), (&person.0).into()],
        |row| {
            let recipient: Recipient = row.json(3)?;
            Ok(Left {
                message: Code::from_stored(row.text(0)?),
                channel: row.word(1, |word| word.parse().ok())?,
                state: row.word(2, DeliveryState::from_word)?,
                about: recipient.about,
                at: row.maybe_moment(4)?,
            })
        },
    )
}

/// Gives the restrictions on one record of a person to another record of the same person.
pub(super) fn hand_over_person(tx: &Tx<'_>, keys: &[Value<'_>; 3]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO restrictions (school_id, pupil_key, person_key, why, note, noted_at, \
         pupil_name, human, unsettled, noted_by) SELECT school_id, pupil_key, $3, why, note, noted_at, \
         pupil_name, human, unsettled, noted_by FROM restrictions \
         WHERE school_id = $1 AND person_key = $2 ON CONFLICT DO NOTHING",
        keys,
    )?;
    Ok(())
}

/// Gives the restrictions about one record of a pupil, and the addresses that may be used all the same,
/// to another record of the same pupil.
pub(super) fn hand_over_pupil(tx: &Tx<'_>, keys: &[Value<'_>; 3]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO restrictions (school_id, pupil_key, person_key, why, note, noted_at, \
         pupil_name, human, unsettled, noted_by) SELECT school_id, $3, person_key, why, note, noted_at, \
         pupil_name, human, unsettled, noted_by FROM restrictions \
         WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        keys,
    )?;
    tx.execute(
        "INSERT INTO trusted_addresses (school_id, pupil_key, mark, said_at) \
         SELECT school_id, $3, mark, said_at FROM trusted_addresses \
         WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        keys,
    )?;
    Ok(())
}

/// Names and addresses of a person now, those that do not work too.
fn human(tx: &Tx<'_>, school: &SchoolId, key: &PersonKey) -> Result<Human, StoreError> {
    let mut human = Human::default();
    tx.each(
        "SELECT family_name, usage_name, first_name, postal_address FROM persons \
         WHERE school_id = $1 AND key = $2",
        &[school.as_str().into(), (&key.0).into()],
        |row| {
            human.add(read_human(row, 0)?);
            Ok(())
        },
    )?;
    tx.each(
        "SELECT channel, value FROM contact_points WHERE school_id = $1 AND person_key = $2",
        &[school.as_str().into(), (&key.0).into()],
        |row| {
            human.has(Mark::of_point(&contact_points::read_point(row, 0)?));
            Ok(())
        },
    )?;
    Ok(human)
}

/// The mailboxes and numbers of all who are restricted.
fn marks(tx: &Tx<'_>, school: &SchoolId) -> Result<BTreeMap<PersonKey, Vec<Mark>>, StoreError> {
    let mut marks: BTreeMap<PersonKey, Vec<Mark>> = BTreeMap::new();
    tx.each(
        "SELECT person_key, channel, value FROM contact_points WHERE school_id = $1 \
         AND person_key IN (SELECT person_key FROM restrictions WHERE school_id = $1)",
        &[school.as_str().into()],
        |row| {
            let mark = Mark::of_point(&contact_points::read_point(row, 1)?);
            marks.entry(PersonKey(row.text(0)?)).or_default().push(mark);
            Ok(())
        },
    )?;
    Ok(marks)
}

fn trusted(tx: &Tx<'_>, school: &SchoolId) -> Result<HashSet<(PupilKey, Mark)>, StoreError> {
    let trusted = tx.query(
        "SELECT pupil_key, mark FROM trusted_addresses WHERE school_id = $1",
        &[school.as_str().into()],
        |row| Ok((PupilKey(row.text(0)?), Mark::from_stored(row.text(1)?))),
    )?;
    Ok(trusted.into_iter().collect())
}

/// The name of a pupil, as shown.
pub fn pupil_name(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PupilKey,
) -> Result<Option<String>, StoreError> {
    let shown = tx.query_one(
        "SELECT family_name, usage_name, first_name FROM pupils \
         WHERE school_id = $1 AND key = $2",
        &[school.as_str().into(), (&key.0).into()],
        |row| read_pupil_name(row, 0),
    )?;
    Ok(shown.flatten())
}

fn read_tie(row: &Row<'_>) -> Result<RestrictedTie, StoreError> {
    Ok(RestrictedTie {
        pupil: PupilKey(row.text(0)?),
        person: PersonKey(row.text(1)?),
        why: row.word(2, Restriction::from_word)?,
        note: row.text(3)?,
    })
}

/// Columns in the order of [`all`].
fn read_known(row: &Row<'_>) -> Result<KnownRestriction, StoreError> {
    let noted = Some(row.text(4)?).filter(|name| !name.is_empty());
    let mut human: Human = row.json(5)?;
    human.add(read_human(row, 9)?);
    let names = (row.maybe_text(9)?, row.maybe_text(10)?, row.maybe_text(11)?);
    let (family_name, usage_name, first_name) = names;
    let name = usage_name.or(family_name).unwrap_or_default().to_uppercase();
    Ok(KnownRestriction {
        shown: format!("{} {name}", first_name.unwrap_or_default()).trim().to_owned(),
        tie: read_tie(row)?,
        pupil_names: noted.into_iter().chain(read_pupil_name(row, 6)?).collect(),
        human,
    })
}

/// Three columns of a pupil: family name, name in use, first name. None where there is no such record.
fn read_pupil_name(row: &Row<'_>, from: usize) -> Result<Option<String>, StoreError> {
    let Some(family_name) = row.maybe_text(from)? else { return Ok(None) };
    let (usage_name, first_name) = (row.maybe_text(from + 1)?, row.text(from + 2)?);
    Ok(Some(Pupil::shown(&first_name, usage_name.as_deref().unwrap_or(&family_name))))
}

/// Four columns of a person: family name, name in use, first name, postal address. Nobody where there is
/// no such record.
fn read_human(row: &Row<'_>, from: usize) -> Result<Human, StoreError> {
    let Some(family_name) = row.maybe_text(from)? else { return Ok(Human::default()) };
    let home: Option<PostalAddress> = row.str(from + 3)?.map(|_| row.json(from + 3)).transpose()?;
    let usage_name = row.maybe_text(from + 1)?;
    Ok(Human::at(&row.text(from + 2)?, &family_name, usage_name.as_deref(), home.as_ref()))
}
