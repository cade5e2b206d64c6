//! Whether this database is the one that it was. One that `pg_restore` made out of a dump is another: nobody
//! knows what left since the dump, and every school in it starts on hold.

use std::time::Duration;

use crate::clock::{Clock, Moment};
use crate::store::{StoreError, Tx, holds};

/// The server's own number, the database's in it, and a table's in that: one of them is new wherever a dump
/// was restored, into the same database too.
const PLACE: &str = "SELECT concat_ws('/', s.system_identifier, d.oid, CAST(CAST('deliveries' AS REGCLASS) AS OID)) \
     FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()";
/// The last that is known to have happened: the dump was taken then or later.
const KNOWN_UNTIL: &str = "SELECT GREATEST((SELECT MAX(ended_at) FROM attempts), (SELECT MAX(launched_at) FROM messages))";
/// Beyond this, clocks are not the same.
const APART: Duration = Duration::from_secs(5);

/// Puts every school on hold where the database is not at the place that it remembers.
pub(super) fn check(tx: &Tx<'_>) -> Result<(), StoreError> {
    let here = tx.query_one(PLACE, &[], |row| row.text(0))?;
    let here = here.ok_or_else(|| StoreError::Unreadable("no place".to_owned()))?;
    let place = [here.as_str().into()];
    match tx.query_one("SELECT place FROM home", &[], |row| row.text(0))? {
        Some(kept) if kept == here => Ok(()),
        Some(_) => {
            tx.execute("UPDATE home SET place = $1", &place)?;
            hold_all(tx)
        }
        None => {
            tx.execute("INSERT INTO home (place) VALUES ($1)", &place)?;
            // A dump of a version that did not write its place down is one, too.
            let known = tx.query_one("SELECT 1 FROM messages LIMIT 1", &[], |row| row.int(0))?;
            if known.is_some() { hold_all(tx) } else { Ok(()) }
        }
    }
}

fn hold_all(tx: &Tx<'_>) -> Result<(), StoreError> {
    tracing::warn!("The database was restored: all of it is on hold until it is released.");
    let now = tx.time(|| Moment(0))?;
    let known_until = tx.query_one(KNOWN_UNTIL, &[], |row| row.maybe_moment(0))?.flatten();
    holds::put_on_all(tx, known_until.unwrap_or(now), now, true)
}

/// Warns where this machine's clock and the server's differ: the daemons of a school share leases, and each
/// goes by its own clock.
pub(super) fn check_clock(tx: &Tx<'_>, clock: &Clock) -> Result<(), StoreError> {
    let here = clock.now();
    let there = tx.time(|| here)?;
    let apart = here.since(there).max(there.since(here));
    if apart > APART {
        let seconds = apart.as_secs();
        tracing::warn!(
            seconds,
            "The clock of this machine is not the server's: leases are wrong by as much; set both by NTP."
        );
    }
    Ok(())
}
