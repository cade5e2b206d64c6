//! Saved lists: a name for an audience, or for pupils picked one by one.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::people::{PupilKey, SchoolId};

/// A list as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptList {
    /// Its name, as it was typed.
    pub name: String,
    /// The audience that it stands for; `None` for a list of names.
    pub rule: Option<String>,
    /// How many pupils it names.
    pub pupils: usize,
    /// When it was saved.
    pub saved_at: Moment,
}

/// Every list of the school, by name.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<KeptList>, StoreError> {
    tx.query(
        "SELECT l.name, l.rule, l.saved_at, (SELECT COUNT(*) FROM list_members m \
         WHERE m.school_id = l.school_id AND m.list = l.name) FROM lists l \
         WHERE l.school_id = $1 ORDER BY l.name",
        &[school.as_str().into()],
        |row| {
            Ok(KeptList {
                name: row.text(0)?,
                rule: row.maybe_text(1)?,
                saved_at: Moment(row.int(2)?),
                pupils: row.count(3)?,
            })
        },
    )
}

/// The pupils whom a list of names holds.
pub fn members(tx: &Tx<'_>, school: &SchoolId, name: &str) -> Result<Vec<PupilKey>, StoreError> {
    tx.query(
        "SELECT pupil_key FROM list_members WHERE school_id = $1 AND list = $2 ORDER BY pupil_key",
        &[school.as_str().into(), name.into()],
        |row| Ok(PupilKey(row.text(0)?)),
    )
}

/// Saves an audience under a name, in place of what had that name.
pub fn save_rule(
    tx: &Tx<'_>,
    school: &SchoolId,
    name: &str,
    rule: &str,
    now: Moment,
) -> Result<(), StoreError> {
    remove(tx, school, name)?;
    insert(tx, school, name, Some(rule), now)
}

/// Saves pupils under a name, in place of what had that name.
pub fn save_names(
    tx: &Tx<'_>,
    school: &SchoolId,
    name: &str,
    pupils: &[PupilKey],
    now: Moment,
) -> Result<(), StoreError> {
    remove(tx, school, name)?;
    insert(tx, school, name, None, now)?;
    for pupil in pupils {
        tx.execute(
            "INSERT INTO list_members (school_id, list, pupil_key) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
            &[school.as_str().into(), name.into(), (&pupil.0).into()],
        )?;
    }
    Ok(())
}

/// Removes a list; whether there was one.
pub fn remove(tx: &Tx<'_>, school: &SchoolId, name: &str) -> Result<bool, StoreError> {
    let named = [school.as_str().into(), name.into()];
    tx.execute("DELETE FROM list_members WHERE school_id = $1 AND list = $2", &named)?;
    let removed = tx.touched("DELETE FROM lists WHERE school_id = $1 AND name = $2", &named)?;
    Ok(removed > 0)
}

fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    name: &str,
    rule: Option<&str>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO lists (school_id, name, rule, saved_at) VALUES ($1, $2, $3, $4)",
        &[school.as_str().into(), name.into(), rule.into(), now.into()],
    )?;
    Ok(())
}
