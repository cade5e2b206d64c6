//! Our own small migrator: numbered texts, run once each, refused when newer or changed.

use sha2::{Digest, Sha256};

use super::names::{kept, kept_if_any};
use super::{StoreError, Tx, Value};
use crate::people::{Handle, NameOrders, PersonKey, PupilKey};

/// Every migration, in order: never edited once released, only added to.
const MIGRATIONS: [&str; 58] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_directory.sql"),
    include_str!("migrations/0003_pace.sql"),
    include_str!("migrations/0004_control.sql"),
    include_str!("migrations/0005_hold.sql"),
    include_str!("migrations/0006_moves.sql"),
    include_str!("migrations/0007_load.sql"),
    include_str!("migrations/0008_many_schools.sql"),
    include_str!("migrations/0009_home.sql"),
    include_str!("migrations/0010_daemons.sql"),
    include_str!("migrations/0011_counted.sql"),
    include_str!("migrations/0012_restrictions.sql"),
    include_str!("migrations/0013_put_off.sql"),
    include_str!("migrations/0014_ent_lookups.sql"),
    include_str!("migrations/0015_journal.sql"),
    include_str!("migrations/0016_person_history.sql"),
    include_str!("migrations/0017_idle_providers.sql"),
    include_str!("migrations/0018_drafts.sql"),
    include_str!("migrations/0019_names.sql"),
    include_str!("migrations/0020_imports.sql"),
    include_str!("migrations/0021_rectified.sql"),
    include_str!("migrations/0022_carrier.sql"),
    include_str!("migrations/0023_pupil_corrections.sql"),
    include_str!("migrations/0024_other_names.sql"),
    include_str!("migrations/0025_filed_alone.sql"),
    include_str!("migrations/0026_together.sql"),
    include_str!("migrations/0027_cards.sql"),
    include_str!("migrations/0028_calls.sql"),
    include_str!("migrations/0029_accounts.sql"),
    include_str!("migrations/0030_recalls.sql"),
    include_str!("migrations/0031_second_factor.sql"),
    include_str!("migrations/0032_handles.sql"),
    include_str!("migrations/0033_approvals.sql"),
    include_str!("migrations/0034_under_way.sql"),
    include_str!("migrations/0035_later_starts.sql"),
    include_str!("migrations/0036_accounts_seen_to.sql"),
    include_str!("migrations/0037_uploads.sql"),
    include_str!("migrations/0038_identities.sql"),
    include_str!("migrations/0039_ids_of_a_call.sql"),
    include_str!("migrations/0040_untied.sql"),
    include_str!("migrations/0041_standing.sql"),
    include_str!("migrations/0042_own_addresses.sql"),
    include_str!("migrations/0043_places.sql"),
    include_str!("migrations/0044_directory_changes.sql"),
    include_str!("migrations/0045_follows.sql"),
    include_str!("migrations/0046_to_see_to.sql"),
    include_str!("migrations/0047_answers.sql"),
    include_str!("migrations/0048_mail.sql"),
    include_str!("migrations/0049_telephone.sql"),
    include_str!("migrations/0050_answers_of_calls.sql"),
    include_str!("migrations/0051_documents.sql"),
    include_str!("migrations/0052_works.sql"),
    include_str!("migrations/0053_handovers.sql"),
    include_str!("migrations/0054_large_print.sql"),
    include_str!("migrations/0055_pick_up.sql"),
    include_str!("migrations/0056_piles.sql"),
    include_str!("migrations/0057_mailed_pages.sql"),
    include_str!("migrations/0058_timetables.sql"),
];

/// The migrations whose columns the program fills: no database folds a name as we do.
const FILES_NAMES: i64 = 19;
const FILES_OTHER_NAMES: i64 = 24;
const GIVES_HANDLES: i64 = 32;

/// Brings the schema up to date, all of it or nothing: the caller's transaction, which keeps every other
/// program from doing the same.
pub(super) fn run(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.script(
        "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, checksum TEXT NOT NULL)",
    )?;
    let done = tx.query("SELECT number, checksum FROM migrations ORDER BY number", &[], |row| {
        Ok((row.int(0)?, row.text(1)?))
    })?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if let Some((found, _)) = done.last().filter(|(number, _)| *number > known) {
        return Err(StoreError::NewerSchema { found: *found, known });
    }
    for (number, text) in (1_i64..).zip(MIGRATIONS) {
        let checksum = checksum(text);
        match done.iter().find(|(applied, _)| *applied == number) {
            Some((_, applied)) if *applied == checksum => {}
            Some(_) => return Err(StoreError::ChangedMigration(number)),
            None => {
                tx.script(text)?;
                match number {
                    FILES_NAMES => file_all(tx, &NAMES, |name| {
                        [kept(&name.filed), kept_if_any(name.also_filed.as_ref())]
                    })?,
                    FILES_OTHER_NAMES => file_all(tx, &OTHER_NAMES, |name| {
                        [kept(&name.from_first_name), kept_if_any(name.from_within.as_ref())]
                    })?,
                    GIVES_HANDLES => give_handles(tx)?,
                    _ => {}
                }
                let row = [number.into(), (&checksum).into()];
                tx.execute("INSERT INTO migrations (number, checksum) VALUES ($1, $2)", &row)?;
            }
        }
    }
    Ok(())
}

/// What reads everybody's names, and what files somebody.
type FilesAll = [(&'static str, &'static str); 2];

const PERSONS: &str = "SELECT school_id, key, family_name, usage_name, first_name FROM persons";
const PUPILS: &str = "SELECT school_id, key, family_name, usage_name, first_name FROM pupils";
const NAMES: FilesAll = [
    (PERSONS, "UPDATE persons SET filed = $3, also_filed = $4 WHERE school_id = $1 AND key = $2"),
    (PUPILS, "UPDATE pupils SET filed = $3, also_filed = $4 WHERE school_id = $1 AND key = $2"),
];
const OTHER_NAMES: FilesAll = [
    (
        PERSONS,
        "UPDATE persons SET first_filed = $3, within_filed = $4 WHERE school_id = $1 AND key = $2",
    ),
    (
        PUPILS,
        "UPDATE pupils SET first_filed = $3, within_filed = $4 WHERE school_id = $1 AND key = $2",
    ),
];

/// Files everybody who was kept before names were filed, in every school.
fn file_all(
    tx: &Tx<'_>,
    filing: &FilesAll,
    columns: impl Fn(&NameOrders) -> [Value<'_>; 2],
) -> Result<(), StoreError> {
    for (read, write) in filing {
        let all = tx.query(read, &[], |row| {
            let usage_name = row.maybe_text(3)?;
            let name = NameOrders::of(&row.text(2)?, usage_name.as_deref(), &row.text(4)?);
            Ok((row.text(0)?, row.text(1)?, name))
        })?;
        for (school, key, name) in &all {
            let [one, other] = columns(name);
            tx.execute(write, &[school.into(), key.into(), one, other])?;
        }
    }
    Ok(())
}

/// Gives everybody a handle who was kept before there were any.
fn give_handles(tx: &Tx<'_>) -> Result<(), StoreError> {
    let of_person: fn(String) -> Handle = |key| Handle::of_person(&PersonKey(key));
    let of_pupil: fn(String) -> Handle = |key| Handle::of_pupil(&PupilKey(key));
    for (read, write, handle_of) in [
        (PERSONS, "UPDATE persons SET handle = $3 WHERE school_id = $1 AND key = $2", of_person),
        (PUPILS, "UPDATE pupils SET handle = $3 WHERE school_id = $1 AND key = $2", of_pupil),
    ] {
        let all = tx.query(read, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
        for (school, key) in all {
            let handle = handle_of(key.clone());
            let values = [(&school).into(), (&key).into(), Value::Bytes(handle.as_bytes())];
            tx.execute(write, &values)?;
        }
    }
    Ok(())
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
