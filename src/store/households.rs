//! What the school knows of households beside what its sources say: how each is connected. It is noted by
//! hand, and imports leave it alone.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::people::{Connectivity, PersonKey, PostalAddress, Profile, SchoolId};

/// Every profile of the school, with the person whom it is kept with.
pub fn profiles(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<(PersonKey, Profile)>, StoreError> {
    tx.query(
        "SELECT person_key, connectivity, printer, language, call, large_print, pick_up FROM profiles \
         WHERE school_id = $1 ORDER BY person_key",
        &[school.as_str().into()],
        |row| Ok((PersonKey(row.text(0)?), read_profile(row, 1)?)),
    )
}

/// The profile that is kept with a person.
pub fn profile_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Option<Profile>, StoreError> {
    tx.query_one(
        "SELECT connectivity, printer, language, call, large_print, pick_up FROM profiles \
         WHERE school_id = $1 AND person_key = $2",
        &[school.as_str().into(), (&person.0).into()],
        |row| read_profile(row, 0),
    )
}

/// Keeps a profile with a person, in place of any earlier one.
pub fn put_profile(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    profile: &Profile,
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "INSERT INTO profiles (school_id, person_key, connectivity, printer, language, call, \
         large_print, pick_up, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $8, $9, $7) \
         ON CONFLICT (school_id, person_key) DO UPDATE SET connectivity = excluded.connectivity, \
         printer = excluded.printer, language = excluded.language, call = excluded.call, \
         large_print = excluded.large_print, pick_up = excluded.pick_up, \
         noted_at = excluded.noted_at",
        &[
            school.as_str().into(),
            (&person.0).into(),
            profile.connectivity.as_str().into(),
            profile.printer.into(),
            profile.language.as_ref().into(),
            profile.call.as_ref().into(),
            now.into(),
            profile.large_print.into(),
            profile.pick_up.as_ref().into(),
        ],
    )?;
    Ok(())
}

/// Forgets the profile of a person; whether there was one.
pub fn drop_profile(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<bool, StoreError> {
    tx.changes_directory(school);
    let dropped = tx.touched(
        "DELETE FROM profiles WHERE school_id = $1 AND person_key = $2",
        &[school.as_str().into(), (&person.0).into()],
    )?;
    Ok(dropped > 0)
}

/// The places where households fetch their letters, each once.
pub fn pick_ups(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<String>, StoreError> {
    tx.query(
        "SELECT DISTINCT pick_up FROM profiles WHERE school_id = $1 AND pick_up IS NOT NULL \
         ORDER BY pick_up",
        &[school.as_str().into()],
        |row| row.text(0),
    )
}

/// Hands over the address of each adult of the school, one by one: all of them would fill the memory.
pub fn each_address(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(PersonKey, Option<PostalAddress>),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT key, postal_address FROM persons WHERE school_id = $1 AND archived_at IS NULL \
         ORDER BY key",
        &[school.as_str().into()],
        |row| {
            take(PersonKey(row.text(0)?), row.maybe_json(1)?);
            Ok(())
        },
    )?;
    Ok(())
}

/// A profile out of six columns: connectivity, printer, language, call, large print, pick-up point.
fn read_profile(row: &Row<'_>, from: usize) -> Result<Profile, StoreError> {
    Ok(Profile {
        connectivity: row.word(from, Connectivity::from_word)?,
        printer: row.truth(from + 1)?,
        language: row.maybe_text(from + 2)?,
        call: row.maybe_text(from + 3)?,
        large_print: row.maybe_number(from + 4)? == Some(1),
        pick_up: row.maybe_text(from + 5)?,
    })
}
