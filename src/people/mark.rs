//! Addresses, as they are compared.

use serde::{Deserialize, Serialize};

use super::{ContactPoint, PostalAddress, unaccented_capitals};

/// An address, written so that equal ones lead to the same place: a mailbox, a number, a home.
/// `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(String);

impl Mark {
    /// That of a mailbox, an account or a number, which is one for calls and for text messages.
    #[must_use]
    pub fn of_point(point: &ContactPoint) -> Self {
        let kind = match point {
            ContactPoint::Ent(_) => "ent",
            ContactPoint::Email(_) => "email",
            ContactPoint::Sms(_) | ContactPoint::Phone(_) => "number",
            ContactPoint::Chat(_) => "chat",
        };
        Self(format!("{kind}:{}", point.value().to_lowercase()))
    }

    /// That of a home; none for an address that leads to no house.
    #[must_use]
    pub fn of_home(address: &PostalAddress) -> Option<Self> {
        let lines = address.lines.iter().chain([&address.postcode, &address.town]);
        let lines = lines.map(|line| unaccented_capitals(line)).filter(|line| !line.is_empty());
        let folded = lines.collect::<Vec<_>>().join("|");
        address.is_full().then(|| Self(format!("home:{folded}")))
    }

    /// The mark that the database keeps.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// As the database keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mark(…)")
    }
}
