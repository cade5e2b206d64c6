//! Quotes, lengths, sizes.

use super::*;

const HEAD: &str = "Nom;Prénom;Classe";

#[test]
fn quoted_cells_hold_separators_quotes_and_line_breaks() {
    let text = "Nom;Prénom;Adresse;Ville;Fonction\n\"LE \"\"GOFF\"\"\";Anne;\"Bât. B\n3; rue Haute\";\
                X;ENS\nROY;Ali;;;AED\n";
    let reading = sound(&[text.as_bytes()]);
    assert_eq!(reading.persons[0].family_name, "LE \"GOFF\"");
    let address = reading.persons[0].postal_address.as_ref().unwrap();
    assert_eq!(address.lines, ["Bât. B", "3; rue Haute"]);
    let lines: Vec<u32> =
        reading.persons.iter().map(|p| reading.person_origins.get(&p.key).unwrap().line).collect();
    assert_eq!(lines, [2, 4]);
}

#[test]
fn rows_may_be_shorter_than_the_head() {
    let reading = sound(&[&csv(HEAD, &["DURAND;Zoé", "DURAND;Léo;6A"])]);
    assert_eq!(reading.pupils.len(), 2);
    assert_eq!(causes(&reading), [Cause::NoClass]);
}

#[test]
fn a_quote_that_stays_open_is_refused_at_its_line() {
    let text = csv(HEAD, &["DURAND;Zoé;6A", "\"PETIT;Max;6A", "ROY;Lou;6A"]);
    assert_eq!(refusal(&text), (Some(3), Reason::OpenQuote));
}

#[test]
fn a_quote_that_another_cell_closes_is_refused_at_its_line() {
    let text = csv(HEAD, &["DURAND;Zoé;6A", "\"PETIT;Max;6A", "ROY;Lou;6A", "\"NOË\";Ali;6A"]);
    assert_eq!(refusal(&text), (Some(3), Reason::OpenQuote));
}

#[test]
fn a_quote_inside_a_cell_is_a_quote() {
    let reading = sound(&[&csv(HEAD, &["DURAND;Zoé \"Zozo\";6A"])]);
    assert_eq!(reading.pupils[0].first_name, "Zoé \"Zozo\"");
}

#[test]
fn a_line_of_ten_megabytes_is_refused() {
    let long = format!("DURAND;{};6A", "Z".repeat(10_000_000));
    assert_eq!(refusal(&csv(HEAD, &["A;B;6A", &long])), (Some(3), Reason::TooLarge));
}

#[test]
fn a_hundred_thousand_columns_are_refused() {
    let row = ";".repeat(100_000);
    assert_eq!(refusal(&csv(HEAD, &[&row])), (Some(2), Reason::TooLarge));
    let row = format!("DURAND;Zoé;6A{}x", ";".repeat(600));
    assert_eq!(refusal(&csv(HEAD, &[&row])), (Some(2), Reason::TooManyColumns(512)));
}

#[test]
fn a_large_table_of_one_name_is_read_in_one_go() {
    let pupils: Vec<String> = (0..5_000).map(|number| format!("DURAND;Zoé;{number}")).collect();
    let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
    let guardians = vec!["DURAND;Inès;DURAND;Zoé"; 5_000];
    let guardians = csv("Nom;Prénom;Nom enfant;Prénom enfant", &guardians);
    let reading = sound(&[&csv(HEAD, &pupils), &guardians]);
    assert_eq!(reading.pupils.len(), 5_000);
    assert!(reading.persons.is_empty());
    let ambiguous = causes(&reading).iter().filter(|c| **c == Cause::AmbiguousPupil).count();
    assert_eq!(ambiguous, 5_000);
}
