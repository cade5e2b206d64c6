//! A school that moves from its file into a database of many schools: nothing is lost, nobody gets
//! anything twice, and never again anything leaves from the file.

mod half_sent;
mod refusals;
mod rows;

use std::path::Path;

use chappe::store::{Store, StoreError};

use rows::Rows;

const SCHOOL: &str = "0319999Z";
/// What a move adds by itself: that the school left, and arrived.
const OF_THE_MOVE: [&str; 2] = ["moves", "holds"];

/// What the school has in the file.
async fn in_file(file: &Path, school: &str) -> Rows {
    let store = Store::open(file).unwrap();
    rows::of_school(&store, &rows::tables(file), school, false).await
}

/// What the school has on the server; `file` knows the tables.
async fn on_server(url: &str, file: &Path, school: &str) -> Rows {
    let store = Store::connect(url, None).unwrap();
    rows::of_school(&store, &rows::tables(file), school, true).await
}

fn without_the_move(mut rows: Rows) -> Rows {
    rows.retain(|table, _| !OF_THE_MOVE.contains(&table.as_str()));
    rows
}

/// The accounts of which it is known what left.
async fn accounts(store: &Store) -> Vec<String> {
    let sql = "SELECT account || ledger FROM rates ORDER BY account";
    store.read(move |tx| tx.query(sql, &[], |row| row.text(0))).await.unwrap()
}

/// How many rows a table has.
async fn count(url: &str, sql: &'static str) -> i64 {
    let store = Store::connect(url, None).unwrap();
    let read = store.read(move |tx| {
        let count = tx.query_one(sql, &[], |row| row.int(0))?;
        count.ok_or(StoreError::Closed)
    });
    read.await.unwrap()
}

#[test]
fn a_table_is_a_schools_or_is_known_not_to_be() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("chappe.sqlite3");
    drop(Store::open(&file).unwrap());
    let of_schools: Vec<String> = rows::tables(&file).into_iter().map(|it| it.name).collect();
    let others: Vec<String> = rows::all_tables(&file)
        .into_iter()
        .map(|it| it.name)
        .filter(|name| !of_schools.contains(name))
        .collect();
    // A table that is added here does not move by itself: see src/store/moving/copy.rs.
    assert_eq!(others, ["migrations", "rates", "home"]);
    assert!(of_schools.len() > 20, "{of_schools:?}");
}
