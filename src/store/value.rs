//! What statements take and give, whatever the database.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::StoreError;
use crate::clock::Moment;
use crate::id::Id;

/// A parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// A whole number, a truth, a time, a duration.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// An id.
    Bytes(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Moment> for Value<'_> {
    fn from(moment: Moment) -> Self {
        Self::Int(moment.0)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a, T> From<&'a Id<T>> for Value<'a> {
    fn from(id: &'a Id<T>) -> Self {
        Self::Bytes(id.as_bytes())
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A transaction, as the functions that hold SQL see it.
pub struct Tx<'c> {
    connection: &'c Connection,
}

impl<'c> Tx<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// Runs a statement; how many rows it touched.
    pub fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        Ok(self.bind(sql, values)?.raw_execute()?)
    }

    /// Every row that a query gives.
    pub fn query<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// Hands over every row that a query gives, one after the other.
    pub fn each(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.bind(sql, values)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            take(&Row(row))?;
        }
        Ok(())
    }

    /// The first row that a query gives.
    pub fn query_one<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.bind(sql, values)?;
        let mut rows = statement.raw_query();
        rows.next()?.map(|row| read(&Row(row))).transpose()
    }

    /// `$1` is a *name* to `SQLite`: bound by name, the order in the text does not matter.
    fn bind(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<CachedStatement<'c>, StoreError> {
        const NAMES: [&str; 24] = [
            "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13",
            "$14", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24",
        ];
        let mut statement = self.connection.prepare_cached(sql)?;
        for (name, value) in NAMES.iter().zip(values) {
            let index = statement
                .parameter_index(name)?
                .ok_or_else(|| StoreError::Refused(format!("{name} is not in the statement")))?;
            statement.raw_bind_parameter(index, value)?;
        }
        Ok(statement)
    }
}

/// One row of an answer.
pub struct Row<'r>(&'r rusqlite::Row<'r>);

impl Row<'_> {
    /// The whole number in this column; 0 for no value.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        Ok(self.maybe_int(column)?.unwrap_or(0))
    }

    /// The whole number in this column, if any.
    pub fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            _ => Err(unreadable(column, "a number")),
        }
    }

    /// A count or an index.
    pub fn count(&self, column: usize) -> Result<usize, StoreError> {
        usize::try_from(self.int(column)?).map_err(|_| unreadable(column, "a count"))
    }

    /// The text in this column, as it stands; `None` for no value.
    pub fn str(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.0.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => {
                std::str::from_utf8(text).map(Some).map_err(|_| unreadable(column, "text"))
            }
            _ => Err(unreadable(column, "text")),
        }
    }

    /// The text in this column; empty for no value.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        Ok(self.maybe_text(column)?.unwrap_or_default())
    }

    /// The text in this column, if any.
    pub fn maybe_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(self.str(column)?.map(str::to_owned))
    }

    /// The time in this column, if any.
    pub fn maybe_moment(&self, column: usize) -> Result<Option<Moment>, StoreError> {
        Ok(self.maybe_int(column)?.map(Moment))
    }

    /// The id in this column.
    pub fn id<T>(&self, column: usize) -> Result<Id<T>, StoreError> {
        self.maybe_id(column)?.ok_or_else(|| unreadable(column, "an id"))
    }

    /// The id in this column, if any.
    pub fn maybe_id<T>(&self, column: usize) -> Result<Option<Id<T>>, StoreError> {
        match self.0.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => {
                Id::from_bytes(bytes).map(Some).ok_or_else(|| unreadable(column, "an id"))
            }
            _ => Err(unreadable(column, "an id")),
        }
    }

    /// The value frozen as JSON in this column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, StoreError> {
        match self.0.get_ref(column)? {
            ValueRef::Text(text) => serde_json::from_slice(text)
                .map_err(|error| unreadable(column, &format!("JSON ({error})"))),
            _ => Err(unreadable(column, "JSON")),
        }
    }

    /// The word in this column, as `read` knows it.
    pub fn word<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.maybe_word(column, read)?.ok_or_else(|| unreadable(column, "a known word"))
    }

    /// The word in this column, if any and if `read` knows it.
    pub fn maybe_word<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.str(column)?.and_then(read))
    }
}

fn unreadable(column: usize, expected: &str) -> StoreError {
    StoreError::Unreadable(format!("column {column} is not {expected}"))
}
