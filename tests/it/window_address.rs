//! The block behind an envelope's window (NF Z 10-011).

use chappe::people::{AddressLines, PostalAddress};

fn address(lines: &[&str], postcode: &str, town: &str, country: Option<&str>) -> PostalAddress {
    PostalAddress {
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        postcode: postcode.to_owned(),
        town: town.to_owned(),
        country: country.map(str::to_owned),
    }
}

fn printed(lines: &[&str]) -> AddressLines {
    address(lines, "31999", "Valclair", None).envelope_lines("Mme Zoé LEBŒUF")
}

#[test]
fn the_street_comes_after_the_flat_and_the_building() {
    let block = printed(&["12 rue des Lilas", "Apt 34, 2e étage", "Résidence l'Orée"]);
    assert_eq!(
        block.lines,
        [
            "Mme Zoé LEBŒUF",
            "Apt 34, 2e étage",
            "Résidence l'Orée",
            "12 RUE DES LILAS",
            "31999 VALCLAIR"
        ]
    );
    assert!(block.warnings.is_empty());
}

#[test]
fn lines_typed_in_another_order_find_their_places() {
    let block = printed(&["RES LES PINS", "APT 12", "3 BIS, CHEMIN DU MAS-NEUF", "BP 40012"]);
    assert_eq!(
        block.lines,
        [
            "Mme Zoé LEBŒUF",
            "APT 12",
            "RES LES PINS",
            "3 BIS CHEMIN DU MAS NEUF",
            "BP 40012",
            "31999 VALCLAIR"
        ]
    );
}

#[test]
fn a_floor_is_not_taken_for_a_house_number() {
    let block = printed(&["2EME ETAGE", "5 PLACE AUX OIES"]);
    assert_eq!(block.lines[1..3], ["2EME ETAGE", "5 PLACE AUX OIES"]);
}

#[test]
fn from_the_street_down_there_are_no_accents_and_no_punctuation() {
    let block = address(&["8, rue de l'Œillet (côté cour)"], "95880", "L'Haÿ-les-Forêts", None)
        .envelope_lines("M. Étienne d'Haÿ");
    assert_eq!(
        block.lines,
        ["M. Étienne d'Haÿ", "8 RUE DE L OEILLET COTE COUR", "95880 L HAY LES FORETS"]
    );
}

#[test]
fn a_long_line_is_abbreviated_word_by_word_until_it_fits() {
    let block = printed(&["123 AVENUE DU PRÉ AUX CLERCS DE VALCLAIR"]);
    assert_eq!(block.lines[1], "123 AV DU PRE AUX CLERCS DE VALCLAIR");
    let block = printed(&["7 BOULEVARD DU GÉNÉRAL DE SAINT-AUBIN LE VIEUX"]);
    assert_eq!(block.lines[1], "7 BD DU GAL DE SAINT AUBIN LE VIEUX");
    assert!(block.warnings.is_empty());
}

#[test]
fn what_fits_is_never_abbreviated() {
    let block = printed(&["12 AVENUE DU GENERAL DE LA TOUR CARREE"]);
    assert_eq!(block.lines[1], "12 AVENUE DU GENERAL DE LA TOUR CARREE");
}

#[test]
fn a_line_that_cannot_fit_is_cut_with_a_warning_that_does_not_quote_it() {
    let block = printed(&["12 RUE DES TRES LONGUES ET TRES HAUTES MURAILLES GRISES"]);
    assert_eq!(block.lines[1].chars().count(), 38);
    assert_eq!(block.warnings.len(), 1);
    assert!(block.warnings[0].contains("rue"), "{}", block.warnings[0]);
    assert!(!block.warnings[0].contains("MURAILLES"));
}

#[test]
fn an_address_abroad_ends_with_its_country() {
    let home = address(&["3 Chaussée des Deux Tours"], "", "1099 Bruxelles", Some("Belgique"));
    assert_eq!(
        home.envelope_lines("M. Noé DEMIR").lines,
        ["M. Noé DEMIR", "3 CHAUSSEE DES DEUX TOURS", "1099 BRUXELLES", "BELGIQUE"]
    );
    let home = address(&["Rua Nova 3"], "", "1000-001 Lisboa", Some("Portugal"));
    assert!(home.envelope_lines("Mme A").lines.contains(&"1000-001 LISBOA".to_owned()));
}

#[test]
fn no_line_is_blank_and_what_is_missing_is_told() {
    let block = address(&["", "  "], "", "", None).envelope_lines("Mme Zoé LEBŒUF");
    assert_eq!(block.lines, ["Mme Zoé LEBŒUF"]);
    assert_eq!(block.warnings.len(), 2);
}

#[test]
fn two_who_need_a_line_each_leave_one_for_flat_and_building() {
    let home =
        address(&["APT 12", "RES LES PINS", "3 RUE BASSE", "BP 40012"], "31999", "Valclair", None);
    let block = home.envelope_lines_of(&["Mme Anne DE LA TOUR", "M. Paul LEFEBVRE"]);
    assert_eq!(
        block.lines,
        [
            "Mme Anne DE LA TOUR",
            "M. Paul LEFEBVRE",
            "APT 12 RES LES PINS",
            "3 RUE BASSE",
            "BP 40012",
            "31999 VALCLAIR"
        ]
    );
    assert!(block.warnings.is_empty());
}

mod any_address {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fits_the_window(
            lines in proptest::collection::vec(".{0,60}", 0..6),
            town in ".{0,60}",
            country in proptest::option::of(".{0,50}"),
            recipients in proptest::collection::vec(".{0,70}", 1..3),
        ) {
            let home = PostalAddress { lines, postcode: "31999".to_owned(), town, country };
            let block = home.envelope_lines_of(&recipients);
            let most = if home.country.is_some() { 7 } else { 6 };
            prop_assert!(block.lines.len() <= most);
            for line in &block.lines {
                prop_assert!(line.chars().count() <= 38);
                prop_assert!(!line.trim().is_empty());
            }
        }
    }
}
