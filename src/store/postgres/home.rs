//! Whether this database is the one that it was. One that `pg_restore` made out of a dump is another: nobody
//! knows what left since the dump, and every school in it starts on hold.

use crate::clock::Moment;
use crate::store::{StoreError, Tx, holds};

/// The server's own number, the database's in it, and a table's in that: one of them is new wherever a dump
/// was restored, into the same database too.
const PLACE: &str = "SELECT concat_ws('/', s.system_identifier, d.oid, CAST(CAST('deliveries' AS REGCLASS) AS OID)) \
     FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()";
/// The last that is known to have happened: the dump was taken then or later.
const KNOWN_UNTIL: &str = "SELECT GREATEST((SELECT MAX(ended_at) FROM attempts), (SELECT MAX(launched_at) FROM messages))";
const NOW: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

/// Puts every school on hold where the database is not at the place that it remembers.
pub(super) fn check(tx: &Tx<'_>) -> Result<(), StoreError> {
    let here = tx.query_one(PLACE, &[], |row| row.text(0))?.unwrap_or_default();
    let place = [here.as_str().into()];
    match tx.query_one("SELECT place FROM home", &[], |row| row.text(0))? {
        None => tx.execute("INSERT INTO home (place) VALUES ($1)", &place),
        Some(kept) if kept == here => Ok(()),
        Some(_) => {
            tracing::warn!(
                "The database was restored: all of it is on hold until `chappe release`."
            );
            let moment =
                |sql| Ok::<_, StoreError>(tx.query_one(sql, &[], |row| row.int(0))?.map(Moment));
            let now = moment(NOW)?.unwrap_or(Moment(0));
            holds::put_on_all(tx, moment(KNOWN_UNTIL)?.unwrap_or(now), now, true)?;
            tx.execute("UPDATE home SET place = $1", &place)
        }
    }
}
