//! Cells that hold several values, and remarks beside them.

use super::*;

const HEAD: &str =
    "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Tél. portable parent 1;Courriel parent 1";

/// The ways of one parent, and the remarks.
fn parent(phone: &str, email: &str) -> (Vec<String>, Vec<String>) {
    let row = format!("PA;Ana;6A;GA;Ida;\"{phone}\";\"{email}\"");
    let reading = sound(&[&csv(HEAD, &[&row])]);
    let mut values: Vec<String> =
        ways(&reading.persons[0]).into_iter().map(str::to_owned).collect();
    values.dedup();
    let remarks = reading.set_aside.iter();
    (values, remarks.map(|aside| aside.reason.clone()).collect())
}

#[test]
fn every_whole_number_and_address_of_a_cell_is_kept() {
    for (phone, email) in [
        ("06 39 98 03 01\n05 36 49 03 01", "a1@example.org\na2@example.org"),
        ("06 39 98 03 01 - 05 36 49 03 01", "a1@example.org / a2@example.org"),
        ("0639980301 0536490301", "a1@example.org ou a2@example.org"),
        ("06 39 98 03 01 et 05 36 49 03 01", "Ida <a1@example.org>, <mailto:a2@example.org>"),
        ("06.39.98.03.01. ;05 36 49 03 01", "a1@example.org. | a2@example.org\u{a0}"),
        (
            "Mme 06 39 98 03 01 (depuis le 01/09/2026)\nM. 05 36 49 03 01",
            "a1@example.org ; a2@example.org",
        ),
    ] {
        let (values, remarks) = parent(phone, email);
        let all = ["+33639980301", "+33536490301", "a1@example.org", "a2@example.org"];
        assert_eq!(values, all, "{phone} {email}");
        assert_eq!(remarks, [""; 0], "{phone} {email}");
    }
}

#[test]
fn what_is_left_over_is_remarked_beside_what_is_kept() {
    let (values, remarks) = parent("06 39 98 03 08 / 09", "a1@example.org, a2@example");
    assert_eq!(values, ["+33639980308", "a1@example.org"]);
    assert_eq!(remarks.len(), 2);
    assert!(remarks[0].contains("« 09 » n’est pas un numéro utilisable ; le reste est repris"));
    assert!(remarks[1].contains("« a2@example » n’est pas une adresse électronique ; le reste"));
}

#[test]
fn signs_of_the_web_and_of_spreadsheets_are_read_as_what_they_mean() {
    for phone in [
        "06\u{202f}39\u{202f}98\u{202f}00\u{202f}01",
        "06\u{200b}39980001",
        "06\u{2212}39\u{2212}98\u{2212}00\u{2212}01",
        "639980001.0",
        "639980001,0",
    ] {
        assert_eq!(parent(phone, ""), (vec!["+33639980001".to_owned()], vec![]), "{phone}");
    }
    let (values, _) = parent("0596 50 00 00", "ida@collège.example.org");
    assert_eq!(values, ["+596596500000", "ida@xn--collge-6ua.example.org"]);
}

#[test]
fn names_come_in_as_one_line_that_steers_nothing() {
    let row =
        "\"DU\u{202e}RAND\nROY\";Zo\u{9b}é\u{200b};6A;LE\u{7f}ROY;\" Ida\u{2028}Ana \";0639980001;";
    let reading = sound(&[&csv(HEAD, &[row])]);
    assert_eq!(reading.pupils[0].family_name, "DURAND ROY");
    assert_eq!(reading.pupils[0].first_name, "Zoé");
    assert_eq!(reading.persons[0].display_name(), "Ida Ana LEROY");
}
