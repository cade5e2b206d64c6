//! The list that goes with packets: on which pages each stands, how heavy it is, how many stamps it takes, and
//! where whoever takes it away signs.

use crate::export::{self, ExportError};
use crate::render::letters::{Letter, LetterPlace, Sides};

/// Grams of an A4 sheet of 80 g/m².
const SHEET: usize = 5;
/// Grams of a C4 envelope of 90 g/m² with its flap, in which packets lie unfolded.
const ENVELOPE: usize = 16;
/// Up to so many grams, so many stamps of the *lettre verte* (La Poste); nothing heavier goes as a
/// letter.
const STAMPS: [(usize, usize); 5] = [(20, 1), (100, 2), (250, 4), (500, 6), (3_000, 8)];
/// What stands at the head of each column.
const HEAD: [&str; 11] = [
    "N°",
    "De la page",
    "À la page",
    "Feuilles",
    "Grammes",
    "Timbres",
    "Classe",
    "Élèves",
    "Destinataire",
    "Référence",
    "Remis le, signature",
];

/// The list of a batch, in the order in which it is printed and handed out, as CSV.
pub(super) fn packet_list(
    letters: &[Letter],
    places: &[LetterPlace],
    sides: Sides,
) -> Result<Vec<u8>, ExportError> {
    let rows = places.iter().zip(1_usize..).filter_map(|(place, number)| {
        let letter = letters.get(place.index)?;
        let (first, pages) = (place.span.first, place.span.pages);
        let sheets = sides.sheets(pages);
        let grams = grams(sheets);
        let stamps = stamps(grams).map_or_else(|| "colis".to_owned(), |it| it.to_string());
        Some([
            number.to_string(),
            first.to_string(),
            (first + pages - 1).to_string(),
            sheets.to_string(),
            grams.to_string(),
            stamps,
            letter.class_label.clone().unwrap_or_default(),
            letter.about.join(", "),
            letter.address.first().cloned().unwrap_or_default(),
            letter.reference.clone(),
            String::new(),
        ])
    });
    export::table(&HEAD, rows)
}

/// What so many sheets weigh in their envelope.
const fn grams(sheets: usize) -> usize {
    sheets * SHEET + ENVELOPE
}

/// The stamps that so many grams take; `None` for what is too heavy for a letter.
fn stamps(grams: usize) -> Option<usize> {
    STAMPS.into_iter().find(|(most, _)| grams <= *most).map(|(_, stamps)| stamps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_takes_the_stamps_of_its_step() {
        for (sheets, weighs, wanted) in [
            (1, 21, Some(2)),
            (16, 96, Some(2)),
            (17, 101, Some(4)),
            (96, 496, Some(6)),
            (596, 2_996, Some(8)),
            (597, 3_001, None),
        ] {
            assert_eq!((grams(sheets), stamps(grams(sheets))), (weighs, wanted), "{sheets}");
        }
    }
}
