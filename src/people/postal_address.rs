//! Where post goes.

use serde::{Deserialize, Serialize};

/// An address as the source gives it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PostalAddress {
    /// The free lines of the source, in its order, empty ones left out (SIECLE `LIGNE1..4_ADRESSE`).
    pub lines: Vec<String>,
    /// Postcode; empty abroad, where the town holds it.
    pub postcode: String,
    /// Town (SIECLE `LIBELLE_POSTAL`, or `COMMUNE_ETRANGERE`).
    pub town: String,
    /// Country in French; `None` for France.
    pub country: Option<String>,
}

impl PostalAddress {
    /// Whether it leads to one home: a street and a town, not a town alone.
    #[must_use]
    pub fn is_full(&self) -> bool {
        !self.lines.is_empty() && !self.town.is_empty()
    }

    /// All of it on one line, for lists and tables.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        let town = format!("{} {}", self.postcode, self.town);
        let parts = self.lines.iter().map(String::as_str).chain([town.trim()]);
        let parts = parts.chain(self.country.as_deref());
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// The block behind an envelope's window, by NF Z 10-011: at most six lines (seven abroad) of at
/// most 38 characters, no blank line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressLines {
    /// From the person's name down to the town or country.
    pub lines: Vec<String>,
    /// What had to be cut or left out, for a person to look at; empty when all of it fits.
    pub warnings: Vec<String>,
}

impl std::fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostalAddress(…)")
    }
}

impl std::fmt::Debug for AddressLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AddressLines({} lines)", self.lines.len())
    }
}
