//! What files, fields and changes are called on the pages. Exhaustive matches: a new one without words does not
//! compile.

use super::super::words::count;
use crate::directory::{Change, RecordOf};
use crate::import::{Field, Kind, What, Whose};

/// What a file is.
pub(super) const fn kind(of: Kind) -> &'static str {
    match of {
        Kind::SiecleEleves => "SIECLE, les élèves",
        Kind::SiecleResponsables => "SIECLE, les responsables",
        Kind::SiecleStructures => "SIECLE, les classes et les groupes",
        Kind::SiecleNomenclature => "SIECLE, les nomenclatures",
        Kind::SiecleCommuns => "SIECLE, l’établissement",
        Kind::Sts => "STS, les personnels",
        Kind::OndePupils => "ONDE, les élèves",
        Kind::OndeGuardians => "ONDE, les responsables",
        Kind::OndeTeachers => "ONDE, les enseignants",
        Kind::Edifice => "export de l’ENT",
        Kind::Aaf => "annuaire académique (AAF)",
        Kind::Table => "tableau",
    }
}

/// Of whom a column tells, as a group of choices.
pub(super) const fn whose(of: Whose) -> &'static str {
    match of {
        Whose::Own => "La personne de la ligne",
        Whose::FirstRelative => "Premier responsable de l’élève",
        Whose::SecondRelative => "Deuxième responsable de l’élève",
        Whose::Child => "Enfant du responsable de la ligne",
    }
}

/// What a column tells.
pub(super) const fn what(of: What) -> &'static str {
    match of {
        What::Id => "Identifiant",
        What::FamilyName => "Nom de famille",
        What::UsageName => "Nom d’usage",
        What::FirstName => "Prénom",
        What::FullName => "Nom et prénom ensemble",
        What::BirthDate => "Date de naissance",
        What::Ine => "INE",
        What::Class => "Classe",
        What::Group => "Groupe",
        What::Level => "Niveau",
        What::Civility => "Civilité",
        What::MobilePhone => "Téléphone portable",
        What::HomePhone => "Téléphone du domicile",
        What::WorkPhone => "Téléphone du travail",
        What::Email => "Courriel",
        What::Address => "Adresse",
        What::MoreAddress => "Suite de l’adresse",
        What::Postcode => "Code postal",
        What::Town => "Commune",
        What::Country => "Pays",
        What::Function => "Fonction",
        What::Subject => "Discipline",
        What::Skills => "Autres compétences",
        What::FormTeacher => "Professeur principal de",
        What::Head => "Direction",
    }
}

/// What a column is taken for, in one phrase.
pub(super) fn field(of: Field) -> String {
    match of.whose {
        Whose::Own => what(of.what).to_owned(),
        Whose::FirstRelative => format!("{} du responsable 1", what(of.what)),
        Whose::SecondRelative => format!("{} du responsable 2", what(of.what)),
        Whose::Child => format!("{} de l’enfant", what(of.what)),
    }
}

/// How many records there are to which this happens, as a heading of them.
pub(super) fn records(many: usize, change: Option<Change>) -> String {
    let (one, several) = match change {
        None => ("fiche", "fiches"),
        Some(Change::Added) => ("fiche ajoutée", "fiches ajoutées"),
        Some(Change::Changed) => ("fiche modifiée", "fiches modifiées"),
        Some(Change::Archived) => ("fiche archivée", "fiches archivées"),
    };
    count(many, one, several)
}

/// The same in an address.
pub(super) const fn change_word(of: Change) -> &'static str {
    match of {
        Change::Added => "ajoutees",
        Change::Changed => "modifiees",
        Change::Archived => "archivees",
    }
}

/// Of whom a record is, in an address.
pub(super) const fn who_word(of: RecordOf) -> &'static str {
    match of {
        RecordOf::Pupil => "eleves",
        RecordOf::Guardian => "responsables",
        RecordOf::Staff => "personnels",
    }
}
