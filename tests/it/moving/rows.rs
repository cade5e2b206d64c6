//! Every row of a school, of whatever table, as text that is the same on both databases.

use std::collections::BTreeMap;
use std::path::Path;

use chappe::store::Store;

/// Texts of rows, by table.
pub type Rows = BTreeMap<String, Vec<String>>;

/// A table whose rows belong to schools, and its columns with their types.
pub struct Table {
    pub name: String,
    columns: Vec<(String, String)>,
}

/// The tables of a file whose rows belong to schools.
pub fn tables(file: &Path) -> Vec<Table> {
    let all = all_tables(file).into_iter();
    all.filter(|table| table.columns.iter().any(|(name, _)| name == "school_id")).collect()
}

/// Every table of a file.
pub fn all_tables(file: &Path) -> Vec<Table> {
    let file = rusqlite::Connection::open(file).unwrap();
    let mut names = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().flatten().collect();
    let mut columns = file.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
    let mut table = |name: String| Table {
        columns: columns
            .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .flatten()
            .collect(),
        name,
    };
    names.into_iter().map(&mut table).collect()
}

/// What a school has in these tables; tables with nothing are left out.
pub async fn of_school(store: &Store, tables: &[Table], school: &str, on_server: bool) -> Rows {
    let mut all = Rows::new();
    for table in tables {
        let sql: &'static str = table.sql(on_server).leak();
        let school = school.to_owned();
        let rows = store.read(move |tx| tx.query(sql, &[(&school).into()], |row| row.text(0)));
        let mut rows = rows.await.unwrap();
        rows.sort();
        if !rows.is_empty() {
            all.insert(table.name.clone(), rows);
        }
    }
    all
}

impl Table {
    fn sql(&self, on_server: bool) -> String {
        let texts = self.columns.iter().map(|(name, kind)| {
            let text = match (kind.as_str(), on_server) {
                ("BYTEA", true) => format!("UPPER(ENCODE(\"{name}\", 'hex'))"),
                ("BYTEA", false) => format!("HEX(\"{name}\")"),
                _ => format!("CAST(\"{name}\" AS TEXT)"),
            };
            format!("CASE WHEN \"{name}\" IS NULL THEN 'nothing' ELSE '=' || {text} END")
        });
        let texts = texts.collect::<Vec<_>>().join(" || '|' || ");
        format!("SELECT {texts} FROM \"{}\" WHERE school_id = $1", self.name)
    }
}
