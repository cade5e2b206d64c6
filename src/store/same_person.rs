//! Two records that turn out to be one person.

use super::{StoreError, Tx, restrictions};
use crate::people::{PersonKey, SchoolId};

/// Gives what hangs on one record of a person to another record of the same person: the ways to reach
/// them with their states, restrictions, corrections by hand, and how their household is connected.
pub fn hand_over(
    tx: &Tx<'_>,
    school: &SchoolId,
    from: &PersonKey,
    to: &PersonKey,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    let keys = [school.as_str().into(), (&from.0).into(), (&to.0).into()];
    tx.execute(
        "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, \
         changed_at, source, typed, proof, proven_at) \
         SELECT school_id, $3, channel, value, \
         rank + CASE WHEN source = 'table' THEN 50 ELSE 0 END, state, changed_at, source, typed, \
         proof, proven_at FROM contact_points WHERE school_id = $1 AND person_key = $2 \
         ON CONFLICT DO NOTHING",
        &keys,
    )?;
    restrictions::hand_over_person(tx, &keys)?;
    tx.execute(
        "INSERT INTO corrections (school_id, person_key, channel, was, becomes, noted_at) \
         SELECT school_id, $3, channel, was, becomes, noted_at FROM corrections \
         WHERE school_id = $1 AND person_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "INSERT INTO profiles (school_id, person_key, connectivity, printer, language, call, \
         noted_at, large_print, pick_up) \
         SELECT school_id, $3, connectivity, printer, language, call, noted_at, large_print, pick_up \
         FROM profiles WHERE school_id = $1 AND person_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    Ok(())
}
