//! By what an entry is spoken of.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::message::{BadReference, Code, Reference};
use crate::people::SchoolId;
use crate::store::addressees::{self, Addressee};
use crate::store::{StoreError, Tx, messages};

/// By what an entry is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryName {
    /// The number of what somebody said: `12`.
    Said(u32),
    /// The reference of an addressee, by whichever of their copies: `7K4M-02QA`.
    InHands(Code, u32),
}

/// A text by which nothing is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" names nothing of the list; its entries are called like 12 or 7K4M-02QA")]
pub struct BadName(pub String);

impl FromStr for EntryName {
    type Err = BadName;

    fn from_str(typed: &str) -> Result<Self, BadName> {
        let typed = typed.trim();
        if !typed.is_empty() && typed.bytes().all(|sign| sign.is_ascii_digit()) {
            let shortened = || BadName(typed.chars().take(20).collect());
            return typed.parse().map(Self::Said).map_err(|_| shortened());
        }
        match typed.parse::<Reference>() {
            Ok(Reference { code, addressee, .. }) => Ok(Self::InHands(code, addressee)),
            Err(BadReference(typed)) => Err(BadName(typed)),
        }
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(number) => write!(f, "{number}"),
            Self::InHands(code, number) => f.write_str(&code.delivery(*number, 0)),
        }
    }
}

impl Serialize for EntryName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The addressee who is spoken of so.
pub(super) fn find(
    tx: &Tx<'_>,
    school: &SchoolId,
    code: &Code,
    number: u32,
) -> Result<Option<Addressee>, StoreError> {
    let Some(message) = messages::by_code(tx, school, code.as_str())? else { return Ok(None) };
    match addressees::by_number(tx, school, message.id, number)? {
        Some(id) => addressees::load(tx, school, id),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_named_as_it_is_shown() {
        for shown in ["12", "7K4M-02QA"] {
            assert_eq!(shown.parse::<EntryName>().unwrap().to_string(), shown);
        }
        let by_another_copy: EntryName = "7k4m-o2qc".parse().unwrap();
        assert_eq!(by_another_copy.to_string(), "7K4M-02QA");
        for nonsense in ["", "-1", "12a", "7K4M", "99999999999"] {
            assert!(nonsense.parse::<EntryName>().is_err(), "{nonsense}");
        }
    }
}
