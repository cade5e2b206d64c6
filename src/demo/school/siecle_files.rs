//! The school's exports, as SIECLE and STS write them: ISO-8859-15, the present schema with some
//! records in the older one, telephones as secretaries type them.

use std::collections::HashMap;

use encoding_rs::ISO_8859_15;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::people::{
    Civility, ContactPoint, Guardianship, Person, PostalAddress, Pupil, Role, Standing,
};

use super::college::College;
use super::staff::groups;

/// Every eleventh record is in the schema of before 2016.
const OLD_SCHEMA: usize = 11;

/// The three files that a collège exports.
pub(super) fn all(school: &College, exported_on: Date) -> Vec<(String, Vec<u8>)> {
    let sts = format!("sts_emp_{}_{}.xml", school.id, school.year.0);
    [
        ("ElevesSansAdresses.xml".to_owned(), pupils(school, exported_on)),
        ("ResponsablesAvecAdresses.xml".to_owned(), guardians(school, exported_on)),
        (sts, staff(school)),
    ]
    .map(|(name, text)| (name, ISO_8859_15.encode(&text).0.into_owned()))
    .into()
}

/// XML text that grows, a line an element.
struct Xml(String);

impl Xml {
    fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n".to_owned())
    }

    fn line(&mut self, markup: &str) {
        self.0.push_str(markup);
        self.0.push('\n');
    }

    fn element(&mut self, name: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.line(&format!("<{name}>{text}</{name}>"));
    }

    fn opening(&mut self, root: &str, school: &College, exported_on: Date) {
        self.line(&format!("<{root} VERSION=\"2.1\">\n<PARAMETRES>"));
        self.element("UAJ", school.id.as_str());
        self.element("ANNEE_SCOLAIRE", &school.year.0.to_string());
        self.element("DATE_EXPORT", &in_french(exported_on));
        self.line("</PARAMETRES>\n<DONNEES>");
    }

    fn closing(mut self, root: &str) -> String {
        self.line(&format!("</DONNEES>\n</{root}>"));
        self.0
    }
}

fn pupils(school: &College, exported_on: Date) -> String {
    let mut xml = Xml::new();
    xml.opening("BEE_ELEVES", school, exported_on);
    let left = |n: usize| exported_on.saturating_sub(i64::try_from(1 + n % 30).unwrap_or(1).days());
    let leavers = school.leavers.iter().enumerate().map(|(n, one)| (&one.pupil, Some(left(n))));
    let everybody: Vec<(&Pupil, Option<Date>)> =
        school.pupils.iter().map(|pupil| (pupil, None)).chain(leavers).collect();
    xml.line("<ELEVES>");
    for (n, (pupil, left_on)) in everybody.iter().enumerate() {
        write_pupil(&mut xml, pupil, n, *left_on);
    }
    xml.line("</ELEVES>\n<STRUCTURES>");
    for (pupil, _) in &everybody {
        write_places(&mut xml, pupil);
    }
    xml.line("</STRUCTURES>");
    xml.closing("BEE_ELEVES")
}

fn write_pupil(xml: &mut Xml, pupil: &Pupil, n: usize, left_on: Option<Date>) {
    xml.line(&format!("<ELEVE ELEVE_ID=\"{}\" ELENOET=\"{}\">", pupil.key.id(), 1_000 + n));
    write_names(xml, &pupil.family_name, pupil.usage_name.as_deref(), n);
    xml.element("PRENOM", &pupil.first_name);
    xml.element("DATE_NAISS", &format!("{:02}/{:02}/2013", 1 + n % 28, 1 + n % 12));
    xml.element("CODE_REGIME", "2");
    xml.element("DATE_SORTIE", &left_on.map(in_french).unwrap_or_default());
    xml.line("</ELEVE>");
}

fn write_places(xml: &mut Xml, pupil: &Pupil) {
    let Some(class) = &pupil.class else { return };
    xml.line(&format!("<STRUCTURES_ELEVE ELEVE_ID=\"{}\">", pupil.key.id()));
    let groups = pupil.groups.iter().map(|group| (group, "G"));
    for (code, kind) in std::iter::once((class, "D")).chain(groups) {
        xml.line("<STRUCTURE>");
        xml.element("CODE_STRUCTURE", code);
        xml.element("TYPE_STRUCTURE", kind);
        xml.line("</STRUCTURE>");
    }
    xml.line("</STRUCTURES_ELEVE>");
}

fn guardians(school: &College, exported_on: Date) -> String {
    let mut xml = Xml::new();
    xml.opening("BEE_RESPONSABLES", school, exported_on);
    let left = school.leavers.iter().map(|leaver| &leaver.guardian);
    let mut addresses = Addresses::default();
    xml.line("<PERSONNES>");
    for (n, person) in school.guardians.iter().chain(left).chain(&school.strangers).enumerate() {
        write_person(&mut xml, school, person, n, &mut addresses);
    }
    xml.line("</PERSONNES>\n<RESPONSABLES>");
    for (n, tie) in school.guardianships.iter().enumerate() {
        write_tie(&mut xml, tie, n);
    }
    for leaver in &school.leavers {
        let tie = Guardianship {
            pupil: leaver.pupil.key.clone(),
            person: leaver.guardian.key.clone(),
            standing: Standing::LegalRepresentative,
            kinship: 10,
        };
        write_tie(&mut xml, &tie, 1);
    }
    xml.line("</RESPONSABLES>\n<ADRESSES>");
    for (n, address) in addresses.listed.iter().enumerate() {
        write_address(&mut xml, n, address);
    }
    xml.line("</ADRESSES>");
    xml.closing("BEE_RESPONSABLES")
}

/// Addresses by their number: a couple's is written once.
#[derive(Default)]
struct Addresses<'a> {
    listed: Vec<&'a PostalAddress>,
    numbers: HashMap<&'a PostalAddress, usize>,
}

impl<'a> Addresses<'a> {
    fn number(&mut self, address: &'a PostalAddress) -> usize {
        *self.numbers.entry(address).or_insert_with(|| {
            self.listed.push(address);
            self.listed.len() - 1
        })
    }
}

fn write_person<'a>(
    xml: &mut Xml,
    school: &College,
    person: &'a Person,
    n: usize,
    addresses: &mut Addresses<'a>,
) {
    xml.line(&format!("<PERSONNE PERSONNE_ID=\"{}\">", person.key.id()));
    write_names(xml, &person.family_name, person.usage_name.as_deref(), n);
    xml.element("PRENOM", &person.first_name);
    let civility = if person.civility == Some(Civility::M) { "M." } else { "MME" };
    xml.element("LC_CIVILITE", civility);
    let [mobile, landline, email] = reached_by(person).map(Option::unwrap_or_default);
    let mistyped = |element: &str| {
        let flaw = school.flaws.iter().find(|f| f.person == person.key && f.element == element);
        flaw.map(|flaw| flaw.typed)
    };
    let mobile = as_typed(mobile, n);
    // Some keep their mobile in the field of the landline, where they have none.
    let is_elsewhere =
        landline.is_empty() && n.is_multiple_of(13) && mistyped("TEL_PORTABLE").is_none();
    let landline = as_typed(landline, n + 1);
    let (mobile, landline) =
        if is_elsewhere { (String::new(), mobile) } else { (mobile, landline) };
    xml.element("TEL_PERSONNEL", &landline);
    xml.element("TEL_PORTABLE", mistyped("TEL_PORTABLE").unwrap_or(&mobile));
    xml.element("TEL_PROFESSIONNEL", "");
    xml.element("MEL", mistyped("MEL").unwrap_or(email));
    let answers = [("false", "true"), ("0", "1"), ("N", "O")][n % 3];
    xml.element("ACCEPTE_SMS", if person.accepts_sms { answers.1 } else { answers.0 });
    if let Some(address) = &person.postal_address {
        xml.element("ADRESSE_ID", &(7_000 + addresses.number(address)).to_string());
    }
    xml.element("CODE_PROFESSION", "46");
    xml.line("</PERSONNE>");
}

/// Mobile, landline, e-mail.
fn reached_by(person: &Person) -> [Option<&str>; 3] {
    let points = &person.contact_points;
    let mobile = points.iter().find(|point| matches!(point, ContactPoint::Sms(_)));
    let mobile = mobile.map(ContactPoint::value);
    let landline = points.iter().find_map(|point| match point {
        ContactPoint::Phone(number) if Some(number.as_str()) != mobile => Some(number.as_str()),
        _ => None,
    });
    let email = points.iter().find(|point| matches!(point, ContactPoint::Email(_)));
    [mobile, landline, email.map(ContactPoint::value)]
}

/// One of the ways in which a number is typed.
fn as_typed(e164: &str, n: usize) -> String {
    let Some(significant) = e164.strip_prefix("+33") else { return e164.to_owned() };
    let digits: Vec<char> = std::iter::once('0').chain(significant.chars()).collect();
    let in_pairs = |separator: &str| {
        let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
        pairs.join(separator)
    };
    match n % 6 {
        0 => digits.iter().collect(),
        1 => in_pairs(" "),
        2 => in_pairs("."),
        3 => e164.to_owned(),
        4 => significant.to_owned(),
        _ => format!("{} (après 18 h)", in_pairs(" ")),
    }
}

fn write_names(xml: &mut Xml, family: &str, usage: Option<&str>, n: usize) {
    match usage {
        None if n.is_multiple_of(OLD_SCHEMA) => xml.element("NOM", family),
        usage => {
            xml.element("NOM_DE_FAMILLE", family);
            xml.element("NOM_USAGE", usage.unwrap_or_default());
        }
    }
}

fn write_tie(xml: &mut Xml, tie: &Guardianship, n: usize) {
    let (new, old) = match tie.standing {
        Standing::LegalRepresentative if tie.kinship == 20 => ("1", Some("2")),
        Standing::LegalRepresentative => ("1", Some("1")),
        Standing::Caretaker => ("2", None),
        Standing::EmergencyContact => ("3", Some("0")),
    };
    xml.line("<RESPONSABLE_ELEVE>");
    xml.element("ELEVE_ID", tie.pupil.id());
    xml.element("PERSONNE_ID", tie.person.id());
    if let Some(old) = old.filter(|_| n.is_multiple_of(OLD_SCHEMA)) {
        xml.element("RESP_LEGAL", old);
        xml.element("PERS_PAIMENT", "0");
    } else {
        xml.element("NIVEAU_RESPONSABILITE", new);
        xml.element("PAIE_FRAIS_SCOLAIRES", "false");
    }
    xml.element("CODE_PARENTE", &tie.kinship.to_string());
    xml.line("</RESPONSABLE_ELEVE>");
}

fn write_address(xml: &mut Xml, n: usize, address: &PostalAddress) {
    xml.line(&format!("<ADRESSE ADRESSE_ID=\"{}\">", 7_000 + n));
    for at in 0..4 {
        let line = address.lines.get(at).map_or("", String::as_str);
        xml.element(&format!("LIGNE{}_ADRESSE", at + 1), line);
    }
    xml.element("CODE_POSTAL", &address.postcode);
    let (at_home, abroad) = match &address.country {
        Some(_) => ("", address.town.as_str()),
        None => (address.town.as_str(), ""),
    };
    xml.element("LIBELLE_POSTAL", at_home);
    xml.element("LL_PAYS", address.country.as_deref().unwrap_or("FRANCE"));
    xml.element("COMMUNE_ETRANGERE", abroad);
    xml.line("</ADRESSE>");
}

fn staff(school: &College) -> String {
    let mut xml = Xml::new();
    let year = school.year.0;
    xml.line("<STS_EDT>\n<PARAMETRES>");
    xml.line(&format!("<UAJ CODE=\"{}\"></UAJ>", school.id));
    xml.line(&format!("<ANNEE_SCOLAIRE ANNEE=\"{year}\"></ANNEE_SCOLAIRE>"));
    xml.line("</PARAMETRES>\n<DONNEES>\n<INDIVIDUS>");
    for person in &school.staff {
        write_member(&mut xml, person, year);
    }
    xml.line("</INDIVIDUS>\n<STRUCTURE>\n<DIVISIONS>");
    for class in &school.classes {
        xml.line(&format!("<DIVISION CODE=\"{class}\">"));
        write_services(&mut xml, school, class);
        xml.line("</DIVISION>");
    }
    xml.line("</DIVISIONS>\n<GROUPES>");
    for (group, classes) in groups(&school.pupils) {
        xml.line(&format!("<GROUPE CODE=\"{group}\">\n<DIVISIONS_APPARTENANCE>"));
        for class in classes {
            xml.line(&format!("<DIVISION_APPARTENANCE CODE=\"{class}\"/>"));
        }
        xml.line("</DIVISIONS_APPARTENANCE>");
        write_services(&mut xml, school, group);
        xml.line("</GROUPE>");
    }
    xml.line("</GROUPES>\n</STRUCTURE>");
    xml.closing("STS_EDT")
}

/// Who teaches a class or a group; with them somebody who left in the summer, as in real files.
fn write_services(xml: &mut Xml, school: &College, code: &str) {
    let teaches = |person: &&Person| match &person.role {
        Role::Staff(duties) => duties.teaches.iter().any(|taught| taught == code),
        Role::Guardian => false,
    };
    let present = school.staff.iter().filter(teaches).map(kind_and_id);
    xml.line("<SERVICES>");
    for (kind, id) in present.chain(std::iter::once(("epp", "23999"))) {
        xml.line("<SERVICE CODE_MOD_COURS=\"CG\">\n<ENSEIGNANTS>");
        xml.line(&format!("<ENSEIGNANT ID=\"{id}\" TYPE=\"{kind}\"></ENSEIGNANT>"));
        xml.line("</ENSEIGNANTS>\n</SERVICE>");
    }
    xml.line("</SERVICES>");
}

fn kind_and_id(person: &Person) -> (&str, &str) {
    person.key.id().split_once(':').unwrap_or_default()
}

fn write_member(xml: &mut Xml, person: &Person, year: i16) {
    let (kind, id) = kind_and_id(person);
    xml.line(&format!("<INDIVIDU ID=\"{id}\" TYPE=\"{kind}\">"));
    xml.element("CIVILITE", if person.civility == Some(Civility::M) { "1" } else { "2" });
    xml.element("NOM_USAGE", &person.family_name);
    xml.element("NOM_PATRONYMIQUE", &person.family_name);
    xml.element("PRENOM", &person.first_name);
    if let Role::Staff(duties) = &person.role {
        xml.element("FONCTION", &duties.function);
        xml.line("<PROFS_PRINC>");
        for class in &duties.form_teacher_of {
            // Last year's charge stays in the file.
            write_charge(xml, class, year - 1);
            write_charge(xml, class, year);
        }
        xml.line("</PROFS_PRINC>");
    }
    xml.line("</INDIVIDU>");
}

fn write_charge(xml: &mut Xml, class: &str, year: i16) {
    xml.line("<PROF_PRINC>");
    xml.element("CODE_STRUCTURE", class);
    xml.element("DATE_DEBUT", &format!("{year}-09-01"));
    xml.element("DATE_FIN", &format!("{}-08-31", year + 1));
    xml.line("</PROF_PRINC>");
}

fn in_french(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}
