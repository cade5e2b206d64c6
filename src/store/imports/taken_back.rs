//! An import taken back: each row as it stood. What came since by itself stays: a STOP, a proof, what failed.

use std::collections::BTreeSet;

use super::{Image, Kept, OF_PERSON, OF_PROFILE, OF_PUPIL, Part, RowsOf, forget};
use crate::clock::Moment;
use crate::people::{ContactPoint, PersonKey, SchoolId};
use crate::store::contact_points;
use crate::store::stored::Stored;
use crate::store::{StoreError, Tx, Value};

/// Whom an import added, by their keys.
#[derive(Debug, Default)]
pub struct New {
    /// Adults.
    pub persons: BTreeSet<String>,
    /// Pupils.
    pub pupils: BTreeSet<String>,
}

/// Whom the last import added.
pub fn new_of(tx: &Tx<'_>, school: &SchoolId) -> Result<New, StoreError> {
    let mut new = New::default();
    each_part(tx, school, |part| {
        match part {
            Part::NewPersons(keys) => new.persons.extend(keys),
            Part::NewPupils(keys) => new.pupils.extend(keys),
            Part::Ties(_) => {}
            Part::Images(images) => {
                for Image { of, key, rows } in images.into_iter().filter(|it| it.rows.is_empty()) {
                    match of {
                        RowsOf::Persons => drop(new.persons.insert(key)),
                        RowsOf::Pupils => drop(new.pupils.insert(key)),
                        _ => drop(rows),
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(new)
}

/// Takes back the last import, applied at a moment, and forgets what stood before it.
pub fn take_back(tx: &Tx<'_>, school: &SchoolId, applied: Moment) -> Result<(), StoreError> {
    tx.changes_directory(school);
    let undo = Undo { tx, school, applied };
    let mut ties_are_gone = false;
    each_part(tx, school, |part| match part {
        Part::NewPersons(keys) => keys.iter().try_for_each(|key| undo.remove_person(key)),
        Part::NewPupils(keys) => keys.iter().try_for_each(|key| undo.remove_pupil(key)),
        Part::Images(images) => images.iter().try_for_each(|image| undo.restore(image)),
        Part::Ties(ties) => {
            if !std::mem::replace(&mut ties_are_gone, true) {
                tx.execute("DELETE FROM guardianships WHERE school_id = $1", &[undo.id()])?;
            }
            ties.iter().try_for_each(|tie| undo.insert(PUT_TIE, tie))
        }
    })?;
    forget(tx, school)
}

fn each_part(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(Part) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    // One at a time: all of them together would be a département in memory.
    let parts = tx.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM import_before WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.count(0),
    )?;
    for part in 0..parts.unwrap_or_default() {
        let body = tx.query_one(
            "SELECT body FROM import_before WHERE school_id = $1 AND part = $2",
            &[school.as_str().into(), part.into()],
            |row| row.json(0),
        )?;
        body.map_or(Ok(()), &mut take)?;
    }
    Ok(())
}

const PUT_TIE: &str = "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
     VALUES ($1, $2, $3, $4, $5)";
const PUT_PERSON: &str = "INSERT INTO persons (school_id, key, role, civility, family_name, usage_name, \
     first_name, postal_address, accepts_sms, archived_at, post_state, post_changed_at, filed, \
     also_filed, first_filed, within_filed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
     ON CONFLICT (school_id, key) DO UPDATE SET role = excluded.role, civility = excluded.civility, \
     family_name = excluded.family_name, usage_name = excluded.usage_name, \
     first_name = excluded.first_name, postal_address = excluded.postal_address, \
     accepts_sms = excluded.accepts_sms, archived_at = excluded.archived_at, \
     post_state = CASE WHEN COALESCE(persons.post_changed_at, 0) > $17 \
     AND persons.postal_address IS NOT DISTINCT FROM excluded.postal_address \
     THEN persons.post_state ELSE excluded.post_state END, \
     post_changed_at = CASE WHEN COALESCE(persons.post_changed_at, 0) > $17 \
     AND persons.postal_address IS NOT DISTINCT FROM excluded.postal_address \
     THEN persons.post_changed_at ELSE excluded.post_changed_at END, \
     filed = excluded.filed, also_filed = excluded.also_filed, \
     first_filed = excluded.first_filed, within_filed = excluded.within_filed";
const PUT_PUPIL: &str = "INSERT INTO pupils (school_id, key, family_name, usage_name, first_name, class, \
     level, groups, left_on, archived_at, filed, also_filed, first_filed, within_filed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
     ON CONFLICT (school_id, key) DO UPDATE SET family_name = excluded.family_name, \
     usage_name = excluded.usage_name, first_name = excluded.first_name, class = excluded.class, \
     level = excluded.level, groups = excluded.groups, left_on = excluded.left_on, \
     archived_at = excluded.archived_at, filed = excluded.filed, also_filed = excluded.also_filed, \
     first_filed = excluded.first_filed, within_filed = excluded.within_filed";
const PUT_POINT: &str = "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, \
     changed_at, source, typed, proof, proven_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
     ON CONFLICT (school_id, person_key, channel, value) \
     DO UPDATE SET rank = excluded.rank, source = excluded.source, typed = excluded.typed";
const PUT_CORRECTION: &str = "INSERT INTO corrections (school_id, person_key, channel, was, becomes, \
     noted_at) VALUES ($1, $2, $3, $4, $5, $6)";
const PUT_PUPIL_CORRECTION: &str = "INSERT INTO pupil_corrections (school_id, pupil_key, part, was, \
     becomes, noted_at) VALUES ($1, $2, $3, $4, $5, $6)";
const PUT_PROFILE: &str = "INSERT INTO profiles (school_id, person_key, connectivity, printer, language, \
     call, noted_at, large_print, pick_up) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const PUT_TRUSTED: &str = "INSERT INTO trusted_addresses (school_id, pupil_key, mark, said_at) \
     VALUES ($1, $2, $3, $4)";
const PUT_MEMBER: &str = "INSERT INTO list_members (school_id, pupil_key, list) VALUES ($1, $2, $3) \
     ON CONFLICT DO NOTHING";

struct Undo<'a> {
    tx: &'a Tx<'a>,
    school: &'a SchoolId,
    applied: Moment,
}

impl Undo<'_> {
    fn id(&self) -> Value<'_> {
        self.school.as_str().into()
    }

    fn restore(&self, image: &Image) -> Result<(), StoreError> {
        let Image { of, key, rows } = image;
        match of {
            RowsOf::Persons if rows.is_empty() => return self.remove_person(key),
            RowsOf::Pupils if rows.is_empty() => return self.remove_pupil(key),
            RowsOf::Persons | RowsOf::Pupils => {}
            RowsOf::ContactPoints => self.make_way_for_points(key, rows)?,
            RowsOf::Corrections => {
                self.empty(
                    "DELETE FROM corrections WHERE school_id = $1 AND person_key = $2",
                    key,
                )?;
            }
            RowsOf::PupilCorrections => self.empty(
                "DELETE FROM pupil_corrections WHERE school_id = $1 AND pupil_key = $2",
                key,
            )?,
            RowsOf::Profiles => {
                self.empty("DELETE FROM profiles WHERE school_id = $1 AND person_key = $2", key)?;
            }
            RowsOf::TrustedAddresses => self.empty(
                "DELETE FROM trusted_addresses WHERE school_id = $1 AND pupil_key = $2",
                key,
            )?,
            RowsOf::ListMembers => self.leave_lists(key)?,
            RowsOf::RestrictionsOfPerson => return self.drop_copies(COPIES_OF_PERSON, key, rows),
            RowsOf::RestrictionsOfPupil => return self.drop_copies(COPIES_OF_PUPIL, key, rows),
        }
        rows.iter().try_for_each(|row| self.insert_at(*of, key, row))
    }

    fn remove_person(&self, key: &str) -> Result<(), StoreError> {
        self.empty(
            "DELETE FROM contact_points WHERE school_id = $1 AND person_key = $2 \
             AND state NOT IN ('opted_out', 'dead')",
            key,
        )?;
        self.empty("DELETE FROM ent_lookups WHERE school_id = $1 AND person_key = $2", key)?;
        self.empty("DELETE FROM persons WHERE school_id = $1 AND key = $2", key)
    }

    fn remove_pupil(&self, key: &str) -> Result<(), StoreError> {
        self.empty("DELETE FROM pupils WHERE school_id = $1 AND key = $2", key)
    }

    /// What a receipt or a person's STOP said since is not taken back.
    fn make_way_for_points(&self, key: &str, rows: &[Kept]) -> Result<(), StoreError> {
        self.tx.execute(
            "DELETE FROM contact_points WHERE school_id = $1 AND person_key = $2 \
             AND source <> 'ent' AND changed_at <= $3 AND COALESCE(proven_at, 0) <= $3",
            &[self.id(), key.into(), self.applied.into()],
        )?;
        let newer = self.tx.query(
            "SELECT channel, value FROM contact_points WHERE school_id = $1 AND person_key = $2 \
             AND source <> 'ent'",
            &[self.id(), key.into()],
            |row| contact_points::read_point(row, 0),
        )?;
        let is_from_before = |point: &ContactPoint| {
            rows.iter().any(|row| {
                let words = [point.channel().as_str(), point.value()];
                row.iter().zip(words).all(|(stored, word)| stored.as_text() == Some(word))
            })
        };
        let person = PersonKey(key.to_owned());
        let mut added = newer.iter().filter(|point| !is_from_before(point));
        added.try_for_each(|point| contact_points::forget(self.tx, self.school, &person, point))
    }

    /// A list that was saved since is as somebody wants it.
    fn leave_lists(&self, key: &str) -> Result<(), StoreError> {
        self.tx.execute(
            "DELETE FROM list_members WHERE school_id = $1 AND pupil_key = $2 AND list IN \
             (SELECT name FROM lists WHERE school_id = $1 AND saved_at <= $3)",
            &[self.id(), key.into(), self.applied.into()],
        )
    }

    /// A ruling that was noted since stays; its copies that the import made go.
    fn drop_copies(
        &self,
        (others, drop): (&'static str, &'static str),
        key: &str,
        before: &[Kept],
    ) -> Result<(), StoreError> {
        let values = [self.id(), key.into(), self.applied.into()];
        let others = self.tx.query(others, &values, |row| row.text(0))?;
        let was = |other: &String| {
            before.iter().any(|row| row.first().and_then(Stored::as_text) == Some(other))
        };
        others
            .iter()
            .filter(|other| !was(other))
            .try_for_each(|other| self.tx.execute(drop, &[self.id(), key.into(), other.into()]))
    }

    fn empty(&self, sql: &'static str, key: &str) -> Result<(), StoreError> {
        self.tx.execute(sql, &[self.id(), key.into()])
    }

    fn insert_at(&self, of: RowsOf, key: &str, row: &Kept) -> Result<(), StoreError> {
        let mut values = vec![self.id(), key.into()];
        values.extend(row.iter().map(Stored::value));
        // An earlier version kept fewer columns of it.
        let columns = match of {
            RowsOf::Persons => OF_PERSON,
            RowsOf::Pupils => OF_PUPIL,
            RowsOf::Profiles => OF_PROFILE,
            _ => row.len(),
        };
        values.extend(std::iter::repeat_n(Value::Null, columns.saturating_sub(row.len())));
        if of == RowsOf::Persons {
            values.push(self.applied.into());
        }
        self.tx.execute(of.put(), &values)
    }

    fn insert(&self, sql: &'static str, row: &Kept) -> Result<(), StoreError> {
        let mut values = vec![self.id()];
        values.extend(row.iter().map(Stored::value));
        self.tx.execute(sql, &values)
    }
}

const COPIES_OF_PERSON: (&str, &str) = (
    "SELECT pupil_key FROM restrictions WHERE school_id = $1 AND person_key = $2 AND noted_at <= $3",
    "DELETE FROM restrictions WHERE school_id = $1 AND person_key = $2 AND pupil_key = $3",
);
const COPIES_OF_PUPIL: (&str, &str) = (
    "SELECT person_key FROM restrictions WHERE school_id = $1 AND pupil_key = $2 AND noted_at <= $3",
    "DELETE FROM restrictions WHERE school_id = $1 AND pupil_key = $2 AND person_key = $3",
);

impl RowsOf {
    /// What writes one of its rows again.
    const fn put(self) -> &'static str {
        match self {
            Self::Persons => PUT_PERSON,
            Self::Pupils => PUT_PUPIL,
            Self::ContactPoints => PUT_POINT,
            Self::Corrections => PUT_CORRECTION,
            Self::PupilCorrections => PUT_PUPIL_CORRECTION,
            Self::Profiles => PUT_PROFILE,
            Self::TrustedAddresses => PUT_TRUSTED,
            // Restrictions are never taken away by an import: there is none to write again.
            Self::ListMembers | Self::RestrictionsOfPerson | Self::RestrictionsOfPupil => {
                PUT_MEMBER
            }
        }
    }
}
