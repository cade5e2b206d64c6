//! Reading what SIECLE and STS export: every quirk is handled, every bad file is refused whole.

mod adult_pupils;
mod damage;
mod encodings;
mod guardians_of_pupils;
mod on_disk;
mod pupils_of_a_school;
mod refusals;
mod school_sheet;
mod staff_of_a_school;

use chappe::import::{Cause, Expected, Kind, Reading, Reason, Refused, SourceFile, read};
use chappe::people::{
    Civility, ContactPoint, Person, PostalAddress, Role, SchoolId, SchoolYear, Standing,
};
use jiff::civil::date;

const PARAMETERS: &str =
    "<PARAMETRES><UAJ>0319999Z</UAJ><ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE></PARAMETRES>";
const ZOE: &str = "<ELEVE ELEVE_ID=\"1\"><NOM_DE_FAMILLE>DURAND</NOM_DE_FAMILLE>\
                   <PRENOM>Zoé</PRENOM></ELEVE>";
const ZOE_IN_6A: &str = "<STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE>\
                         <CODE_STRUCTURE>6A</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE>\
                         </STRUCTURE></STRUCTURES_ELEVE>";
const HER_MOTHER: &str = "<PERSONNE PERSONNE_ID=\"9\"><NOM_DE_FAMILLE>LEBŒUF</NOM_DE_FAMILLE>\
                          <PRENOM>Inès</PRENOM></PERSONNE>";
const TIED: &str = "<RESPONSABLE_ELEVE><ELEVE_ID>1</ELEVE_ID><PERSONNE_ID>9</PERSONNE_ID>\
                    <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE></RESPONSABLE_ELEVE>";

fn expected() -> Expected {
    Expected {
        school: SchoolId::parse("0319999Z").expect("a UAI"),
        year: SchoolYear(2026),
        today: date(2026, 11, 20),
        region: "FR".to_owned(),
        maps: Vec::new(),
    }
}

fn pupils(pupils: &str, places: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BEE_ELEVES VERSION=\"2.1\">{PARAMETERS}\
         <DONNEES>\n<ELEVES>{pupils}</ELEVES>\n<OPTIONS><OPTION ELEVE_ID=\"1\"/></OPTIONS>\
         <STRUCTURES>{places}</STRUCTURES></DONNEES></BEE_ELEVES>"
    )
}

fn guardians(persons: &str, ties: &str, addresses: &str) -> String {
    format!(
        "<BEE_RESPONSABLES>{PARAMETERS}<DONNEES><PERSONNES>{persons}</PERSONNES>\
         <RESPONSABLES>{ties}</RESPONSABLES><ADRESSES>{addresses}</ADRESSES></DONNEES>\
         </BEE_RESPONSABLES>"
    )
}

fn staff(individuals: &str) -> String {
    format!(
        "<STS_EDT><PARAMETRES><UAJ CODE=\"0319999Z\"><SIGLE>CLG</SIGLE></UAJ>\
         <ANNEE_SCOLAIRE ANNEE=\"2026\"/></PARAMETRES><DONNEES><INDIVIDUS>{individuals}\
         </INDIVIDUS></DONNEES></STS_EDT>"
    )
}

fn school_sheet(data: &str) -> String {
    format!("<BEE_COMMUN>{PARAMETERS}<DONNEES>{data}</DONNEES></BEE_COMMUN>")
}

fn reading(files: &[&str]) -> Result<Reading, Refused> {
    let bytes: Vec<&[u8]> = files.iter().map(|text| text.as_bytes()).collect();
    reading_bytes(&bytes)
}

fn reading_bytes(files: &[&[u8]]) -> Result<Reading, Refused> {
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|bytes| SourceFile::in_memory("export.xml", bytes)).collect();
    read(&sources, &expected())
}

/// The reason for which one file is refused, and its line.
fn refusal(file: impl AsRef<[u8]>) -> (Option<u64>, Reason) {
    let refused = reading_bytes(&[file.as_ref()]).expect_err("a refusal");
    assert_eq!(refused.file, "export.xml");
    (refused.line, refused.reason)
}

/// Zoé's mother, with these fields and this ADRESSE.
fn mother_with(fields: &str, address: &str) -> (Person, Reading) {
    let person = HER_MOTHER.replace("</PERSONNE>", &format!("{fields}</PERSONNE>"));
    let file = guardians(&person, TIED, address);
    let reading = reading(&[&pupils(ZOE, ZOE_IN_6A), &file]).expect("sound files");
    (reading.persons[0].clone(), reading)
}

fn causes(reading: &Reading) -> Vec<Cause> {
    reading.set_aside.iter().map(|one| one.cause).collect()
}
