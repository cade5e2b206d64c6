//! Text within an address or a header.

use std::fmt::Write as _;

/// The text with `%20` in the place of a blank, and so on, for whatever is no plain letter, digit, `-`, `_` or `.`.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
