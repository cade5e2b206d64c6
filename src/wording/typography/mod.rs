//! French typography of what people typed: apostrophes, quotation marks, raised letters of ordinals,
//! hours, and spaces that do not break. For screens and paper; never for SMS, where each of these signs
//! costs dear.
//!
//! What is not language stays as typed: addresses, names of files, codes, times such as 8:30, classes
//! such as 6A. Applying it twice changes nothing more. Rules: *Lexique des règles typographiques en usage
//! à l'Imprimerie nationale*.

mod joined;
mod kept;
mod signs;
mod spaces;
mod words;

pub use spaces::Placed;

/// The text as a French printer sets it.
#[must_use]
pub fn french(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    set(signs).into_iter().map(|(sign, _)| sign).collect()
}

/// The same sign by sign, for a line that is bold in places.
#[must_use]
pub fn set(mut signs: Vec<char>) -> Vec<Placed> {
    let kept = kept::mask(&signs);
    signs::set_apostrophes(&mut signs, &kept);
    signs::set_quotes(&mut signs, &kept);
    joined::join(&mut signs);
    signs::raise_ordinals(&mut signs, &kept);
    spaces::set(&signs, &kept)
}
