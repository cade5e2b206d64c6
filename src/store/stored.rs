//! A value of a row as it is put aside, and written again.

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::value::{Cell, Row, Value, unreadable};

/// What one column holds, whatever it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stored {
    /// No value.
    #[serde(rename = "n")]
    Null,
    /// A whole number.
    #[serde(rename = "i")]
    Int(i64),
    /// Text.
    #[serde(rename = "t")]
    Text(String),
    /// Text that is kept as bytes.
    #[serde(rename = "b")]
    Bytes(String),
}

impl Stored {
    /// For a statement.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(text) => Value::Bytes(text.as_bytes()),
        }
    }

    /// The text that it is, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl Row<'_> {
    /// Whatever stands in this column.
    pub fn stored(&self, column: usize) -> Result<Stored, StoreError> {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).map_err(|_| unreadable(column, "text"))
        };
        Ok(match self.cell(column)? {
            Cell::Null => Stored::Null,
            Cell::Int(number) => Stored::Int(number),
            Cell::Text(bytes) => Stored::Text(text(bytes)?),
            Cell::Bytes(bytes) => Stored::Bytes(text(bytes)?),
            Cell::Other => return Err(unreadable(column, "a value of ours")),
        })
    }

    /// The text that this column keeps as bytes, for their order.
    pub fn bytes_as_text(&self, column: usize) -> Result<&str, StoreError> {
        match self.cell(column)? {
            Cell::Bytes(text) => {
                std::str::from_utf8(text).map_err(|_| unreadable(column, "text in bytes"))
            }
            _ => Err(unreadable(column, "text in bytes")),
        }
    }
}
