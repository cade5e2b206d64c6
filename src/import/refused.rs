//! Why a whole reading is refused. Nothing partial ever comes of a bad file.

use crate::people::{SchoolId, SchoolYear};

use super::Kind;

/// A file that cannot be imported; the directory stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {reason}; nothing was changed: {}", at_line(*line, "line"), reason.advice())]
pub struct Refused {
    /// The file's label, as the caller gave it.
    pub file: String,
    /// The line where it went wrong, counted from 1, where there is one.
    pub line: Option<u64>,
    /// What went wrong.
    pub reason: Reason,
}

/// What went wrong. Holds names of elements and of encodings, never a value of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No byte, or only blanks.
    #[error("the file is empty")]
    Empty,
    /// A ZIP archive, as SIECLE gives its exports.
    #[error("the file is a ZIP archive")]
    Zipped,
    /// Something else than XML.
    #[error("the file is not XML")]
    NotXml,
    /// A declaration that names an encoding which SIECLE and STS never write.
    #[error("unknown encoding \"{0}\"; known are UTF-8, ISO-8859-15, ISO-8859-1 and windows-1252")]
    UnknownEncoding(String),
    /// Bytes that contradict the declaration.
    #[error("declared as {declared}, but byte {byte} cannot be that")]
    WrongEncoding {
        /// The encoding that the file announces.
        declared: String,
        /// Where the first contradiction stands, counted from 0.
        byte: usize,
    },
    /// A control character, which XML forbids.
    #[error("byte {0} is a control character, which XML forbids")]
    ControlCharacter(usize),
    /// A DOCTYPE: but for the academic directory's, which defines nothing, only attacks have one.
    #[error("the file holds a DOCTYPE that no export has")]
    Doctype,
    /// An entity that XML does not define by itself.
    #[error("the file refers to an entity that XML does not define")]
    UnknownEntity,
    /// Nested deeper than any export.
    #[error("elements are nested more than {0} deep")]
    TooDeep(usize),
    /// A text, a tag or a record larger than any of an export.
    #[error("a text or a record is larger than any that an export holds")]
    TooLarge,
    /// Not well-formed.
    #[error("not well-formed XML: {0}")]
    Malformed(String),
    /// The end is missing.
    #[error("the file stops before its end")]
    Truncated,
    /// The root belongs to no known export.
    #[error("unknown root <{found}>; known are {}", Kind::roots())]
    UnknownRoot {
        /// The root's name.
        found: String,
    },
    /// Two files of one kind.
    #[error("a second file of the kind {0}")]
    SecondOfItsKind(Kind),
    /// Guardians without the pupils that tell which of them to keep.
    #[error("the guardians cannot be read without the pupils' file of the same export")]
    PupilsMissing,
    /// An element without which the file cannot be trusted.
    #[error("<{0}> is missing")]
    Missing(&'static str),
    /// Another school's file.
    #[error("file of another school: found {found}, expected {expected}")]
    OtherSchool {
        /// As the file says.
        found: String,
        /// As configured.
        expected: SchoolId,
    },
    /// Another year's file.
    #[error("file of another school year: found {found}, expected {}", expected.0)]
    OtherYear {
        /// As the file says.
        found: String,
        /// The year of the present September.
        expected: SchoolYear,
    },
    /// Changes since an earlier export: whom it does not name may still be there.
    #[error("the file holds but changes since an earlier export (ENT_Delta)")]
    ChangesOnly,
    /// Pupils of several schools, and nothing that tells which of them is ours.
    #[error("the file holds the pupils of several schools")]
    SeveralSchools,
    /// Written by a timetable editor, not by STS-web.
    #[error("written by a timetable editor (APPLICATION_SOURCE), not by STS-web")]
    FromTimetableEditor,
    /// Sound, but without a single person: importing it would empty the directory.
    #[error("the file holds no record")]
    NobodyInside,
}

impl Refused {
    pub(super) fn new(file: &str, line: impl Into<Option<u64>>, reason: Reason) -> Self {
        Self { file: file.to_owned(), line: line.into(), reason }
    }

    /// The same for the office: what is wrong, and what to do.
    #[must_use]
    pub fn in_french(&self) -> String {
        let line = at_line(self.line, "ligne");
        format!("« {} »{line} : {} Rien n'a été changé.", self.file, self.reason.in_french())
    }
}

impl Reason {
    /// What to do about it.
    const fn advice(&self) -> &'static str {
        match self {
            Self::Zipped => "unpack it first",
            Self::NotXml | Self::UnknownRoot { .. } => {
                "choose the XML files that SIECLE or STS wrote"
            }
            Self::UnknownEncoding(_) | Self::WrongEncoding { .. } => {
                "export it again, without opening it in between"
            }
            Self::SecondOfItsKind(_) => "keep one of them",
            Self::PupilsMissing => "give both files of the export together",
            Self::OtherSchool { .. } => {
                "export the right school, or correct [school] uai in the configuration"
            }
            Self::OtherYear { .. } => "export the present year",
            Self::ChangesOnly => "ask for the complete export (ENT_Complet)",
            Self::SeveralSchools => "give the EtabEducNat file of the same export too",
            Self::FromTimetableEditor => "export it from STS-web",
            _ => "export it again",
        }
    }

    fn in_french(&self) -> String {
        match self {
            Self::OtherSchool { found, expected } => format!(
                "ce fichier vient d'un autre établissement (UAI {found}, attendu {expected}). \
                 Vérifiez l'établissement choisi dans SIECLE ou STS, puis refaites l'export."
            ),
            Self::OtherYear { found, expected } => format!(
                "ce fichier est celui d'une autre année scolaire ({found}, attendue {}). \
                 Choisissez l'année en cours dans SIECLE ou STS, puis refaites l'export.",
                expected.0
            ),
            Self::UnknownRoot { found } => format!(
                "ce type de fichier (<{found}>) n'est pas connu. Fichiers acceptés : {}.",
                Kind::files_in_french()
            ),
            Self::SecondOfItsKind(kind) => {
                format!("deux fichiers du même type ({kind}). N'en gardez qu'un.")
            }
            Self::UnknownEncoding(label) => format!(
                "l'encodage « {label} » n'est pas connu. Refaites l'export, sans ouvrir le fichier \
                 entre-temps."
            ),
            Self::WrongEncoding { declared, byte } => format!(
                "le fichier annonce {declared}, mais son octet n° {byte} le contredit ; il a sans \
                 doute été enregistré par un autre logiciel. Refaites l'export."
            ),
            Self::Missing(element) => {
                format!("la balise <{element}> manque. Refaites l'export (Exports XML génériques).")
            }
            other => other.fixed_french().to_owned(),
        }
    }

    /// The reasons that name nothing of the file.
    const fn fixed_french(&self) -> &'static str {
        match self {
            Self::Empty => "le fichier est vide. Refaites l'export.",
            Self::Zipped => "c'est une archive ZIP. Extrayez-en le fichier XML d'abord.",
            Self::NotXml => "ce n'est pas un fichier XML. Choisissez le fichier exporté de SIECLE.",
            Self::Truncated => "le fichier s'arrête avant la fin. Refaites l'export ou la copie.",
            Self::PupilsMissing => {
                "il faut le fichier des élèves du même export pour lire celui des responsables. \
                 Donnez les deux ensemble."
            }
            Self::ChangesOnly => {
                "ce fichier ne contient que des changements (ENT_Delta). Demandez l'export complet \
                 (ENT_Complet)."
            }
            Self::SeveralSchools => {
                "ce fichier contient les élèves de plusieurs établissements. Donnez aussi le fichier \
                 EtabEducNat du même export."
            }
            Self::FromTimetableEditor => {
                "ce fichier vient d'un logiciel d'emploi du temps, pas de STS-web. Exportez-le \
                 depuis STS-web (Exports / Emplois du temps)."
            }
            Self::NobodyInside => "le fichier ne contient personne. Refaites l'export.",
            _ => "le fichier est abîmé ou n'est pas un export. Refaites l'export.",
        }
    }
}

fn at_line(line: Option<u64>, word: &str) -> String {
    line.map(|line| format!(", {word} {line}")).unwrap_or_default()
}
