//! What stands before an import, taken down before it writes.

use super::{Image, Kept, OF_PERSON, OF_PROFILE, OF_PUPIL, Part, RowsOf, forget};
use crate::clock::Moment;
use crate::people::{PersonKey, PupilKey, SchoolId};
use crate::store::messages::json;
use crate::store::{Row, StoreError, Tx};

/// Rows or keys that stand in one row: enough that a département takes hundreds of them.
const IN_ONE: usize = 1_000;

/// What stands before an import, as far as it was taken down.
pub struct Before<'a> {
    tx: &'a Tx<'a>,
    school: &'a SchoolId,
    /// Nobody is known yet: there is nothing to look for.
    is_first: bool,
    parts: usize,
    new_persons: Vec<String>,
    new_pupils: Vec<String>,
    images: Vec<Image>,
}

impl<'a> Before<'a> {
    /// Begins with an import, in the place of the one before.
    pub fn begin(tx: &'a Tx<'a>, school: &'a SchoolId, at: Moment) -> Result<Self, StoreError> {
        forget(tx, school)?;
        tx.execute(
            "INSERT INTO imports (school_id, applied_at) VALUES ($1, $2)",
            &[school.as_str().into(), at.into()],
        )?;
        let somebody = tx.query_one(
            "SELECT 1 FROM persons WHERE school_id = $1 UNION ALL \
             SELECT 1 FROM pupils WHERE school_id = $1 UNION ALL \
             SELECT 1 FROM contact_points WHERE school_id = $1 LIMIT 1",
            &[school.as_str().into()],
            |_| Ok(()),
        )?;
        Ok(Self {
            tx,
            school,
            is_first: somebody.is_none(),
            parts: 0,
            new_persons: Vec::new(),
            new_pupils: Vec::new(),
            images: Vec::new(),
        })
    }

    /// Takes down a person, and the ways to reach them.
    pub fn person(&mut self, key: &PersonKey) -> Result<(), StoreError> {
        if self.is_first {
            self.new_persons.push(key.0.clone());
        } else {
            self.rows(RowsOf::Persons, &key.0)?;
            self.rows(RowsOf::ContactPoints, &key.0)?;
        }
        self.write_when_full()
    }

    /// Takes down a pupil.
    pub fn pupil(&mut self, key: &PupilKey) -> Result<(), StoreError> {
        if self.is_first {
            self.new_pupils.push(key.0.clone());
        } else {
            self.rows(RowsOf::Pupils, &key.0)?;
        }
        self.write_when_full()
    }

    /// Takes down what is noted by hand of a person.
    pub fn noted_of_person(&mut self, key: &PersonKey) -> Result<(), StoreError> {
        for table in [RowsOf::Corrections, RowsOf::Profiles, RowsOf::RestrictionsOfPerson] {
            self.rows(table, &key.0)?;
        }
        self.write_when_full()
    }

    /// Takes down what is noted by hand of a pupil.
    pub fn noted_of_pupil(&mut self, key: &PupilKey) -> Result<(), StoreError> {
        for table in [
            RowsOf::RestrictionsOfPupil,
            RowsOf::TrustedAddresses,
            RowsOf::ListMembers,
            RowsOf::PupilCorrections,
        ] {
            self.rows(table, &key.0)?;
        }
        self.write_when_full()
    }

    /// Takes down every guardianship.
    pub fn ties(&mut self) -> Result<(), StoreError> {
        let mut ties: Vec<Kept> = Vec::new();
        // Even of none it is said that there was none.
        let mut parts = Vec::new();
        self.tx.each(
            "SELECT pupil_key, person_key, standing, kinship FROM guardianships \
             WHERE school_id = $1 ORDER BY pupil_key, person_key",
            &[self.school.as_str().into()],
            |row| {
                ties.push(kept(row, 4)?);
                if ties.len() == IN_ONE {
                    parts.push(json(&Part::Ties(std::mem::take(&mut ties)))?);
                }
                Ok(())
            },
        )?;
        parts.push(json(&Part::Ties(ties))?);
        parts.iter().try_for_each(|body| self.write(body))
    }

    /// Writes what is left.
    pub fn end(mut self) -> Result<(), StoreError> {
        self.write_all()
    }

    fn rows(&mut self, of: RowsOf, key: &str) -> Result<(), StoreError> {
        let (sql, columns) = of.statement();
        let values = [self.school.as_str().into(), key.into()];
        let rows = self.tx.query(sql, &values, |row| kept(row, columns))?;
        self.images.push(Image { of, key: key.to_owned(), rows });
        Ok(())
    }

    fn write_when_full(&mut self) -> Result<(), StoreError> {
        let waiting = [self.new_persons.len(), self.new_pupils.len(), self.images.len()];
        if waiting.into_iter().any(|many| many >= IN_ONE) { self.write_all() } else { Ok(()) }
    }

    fn write_all(&mut self) -> Result<(), StoreError> {
        for part in [
            Part::NewPersons(std::mem::take(&mut self.new_persons)),
            Part::NewPupils(std::mem::take(&mut self.new_pupils)),
            Part::Images(std::mem::take(&mut self.images)),
        ] {
            let is_empty = match &part {
                Part::NewPersons(keys) | Part::NewPupils(keys) => keys.is_empty(),
                Part::Images(images) => images.is_empty(),
                Part::Ties(_) => false,
            };
            if !is_empty {
                self.write(&json(&part)?)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, body: &str) -> Result<(), StoreError> {
        self.tx.execute(
            "INSERT INTO import_before (school_id, part, body) VALUES ($1, $2, $3)",
            &[self.school.as_str().into(), self.parts.into(), body.into()],
        )?;
        self.parts += 1;
        Ok(())
    }
}

impl RowsOf {
    /// What reads its rows of one key, and how many columns that gives.
    const fn statement(self) -> (&'static str, usize) {
        match self {
            Self::Persons => (
                "SELECT role, civility, family_name, usage_name, first_name, postal_address, \
                 accepts_sms, archived_at, post_state, post_changed_at, filed, also_filed, \
                 first_filed, within_filed FROM persons WHERE school_id = $1 AND key = $2",
                OF_PERSON,
            ),
            Self::Pupils => (
                "SELECT family_name, usage_name, first_name, class, level, groups, left_on, \
                 archived_at, filed, also_filed, first_filed, within_filed \
                 FROM pupils WHERE school_id = $1 AND key = $2",
                OF_PUPIL,
            ),
            // Accounts of the ENT are the ENT's word, not a file's.
            Self::ContactPoints => (
                "SELECT channel, value, rank, state, changed_at, source, typed, proof, proven_at \
                 FROM contact_points WHERE school_id = $1 AND person_key = $2 \
                 AND source <> 'ent' ORDER BY channel, value",
                9,
            ),
            Self::Corrections => (
                "SELECT channel, was, becomes, noted_at FROM corrections \
                 WHERE school_id = $1 AND person_key = $2 ORDER BY channel, was",
                4,
            ),
            Self::Profiles => (
                "SELECT connectivity, printer, language, call, noted_at, large_print, pick_up \
                 FROM profiles WHERE school_id = $1 AND person_key = $2",
                OF_PROFILE,
            ),
            Self::RestrictionsOfPerson => {
                ("SELECT pupil_key FROM restrictions WHERE school_id = $1 AND person_key = $2", 1)
            }
            Self::RestrictionsOfPupil => {
                ("SELECT person_key FROM restrictions WHERE school_id = $1 AND pupil_key = $2", 1)
            }
            Self::TrustedAddresses => (
                "SELECT mark, said_at FROM trusted_addresses \
                 WHERE school_id = $1 AND pupil_key = $2 ORDER BY mark",
                2,
            ),
            Self::PupilCorrections => (
                "SELECT part, was, becomes, noted_at FROM pupil_corrections \
                 WHERE school_id = $1 AND pupil_key = $2 ORDER BY part",
                4,
            ),
            Self::ListMembers => {
                ("SELECT list FROM list_members WHERE school_id = $1 AND pupil_key = $2", 1)
            }
        }
    }
}

fn kept(row: &Row<'_>, columns: usize) -> Result<Kept, StoreError> {
    (0..columns).map(|column| row.stored(column)).collect()
}
