//! Who somebody is does not depend on who else is in the file, and a ruling follows the human.

use chappe::audience::{self, Rule};
use chappe::import::{Expected, SourceFile, read};
use chappe::people::{By, RestrictedTie, Restriction, SchoolYear};
use chappe::store::households;
use jiff::civil::date;

use super::*;

const HEAD: &str = "Nom;Prénom;Date de naissance;Classe;R1_nom;R1_prenom;R1_civilite;R1_portable;R1_mail;\
    R1_adresse;R1_cp;R1_ville";
pub(super) const INES: &str = "BON;Inès;01/02/2014;6A;GARNIER;Isabelle;Mme;0639980001;isa@example.org;1 rue A;31999;\
    VALCLAIR";
pub(super) const THEO: &str =
    "LUC;Théo;03/02/2014;6A;LUC;Marc;M.;0639980002;marc@example.org;2 rue A;31999;VALCLAIR";
/// Another Isabelle GARNIER, the mother of another child.
pub(super) const ZOE: &str = "THOMAS;Zoé;05/02/2014;6B;GARNIER;Isabelle;Mme;0639980003;autre@example.org;9 rue B;31999;\
    VALCLAIR";

pub(super) fn table(rows: &[&str]) -> Reading {
    files(&[&[&[HEAD], rows].concat()])
}

/// Tables as lines of text, the titles first.
fn files(tables: &[&[&str]]) -> Reading {
    let texts: Vec<String> = tables.iter().map(|lines| lines.join("\r\n")).collect();
    let sources: Vec<SourceFile<'_>> =
        texts.iter().map(|text| SourceFile::in_memory("table.csv", text.as_bytes())).collect();
    let expected = Expected {
        school: SchoolId::parse("0319999Z").unwrap(),
        year: SchoolYear(2026),
        today: date(2026, 11, 20),
        region: "FR".to_owned(),
        maps: Vec::new(),
    };
    read(&sources, &expected).unwrap()
}

/// Key of the one person whose first mailbox this is.
async fn key_of(school: &School, mailbox: &str) -> PersonKey {
    let persons = school.persons().await.into_iter();
    let mut found = persons.filter(|it| it.points.iter().any(|one| one.point.value() == mailbox));
    let one = found.next().expect("somebody has it").person.key;
    assert!(found.next().is_none(), "only one has {mailbox}");
    one
}

async fn restrict(school: &School, mailbox: &str) {
    let person = key_of(school, mailbox).await;
    let id = school.id.clone();
    let ties = school.store.read({
        let id = id.clone();
        move |tx| chappe::store::pupils::guardianships(tx, &id)
    });
    let tie = ties.await.unwrap().into_iter().find(|tie| tie.person == person).unwrap();
    let restriction =
        RestrictedTie { pupil: tie.pupil, person, why: Restriction::Court, note: String::new() };
    directory::restrict(&school.store, &id, restriction, By::program(NOW)).await.unwrap();
}

/// The mailboxes to which a message to all families would go, and who is left out.
async fn reached(school: &School) -> (Vec<String>, Vec<String>) {
    let rule: Rule = "familles".parse().unwrap();
    let found = audience::find(&school.store, &school.id, &rule, date(2026, 11, 20)).await.unwrap();
    let to = audience::recipients(&school.store, &school.id, found.chosen).await.unwrap();
    let mut mailboxes: Vec<String> =
        to.into_iter().filter_map(|it| Some(it.email?.as_str().to_owned())).collect();
    mailboxes.sort();
    (mailboxes, found.left_out.into_iter().map(|it| it.name).collect())
}

// ---- one person --------------------------------------------------------------------------------

#[tokio::test]
async fn a_namesake_in_a_later_file_changes_nobody() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    restrict(&school, "isa@example.org").await;
    let changes = school.import(table(&[INES, THEO, ZOE])).await;
    assert_eq!(changes, ["added pupil Zoé THOMAS", "added guardian Isabelle GARNIER"]);
    let (mailboxes, left_out) = reached(&school).await;
    assert_eq!(mailboxes, ["autre@example.org", "marc@example.org"]);
    assert_eq!(left_out, ["Isabelle GARNIER", "Inès BON"], "and nobody else is left for Inès");
}

#[tokio::test]
async fn a_part_of_a_table_after_the_whole_adds_and_doubles_nobody() {
    let school = School::new();
    let luc =
        "LUC;Ana;04/02/2015;6B;LUC;Marc;M.;0639980002;marc@example.org;2 rue A;31999;VALCLAIR";
    school.import(table(&[INES, THEO, ZOE, luc])).await;
    for part in [&[INES, THEO][..], &[ZOE, luc], &[luc], &[ZOE], &[INES, THEO, ZOE, luc]] {
        assert_eq!(school.import(table(part)).await, Vec::<String>::new(), "{part:?}");
    }
    assert_eq!(school.persons().await.len(), 3);
}

#[tokio::test]
async fn a_pupil_without_birth_date_is_known_again_in_a_part_and_in_another_class() {
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Email parent 1";
    let of_ida = "MARTIN;Léa;6A;MARTIN;Ida;ida@example.org";
    let of_eva = "MARTIN;Léa;5B;MARTIN;Eva;eva@example.org";
    let school = School::new();
    school.import(files(&[&[head, of_ida, of_eva]])).await;
    for part in [&[head, of_ida][..], &[head, of_eva], &[head, of_eva, of_ida]] {
        assert_eq!(school.import(files(&[part])).await, Vec::<String>::new(), "{part:?}");
    }
    let moved = "MARTIN;Léa;5A;MARTIN;Ida;ida@example.org";
    assert_eq!(school.import(files(&[&[head, moved]])).await, ["changed pupil Léa MARTIN"]);
    // A third Léa, whose mother has another name, is nobody who is known.
    let other = "MARTIN;Léa;4C;MARTIN;Zoé;zoe@example.org";
    let changes = school.import(files(&[&[head, other]])).await;
    assert_eq!(changes, ["added pupil Léa MARTIN", "added guardian Zoé MARTIN"]);
}

#[tokio::test]
async fn one_name_at_one_full_address_is_one_person_however_many_children() {
    let pupils = [
        "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;Niveau;Libellé classe",
        "ALPHA;;Ana;01/02/2018;F;CE1;CE1",
        "ALPHA;;Bob;03/04/2019;M;CP;CP",
        "BETA;;Zoé;03/05/2019;F;CP;CP",
    ];
    let guardians = [
        "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse \
         responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone \
         portable;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants",
        "M.;;ALPHA;Luc;4 rue des Lilas;61000;Alençon;;;;;;ALPHA;Ana;CE1",
        "MME;;ALPHA;Ida;4 rue des Lilas;61000;Alençon;;;;;;ALPHA;Ana;CE1",
        "M.;;ALPHA;Luc;4 rue des Lilas;61000;Alençon;;;;;;ALPHA;Bob;CP",
        "MME;;ALPHA;Ida;4 rue des Lilas;61000;Alençon;;;;;;ALPHA;Bob;CP",
        "MME;;BETA;Eva;9 rue B;61000;Alençon;;;;;;BETA;Zoé;CP",
    ];
    let school = School::new();
    school.import(files(&[&pupils, &guardians])).await;
    assert_eq!(school.persons().await.len(), 3);
    for (rule, households, letters) in [("foyers", Some(2), 2), ("familles", None, 2)] {
        let rule: Rule = rule.parse().unwrap();
        let today = date(2026, 11, 20);
        let found = audience::find(&school.store, &school.id, &rule, today).await.unwrap();
        assert_eq!((found.chosen.len(), found.households), (3, households));
        let to = audience::recipients(&school.store, &school.id, found.chosen).await.unwrap();
        let shared = to.iter().filter(|it| it.shared.contains_key(&Channel::Letter)).count();
        assert_eq!(to.len() - shared + shared / 2, letters, "one for Luc and Ida, one for Eva");
    }
}

#[tokio::test]
async fn a_table_with_ids_tells_by_them_and_takes_the_place_of_one_without() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    let head = format!("Identifiant;{HEAD}");
    let rows = [format!("12;{INES}"), format!("13;{THEO}")];
    let with_ids = [head.as_str(), &rows[0], &rows[1]];
    let changes = school.import(files(&[&with_ids])).await;
    assert!(changes.iter().all(|change| change.starts_with("changed ")), "{changes:?}");
    assert_eq!(school.persons().await.len(), 2);
    assert!(school.import(files(&[&with_ids])).await.is_empty());
}

// ---- rulings -----------------------------------------------------------------------------------

#[tokio::test]
async fn a_ruling_holds_for_another_record_of_the_same_parent() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    restrict(&school, "isa@example.org").await;
    // Another source knows her by all her first names, and by another mailbox.
    let siecle = Reading {
        pupils: vec![pupil("siecle:1", "Inès BON", "6A")],
        persons: vec![guardian(
            "siecle:9",
            "Isabelle-Marie GARNIER",
            vec![email("im@example.org")],
        )],
        guardianships: vec![tie("siecle:1", "siecle:9")],
        ..Reading::default()
    };
    let same_name = Reading {
        persons: vec![guardian("siecle:9", "Isabelle GARNIER", vec![email("im@example.org")])],
        ..siecle.clone()
    };
    let diff = directory::diff(&school.store, &school.id, siecle).await.unwrap();
    let told = &diff.restricted_new;
    assert_eq!(told.len(), 1, "somebody is asked");
    assert_eq!(
        (told[0].pupil.as_str(), told[0].restricted.as_str()),
        ("Inès BON", "Isabelle GARNIER")
    );
    assert_eq!(told[0].person, "Isabelle-Marie GARNIER");
    school.import(same_name).await;
    let (mailboxes, left_out) = reached(&school).await;
    assert_eq!(mailboxes, ["marc@example.org"]);
    assert!(left_out.contains(&"Isabelle GARNIER".to_owned()), "{left_out:?}");
}

#[tokio::test]
async fn a_mailbox_of_the_restricted_parent_is_not_used_under_another_name() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    restrict(&school, "isa@example.org").await;
    let another = Reading {
        pupils: vec![pupil("siecle:1", "Inès BON", "6A")],
        persons: vec![guardian("siecle:9", "Isa BON", vec![email("Isa@example.org")])],
        guardianships: vec![tie("siecle:1", "siecle:9")],
        ..Reading::default()
    };
    school.import(another).await;
    let (mailboxes, left_out) = reached(&school).await;
    assert_eq!(mailboxes, ["marc@example.org"]);
    assert!(left_out.contains(&"Isa BON".to_owned()), "{left_out:?}");
}

#[tokio::test]
async fn a_representative_who_is_known_already_is_asked_about_by_nobody() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    restrict(&school, "isa@example.org").await;
    let new_number = INES.replace("0639980001", "0639980009");
    let diff = directory::diff(&school.store, &school.id, table(&[&new_number, THEO]));
    assert!(diff.await.unwrap().restricted_new.is_empty());
}

#[tokio::test]
async fn the_connectivity_of_a_home_is_kept_when_a_part_is_imported() {
    let school = School::new();
    school.import(table(&[INES, ZOE])).await;
    let key = key_of(&school, "autre@example.org").await;
    let (id, who) = (school.id.clone(), key.clone());
    let profile = chappe::people::Profile {
        large_print: false,
        pick_up: None,
        connectivity: chappe::people::Connectivity::None,
        printer: false,
        language: None,
        call: None,
    };
    let put = school.store.write(move |tx| households::put_profile(tx, &id, &who, &profile, NOW));
    put.await.unwrap();
    school.import(table(&[ZOE])).await;
    assert_eq!(key_of(&school, "autre@example.org").await, key);
}

#[tokio::test]
async fn a_table_with_fewer_columns_takes_no_address_from_anybody() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    let names = "Nom;Prénom;Date de naissance;Classe;R1_nom;R1_prenom";
    let fewer =
        [names, "BON;Inès;01/02/2014;6A;GARNIER;Isabelle", "LUC;Théo;03/02/2014;6A;LUC;Marc"];
    assert_eq!(school.import(files(&[&fewer])).await, Vec::<String>::new());
    let mails = [
        "Nom;Prénom;Date de naissance;Classe;R1_nom;R1_prenom;R1_mail",
        "BON;Inès;01/02/2014;6A;GARNIER;Isabelle;nouvelle@example.org",
    ];
    school.import(files(&[&mails])).await;
    let rule: Rule = "familles".parse().unwrap();
    let found = audience::find(&school.store, &school.id, &rule, date(2026, 11, 20)).await.unwrap();
    let to = audience::recipients(&school.store, &school.id, found.chosen).await.unwrap();
    let isabelle = to.iter().find(|it| it.name == "Isabelle GARNIER").unwrap();
    assert_eq!(isabelle.email.as_ref().unwrap().as_str(), "nouvelle@example.org");
    assert!(isabelle.sms.is_some() && isabelle.post.is_some());
}

#[tokio::test]
async fn a_second_record_of_the_pupil_brings_nobody_back() {
    for second in [
        "BON;Inès Marie;01/02/2014;6A;GARNIER;Isabelle;Mme;0639980001;isa@example.org;1 rue A;31999;VALCLAIR",
        "BON GARNIER;Inès;01/02/2014;6A;GARNIER;Isabelle;Mme;0639980001;isa@example.org;1 rue A;31999;VALCLAIR",
        "BON-GARNIER;Inès;;5B;GARNIER;Isabelle;Mme;0639980001;isa@example.org;1 rue A;31999;VALCLAIR",
        "BON;Inès;02/02/2014;5C;GARNIER;Isabelle;Mme;;im@example.org;;;",
    ] {
        let school = School::new();
        school.import(table(&[INES, THEO])).await;
        restrict(&school, "isa@example.org").await;
        let diff = directory::diff(&school.store, &school.id, table(&[second])).await.unwrap();
        assert_eq!(diff.restricted_new.len(), 1, "somebody is asked: {second}");
        directory::apply(&school.store, &school.id, &diff, By::program(NOW)).await.unwrap();
        let (mailboxes, left_out) = reached(&school).await;
        assert_eq!(mailboxes, ["marc@example.org"], "{second}");
        assert!(left_out.contains(&"Isabelle GARNIER".to_owned()), "{second}: {left_out:?}");
    }
}

#[tokio::test]
async fn what_is_lifted_is_lifted_for_every_record_of_that_person() {
    let school = School::new();
    school.import(table(&[INES, THEO])).await;
    restrict(&school, "isa@example.org").await;
    let head = format!("Identifiant;{HEAD}");
    let rows = [format!("12;{INES}"), format!("13;{THEO}")];
    school.import(files(&[&[head.as_str(), &rows[0], &rows[1]]])).await;
    assert_eq!(reached(&school).await.0, ["marc@example.org"]);
    let who = directory::Who {
        name: "Isabelle GARNIER".to_owned(),
        pupil: Some("Inès BON".to_owned()),
        ..directory::Who::default()
    };
    let (person, pupil) = directory::find_tie(&school.store, &school.id, &who).await.unwrap();
    let noted = directory::restrictions_of(&school.store, &school.id, &person).await.unwrap();
    assert!(!noted.is_empty(), "it shows on the new record as well");
    assert!(
        directory::lift(&school.store, &school.id, (&person, &pupil), By::program(NOW))
            .await
            .unwrap()
    );
    assert_eq!(reached(&school).await.0, ["isa@example.org", "marc@example.org"]);
    assert!(
        !directory::lift(&school.store, &school.id, (&person, &pupil), By::program(NOW))
            .await
            .unwrap()
    );
}
