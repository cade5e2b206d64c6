//! What belongs to a school, table by table, as the schema tells: a table that a later migration
//! makes moves as well.

use rusqlite::Connection;

use super::super::postgres::ServerSession;
use super::super::{StoreError, Tx, rates};
use crate::people::SchoolId;

/// The record of the move itself is written, not copied.
const MOVES: &str = "moves";

/// A table whose rows each belong to a school.
pub(super) struct SchoolTable {
    /// Its name.
    pub name: String,
    /// Its columns, quoted.
    columns: String,
    /// How many rows of the school it has in the file.
    pub here: usize,
}

impl SchoolTable {
    /// Whether its rows come along.
    pub(super) fn is_copied(&self) -> bool {
        self.name != MOVES
    }

    /// Streams the school's rows to the server; how many.
    pub(super) fn copy(
        &self,
        source: &Connection,
        target: &ServerSession,
        school: &SchoolId,
        tell: &mut dyn FnMut(usize),
    ) -> Result<usize, StoreError> {
        let Self { name, columns, .. } = self;
        // In the order of the file: by an index, each row would be looked for.
        let sql = format!("SELECT {columns} FROM {} WHERE +school_id = ?1", quoted(name));
        let mut rows = source.prepare(&sql)?;
        target.copy_in(&quoted(name), columns, &mut rows.query([school.as_str()])?, tell)
    }

    /// How many rows of the school the server has.
    pub(super) fn there(
        &self,
        target: &ServerSession,
        school: &SchoolId,
    ) -> Result<usize, StoreError> {
        target.count(&count(&self.name, "$1"), school.as_str())
    }
}

/// Every table whose rows belong to schools, with what this one has there.
pub(super) fn tables(
    source: &Connection,
    school: &SchoolId,
) -> Result<Vec<SchoolTable>, StoreError> {
    let mut schema = source.prepare(
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND EXISTS \
         (SELECT 1 FROM pragma_table_info(t.name) s WHERE s.name = 'school_id') \
         ORDER BY t.name, c.cid",
    )?;
    let mut rows = schema.query([])?;
    let mut tables: Vec<SchoolTable> = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, column): (String, String) = (row.get(0)?, row.get(1)?);
        let column = quoted(&column);
        match tables.last_mut().filter(|last| last.name == name) {
            Some(table) => {
                table.columns.push_str(", ");
                table.columns.push_str(&column);
            }
            None => tables.push(SchoolTable { name, columns: column, here: 0 }),
        }
    }
    for table in &mut tables {
        let here: i64 =
            source.query_row(&count(&table.name, "?1"), [school.as_str()], |row| row.get(0))?;
        table.here = usize::try_from(here).unwrap_or_default();
    }
    Ok(tables)
}

/// Copies what left under the school's own allowances, and under those of `shared`, so that no
/// provider is used faster for the move; how many. Where schools on the server use a shared one
/// already, theirs stands.
pub(super) fn copy_rates(
    source: &Connection,
    target: &ServerSession,
    school: &SchoolId,
    shared: &[String],
) -> Result<usize, StoreError> {
    let mut copied = 0;
    let here = Tx::new(source);
    rates::each(&here, |account, ledger, changed_at| {
        if rates::is_own(school, account) || shared.iter().any(|name| name == account) {
            let added = rates::add(&Tx::postgres(target), account, ledger, changed_at)?;
            copied += usize::from(added);
        }
        Ok(())
    })?;
    Ok(copied)
}

fn count(table: &str, school: &str) -> String {
    format!("SELECT COUNT(*) FROM {} WHERE school_id = {school}", quoted(table))
}

/// A name as both databases take it, whatever stands in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
