//! What the address of a page calls somebody: it tells nothing of them, and it is the same as long as their key is.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::{PersonKey, PupilKey};

/// How long it is, in octets: enough that no two people of a school share one.
const LENGTH: usize = 12;

/// A fingerprint of somebody's key: keys may hold a login, and a login a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle([u8; LENGTH]);

impl Handle {
    /// Of an adult.
    #[must_use]
    pub fn of_person(key: &PersonKey) -> Self {
        Self::of("person", &key.0)
    }

    /// Of a pupil.
    #[must_use]
    pub fn of_pupil(key: &PupilKey) -> Self {
        Self::of("pupil", &key.0)
    }

    /// Of a saved list: its name may say something of those who stand on it.
    #[must_use]
    pub fn of_list(name: &str) -> Self {
        Self::of("list", name)
    }

    fn of(what: &str, key: &str) -> Self {
        let digest =
            Sha256::new().chain_update(what).chain_update([0]).chain_update(key).finalize();
        let mut handle = [0; LENGTH];
        handle.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(handle)
    }

    /// Out of an address; `None` for what is none.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut handle = [0; LENGTH];
        hex::decode_to_slice(typed, &mut handle).ok()?;
        Some(Self(handle))
    }

    /// As the database keeps it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({self})")
    }
}

impl Serialize for Handle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_back_tells_no_name_and_keeps_an_adult_from_a_pupil() {
        let key = "edifice:zoe.durand";
        let person = Handle::of_person(&PersonKey(key.to_owned()));
        assert_eq!(Handle::parse(&person.to_string()), Some(person));
        assert!(!person.to_string().contains("zoe"));
        assert_ne!(person, Handle::of_pupil(&PupilKey(key.to_owned())));
        for odd in ["", "zoe", "../etc", "ab", &"a".repeat(26)] {
            assert_eq!(Handle::parse(odd), None, "{odd}");
        }
    }
}
