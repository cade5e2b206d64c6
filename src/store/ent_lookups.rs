//! Of whom an ENT was asked whether they have an account there.

use super::{StoreError, Tx};
use crate::people::{PersonKey, SchoolId};

/// Notes that the ENT was asked of every adult of the school now.
pub fn note_all(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO ent_lookups (school_id, person_key) SELECT school_id, key FROM persons \
         WHERE school_id = $1 AND archived_at IS NULL ON CONFLICT DO NOTHING",
        &[school.as_str().into()],
    )?;
    Ok(())
}

/// The adults of whom it was not asked yet. Who has an account is known.
pub fn awaited(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT p.key FROM persons p WHERE p.school_id = $1 AND p.archived_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM ent_lookups l WHERE l.school_id = p.school_id \
         AND l.person_key = p.key) \
         AND NOT EXISTS (SELECT 1 FROM contact_points c WHERE c.school_id = p.school_id \
         AND c.person_key = p.key AND c.channel = 'ent')",
        &[school.as_str().into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )
}
