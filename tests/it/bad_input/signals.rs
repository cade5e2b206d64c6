//! Characters that would steer a terminal, turn a line or begin a formula: gone on the way in, harmless on
//! the way out.

use chappe::plain_text::is_signal;

use crate::commands::office::{FIELDS, Office};

/// A school in which somebody's name asks the terminal for another colour and title, and is a formula.
fn hostile_school() -> Office {
    let office = Office::new();
    office.write(
        "liste.csv",
        "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Courriel parent 1;Tél. portable parent 1\n\
         \"=HYPERLINK(\"\"x\"\")\";Zo\u{9b}31mé;6A;\"+LE\u{202e}ROY\";@Ida\u{200b};ida@example.org;0692 12 34 56\n\
         DURAND;\"Léo\n- reached: 99\";6A;DURAND;Anne;anne@example.org;+32 470 12 34 56\n",
    );
    office.run(["import", "liste.csv", "--yes"]).done();
    office
}

fn steers_nothing(shown: &str) {
    assert!(!shown.contains(is_signal), "{shown:?}");
}

#[test]
fn no_name_steers_a_terminal() {
    let office = hostile_school();
    for command in [
        vec!["import", "liste.csv", "--dry-run"],
        vec!["audience", "familles"],
        vec!["contacts", "list", "all"],
        vec!["contacts", "list", "all", "--json"],
    ] {
        let answer = office.run(command.iter().copied());
        steers_nothing(&answer.out);
        steers_nothing(&answer.err);
        assert!(!answer.out.lines().any(|line| line.starts_with("- reached")), "{answer:?}");
    }
}

#[test]
fn what_is_typed_for_colleagues_is_refused_when_it_steers() {
    let office = Office::with_school();
    for command in [
        vec!["hold", "--reason", "x\u{1b}[2J"],
        vec!["channel", "close", "ent", "--reason", "x\u{202e}"],
        vec!["lists", "save", "a\u{9b}b", "familles"],
        vec!["handouts", "make", "familles", "--for", "A\nB", "--csv", "x.csv"],
        vec!["contacts", "correct", "Anne", "--address", "1 rue\u{202e}; 31000 TOULOUSE"],
        vec!["people", "connect", "Anne", "--call", "le soir\u{7}"],
    ] {
        let answer = office.run(command.iter().copied());
        assert_eq!(answer.code, Some(2), "{answer:?}");
        assert!(answer.err.contains("one line"), "{answer:?}");
    }
}

#[test]
fn a_field_of_one_line_takes_no_second_one_by_another_sign() {
    let office = Office::with_school();
    for sign in ["\u{2028}", "\r", "\u{85}"] {
        let subject = format!("objet=Fermeture{sign}Bcc: x@example.org");
        let fields = FIELDS
            .iter()
            .map(|field| if field.starts_with("objet=") { subject.as_str() } else { *field });
        let arguments = ["send", "fermeture", "--to", "familles", "--again", "--json"];
        let told = office.run(arguments.into_iter().chain(fields)).failed_in_json();
        assert!(told.contains("single line"), "{told}");
    }
}

#[test]
fn a_list_for_a_spreadsheet_holds_no_formula_and_numbers_as_people_read_them() {
    let office = hostile_school();
    let all = ["handouts", "make", "familles", "--for", "Anne LEROY", "--columns"];
    let more = ["name,pupils,mobile", "--csv", "all.csv"];
    office.run(all.into_iter().chain(more)).done();
    let text = std::fs::read_to_string(office.path("all.csv")).unwrap();
    for cell in text.trim_start_matches('\u{feff}').split(['"', ';', ',', '\n']) {
        assert!(
            !cell.trim_start_matches(' ').starts_with(['=', '+', '@', '-']),
            "{cell:?}: {text}"
        );
    }
    assert!(text.contains("\"0692 12 34 56\""), "{text}");
    assert!(text.contains("\"\u{a0}+32 470 12 34 56\""), "{text}");
}
