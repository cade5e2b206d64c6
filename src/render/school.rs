//! What templates may say of the school.

use serde::{Deserialize, Serialize};

/// The school, as its messages and its letterhead show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolFacts {
    /// Its name: `Collège Jean-Moulin`.
    pub name: String,
    /// Its postal address, from the street down.
    pub address_lines: Vec<String>,
    /// The number of the office, as people write it.
    pub phone: String,
    /// The address of the office.
    pub email: String,
    /// The page where the full text of each message is.
    pub website: String,
    /// Who signs.
    pub signatory_name: String,
    /// As what they sign: `Principale`.
    pub signatory_title: String,
    /// Where letters are dated from.
    pub town: String,
}
