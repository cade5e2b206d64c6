//! How the office said that the columns of its tables are to be understood: said once, remembered for
//! every table with the same titles.

use std::collections::BTreeMap;

use crate::clock::Moment;
use crate::import::{ColumnMap, HeaderMap, UnknownField};
use crate::people::SchoolId;
use crate::store::header_maps::{self, Words};
use crate::store::{Store, StoreError, Tx};

/// What was said so far, for the reading of the next files. A word that no field has any more is passed
/// over: the guess by the title holds again.
pub async fn known_columns(store: &Store, school: &SchoolId) -> Result<Vec<ColumnMap>, StoreError> {
    let school = school.clone();
    let kept = store.read(move |tx| header_maps::all(tx, &school)).await?;
    // A table that got one more column is another head: a title still means what it meant elsewhere.
    let mut of_titles = ColumnMap::default();
    let mut maps = Vec::with_capacity(kept.len() + 1);
    for (head, words) in kept {
        let mut map = ColumnMap { head: Some(head), ..ColumnMap::default() };
        for (title, word) in words {
            let typed = format!("{title}={word}");
            let _: Result<(), UnknownField> = map.add(&typed).and_then(|()| of_titles.add(&typed));
        }
        maps.push(map);
    }
    maps.insert(0, of_titles);
    Ok(maps)
}

/// Remembers what was said, as typed (`Portable 2=mobile-phone`), for the tables that have the titles;
/// what was said of their other titles before stays.
pub(super) fn remember(
    tx: &Tx<'_>,
    school: &SchoolId,
    said: &[String],
    tables: &[HeaderMap],
    now: Moment,
) -> Result<(), StoreError> {
    if said.is_empty() {
        return Ok(());
    }
    let mut known: BTreeMap<String, Words> = header_maps::all(tx, school)?.into_iter().collect();
    for table in tables {
        let words = known.entry(table.head.clone()).or_default();
        words.extend(said_of(table, said));
        header_maps::put(tx, school, &table.head, words, now)?;
    }
    Ok(())
}

/// What was said of the titles of a table.
fn said_of(table: &HeaderMap, said: &[String]) -> Words {
    let pairs = said.iter().filter_map(|typed| typed.rsplit_once('='));
    let of_table = pairs.filter_map(|(title, word)| {
        let found =
            table.columns.iter().find(|(other, _)| ColumnMap::is_same_title(other, title))?;
        Some((found.0.clone(), word.trim().to_owned()))
    });
    of_table.collect()
}
