//! References that people can read out on the telephone.

use std::fmt;
use std::str::FromStr;

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

/// A reference that somebody read out or typed, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The message.
    pub code: Code,
    /// The number of the addressee within it.
    pub addressee: u32,
    /// The leg of the delivery.
    pub leg: usize,
}

/// A text that is no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no reference; it is printed like 7K4M-02QB")]
pub struct BadReference(pub String);

impl FromStr for Reference {
    type Err = BadReference;

    /// Small letters are taken too, and the signs that Crockford's base 32 leaves out, for the ones that
    /// they look like.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let bad = || BadReference(typed.chars().take(20).collect());
        let folded: String = typed.trim().to_uppercase().chars().map(looks_like).collect();
        let (code, rest) = folded.split_once('-').ok_or_else(bad)?;
        let mut rest: Vec<char> = rest.chars().collect();
        let leg = rest.pop().filter(char::is_ascii_uppercase).ok_or_else(bad)?;
        let number = number_of(&rest).filter(|_| (3..=7).contains(&rest.len())).ok_or_else(bad)?;
        if code.len() != 4 || number_of(&code.chars().collect::<Vec<_>>()).is_none() {
            return Err(bad());
        }
        Ok(Self {
            code: Code(code.to_owned()),
            addressee: u32::try_from(number).map_err(|_| bad())?,
            leg: usize::try_from(u32::from(leg) - u32::from('A')).map_err(|_| bad())?,
        })
    }
}

/// Words of a text in which references are looked for.
const LOOKED_THROUGH: usize = 400;
/// Codes that are looked for in one text.
const MOST_CODES: usize = 10;

/// The references that stand in a text that somebody wrote, each once.
#[must_use]
pub fn references_in(text: &str) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    for word in words(text) {
        if let Ok(reference) = word.parse::<Reference>()
            && !found.contains(&reference)
        {
            found.push(reference);
        }
    }
    found
}

/// The first words of a text that may be codes of messages.
#[must_use]
pub fn codes_in(text: &str) -> Vec<Code> {
    let is_code =
        |word: &&str| word.len() == 4 && word.bytes().all(|sign| sign.is_ascii_alphanumeric());
    words(text).filter(is_code).take(MOST_CODES).map(|word| Code(word.to_uppercase())).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_whitespace().take(LOOKED_THROUGH);
    words.map(|word| word.trim_matches(|sign: char| !sign.is_ascii_alphanumeric()))
}

fn looks_like(sign: char) -> char {
    match sign {
        'O' => '0',
        'I' | 'L' => '1',
        '\u{2010}'..='\u{2014}' => '-',
        other => other,
    }
}

fn number_of(signs: &[char]) -> Option<u64> {
    signs.iter().try_fold(0_u64, |number, sign| {
        let digit = ALPHABET.iter().position(|known| char::from(*known) == *sign)?;
        Some(number * 32 + u64::try_from(digit).ok()?)
    })
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code.delivery(self.addressee, self.leg))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `number` in Crockford's base 32, at least `width` signs.
pub(crate) fn base32(mut number: u64, width: usize) -> String {
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

    #[test]
    fn a_reference_is_read_back_as_it_was_printed_or_typed() {
        let code = Code::from_chance(0x3_A48D);
        for (addressee, leg) in [(0, 0), (31, 1), (40_000, 2), (999_999, 25)] {
            let printed = code.delivery(addressee, leg);
            let read = Reference { code: code.clone(), addressee, leg };
            assert_eq!(printed.parse(), Ok(read.clone()), "{printed}");
            assert_eq!(printed.to_lowercase().parse(), Ok(read), "{printed}");
        }
        let typed: Reference = "7k4m-o2qb".parse().unwrap();
        assert_eq!((typed.addressee, typed.leg), (87, 1));
    }

    #[test]
    fn references_are_found_in_what_people_write() {
        let found = references_in("Oui (réf. 7K4M-02QB), merci. 7k4m-02qb !");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code.as_str(), "7K4M");
        assert_eq!(references_in("Oui merci").len(), 0);
        let codes = codes_in("oui 7k4m, non");
        assert_eq!(codes.iter().map(Code::as_str).collect::<Vec<_>>(), ["7K4M"]);
        assert_eq!(codes_in(&"x ".repeat(100_000)).len(), 0);
    }

    #[test]
    fn nonsense_is_no_reference() {
        for text in ["", "7K4M", "7K4M-", "7K4M-02Q", "7K4-02QB", "7K4M-02Q1", "é-02QB", "----"] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
        assert!("7K4M-ZZZZZZZB".parse::<Reference>().is_err(), "more than any message has");
    }
}
