//! The titles that schools give to columns, folded: ONDE, the ENT's templates, Pronote, by hand.

use super::columns::{Field, What, Whose};

/// Titles of the row's own person.
const OWN: &[(What, &[&str])] = &[
    (What::Id, &["id", "externalid", "identifiant", "identifiantgep", "matricule"]),
    (
        What::FamilyName,
        &[
            "nom",
            "nomdefamille",
            "nomfamille",
            "nomdenaissance",
            "nomeleve",
            "nomdeleleve",
            "nomdefamilleeleve",
            "nomresponsable",
            "nomduresponsable",
            "nomdefamilleresponsable",
        ],
    ),
    (
        What::UsageName,
        &[
            "nomusage",
            "nomdusage",
            "nomusageeleve",
            "nomdusageeleve",
            "nomusageresponsable",
            "nomdusageresponsable",
        ],
    ),
    (
        What::FirstName,
        &["prenom", "prenomeleve", "prenomdeleleve", "prenomresponsable", "prenomduresponsable"],
    ),
    (What::BirthDate, &["datedenaissance", "datenaissance", "datenaiss", "neele", "nele"]),
    (What::Ine, &["ine"]),
    (What::Class, &["classe", "classes", "libelleclasse", "classeouregroupement", "division"]),
    (What::Group, &["regroupement", "regroupements", "groupe", "groupes"]),
    (What::Level, &["niveau"]),
    (What::Civility, &["civilite", "civiliteresponsable"]),
    (
        What::MobilePhone,
        &[
            "telephoneportable",
            "telportable",
            "portable",
            "mobile",
            "telephonemobile",
            "telmobile",
            "portableresponsable",
        ],
    ),
    (
        What::HomePhone,
        &[
            "telephone",
            "tel",
            "telephonedomicile",
            "teldomicile",
            "domicile",
            "telephonefixe",
            "telfixe",
            "fixe",
            "telephonepersonnel",
            "telpersonnel",
            "telephoneresponsable",
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
        ],
    ),
    (
        What::Email,
        &[
            "email",
            "mail",
            "mel",
            "courriel",
            "adressemail",
            "adresseemail",
            "adressecourriel",
            "adresseelectronique",
            "courrielresponsable",
            "emailresponsable",
        ],
    ),
    (What::Address, &["adresse", "adresse1", "adresseresponsable", "adressepostale"]),
    (What::MoreAddress, &["adresse2", "adresse3", "complementadresse", "complementdadresse"]),
    (What::Postcode, &["cp", "cp1", "codepostal", "cpresponsable"]),
    (What::Town, &["ville", "commune", "commune1", "communeresponsable"]),
    (What::Country, &["pays", "pays1", "paysresponsable"]),
    (What::Function, &["fonction"]),
    (What::Subject, &["matiere", "matiereenseignee", "matieresenseignees", "discipline"]),
    (What::Skills, &["competence", "competences", "langues", "langueparlee", "languesparlees"]),
    (What::FormTeacher, &["professeurprincipal", "professeurprincipalde", "pp"]),
    (What::Head, &["directeur", "directrice"]),
];

/// Titles of a child on a guardian's row.
const CHILD: &[(What, &[&str])] = &[
    (What::Id, &["idenfant", "childexternalid", "identifiantenfant"]),
    (What::FamilyName, &["nomenfant", "nomfamilleenfant", "nomdefamilleenfant", "nomdelenfant"]),
    (What::UsageName, &["nomusageenfant", "nomdusageenfant"]),
    (What::FirstName, &["prenomenfant", "prenomdelenfant"]),
    (What::Class, &["classeenfant", "classesenfants", "classesenfant", "classedelenfant"]),
];

/// What marks a title on a pupil's row as a relative's, before or after it: `R1_nom`, `Nom parent 2`.
const RELATIVES: [(&str, Whose); 8] = [
    ("r1", Whose::FirstRelative),
    ("resp1", Whose::FirstRelative),
    ("responsable1", Whose::FirstRelative),
    ("parent1", Whose::FirstRelative),
    ("r2", Whose::SecondRelative),
    ("resp2", Whose::SecondRelative),
    ("responsable2", Whose::SecondRelative),
    ("parent2", Whose::SecondRelative),
];

/// What each of these titles, folded, is taken for.
pub(super) fn fields(titles: &[String]) -> Vec<Option<Field>> {
    let is_guardians = titles.iter().any(|title| names_a_guardian(title))
        || (titles.iter().any(|title| matches!(title.as_str(), "nom" | "prenom"))
            && titles.iter().any(|title| title.contains("eleve")));
    titles
        .iter()
        .map(|title| {
            let of_child = is_guardians && title.contains("eleve");
            if of_child { child_called_pupil(title) } else { field(title) }
        })
        .collect()
}

fn names_a_guardian(title: &str) -> bool {
    child(title).is_some() || (title.ends_with("responsable") && among(OWN, title).is_some())
}

fn field(title: &str) -> Option<Field> {
    if let Some(what) = among(OWN, title) {
        return Some(Field::own(what));
    }
    child(title).or_else(|| relative(title))
}

/// In the singular or, `enfant(s)`, in the plural.
fn child(title: &str) -> Option<Field> {
    let singular = title.strip_suffix('s').unwrap_or(title);
    let what = among(CHILD, title).or_else(|| among(CHILD, singular))?;
    Some(Field { whose: Whose::Child, what })
}

/// The newest ONDE files say *élève* where the older ones say *enfant*.
fn child_called_pupil(title: &str) -> Option<Field> {
    child(&title.replace("deleleve", "eleve").replace("eleve", "enfant"))
}

fn relative(title: &str) -> Option<Field> {
    RELATIVES.into_iter().find_map(|(mark, whose)| {
        let rest = title.strip_prefix(mark).or_else(|| title.strip_suffix(mark))?;
        let rest = rest.strip_suffix("du").or_else(|| rest.strip_suffix("de")).unwrap_or(rest);
        let what = among(OWN, rest).filter(|what| what.tells_a_relative())?;
        Some(Field { whose, what })
    })
}

fn among(aliases: &[(What, &[&str])], title: &str) -> Option<What> {
    let known = aliases.iter().find(|(_, titles)| titles.contains(&title));
    known.map(|(what, _)| *what)
}
