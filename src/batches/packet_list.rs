//! The list that goes with a batch: on which pages each letter stands, how heavy it is, how many stamps it takes, and
//! where whoever takes it away signs.

use crate::delivery::{LetterOrder, PileKind};
use crate::export::{self, ExportError};
use crate::queue::DueLetter;
use crate::render::letters::{LetterJob, LetterPlace};

/// Grams of an A4 sheet of 80 g/m².
const SHEET: usize = 5;
/// Grams of a C4 envelope of 90 g/m² with its flap, in which packets lie unfolded.
const ENVELOPE: usize = 16;
/// Up to so many grams, so many stamps of the *lettre verte* (La Poste); nothing heavier goes as a
/// letter.
const STAMPS: [(usize, usize); 5] = [(20, 1), (100, 2), (250, 4), (500, 6), (3_000, 8)];
/// What stands at the head of each column.
const HEAD: [&str; 15] = [
    "N°",
    "De la page",
    "À la page",
    "Feuilles",
    "Grammes",
    "Timbres",
    "Moins cher",
    "Classe",
    "Élèves",
    "Destinataire",
    "Référence",
    "Pile",
    "Code postal",
    "Remise",
    "Remis le, signature",
];

/// The list of a batch, in the order in which it is printed and handed out, as CSV; the letters of the job are those of
/// `sheets`. What is not posted takes no stamps.
pub(super) fn packet_list(
    job: &LetterJob,
    sheets: &[DueLetter],
    places: &[LetterPlace],
) -> Result<Vec<u8>, ExportError> {
    let rows = places.iter().zip(1_usize..).filter_map(|(place, number)| {
        let (letter, sheet) = job.letters.get(place.index).zip(sheets.get(place.index))?;
        let to = sheet.recipients.first()?;
        let (first, pages) = (place.span.first, place.span.pages);
        let way = LetterOrder::PickUp.pile(to);
        let sheets = job.sides.sheets(pages);
        let grams = grams(sheets);
        let (stamps, cheaper) = if way.kind == PileKind::Post {
            let stamps = stamps(grams).map_or_else(|| "colis".to_owned(), |it| it.to_string());
            (stamps, cheaper(sheets))
        } else {
            (String::new(), "")
        };
        let pile = job.piles.iter().rfind(|pile| pile.first <= place.index);
        let postcode = to.post.as_ref().map(|post| post.postcode.clone());
        Some([
            number.to_string(),
            first.to_string(),
            (first + pages - 1).to_string(),
            sheets.to_string(),
            grams.to_string(),
            stamps,
            cheaper.to_owned(),
            letter.class_label.clone().unwrap_or_default(),
            letter.about.join(", "),
            letter.address.first().cloned().unwrap_or_default(),
            letter.reference.clone(),
            pile.map(|pile| pile.name.clone()).unwrap_or_default(),
            postcode.unwrap_or_default(),
            way.in_french(),
            String::new(),
        ])
    });
    export::table(&HEAD, rows)
}

/// How what is just above a step of the post takes fewer stamps: with a sheet or two less. Two envelopes never take fewer.
fn cheaper(sheets: usize) -> &'static str {
    let now = stamps(grams(sheets));
    let takes_fewer = |less| sheets > less && stamps(grams(sheets - less)) < now;
    if takes_fewer(1) {
        "1 feuille de moins"
    } else if takes_fewer(2) {
        "2 feuilles de moins"
    } else {
        ""
    }
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

    #[test]
    fn what_is_just_above_a_step_takes_fewer_stamps_with_less_and_never_in_two_envelopes() {
        for (sheets, wanted) in [
            (16, ""),
            (17, "1 feuille de moins"),
            (18, "2 feuilles de moins"),
            (19, ""),
            (47, "1 feuille de moins"),
            (98, "2 feuilles de moins"),
            (597, ""),
        ] {
            assert_eq!(cheaper(sheets), wanted, "{sheets} sheets");
        }
        let stamps_of = |sheets| stamps(grams(sheets)).unwrap();
        for (all, one) in (2..=596).flat_map(|all| (1..=all / 2).map(move |one| (all, one))) {
            assert!(stamps_of(one) + stamps_of(all - one) >= stamps_of(all), "{one} of {all}");
        }
    }
}
