//! Pupils, and who is responsible for whom.

use super::messages::json;
use super::names::{kept, kept_if_any};
use super::{Row, StoreError, Tx, Value, restrictions};
use crate::clock::Moment;
use crate::people::{
    Guardianship, Handle, NameOrders, PersonKey, Pupil, PupilKey, SchoolId, Source, Standing,
};

/// Every pupil at the school now.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Pupil>, StoreError> {
    let mut all = Vec::new();
    each(tx, school, |pupil| {
        all.push(pupil);
        Ok(())
    })?;
    Ok(all)
}

/// Hands over every pupil at the school now, in the order of their keys.
pub fn each(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(Pupil) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each(
        "SELECT key, family_name, usage_name, first_name, class, level, groups, \
         left_on FROM pupils \
         WHERE school_id = $1 AND archived_at IS NULL ORDER BY key",
        &[school.as_str().into()],
        |row| take(read(row)?),
    )
}

/// One pupil who is at the school now.
pub fn one(tx: &Tx<'_>, school: &SchoolId, key: &PupilKey) -> Result<Option<Pupil>, StoreError> {
    tx.query_one(
        "SELECT key, family_name, usage_name, first_name, class, level, groups, left_on \
         FROM pupils WHERE school_id = $1 AND key = $2 AND archived_at IS NULL",
        &[school.as_str().into(), (&key.0).into()],
        read,
    )
}

/// The pupil of a handle who is at the school now.
pub fn by_handle(
    tx: &Tx<'_>,
    school: &SchoolId,
    handle: &Handle,
) -> Result<Option<Pupil>, StoreError> {
    tx.query_one(
        "SELECT key, family_name, usage_name, first_name, class, level, groups, left_on \
         FROM pupils WHERE school_id = $1 AND handle = $2 AND archived_at IS NULL",
        &[school.as_str().into(), Value::Bytes(handle.as_bytes())],
        read,
    )
}

/// The pupils who are in a class now.
pub fn of_class(tx: &Tx<'_>, school: &SchoolId, class: &str) -> Result<Vec<Pupil>, StoreError> {
    tx.query(
        "SELECT key, family_name, usage_name, first_name, class, level, groups, left_on \
         FROM pupils WHERE school_id = $1 AND class = $2 AND archived_at IS NULL",
        &[school.as_str().into(), class.into()],
        read,
    )
}

/// The pupils whom a person stands for, by class and name, and how.
pub fn of_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Vec<(Pupil, Standing)>, StoreError> {
    tx.query(
        "SELECT u.key, u.family_name, u.usage_name, u.first_name, u.class, u.level, u.groups, \
         u.left_on, g.standing FROM guardianships g \
         JOIN pupils u ON u.school_id = g.school_id AND u.key = g.pupil_key \
         WHERE g.school_id = $1 AND g.person_key = $2 AND u.archived_at IS NULL \
         ORDER BY u.class, u.family_name, u.first_name, u.key",
        &[school.as_str().into(), (&person.0).into()],
        |row| Ok((read(row)?, row.word(8, Standing::from_word)?)),
    )
}

/// How many pupils each class has, with its level; those without a class last.
pub fn classes(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<ClassCount>, StoreError> {
    tx.query(
        "SELECT class, MIN(level), CAST(COUNT(*) AS BIGINT) FROM pupils \
         WHERE school_id = $1 AND archived_at IS NULL GROUP BY class ORDER BY class",
        &[school.as_str().into()],
        |row| Ok((row.maybe_text(0)?, row.maybe_text(1)?, row.count(2)?)),
    )
}

/// A class, its level, how many pupils it has.
pub type ClassCount = (Option<String>, Option<String>, usize);

/// Whoever stands for a pupil, those who left too, and how.
pub fn guardians(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
) -> Result<Vec<(PersonKey, Standing)>, StoreError> {
    tx.query(
        "SELECT person_key, standing FROM guardianships WHERE school_id = $1 AND pupil_key = $2 \
         ORDER BY person_key",
        &[school.as_str().into(), (&pupil.0).into()],
        |row| Ok((PersonKey(row.text(0)?), row.word(1, Standing::from_word)?)),
    )
}

fn read(row: &Row<'_>) -> Result<Pupil, StoreError> {
    Ok(Pupil {
        key: PupilKey(row.text(0)?),
        family_name: row.text(1)?,
        usage_name: row.maybe_text(2)?,
        first_name: row.text(3)?,
        class: row.maybe_text(4)?,
        level: row.maybe_text(5)?,
        groups: row.json(6)?,
        left_on: row.maybe_word(7, |day| day.parse().ok())?,
    })
}

/// Adds a pupil, or brings them up to date.
pub fn put(tx: &Tx<'_>, school: &SchoolId, pupil: &Pupil) -> Result<(), StoreError> {
    tx.changes_directory(school);
    let left_on = pupil.left_on.map(|day| day.to_string());
    let name = NameOrders::of(&pupil.family_name, pupil.usage_name.as_deref(), &pupil.first_name);
    tx.execute(
        "INSERT INTO pupils (school_id, key, family_name, usage_name, first_name, class, level, \
         groups, left_on, filed, also_filed, first_filed, within_filed, handle, archived_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL) \
         ON CONFLICT (school_id, key) DO UPDATE SET family_name = excluded.family_name, \
         usage_name = excluded.usage_name, first_name = excluded.first_name, \
         class = excluded.class, level = excluded.level, groups = excluded.groups, \
         left_on = excluded.left_on, filed = excluded.filed, also_filed = excluded.also_filed, \
         first_filed = excluded.first_filed, within_filed = excluded.within_filed, \
         handle = excluded.handle, archived_at = NULL",
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
            kept(&name.filed),
            kept_if_any(name.also_filed.as_ref()),
            kept(&name.from_first_name),
            kept_if_any(name.from_within.as_ref()),
            Value::Bytes(Handle::of_pupil(&pupil.key).as_bytes()),
        ],
    )?;
    Ok(())
}

/// Takes a pupil off the roll; they are kept until their retention ends.
pub fn archive(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PupilKey,
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "UPDATE pupils SET archived_at = $1 WHERE school_id = $2 AND key = $3",
        &[now.into(), school.as_str().into(), (&key.0).into()],
    )?;
    Ok(())
}

/// Every guardianship of the school.
pub fn guardianships(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Guardianship>, StoreError> {
    let mut all = Vec::new();
    each_guardianship(tx, school, |tie| {
        all.push(tie);
        Ok(())
    })?;
    Ok(all)
}

/// Hands over every guardianship of the school, in the order of the pupils' keys.
pub fn each_guardianship(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(Guardianship) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each(
        "SELECT pupil_key, person_key, standing, kinship FROM guardianships \
         WHERE school_id = $1 ORDER BY pupil_key, person_key",
        &[school.as_str().into()],
        |row| {
            take(Guardianship {
                pupil: PupilKey(row.text(0)?),
                person: PersonKey(row.text(1)?),
                standing: row.word(2, Standing::from_word)?,
                kinship: row.number(3)?,
            })
        },
    )
}

/// Forgets the guardianships of the persons of a source.
pub fn drop_guardianships(
    tx: &Tx<'_>,
    school: &SchoolId,
    source: Source,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "DELETE FROM guardianships WHERE school_id = $1 \
         AND substr(person_key, 1, length($2)) = $2",
        &[school.as_str().into(), (&source.prefix()).into()],
    )?;
    Ok(())
}

/// Keeps a guardianship, or brings it up to date.
pub fn put_guardianship(
    tx: &Tx<'_>,
    school: &SchoolId,
    tie: &Guardianship,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (school_id, pupil_key, person_key) \
         DO UPDATE SET standing = excluded.standing, kinship = excluded.kinship",
        &[
            school.as_str().into(),
            (&tie.pupil.0).into(),
            (&tie.person.0).into(),
            tie.standing.as_str().into(),
            i64::from(tie.kinship).into(),
        ],
    )?;
    Ok(())
}

/// Gives what hangs on one record of a pupil to another record of the same pupil: ties, restrictions,
/// corrections by hand, places on lists.
pub fn hand_over(
    tx: &Tx<'_>,
    school: &SchoolId,
    from: &PupilKey,
    to: &PupilKey,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    let keys = [school.as_str().into(), (&from.0).into(), (&to.0).into()];
    tx.execute(
        "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
         SELECT school_id, $3, person_key, standing, kinship FROM guardianships \
         WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "DELETE FROM guardianships WHERE school_id = $1 AND pupil_key = $2",
        &[keys[0], keys[1]],
    )?;
    restrictions::hand_over_pupil(tx, &keys)?;
    tx.execute(
        "INSERT INTO pupil_corrections (school_id, pupil_key, part, was, becomes, noted_at) \
         SELECT school_id, $3, part, was, becomes, noted_at FROM pupil_corrections \
         WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "INSERT INTO list_members (school_id, list, pupil_key) SELECT school_id, list, $3 \
         FROM list_members WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    Ok(())
}
