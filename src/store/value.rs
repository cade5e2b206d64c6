//! What statements take and give, whatever the database: values and rows.

use std::error::Error;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, Type};

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
    /// An id, or text that is compared byte by byte.
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

impl Value<'_> {
    /// What kind of value it is, for an error.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Int(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "an id",
        }
    }
}

impl<'a> TryFrom<ValueRef<'a>> for Value<'a> {
    type Error = StoreError;

    fn try_from(value: ValueRef<'a>) -> Result<Self, StoreError> {
        let odd = |what: &str| StoreError::Unreadable(what.to_owned());
        Ok(match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Text(text) => {
                Self::Text(std::str::from_utf8(text).map_err(|_| odd("a text that is no UTF-8"))?)
            }
            ValueRef::Blob(bytes) => Self::Bytes(bytes),
            ValueRef::Real(_) => return Err(odd("a fraction")),
        })
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

/// One row of an answer.
pub struct Row<'r>(pub(super) DatabaseRow<'r>);

/// The same, as each database gives it.
pub(super) enum DatabaseRow<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

/// What stands in one column of a row.
pub(super) enum Cell<'r> {
    Null,
    Int(i64),
    Text(&'r [u8]),
    Bytes(&'r [u8]),
    /// A kind that no column of ours has.
    Other,
}

impl Row<'_> {
    pub(super) fn cell(&self, column: usize) -> Result<Cell<'_>, StoreError> {
        Ok(match self.0 {
            DatabaseRow::Sqlite(row) => match row.get_ref(column)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Int(number),
                ValueRef::Text(text) => Cell::Text(text),
                ValueRef::Blob(bytes) => Cell::Bytes(bytes),
                ValueRef::Real(_) => Cell::Other,
            },
            DatabaseRow::Postgres(row) => {
                row.try_get::<_, Option<Cell<'_>>>(column)?.unwrap_or(Cell::Null)
            }
        })
    }

    /// The whole number in this column.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.maybe_int(column)?.ok_or_else(|| unreadable(column, "a number"))
    }

    /// The whole number in this column, if any.
    pub fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Int(number) => Ok(Some(number)),
            _ => Err(unreadable(column, "a number")),
        }
    }

    /// A count or an index.
    pub fn count(&self, column: usize) -> Result<usize, StoreError> {
        self.number(column)
    }

    /// The number in this column, which its kind can hold.
    pub fn number<T: TryFrom<i64>>(&self, column: usize) -> Result<T, StoreError> {
        self.maybe_number(column)?.ok_or_else(|| unreadable(column, "a number"))
    }

    /// The number in this column, if any and if its kind can hold it.
    pub fn maybe_number<T: TryFrom<i64>>(&self, column: usize) -> Result<Option<T>, StoreError> {
        let out_of_range = |_| unreadable(column, "a number of its kind");
        self.maybe_int(column)?.map(|number| T::try_from(number).map_err(out_of_range)).transpose()
    }

    /// The truth in this column: 0 or 1.
    pub fn truth(&self, column: usize) -> Result<bool, StoreError> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(unreadable(column, "a truth")),
        }
    }

    /// The text in this column, as it stands; `None` for no value.
    pub fn str(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => {
                std::str::from_utf8(text).map(Some).map_err(|_| unreadable(column, "text"))
            }
            _ => Err(unreadable(column, "text")),
        }
    }

    /// The text in this column.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.maybe_text(column)?.ok_or_else(|| unreadable(column, "text"))
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
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Bytes(bytes) => {
                Id::from_bytes(bytes).map(Some).ok_or_else(|| unreadable(column, "an id"))
            }
            _ => Err(unreadable(column, "an id")),
        }
    }

    /// The SHA-256 in this column, if any.
    pub fn maybe_hash(&self, column: usize) -> Result<Option<[u8; 32]>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Bytes(bytes) => {
                bytes.try_into().map(Some).map_err(|_| unreadable(column, "a hash"))
            }
            _ => Err(unreadable(column, "a hash")),
        }
    }

    /// The octets in this column, if any.
    pub fn maybe_bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Bytes(bytes) => Ok(Some(bytes.to_vec())),
            _ => Err(unreadable(column, "octets")),
        }
    }

    /// The value frozen as JSON in this column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, StoreError> {
        self.maybe_json(column)?.ok_or_else(|| unreadable(column, "JSON"))
    }

    /// The value frozen as JSON in this column, if any.
    pub fn maybe_json<T: serde::de::DeserializeOwned>(
        &self,
        column: usize,
    ) -> Result<Option<T>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => serde_json::from_slice(text)
                .map(Some)
                // The error's own words may quote what stands there.
                .map_err(|error| {
                    unreadable(column, &format!("JSON (to its column {})", error.column()))
                }),
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

    /// The word in this column, if any, as `read` knows it.
    pub fn maybe_word<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let unknown = || unreadable(column, "a known word");
        self.str(column)?.map(|word| read(word).ok_or_else(unknown)).transpose()
    }
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(kind, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(kind, raw)?.into()),
            Type::TEXT => Self::Text(raw),
            Type::BYTEA => Self::Bytes(raw),
            _ => Self::Other,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(super) fn unreadable(column: usize, expected: &str) -> StoreError {
    StoreError::Unreadable(format!("column {column} is not {expected}"))
}
