//! References that people can read out on the telephone.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Crockford's base 32: no I, L, O, U, so that nothing is misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a message: four signs, unique in the school.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// The code for this draw of chance; only its low 20 bits count.
    #[must_use]
    pub fn from_chance(chance: u32) -> Self {
        Self(base32(u64::from(chance & 0xF_FFFF), 4))
    }

    /// A code as the database gave it back.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The four signs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reference of one delivery: `7K4M-02QB` is leg B of the message's addressee 02Q. The
    /// same at every attempt, so that providers and people can be asked about it.
    #[must_use]
    pub fn delivery(&self, addressee: u32, leg: usize) -> String {
        let letter = char::from(b'A' + u8::try_from(leg % 26).unwrap_or(0));
        format!("{}-{}{letter}", self.0, base32(u64::from(addressee), 3))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `number` in base 32, at least `width` signs.
fn base32(mut number: u64, width: usize) -> String {
    let mut signs = Vec::new();
    while number > 0 || signs.len() < width {
        let digit = usize::try_from(number % 32).unwrap_or(0);
        signs.push(char::from(ALPHABET[digit]));
        number /= 32;
    }
    signs.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_message_addressee_and_leg() {
        let code = Code::from_chance(0x3_A48D);
        assert_eq!(code.as_str().len(), 4);
        assert_eq!(code.delivery(0, 0), format!("{code}-000A"));
        assert_eq!(code.delivery(31, 1), format!("{code}-00ZB"));
        assert_eq!(code.delivery(40_000, 2), format!("{code}-1720C"));
    }

    #[test]
    fn no_sign_can_be_misread() {
        for sign in "ILOU".bytes() {
            assert!(!ALPHABET.contains(&sign));
        }
    }
}
