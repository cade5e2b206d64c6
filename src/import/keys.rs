//! Keys of people in tables: the source's own id, or a fingerprint where it gives none. A key shows no
//! name, since logs show keys.

use sha2::{Digest as _, Sha256};

/// Letters of an id that a key takes as it is.
const LONGEST_ID: usize = 64;
/// Of a fingerprint: 64 bits tell a school's people from each other.
const SIGNS: usize = 16;
/// Stands between two values; no table holds it.
const BETWEEN: [u8; 1] = [0x1F];

/// The first [`SIGNS`] hexadecimal digits of SHA-256 over these values.
pub(super) fn fingerprint<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for value in values {
        hasher.update(value);
        hasher.update(BETWEEN);
    }
    let mut signs = hex::encode(hasher.finalize());
    signs.truncate(SIGNS);
    signs
}

/// A fingerprint of names alone: the directory looks for whoever bears them, by what else is told.
pub(super) fn by_names(fingerprint: &str) -> String {
    format!("~{fingerprint}")
}

/// An id as it stands in a key; one that is no plain word is fingerprinted.
pub(super) fn id(given: &str) -> String {
    let is_plain =
        given.len() <= LONGEST_ID && given.chars().all(|letter| letter.is_ascii_graphic());
    let is_plain = is_plain && !given.starts_with('~');
    if is_plain { given.to_owned() } else { fingerprint(["id", given]) }
}
