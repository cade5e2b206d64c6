//! What is secret: tokens and codes, made of the system's chance and kept by their hash.

use std::fmt;

use sha2::{Digest, Sha256};

use super::Hash;

/// The system gives no chance to make a secret of: nothing was made.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers; nothing was made")]
pub struct NoChance;

/// What a browser or a link holds: 256 bits. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// What a person types once: twelve letters and digits, 60 bits. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// The letters of a code, none of which is taken for another: Crockford's base 32.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many a code has.
const LETTERS_OF_A_CODE: usize = 12;
/// How many stand together.
const TOGETHER: usize = 4;

impl Token {
    /// A new one.
    pub fn new() -> Result<Self, NoChance> {
        Ok(Self(hex::encode(chance::<32>()?)))
    }

    /// What is put into a cookie or a link: digits and small letters.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Self::hash_of(&self.0)
    }

    /// The hash of what somebody brought, whatever it is.
    #[must_use]
    pub fn hash_of(brought: &str) -> Hash {
        hash("token", brought)
    }

    /// What the forms of a session hold, worked out of its token: who can make one has the other.
    #[must_use]
    pub fn csrf_of(brought: &str) -> String {
        hex::encode(hash("form", brought))
    }
}

impl OneTimeCode {
    /// A new one.
    pub fn new() -> Result<Self, NoChance> {
        let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
        Ok(Self(chance::<LETTERS_OF_A_CODE>()?.into_iter().map(letter).collect()))
    }

    /// As it is read out: `7KQ2-M0XD-93AV`.
    #[must_use]
    pub fn expose(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(TOGETHER).map(String::from_iter).collect::<Vec<_>>().join("-")
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Self::hash_of(&self.0)
    }

    /// The hash of what somebody typed: in capitals or not, with its hyphens or not, O for 0.
    #[must_use]
    pub fn hash_of(typed: &str) -> Hash {
        let meant = |letter: char| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let letters = typed.chars().filter(char::is_ascii_alphanumeric);
        hash("code", &letters.map(meant).collect::<String>())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode")
    }
}

/// The hash of a text for one use: the same text has another for another use.
pub(super) fn hash(of: &str, text: &str) -> Hash {
    Sha256::new().chain_update(of).chain_update([0]).chain_update(text).finalize().into()
}

/// Bytes that nobody guesses.
pub(super) fn chance<const N: usize>() -> Result<[u8; N], NoChance> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoChance)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed_and_no_other_is() {
        let code = OneTimeCode("7KQ2M0XD93A1".to_owned());
        assert_eq!(code.expose(), "7KQ2-M0XD-93A1");
        for typed in ["7KQ2-M0XD-93A1", " 7kq2 moxd 93al ", "7kq2m0xd93ai"] {
            assert_eq!(OneTimeCode::hash_of(typed), code.hash(), "{typed}");
        }
        assert_ne!(OneTimeCode::hash_of("7KQ2-M0XD-93A2"), code.hash());
    }

    #[test]
    fn no_two_are_alike_and_none_tells_another() {
        let (one, other) = (Token::new().unwrap(), Token::new().unwrap());
        assert!(one != other && one.expose().len() == 64);
        assert_ne!(Token::csrf_of(one.expose()), hex::encode(one.hash()));
        assert_ne!(OneTimeCode::new().unwrap(), OneTimeCode::new().unwrap());
        assert_eq!(format!("{one:?}"), "Token");
    }
}
