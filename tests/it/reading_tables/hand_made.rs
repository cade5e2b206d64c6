//! Tables that a school made itself, or drew from Pronote.

use super::*;

const PUPILS: &str = "Nom,Prénom,Classe,R1_nom,R1_prenom,R1_portable,R1_courriel,R2_nom,R2_prenom";

fn table(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

#[test]
fn relatives_on_the_pupils_row_become_guardians() {
    let rows = [
        "DURAND,Zoé,6A,DURAND,Inès,0639980001,ines@example.org,PETIT,Ali",
        "DURAND,Léo,3B,DURAND,Inès,06 39 98 00 01,,,",
    ];
    let reading = sound(&[&csv(PUPILS, &rows)]);
    assert_eq!(reading.files[0].kind, Kind::Table);
    assert_eq!(reading.persons.len(), 2);
    assert_eq!(
        families(&reading),
        [
            ("Zoé DURAND".to_owned(), vec!["Ali PETIT".to_owned(), "Inès DURAND".to_owned()]),
            ("Léo DURAND".to_owned(), vec!["Inès DURAND".to_owned()]),
        ]
    );
    assert_eq!(reading.pupils[0].level.as_deref(), Some("6e"));
    assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
    assert_eq!(reading.covers, chappe::import::Covers::default());
}

#[test]
fn homonyms_of_two_classes_are_two_pupils_and_of_one_class_one() {
    let head = "Nom;Prénom;Classe";
    let reading = sound(&[&csv(head, &["DURAND;Zoé;6A", "DURAND;Zoé;5B", "DURAND;Zoé;5B"])]);
    assert_eq!(reading.pupils.len(), 2);
    assert_eq!(causes(&reading), [Cause::Duplicate]);
    assert_ne!(reading.pupils[0].key, reading.pupils[1].key);
}

#[test]
fn what_another_table_adds_to_a_guardian_is_kept() {
    let pupils = csv("Id;Nom;Prénom;Classe;R1_nom;R1_prenom", &["7;DURAND;Zoé;6A;DURAND;Inès"]);
    let guardians = csv("Nom;Prénom;Portable;Id enfant", &["DURAND;Inès;0639980001;7"]);
    let reading = sound(&[&guardians, &pupils]);
    assert_eq!(reading.pupils[0].key.0, "table:7");
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(ways(&reading.persons[0]), ["+33639980001", "+33639980001"]);
}

#[test]
fn staff_are_read_with_their_skills() {
    let head = "Matricule;Nom;Prénom;Fonction;Courriel;Téléphone;Compétences;Professeur principal";
    let rows = [
        "12;ROY;Anne;ENS;anne@example.org;0353010001;arabe, tableur/LSF;6A",
        "13;PETIT;Ali;AED;;639980002 ou 05 36 49 00 02;;",
    ];
    let reading = sound(&[&csv(head, &rows)]);
    let [anne, ali] = reading.persons.as_slice() else { panic!("two") };
    assert_eq!(anne.key.0, "table:staff:12");
    assert_eq!(duties(anne).skills, ["arabe", "tableur", "LSF"]);
    assert_eq!(duties(anne).form_teacher_of, ["6A"]);
    assert_eq!(ways(ali), ["+33639980002", "+33639980002", "+33536490002"]);
    assert!(!reading.covers.staff);
}

#[test]
fn guardians_of_a_table_are_tied_to_pupils_of_siecle() {
    let siecle = "<BEE_ELEVES><PARAMETRES><UAJ>0319999Z</UAJ><ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE>\
                  </PARAMETRES><DONNEES><ELEVES><ELEVE ELEVE_ID=\"1\"><NOM_DE_FAMILLE>DURAND\
                  </NOM_DE_FAMILLE><PRENOM>Zoé</PRENOM></ELEVE></ELEVES></DONNEES></BEE_ELEVES>";
    let table = csv("Nom;Prénom;Nom enfant;Prénom enfant", &["DURAND;Inès;Durand;Zoe"]);
    let reading = sound(&[&table, siecle.as_bytes()]);
    assert_eq!(reading.guardianships[0].pupil.0, "siecle:1");
    assert_eq!(reading.pupil_origins.get(&reading.pupils[0].key).unwrap().file, 1);
}

#[test]
fn a_list_may_begin_below_its_name_and_a_blank_line() {
    let text = "Liste des élèves : année 2026\n\n;;\nNom;Prénom;Classe\nDURAND;Zoé;6A\n";
    let reading = sound(&[&table(text)]);
    assert_eq!(reading.pupils.len(), 1);
    assert_eq!(reading.pupil_origins.get(&reading.pupils[0].key).unwrap().line, 5);
}

#[test]
fn every_separator_is_told_from_the_titles() {
    for separator in [";", ",", "\t", "|", ":"] {
        let text = "Nom;Prénom;Classe\nDURAND;Zoé;6A\n".replace(';', separator);
        let reading = sound(&[&table(&text)]);
        assert_eq!(reading.pupils[0].class.as_deref(), Some("6A"), "{separator}");
    }
}

#[test]
fn a_town_abroad_keeps_its_postcode_and_a_french_one_gets_its_zero_back() {
    let head = "Nom;Prénom;Adresse;CP;Ville;Pays;Fonction";
    let rows =
        ["ROY;Anne;1 rue A;1000;BOURG;;ENS", "PETIT;Ali;1 rue B;1050;BRUXELLES;Belgique;ENS"];
    let reading = sound(&[&csv(head, &rows)]);
    let postcodes: Vec<_> = reading
        .persons
        .iter()
        .map(|p| p.postal_address.as_ref().unwrap().postcode.as_str())
        .collect();
    assert_eq!(postcodes, ["01000", "1050"]);
}

#[test]
fn neither_debug_nor_a_refusal_shows_a_name() {
    let reading = sound(&[&csv(PUPILS, &["DURAND,Zoé,6A,MARTIN,Inès,liste rouge,,,"])]);
    let shown = format!("{:?}{:?}{:?}", reading.pupils, reading.persons, reading.set_aside);
    for secret in ["DURAND", "Zoé", "MARTIN", "Inès", "liste rouge"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let refused = super::reading(&[b"Nom;Email\nDURAND;zoe@example.org\n"]).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("DURAND"));
}
