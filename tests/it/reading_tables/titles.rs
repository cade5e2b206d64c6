//! What titles are taken for, and how that is corrected.

use chappe::import::Field;

use super::*;

#[test]
fn the_reading_tells_how_each_column_was_understood() {
    let reading = sound(&[&csv("Nom*;Prénom;Né(e) le;Classe;Régime;Portable", &["A;B;;6A;DP;06"])]);
    let [map] = reading.columns.as_slice() else { panic!("one table") };
    assert_eq!(map.head, "nom;prenom;neele;classe;regime;portable");
    let understood: Vec<(&str, Option<&str>)> =
        map.columns.iter().map(|(title, field)| (title.as_str(), field.as_deref())).collect();
    assert_eq!(
        understood,
        [
            ("Nom*", Some("family-name")),
            ("Prénom", Some("first-name")),
            ("Né(e) le", Some("birth-date")),
            ("Classe", Some("class")),
            ("Régime", None),
            // A pupil's own telephone is not kept, and nobody shall think that it was.
            ("Portable", None),
        ]
    );
}

#[test]
fn a_correction_goes_before_the_guess() {
    let file = csv("Nom;Prénom;Div.;Classe", &["DURAND;Zoé;6A;verte"]);
    let expected = corrected(&["div=class", "Classe=ignore"]);
    let reading = reading_as(&[&file], &expected).unwrap();
    assert_eq!(reading.pupils[0].class.as_deref(), Some("6A"));
}

#[test]
fn a_correction_of_another_head_changes_nothing() {
    let file = csv("Nom;Prénom;Classe;Option", &["DURAND;Zoé;6A;latin"]);
    let mut expected = corrected(&["Option=group"]);
    expected.maps[0].head = Some("nom;prenom;classe".to_owned());
    assert!(reading_as(&[&file], &expected).unwrap().pupils[0].groups.is_empty());
    expected.maps[0].head = Some("nom;prenom;classe;option".to_owned());
    assert_eq!(reading_as(&[&file], &expected).unwrap().pupils[0].groups, ["latin"]);
}

#[test]
fn a_table_of_unknown_people_is_refused_and_a_correction_helps() {
    let file = csv("Nom;Prénom;Mission", &["ROY;Anne;accueil"]);
    let (_, reason) = refusal(&file);
    let understood = "family-name, first-name".to_owned();
    assert_eq!(reason, Reason::UntoldPeople { understood });
    let reading = reading_as(&[&file], &corrected(&["Mission=function"])).unwrap();
    assert_eq!(duties(&reading.persons[0]).function, "accueil");
}

#[test]
fn every_field_has_a_word_and_an_unknown_word_is_refused() {
    for field in Field::all() {
        assert_eq!(Field::from_word(&field.to_string()), Ok(field));
    }
    let mut map = ColumnMap::default();
    let unknown = map.add("Nom=surname").unwrap_err().to_string();
    assert!(unknown.starts_with("\"surname\" names no field; known are ignore, id, "), "{unknown}");
    assert!(map.add("Nom").is_err());
    assert!(map.columns.is_empty());
}

#[test]
fn a_column_without_title_is_refused_only_if_it_holds_something() {
    let empty = csv("Nom;Prénom;;Classe", &["DURAND;Zoé;;6A"]);
    assert_eq!(sound(&[&empty]).pupils.len(), 1);
    let filled = csv("Nom;Prénom;;Classe", &["DURAND;Zoé;x;6A"]);
    assert_eq!(refusal(&filled), (Some(1), Reason::UntitledColumn(3)));
    let at_the_end = csv("Nom;Prénom;Classe;", &["DURAND;Zoé;6A;x", "DURAND;Léo;6A;y"]);
    assert_eq!(refusal(&at_the_end), (Some(1), Reason::UntitledColumn(4)));
}

#[test]
fn a_row_with_more_cells_than_titles_is_set_aside() {
    let rows = ["DURAND;Zoé;6A", "PETIT;Max;3, rue;haute;6A", "DURAND;Léo;6A"];
    let reading = sound(&[&csv("Nom;Prénom;Classe", &rows)]);
    assert_eq!(reading.pupils.len(), 2);
    assert_eq!(causes(&reading), [Cause::TooManyCells]);
    assert_eq!(reading.set_aside[0].line, Some(3));
}

#[test]
fn without_titles_a_table_is_refused() {
    assert_eq!(refusal(b"DURAND;Zo\xE9;6A\n").1, Reason::NoHead);
}
