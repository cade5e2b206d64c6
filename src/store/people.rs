//! The directory: pupils, adults, guardianships, contact points.

use super::messages::json;
use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::people::{
    Civility, ContactPoint, ContactState, Guardianship, Person, PersonKey, Pupil, PupilKey, Role,
    SchoolId, Standing,
};

/// A contact point as it is kept.
#[derive(Debug, Clone)]
pub struct KeptContactPoint {
    /// Whose.
    pub person: PersonKey,
    /// The way.
    pub point: ContactPoint,
    /// What we know of it.
    pub state: ContactState,
}

/// Every pupil at the school now.
pub fn pupils(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Pupil>, StoreError> {
    tx.query(
        "SELECT key, family_name, usage_name, first_name, class, level, groups, \
         left_on FROM pupils \
         WHERE school_id = $1 AND archived_at IS NULL ORDER BY key",
        &[school.as_str().into()],
        |row| {
            Ok(Pupil {
                key: PupilKey(row.text(0)?),
                family_name: row.text(1)?,
                usage_name: row.maybe_text(2)?,
                first_name: row.text(3)?,
                class: row.maybe_text(4)?,
                level: row.maybe_text(5)?,
                groups: row.json(6)?,
                left_on: row.maybe_text(7)?.and_then(|day| day.parse().ok()),
            })
        },
    )
}

/// Adds a pupil, or brings them up to date.
pub fn put_pupil(tx: &Tx<'_>, school: &SchoolId, pupil: &Pupil) -> Result<(), StoreError> {
    let left_on = pupil.left_on.map(|day| day.to_string());
    tx.execute(
        "INSERT INTO pupils (school_id, key, family_name, usage_name, first_name, class, level, \
         groups, left_on, archived_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) \
         ON CONFLICT (school_id, key) DO UPDATE SET family_name = excluded.family_name, \
         usage_name = excluded.usage_name, first_name = excluded.first_name, \
         class = excluded.class, level = excluded.level, groups = excluded.groups, \
         left_on = excluded.left_on, \
         archived_at = NULL",
        &[
            school.as_str().into(),
            (&pupil.key.0).into(),
            (&pupil.family_name).into(),
            pupil.usage_name.as_ref().into(),
            (&pupil.first_name).into(),
            pupil.class.as_ref().into(),
            pupil.level.as_ref().into(),
            (&json(&pupil.groups)?).into(),
            left_on.as_ref().into(),
        ],
    )?;
    Ok(())
}

/// Takes a pupil off the roll; they are kept until their retention ends.
pub fn archive_pupil(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PupilKey,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE pupils SET archived_at = $1 WHERE school_id = $2 AND key = $3",
        &[now.into(), school.as_str().into(), (&key.0).into()],
    )?;
    Ok(())
}

/// Every adult of the school now, without their contact points.
pub fn persons(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Person>, StoreError> {
    tx.query(
        "SELECT key, role, civility, family_name, usage_name, first_name, postal_address, \
         accepts_sms FROM persons WHERE school_id = $1 AND archived_at IS NULL ORDER BY key",
        &[school.as_str().into()],
        read_person,
    )
}

/// Everyone who works at the school now, without their contact points.
pub fn staff(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Person>, StoreError> {
    tx.query(
        "SELECT key, role, civility, family_name, usage_name, first_name, postal_address, \
         accepts_sms FROM persons WHERE school_id = $1 AND archived_at IS NULL AND role <> $2 \
         ORDER BY key",
        &[school.as_str().into(), (&json(&Role::Guardian)?).into()],
        read_person,
    )
}

/// The keys of the guardians of the school now.
pub fn guardians(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT key FROM persons WHERE school_id = $1 AND archived_at IS NULL AND role = $2",
        &[school.as_str().into(), (&json(&Role::Guardian)?).into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )
}

/// One adult, archived or not, with the contact points that may be used, in the order of
/// preference within a channel.
pub fn person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
) -> Result<Option<Person>, StoreError> {
    let mut found: Option<Person> = None;
    let mut points = Vec::new();
    tx.query(
        "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
         p.postal_address, p.accepts_sms, c.channel, c.value, c.state, c.rank FROM persons p \
         LEFT JOIN contact_points c ON c.school_id = p.school_id AND c.person_key = p.key \
         WHERE p.school_id = $1 AND p.key = $2",
        &[school.as_str().into(), (&key.0).into()],
        |row| {
            if found.is_none() {
                found = Some(read_person(row)?);
            }
            if row.str(8)?.is_some() && row.word(10, ContactState::from_word)?.is_usable() {
                points.push((row.int(11)?, read_point(row, 8)?));
            }
            Ok(())
        },
    )?;
    // Few enough to be sorted here: the database would set up a sorter for each person.
    points.sort_by_key(|(rank, point)| (point.channel(), *rank));
    Ok(found.map(|person| Person {
        contact_points: points.into_iter().map(|(_, point)| point).collect(),
        ..person
    }))
}

/// Adds an adult, or brings them up to date; their contact points stand apart.
pub fn put_person(tx: &Tx<'_>, school: &SchoolId, person: &Person) -> Result<(), StoreError> {
    let address = person.postal_address.as_ref().map(json).transpose()?;
    tx.execute(
        "INSERT INTO persons (school_id, key, role, civility, family_name, usage_name, \
         first_name, postal_address, accepts_sms, archived_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) \
         ON CONFLICT (school_id, key) DO UPDATE SET role = excluded.role, \
         civility = excluded.civility, family_name = excluded.family_name, \
         usage_name = excluded.usage_name, first_name = excluded.first_name, \
         postal_address = excluded.postal_address, accepts_sms = excluded.accepts_sms, \
         archived_at = NULL",
        &[
            school.as_str().into(),
            (&person.key.0).into(),
            (&json(&person.role)?).into(),
            person.civility.map(Civility::as_str).into(),
            (&person.family_name).into(),
            person.usage_name.as_ref().into(),
            (&person.first_name).into(),
            address.as_ref().into(),
            person.accepts_sms.into(),
        ],
    )?;
    Ok(())
}

/// Takes an adult out of the directory; they are kept until their retention ends.
pub fn archive_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE persons SET archived_at = $1 WHERE school_id = $2 AND key = $3",
        &[now.into(), school.as_str().into(), (&key.0).into()],
    )?;
    Ok(())
}

/// Every guardianship of the school.
pub fn guardianships(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Guardianship>, StoreError> {
    tx.query(
        "SELECT pupil_key, person_key, standing, kinship FROM guardianships \
         WHERE school_id = $1 ORDER BY pupil_key, person_key",
        &[school.as_str().into()],
        |row| {
            Ok(Guardianship {
                pupil: PupilKey(row.text(0)?),
                person: PersonKey(row.text(1)?),
                standing: row.word(2, Standing::from_word)?,
                kinship: u8::try_from(row.int(3)?).unwrap_or(90),
            })
        },
    )
}

/// Replaces every guardianship of the school.
pub fn replace_guardianships(
    tx: &Tx<'_>,
    school: &SchoolId,
    all: &[Guardianship],
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM guardianships WHERE school_id = $1", &[school.as_str().into()])?;
    for link in all {
        tx.execute(
            "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            &[
                school.as_str().into(),
                (&link.pupil.0).into(),
                (&link.person.0).into(),
                link.standing.as_str().into(),
                i64::from(link.kinship).into(),
            ],
        )?;
    }
    Ok(())
}

/// Every contact point of the school, each person's in the order of preference.
pub fn contact_points(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<KeptContactPoint>, StoreError> {
    tx.query(
        "SELECT person_key, channel, value, state FROM contact_points \
         WHERE school_id = $1 ORDER BY person_key, channel, rank",
        &[school.as_str().into()],
        |row| {
            Ok(KeptContactPoint {
                person: PersonKey(row.text(0)?),
                point: read_point(row, 1)?,
                state: row.word(3, ContactState::from_word)?,
            })
        },
    )
}

/// Adds a contact point, or gives it a new rank; what we know of it stays.
pub fn put_contact_point(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    point: &ContactPoint,
    rank: usize,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, \
         changed_at) VALUES ($1, $2, $3, $4, $5, 'unverified', $6) \
         ON CONFLICT (school_id, person_key, channel, value) DO UPDATE SET rank = excluded.rank",
        &[
            school.as_str().into(),
            (&person.0).into(),
            point.channel().as_str().into(),
            point.value().into(),
            rank.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Forgets a contact point that the source no longer gives.
pub fn drop_contact_point(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    point: &ContactPoint,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM contact_points WHERE school_id = $1 AND person_key = $2 AND channel = $3 \
         AND value = $4",
        &[
            school.as_str().into(),
            (&person.0).into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes what we now know of a way, for everybody who has it.
pub fn set_contact_state(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    state: ContactState,
    now: Moment,
) -> Result<usize, StoreError> {
    tx.execute(
        "UPDATE contact_points SET state = $1, changed_at = $2 \
         WHERE school_id = $3 AND channel = $4 AND value = $5 AND state <> $1",
        &[
            state.as_str().into(),
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )
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

/// Whose this way is: everybody who has it.
pub fn owners(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT person_key FROM contact_points WHERE school_id = $1 AND channel = $2 \
         AND value = $3 ORDER BY person_key",
        &[school.as_str().into(), point.channel().as_str().into(), point.value().into()],
        |row: &Row<'_>| Ok(PersonKey(row.text(0)?)),
    )
}

/// A person out of the first eight columns, without contact points.
fn read_person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        key: PersonKey(row.text(0)?),
        role: row.json(1)?,
        civility: row.maybe_word(2, read_civility)?,
        family_name: row.text(3)?,
        usage_name: row.maybe_text(4)?,
        first_name: row.text(5)?,
        postal_address: row.str(6)?.map(|_| row.json(6)).transpose()?,
        accepts_sms: row.int(7)? != 0,
        contact_points: Vec::new(),
    })
}

/// A contact point out of two columns: channel, value.
fn read_point(row: &Row<'_>, from: usize) -> Result<ContactPoint, StoreError> {
    let channel = row.word(from, |word| word.parse().ok())?;
    row.word(from + 1, |value| ContactPoint::from_stored(channel, value))
}

fn read_civility(word: &str) -> Option<Civility> {
    [Civility::Mme, Civility::M].into_iter().find(|civility| civility.as_str() == word)
}
