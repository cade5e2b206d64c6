//! The titles that schools give to columns, folded: ONDE, the ENT's templates, agricultural schools,
//! Pronote, by hand.
//!
//! A title is what a column tells (`tel`), or that and whose it is, before or after it (`telmere`,
//! `responsablelegal1nom`). Whose the others are, all titles of a table tell together.

use super::columns::{Field, What, Whose};

/// What a column tells.
const TOLD: &[(What, &[&str])] = &[
    (
        What::Id,
        &[
            "id",
            "externalid",
            "identifiant",
            "identifiantgep",
            "identifiantunique",
            "matricule",
            "ninterne",
            "nointerne",
            "numinterne",
            "numerointerne",
        ],
    ),
    (What::FamilyName, &["nom", "nomdefamille", "nomfamille", "nomdenaissance", "nomnaissance"]),
    (What::UsageName, &["nomusage", "nomdusage", "nomusuel"]),
    (What::FirstName, &["prenom", "prenoms", "premierprenom", "prenom1", "prenomusuel"]),
    (
        What::FullName,
        &[
            "nomprenom",
            "nometprenom",
            "nomprenoms",
            "nometprenoms",
            "prenomnom",
            "prenometnom",
            "nomcomplet",
            "identite",
        ],
    ),
    (
        What::BirthDate,
        &[
            "datedenaissance",
            "datenaissance",
            "datenaiss",
            "datenais",
            "neele",
            "nele",
            "neelele",
            "ddn",
        ],
    ),
    (What::Ine, &["ine"]),
    (
        What::Class,
        &[
            "classe",
            "classes",
            "libelleclasse",
            "classeouregroupement",
            "division",
            "divisions",
            "div",
        ],
    ),
    (What::Group, &["regroupement", "regroupements", "groupe", "groupes"]),
    (What::Level, &["niveau"]),
    (What::Civility, &["civilite"]),
    (
        What::MobilePhone,
        &[
            "telephoneportable",
            "telephonesportables",
            "telportable",
            "telport",
            "portable",
            "portables",
            "nportable",
            "numportable",
            "numerodeportable",
            "mobile",
            "telephonemobile",
            "telmobile",
            "gsm",
            "sms",
            "telsms",
            "numerosms",
        ],
    ),
    (
        What::HomePhone,
        &[
            "telephone",
            "telephones",
            "telephone1",
            "telephone2",
            "tel",
            "tels",
            "tel1",
            "tel2",
            "ntel",
            "numtel",
            "ntelephone",
            "ndetelephone",
            "numerotelephone",
            "numerodetelephone",
            "telephonedomicile",
            "teldomicile",
            "domicile",
            "telephonemaison",
            "telmaison",
            "telephonefixe",
            "telfixe",
            "fixe",
            "telephonepersonnel",
            "telpersonnel",
            "telperso",
        ],
    ),
    (
        What::WorkPhone,
        &[
            "telephonetravail",
            "teltravail",
            "travail",
            "telephoneprofessionnel",
            "telprofessionnel",
            "telephonepro",
            "telpro",
            "telephonebureau",
            "telbureau",
        ],
    ),
    (
        What::Email,
        &[
            "email",
            "emails",
            "email1",
            "email2",
            "mail",
            "mails",
            "mail1",
            "mail2",
            "mel",
            "courriel",
            "courriels",
            "adressemail",
            "adressesmail",
            "adresseemail",
            "adressemel",
            "adressecourriel",
            "adresseelectronique",
            "emailpersonnel",
            "mailpersonnel",
            "emailperso",
            "mailperso",
            "emailprofessionnel",
            "mailprofessionnel",
            "mailpro",
        ],
    ),
    (What::Address, &["adresse", "adresse1", "adressepostale", "rue"]),
    (What::MoreAddress, &["adresse2", "adresse3", "complementadresse", "complementdadresse"]),
    (What::Postcode, &["cp", "cp1", "codepostal"]),
    (What::Town, &["ville", "commune", "commune1"]),
    (What::Country, &["pays", "pays1"]),
    (What::Function, &["fonction"]),
    (What::Subject, &["matiere", "matiereenseignee", "matieresenseignees", "discipline"]),
    (What::Skills, &["competence", "competences", "langues", "langueparlee", "languesparlees"]),
    (What::FormTeacher, &["professeurprincipal", "professeurprincipalde", "pp"]),
    (What::Head, &["directeur", "directrice"]),
];

/// What marks a title as a pupil's: the row's own person, or the child of the guardian of the row.
const PUPIL_MARKS: [&str; 5] = ["eleves", "eleve", "enfants", "enfant", "child"];
/// What marks a title as that of an adult who answers for a pupil, where a number tells which.
const NUMBERED_MARKS: [&str; 16] = [
    "responsablelegal",
    "responsable",
    "representantlegal",
    "representant",
    "reprlegal",
    "replegal",
    "resplegal",
    "respleg",
    "resp",
    "parent",
    "tuteurlegal",
    "tuteur",
    "adulte",
    "legal",
    "rl",
    "r",
];
/// How titles count the first and the second of them, behind the mark.
const NUMBERS: [(Whose, [&str; 4]); 2] = [
    (Whose::FirstRelative, ["1", "n1", "no1", "numero1"]),
    (Whose::SecondRelative, ["2", "n2", "no2", "numero2"]),
];
/// The same before the mark.
const ORDINALS: [(Whose, &[&str]); 2] = [
    (Whose::FirstRelative, &["1er", "1ere", "premier", "premiere"]),
    (Whose::SecondRelative, &["2e", "2eme", "2nd", "second", "seconde", "deuxieme"]),
];
/// The marks of an adult where there is but one, or where all share something.
const UNNUMBERED_MARKS: [&str; 14] = [
    "responsableslegaux",
    "responsablelegal",
    "responsables",
    "responsable",
    "representantslegaux",
    "representantlegal",
    "representants",
    "representant",
    "resplegal",
    "parents",
    "parent",
    "tuteurlegal",
    "tuteur",
    "famille",
];
/// The marks of a mother and of a father.
const PARENTS: [(Whose, [&str; 2]); 2] =
    [(Whose::FirstRelative, ["mere", "maman"]), (Whose::SecondRelative, ["pere", "papa"])];
/// What stands between what a column tells and whose it is: `nomdelamere`.
const BETWEEN: [&str; 8] = ["dela", "des", "del", "de", "du", "d", "la", "le"];

/// A title, folded.
pub(super) struct Title {
    /// All of it.
    pub(super) whole: String,
    /// Without what stands in brackets, which explains it.
    pub(super) bare: String,
}

/// What each of these titles is taken for.
pub(super) fn fields(titles: &[Title]) -> Vec<Option<Field>> {
    let sense = Sense::of(titles);
    let mut fields: Vec<Option<Field>> = titles.iter().map(|it| sense.field_of(it)).collect();
    if sense.unnumbered == Whose::FirstRelative {
        give_to_second(titles, &mut fields);
    }
    if sense.is_of_guardians {
        give_class_to_child(&mut fields);
    }
    fields
}

/// Whether a title, folded, tells something of the row's own person.
pub(super) fn is_known(title: &str) -> bool {
    told(title).or_else(|| marked(title, &PUPIL_MARKS)).is_some()
}

/// Whether a title above others, folded, says that they are a pupil's: `Élève`.
pub(super) fn is_pupil_mark(title: &str) -> bool {
    PUPIL_MARKS.contains(&title)
}

/// Whether a title above others, folded, tells whose they are: `Responsable 1`, `Élève`.
pub(super) fn is_mark(title: &str) -> bool {
    is_pupil_mark(title)
        || numbered(title).or_else(|| parent(title)).is_some_and(|it| it.1 == What::FullName)
        || marked(title, &UNNUMBERED_MARKS) == Some(What::FullName)
}

/// How the titles of one table are meant.
struct Sense {
    is_of_guardians: bool,
    /// Whose a title with the mark of a pupil is.
    pupil: Whose,
    /// Whose a title is that says `parents` without a number is.
    unnumbered: Whose,
    /// Whether the mother stands for the first relative, and the father for the second.
    takes_parents: bool,
}

impl Sense {
    fn of(titles: &[Title]) -> Self {
        let tells = |wanted: &dyn Fn(&str) -> bool| {
            titles.iter().any(|title| wanted(&title.whole) || wanted(&title.bare))
        };
        let is_name = |what: Option<What>| what.is_some_and(What::is_name);
        let names_a_pupil = tells(&|title| is_name(marked(title, &PUPIL_MARKS)));
        let has_class = tells(&|title| told(title) == Some(What::Class));
        let names_a_pupil = names_a_pupil
            || (!has_class && tells(&|title| marked(title, &PUPIL_MARKS) == Some(What::Id)));
        let names_itself = tells(&|title| is_name(told(title)));
        let names_an_adult = tells(&|title| is_name(marked(title, &UNNUMBERED_MARKS)));
        let is_of_guardians = names_a_pupil && (names_itself || (names_an_adult && !has_class));
        let is_of_pupils = !is_of_guardians && (names_itself || names_a_pupil);
        Self {
            is_of_guardians,
            pupil: if is_of_guardians { Whose::Child } else { Whose::Own },
            unnumbered: if is_of_pupils { Whose::FirstRelative } else { Whose::Own },
            takes_parents: is_of_pupils && !tells(&|title| numbered(title).is_some()),
        }
    }

    fn field_of(&self, title: &Title) -> Option<Field> {
        self.field(&title.whole).or_else(|| self.field(&title.bare))
    }

    fn field(&self, title: &str) -> Option<Field> {
        if title.is_empty() {
            return None;
        }
        if let Some(what) = told(title) {
            return Some(Field::own(what));
        }
        let child = marked(title, &PUPIL_MARKS).map(|what| (self.pupil, what));
        let parent = || parent(title).filter(|_| self.takes_parents);
        let shared = || Some((self.unnumbered, marked(title, &UNNUMBERED_MARKS)?));
        let (whose, what) = child.or_else(|| numbered(title)).or_else(parent).or_else(shared)?;
        Field { whose, what }.if_asked()
    }
}

/// Of titles that come twice with a name, the second time is about the second adult.
fn give_to_second(titles: &[Title], fields: &mut [Option<Field>]) {
    let is_first = |field: &Option<Field>| {
        field.is_some_and(|it| it.whose == Whose::FirstRelative && it.what.is_name())
    };
    let mut seen: Vec<&str> = Vec::new();
    let begin = fields.iter().zip(titles).position(|(field, title)| {
        let is_counted = numbered(&title.whole).is_some() || parent(&title.whole).is_some();
        let is_second = is_first(field) && !is_counted && seen.contains(&&*title.whole);
        seen.push(&title.whole);
        is_second
    });
    let knows_second = fields.iter().flatten().any(|it| it.whose == Whose::SecondRelative);
    if let Some(begin) = begin.filter(|_| !knows_second) {
        let rest = fields.iter_mut().skip(begin).flatten();
        rest.filter(|it| it.whose == Whose::FirstRelative)
            .for_each(|it| it.whose = Whose::SecondRelative);
    }
}

/// A class beside a guardian is their child's.
fn give_class_to_child(fields: &mut [Option<Field>]) {
    let of_child = Field { whose: Whose::Child, what: What::Class };
    let children = fields.iter().flatten().filter(|it| it.whose == Whose::Child);
    let is_one =
        children.clone().all(|it| children.clone().filter(|other| *other == it).count() == 1);
    if is_one && !fields.contains(&Some(of_child)) {
        let own = Some(Field::own(What::Class));
        if let Some(class) = fields.iter_mut().find(|field| **field == own) {
            *class = Some(of_child);
        }
    }
}

fn told(title: &str) -> Option<What> {
    let known = TOLD.iter().find(|(_, titles)| titles.contains(&title));
    known.map(|(what, _)| *what)
}

/// What a title tells that begins or ends with one of these marks; the mark alone: the whole name.
fn marked(title: &str, marks: &[&str]) -> Option<What> {
    marks.iter().find_map(|mark| told_beside(title, mark))
}

fn numbered(title: &str) -> Option<(Whose, What)> {
    let counted = NUMBERS.into_iter().find_map(|(whose, numbers)| {
        let marks = NUMBERED_MARKS.iter().flat_map(|mark| numbers.map(|it| format!("{mark}{it}")));
        marks.map(|mark| told_beside(title, &mark)).find_map(|what| Some((whose, what?)))
    });
    counted.or_else(|| {
        ORDINALS.into_iter().find_map(|(whose, ordinals)| {
            let words = NUMBERED_MARKS.iter().filter(|mark| mark.len() > 2);
            let mut marks =
                words.flat_map(|mark| ordinals.iter().map(move |it| format!("{it}{mark}")));
            marks.find_map(|mark| Some((whose, told_beside(title, &mark)?)))
        })
    })
}

fn parent(title: &str) -> Option<(Whose, What)> {
    PARENTS.into_iter().find_map(|(whose, marks)| Some((whose, marked(title, &marks)?)))
}

/// What stands before or after a mark.
fn told_beside(title: &str, mark: &str) -> Option<What> {
    if title == mark {
        return Some(What::FullName);
    }
    let before = || {
        let rest = title.strip_suffix(mark)?;
        let mut bare = BETWEEN.iter().filter_map(|word| rest.strip_suffix(word));
        told(rest).or_else(|| bare.find_map(told))
    };
    title.strip_prefix(mark).and_then(told).or_else(before)
}
