//! From where a number is dialled, and whose numbering plans answer there.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

/// The territories of France (ISO 3166).
const FRENCH: [&str; 12] = ["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"];

/// The overseas plans of ten digits after a zero; Guadeloupe's is Saint-Barthélemy's and Saint-Martin's
/// too. A family in Toulouse may well have kept its number of La Réunion.
const OVERSEAS: [Region; 5] = [Region::GP, Region::MQ, Region::GF, Region::RE, Region::YT];

/// Whether telephone numbers can be read as they are typed in this country or territory.
#[must_use]
pub fn is_known(word: &str) -> bool {
    let region =
        word.parse().ok().filter(|region: &Region| region.as_region_str().as_str() == word);
    region.is_some_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
}

/// The territories of France, as words of a configuration.
#[must_use]
pub fn french_ones() -> String {
    FRENCH.join(", ")
}

/// Whether ten digits after a zero reach all of France from there.
pub(super) fn dials_france(home: Region) -> bool {
    FRENCH.contains(&home.as_region_str().as_str())
}

/// The plans that are asked about ten digits, first to last. A landline is asked overseas first: the
/// library lets 0263, 0268, 0269, 0596 and 0598 through as mainland ones, and no mainland number is one of
/// an overseas plan. What is dialled alike everywhere (08, 09) stays at home.
pub(super) fn plans(ten_digits: &str, home: Region) -> impl Iterator<Item = Region> {
    let is_landline = ten_digits.starts_with("02") || ten_digits.starts_with("05");
    let first = (!is_landline && (home == Region::FR || OVERSEAS.contains(&home))).then_some(home);
    first.into_iter().chain(OVERSEAS).chain([Region::FR])
}
