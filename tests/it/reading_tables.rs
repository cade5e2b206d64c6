//! Reading tables: ONDE, the CSVs of an Edifice ENT, hand-made ones, workbooks and archives.

mod archives;
mod cells;
mod edifice;
mod encodings;
mod foreign;
mod hand_made;
mod limits;
mod onde;
mod relatives;
mod shapes;
pub(crate) mod sheets;
mod spoilt;
mod titles;
mod whose;
pub(crate) mod workbooks;

use std::io::{Cursor, Write as _};

use chappe::import::{
    AdultSign, Cause, ColumnMap, Expected, Kind, Reading, Reason, Refused, SourceFile, read,
};
use chappe::people::{ContactPoint, Duties, Person, Pupil, Role, SchoolId, SchoolYear};
use jiff::civil::date;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The heads as the sources write them, blanks and all.
pub(crate) const OLD_PUPILS: &str = "\"Nom Elève\";\"Nom d'usage Elève\";\"Prénom Elève\";\
    \"Date naissance\";\"Sexe\";\"Adresse1\";\"Cp1\";\"Commune1\";\"Pays1\";\"Adresse2\";\"Cp2\";\
    \"Commune2\";\"Pays2\";\" Cycle\";\"Niveau\";\"Classe\";\"Attestation fournie\";\
    \"Autorisations associations\";\"Autorisations photos\";\"Décision de passage\"";
const NEWER_PUPILS: &str = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;\
    Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;\
    Identifiant classe;Attestation fournie;Autorisation associations;Autorisation photo;\
    Décision de passage";
pub(crate) const GUARDIANS: &str = "Civilité Responsable;Nom usage responsable;Nom responsable;\
    Prénom responsable;Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;\
    Téléphone domicile;Téléphone travail;Téléphone portable;Nom d'usage enfant;\
    Nom de famille enfant;Prénom enfant;Classes enfants;Nom d'usage enfant;Nom de famille enfant;\
    Prénom enfant;Classes enfants";
pub(crate) const TEACHERS: &str = "\"Civilité\";\"Nom usage\";\"Nom\";\"Prénom\";\"Adresse\";\
    \"CP\";\"Commune\";\"Pays\";\"Courriel\";\"Téléphone domicile\";\"Téléphone portable\";\
    \"Directeur\";\"Classe\"";

fn expected() -> Expected {
    Expected {
        school: SchoolId::parse("0319999Z").expect("a UAI"),
        year: SchoolYear(2026),
        today: date(2026, 11, 20),
        region: "FR".to_owned(),
        maps: Vec::new(),
    }
}

/// Lines end as ONDE ends them.
pub(crate) fn csv(head: &str, rows: &[&str]) -> Vec<u8> {
    let mut text = head.to_owned();
    for row in rows {
        text.push_str("\r\n");
        text.push_str(row);
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// A pupil of the old head, in this class.
pub(crate) fn pupil(family: &str, first: &str, born: &str, level: &str, class: &str) -> String {
    format!(
        "{family};;{first};{born};F;3 rue Haute;31000;TOULOUSE;FRANCE;;;;;CYCLE II;{level};{class};\
         oui;oui;oui;"
    )
}

/// A guardian with a mobile, and children as pairs of family name and first name.
pub(crate) fn guardian(name: [&str; 2], mobile: &str, children: &[[&str; 2]]) -> String {
    let [family, first] = name;
    let email = format!("{}@example.org", first.to_lowercase());
    let children = children.iter().map(|[family, first]| format!(";;{family};{first};CP A"));
    let address = "12 rue des Lilas;31000;TOULOUSE;FRANCE";
    let children: String = children.collect();
    format!("MME;;{family};{first};{address};{email};;;{mobile}{children}")
}

/// What is expected, with what somebody said of columns.
fn corrected(typed: &[&str]) -> Expected {
    let mut map = ColumnMap::default();
    for one in typed {
        map.add(one).unwrap();
    }
    Expected { maps: vec![map], ..expected() }
}

/// The name and the class of each pupil.
fn classes(reading: &Reading) -> Vec<(String, Option<&str>)> {
    let pupils = reading.pupils.iter();
    pupils.map(|pupil| (pupil.display_name(), pupil.class.as_deref())).collect()
}

/// The person of this name.
fn person<'r>(reading: &'r Reading, name: &str) -> &'r Person {
    let found = reading.persons.iter().find(|person| person.display_name() == name);
    found.unwrap_or_else(|| panic!("nobody is called {name}"))
}

/// The remarks of one sort.
fn remarks(reading: &Reading, cause: Cause) -> Vec<(Option<u64>, &str)> {
    let of_cause = reading.set_aside.iter().filter(|one| one.cause == cause);
    of_cause.map(|one| (one.line, one.reason.as_str())).collect()
}

fn reading(files: &[&[u8]]) -> Result<Reading, Refused> {
    reading_as(files, &expected())
}

fn reading_as(files: &[&[u8]], expected: &Expected) -> Result<Reading, Refused> {
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|bytes| SourceFile::in_memory("export.csv", bytes)).collect();
    read(&sources, expected)
}

fn sound(files: &[&[u8]]) -> Reading {
    reading(files).expect("sound files")
}

/// The reason for which one file is refused, and its line.
fn refusal(file: &[u8]) -> (Option<u64>, Reason) {
    let refused = reading(&[file]).expect_err("a refusal");
    assert_eq!(refused.file, "export.csv");
    assert!(refused.in_french().ends_with("Rien n’a été changé."));
    (refused.line, refused.reason)
}

fn causes(reading: &Reading) -> Vec<Cause> {
    reading.set_aside.iter().map(|one| one.cause).collect()
}

fn ways(person: &Person) -> Vec<&str> {
    person.contact_points.iter().map(ContactPoint::value).collect()
}

fn duties(person: &Person) -> &Duties {
    match &person.role {
        Role::Staff(duties) => duties,
        Role::Guardian => panic!("a member of staff"),
    }
}

/// The names of each pupil's guardians, pupil by pupil.
fn families(reading: &Reading) -> Vec<(String, Vec<String>)> {
    let of = |pupil: &Pupil| {
        let ties = reading.guardianships.iter().filter(|tie| tie.pupil == pupil.key);
        let persons = ties.map(|tie| reading.persons.iter().find(|p| p.key == tie.person).unwrap());
        let mut names: Vec<String> = persons.map(Person::display_name).collect();
        names.sort();
        (pupil.display_name(), names)
    };
    reading.pupils.iter().map(of).collect()
}

pub(crate) fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
