//! Our own small migrator: numbered texts, run once each, refused when newer or changed.

use std::fmt::Write as _;

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::StoreError;

/// Every migration, in order: never edited once released, only added to.
const MIGRATIONS: [&str; 3] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_directory.sql"),
    include_str!("migrations/0004_control.sql"),
];

/// Brings the schema up to date, all of it or nothing.
pub(super) fn run(connection: &Connection) -> Result<(), StoreError> {
    let tx = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, checksum TEXT NOT NULL)",
    )?;
    let done = applied(&tx)?;
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
                tx.execute_batch(text)?;
                tx.execute("INSERT INTO migrations VALUES ($1, $2)", (number, checksum))?;
            }
        }
    }
    tx.commit()?;
    Ok(())
}

fn applied(connection: &Connection) -> Result<Vec<(i64, String)>, StoreError> {
    let mut statement =
        connection.prepare("SELECT number, checksum FROM migrations ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn checksum(text: &str) -> String {
    let mut checksum = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(checksum, "{byte:02x}");
    }
    checksum
}
