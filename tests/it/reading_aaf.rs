//! Reading AAF, the academic directory: several files in any order, one school among others.

mod doctypes;
mod people_of_a_school;
mod refusals;
mod which_school;

use chappe::import::{Cause, Covers, Expected, Kind, Reading, Reason, Refused, SourceFile, read};
use chappe::people::{
    Civility, ContactPoint, Duties, Guardianship, Person, PostalAddress, Role, SchoolId,
    SchoolYear, Standing,
};
use jiff::civil::date;

const DOCTYPE: &str = "<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">";
const ZOE: &[(&str, &[&str])] = &[
    ("sn", &["DURAND"]),
    ("givenName", &["Zoé"]),
    ("ENTEleveStructRattachId", &["4321"]),
    ("ENTEleveClasses", &["3000$6A"]),
    ("ENTElevePersRelEleve", &["9$10$1$1$1$1"]),
];
const HER_MOTHER: &[(&str, &[&str])] =
    &[("sn", &["LEBŒUF"]), ("givenName", &["Inès"]), ("mail", &["ines@example.org"])];
const ANNE: &[(&str, &[&str])] = &[
    ("sn", &["LEROY"]),
    ("ENTPersonNomPatro", &["PETIT"]),
    ("givenName", &["Anne"]),
    ("personalTitle", &["Mme"]),
    ("ENTPersonFonctions", &["3000$ENS$ENSEIGNEMENT$L0422$ANGLAIS"]),
];

fn expected() -> Expected {
    Expected {
        school: SchoolId::parse("0319999Z").expect("a UAI"),
        year: SchoolYear(2026),
        today: date(2026, 11, 20),
        region: "FR".to_owned(),
        maps: Vec::new(),
    }
}

/// The start, with the DOCTYPE that all such files have, and the end around these records.
fn file(records: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{DOCTYPE}\n<ficAlimMENESR>{records}\
         </ficAlimMENESR>"
    )
}

fn request(category: &str, id: &str, attributes: &[(&str, &[&str])]) -> String {
    let one = |(name, values): &(&str, &[&str])| {
        let values: Vec<String> =
            values.iter().map(|one| format!("<value>{one}</value>")).collect();
        let values = values.concat();
        format!("<attr name=\"{name}\">{values}</attr>")
    };
    let attributes: String = attributes.iter().map(one).collect();
    format!(
        "\n<addRequest><operationalAttributes><attr name=\"categoriePersonne\">\
         <value>{category}</value></attr></operationalAttributes><identifier><id>{id}</id>\
         </identifier><attributes>{attributes}</attributes></addRequest>"
    )
}

/// A record with these attributes beside, or in place of, those of a known one.
fn with(category: &str, id: &str, known: &[(&str, &[&str])], other: &[(&str, &[&str])]) -> String {
    let kept = known.iter().filter(|(name, _)| other.iter().all(|(own, _)| own != name));
    let all: Vec<(&str, &[&str])> = kept.chain(other).copied().collect();
    request(category, id, &all)
}

fn school(id: &str, uai: &str) -> String {
    request("EtabEducNat", id, &[("ENTStructureUAI", &[uai])])
}

fn pupils() -> String {
    file(&request("Eleve", "1", ZOE))
}

fn relatives() -> String {
    file(&request("PersRelEleve", "9", HER_MOTHER))
}

fn reading(files: &[&str]) -> Result<Reading, Refused> {
    let sources: Vec<SourceFile<'_>> = files
        .iter()
        .map(|text| SourceFile { label: "ENT_Complet.xml", bytes: text.as_bytes() })
        .collect();
    read(&sources, &expected())
}

fn causes(reading: &Reading) -> Vec<Cause> {
    reading.set_aside.iter().map(|one| one.cause).collect()
}

fn duties(person: &Person) -> &Duties {
    let Role::Staff(duties) = &person.role else { panic!("they work there") };
    duties
}
