//! Why a whole reading is refused. Nothing partial ever comes of a bad file.

use crate::people::{SchoolId, SchoolYear};

use super::{Foreign, Kind};

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
    /// The disk does not give it: the system's words.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// A folder, a pipe or a device.
    #[error("that is no file, but a folder, a pipe or a device")]
    NotAFile,
    /// No byte, or only blanks.
    #[error("the file is empty")]
    Empty,
    /// A ZIP archive or a workbook that cannot be unpacked.
    #[error("the archive or workbook is damaged")]
    DamagedArchive,
    /// An archive inside an archive.
    #[error("an archive lies inside the archive")]
    NestedArchive,
    /// Behind a password.
    #[error("the archive or workbook is encrypted")]
    Encrypted,
    /// More files than any export has.
    #[error("the archives hold more than {0} files")]
    TooManyEntries(usize),
    /// More bytes than any export has, counted in mebibytes while unpacking.
    #[error("the archive or workbook holds more than {0} MiB unpacked")]
    TooMuchUnpacked(usize),
    /// A workbook of before 2007, or one behind a password: from outside they are the same.
    #[error("a workbook of the old format, or protected by a password")]
    OldWorkbook,
    /// UTF-8 and another encoding in one file.
    #[error("the file mixes UTF-8 and another encoding")]
    MixedEncodings,
    /// Something else than an export or a table.
    #[error("this is {}", .0.what())]
    Foreign(Foreign),
    /// Several one-byte encodings make words of the file, or none does.
    #[error("it cannot be told in which encoding the file is")]
    UntoldEncoding,
    /// U+FFFD, which a program writes for a letter that it cannot read.
    #[error("letters are lost here: another program saved the file and could not read them")]
    LostLetters,
    /// A quote that is never closed, or that of another cell closes.
    #[error("a quote opens here and takes in the rows after it")]
    OpenQuote,
    /// No row of titles.
    #[error("no row of titles: none of the first rows has two that are known")]
    NoHead,
    /// A column that holds something under no title.
    #[error("column {0} has no title, but something stands below")]
    UntitledColumn(usize),
    /// More columns than any table has.
    #[error("more than {0} columns")]
    TooManyColumns(usize),
    /// More rows than any table has.
    #[error("more than {0} rows")]
    TooManyRows(usize),
    /// More cells than the tables of any school have.
    #[error("more than {0} cells")]
    TooManyCells(usize),
    /// More sheets than any workbook of a school has.
    #[error("more than {0} sheets")]
    TooManySheets(usize),
    /// More lines with something wrong than a list of people has.
    #[error("more than {0} things are wrong: this is no list of people")]
    TooManyFaults(usize),
    /// Another row of titles below the first, with other columns.
    #[error("another row of titles, with other columns, stands in the middle")]
    OtherTitles,
    /// One title twice, and something below both.
    #[error("two columns are called \"{0}\", and which is whose cannot be told")]
    TitleTwice(String),
    /// People without any first name.
    #[error("no column of first names, or none that is filled")]
    NoFirstNames,
    /// Adults where pupils are expected.
    #[error("most people in the table are adults by {0}: it may not be of pupils")]
    AdultsAmongPupils(AdultSign),
    /// A table that may be of pupils, guardians or staff.
    #[error("the table may be of pupils, guardians or staff; understood were: {understood}")]
    UntoldPeople {
        /// The words of the fields that its titles gave.
        understood: String,
    },
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
    /// A control character, which XML forbids and no table holds.
    #[error("byte {0} is a control character, which no export holds")]
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

/// What tells that the people of a table are adults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AdultSign {
    /// When they were born.
    #[error("their birth dates")]
    BirthDates,
    /// That they are called Madame or Monsieur.
    #[error("their civility")]
    Civility,
}

impl Refused {
    pub(super) fn new(file: &str, line: impl Into<Option<u64>>, reason: Reason) -> Self {
        Self { file: file.to_owned(), line: line.into(), reason }
    }

    /// The same for the office: what is wrong, and what to do.
    #[must_use]
    pub fn in_french(&self) -> String {
        let line = at_line(self.line, "ligne");
        format!("« {} »{line} : {} Rien n’a été changé.", self.file, self.reason.in_french())
    }
}

impl Reason {
    /// Whether it helps to say what the columns of the table are.
    #[must_use]
    pub const fn is_of_columns(&self) -> bool {
        matches!(
            self,
            Self::NoHead
                | Self::TitleTwice(_)
                | Self::NoFirstNames
                | Self::AdultsAmongPupils(_)
                | Self::UntoldPeople { .. }
        )
    }

    /// What to do about it.
    const fn advice(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => {
                "look whether the disk or the key is still there, then try again"
            }
            Self::NotAFile => "save it as a file first, and give that",
            Self::NestedArchive => "unpack the outer archive first",
            Self::Encrypted | Self::OldWorkbook => {
                "save it without a password, as .xlsx, .ods or .csv"
            }
            Self::TooManyEntries(_) | Self::TooMuchUnpacked(_) => {
                "unpack it, and give only the files of the export"
            }
            Self::Foreign(what) => what.advice(),
            Self::UntoldEncoding => "save it as \"CSV UTF-8\", or as .xlsx or .ods",
            Self::LostLetters => {
                "export it again, without opening it in between; or put the line right in the source"
            }
            Self::OpenQuote => "close or remove the quote",
            Self::NoHead | Self::UntoldPeople { .. } => {
                "give the columns usual titles, or say what they are"
            }
            Self::UntitledColumn(_) => "give the column a title, or empty it",
            Self::TooManyColumns(_)
            | Self::TooManyRows(_)
            | Self::TooManyCells(_)
            | Self::TooManySheets(_)
            | Self::TooManyFaults(_) => "keep only the list itself",
            Self::OtherTitles => {
                "give the rows below it a file of their own, or the same columns as above"
            }
            Self::TitleTwice(_) => {
                "give each a title that tells whose it is (Nom, Nom responsable 1), or say what the \
                 second is"
            }
            Self::NoFirstNames => "say which column holds the first name, or the whole name",
            Self::AdultsAmongPupils(_) => {
                "of staff, give it a column \"Fonction\"; of guardians, the columns of their children; \
                 guests are not imported; if they are pupils, have the column passed over"
            }
            Self::NotXml | Self::UnknownRoot { .. } => {
                "choose the XML files that SIECLE or STS wrote"
            }
            Self::UnknownEncoding(_) | Self::WrongEncoding { .. } | Self::MixedEncodings => {
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

    /// What is wrong, and what to do, for the office.
    #[must_use]
    pub fn in_french(&self) -> String {
        match self {
            Self::Unreadable(why) => format!(
                "le fichier ne peut pas être lu ({why}). Vérifiez que le disque ou la clé est \
                 toujours branché, puis recommencez."
            ),
            Self::OtherSchool { found, expected } => format!(
                "ce fichier vient d’un autre établissement (UAI {found}, attendu {expected}). \
                 Vérifiez l’établissement choisi dans SIECLE ou STS, puis refaites l’export."
            ),
            Self::OtherYear { found, expected } => format!(
                "ce fichier est celui d’une autre année scolaire ({found}, attendue {}). \
                 Choisissez l’année en cours dans SIECLE ou STS, puis refaites l’export.",
                expected.0
            ),
            Self::UnknownRoot { found } => format!(
                "ce type de fichier (<{found}>) n’est pas connu. Fichiers acceptés : {}.",
                Kind::files_in_french()
            ),
            Self::Foreign(what) => what.in_french(),
            Self::SecondOfItsKind(kind) => {
                format!("deux fichiers du même type ({kind}). N’en gardez qu’un.")
            }
            Self::UnknownEncoding(label) => format!(
                "l’encodage « {label} » n’est pas connu. Refaites l’export, sans ouvrir le fichier \
                 entre-temps."
            ),
            Self::WrongEncoding { declared, byte } => format!(
                "le fichier annonce {declared}, mais son octet n° {byte} le contredit ; il a sans \
                 doute été enregistré par un autre logiciel. Refaites l’export."
            ),
            Self::Missing(element) => {
                format!("la balise <{element}> manque. Refaites l’export (Exports XML génériques).")
            }
            Self::UntitledColumn(number) => format!(
                "la colonne {number} n’a pas de titre, mais des cellules remplies. Donnez-lui un \
                 titre, ou videz-la."
            ),
            Self::UntoldPeople { understood } => format!(
                "impossible de savoir si ce tableau est celui des élèves, des responsables ou des \
                 personnels. Colonnes comprises : {understood}. Donnez aux colonnes des titres \
                 habituels (Classe, Nom enfant, Fonction…), ou corrigez-les."
            ),
            Self::TitleTwice(title) => format!(
                "deux colonnes s’appellent « {title} », sans qu’on sache de qui elles parlent. Donnez à \
                 chacune un titre qui le dise (Nom, Nom responsable 1…)."
            ),
            other => other.size_in_french().unwrap_or_else(|| other.fixed_french().to_owned()),
        }
    }

    /// The reasons that are more of something than any school has.
    fn size_in_french(&self) -> Option<String> {
        Some(match self {
            Self::TooManyEntries(most) => {
                format!(
                    "l’archive contient plus de {most} fichiers. Ne donnez que ceux de l’export."
                )
            }
            Self::TooMuchUnpacked(most) => format!(
                "le contenu dépasse {most} Mio une fois extrait. Ne donnez que les fichiers de l’export."
            ),
            Self::TooManyColumns(most) | Self::TooManyRows(most) => {
                format!("le tableau dépasse {most} lignes ou colonnes. Ne gardez que la liste.")
            }
            Self::TooManyCells(most) => {
                format!("les tableaux dépassent {most} cellules. Ne gardez que la liste.")
            }
            Self::TooManySheets(most) => {
                format!("le classeur dépasse {most} feuilles. Ne gardez que les listes.")
            }
            Self::TooManyFaults(most) => format!(
                "plus de {most} anomalies : ce n’est pas une liste de personnes. Ne gardez que la liste."
            ),
            _ => return None,
        })
    }

    /// The reasons that name nothing of the file.
    const fn fixed_french(&self) -> &'static str {
        match self {
            Self::Empty => "le fichier est vide. Refaites l’export.",
            Self::DamagedArchive => {
                "l’archive ou le classeur est abîmé. Refaites l’export ou la copie."
            }
            Self::NestedArchive => {
                "une archive se trouve dans l’archive. Extrayez d’abord celle qui l’entoure."
            }
            Self::Encrypted => "le fichier est protégé par un mot de passe. Enregistrez-le sans.",
            Self::OldWorkbook => {
                "c’est un classeur d’un ancien format (.xls), ou protégé par un mot de passe. \
                 Enregistrez-le sans mot de passe au format .xlsx, .ods ou .csv."
            }
            Self::MixedEncodings => {
                "deux encodages sont mélangés dans ce fichier (UTF-8 et un autre) ; il a sans doute été \
                 complété par un autre logiciel. Refaites l’export."
            }
            Self::UntoldEncoding => {
                "l’encodage des accents n’est pas certain. Enregistrez le tableau au format \
                 « CSV UTF-8 », .xlsx ou .ods."
            }
            Self::LostLetters => {
                "des lettres sont perdues ici (�) : un autre logiciel a enregistré ce fichier. \
                 Refaites l’export sans l’ouvrir entre-temps, ou corrigez la ligne à la source."
            }
            Self::OpenQuote => {
                "un guillemet s’ouvre ici et avale les lignes suivantes. Fermez-le ou retirez-le."
            }
            Self::NoHead => {
                "aucune ligne de titres n’est reconnue (il en faut au moins deux : Nom, Prénom, \
                 Classe…). Donnez aux colonnes des titres habituels, ou corrigez-les."
            }
            Self::NotXml => "ce n’est pas un fichier XML. Choisissez le fichier exporté de SIECLE.",
            Self::Truncated => "le fichier s’arrête avant la fin. Refaites l’export ou la copie.",
            Self::PupilsMissing => {
                "il faut le fichier des élèves du même export pour lire celui des responsables. \
                 Donnez les deux ensemble."
            }
            Self::ChangesOnly => {
                "ce fichier ne contient que des changements (ENT_Delta). Demandez l’export complet \
                 (ENT_Complet)."
            }
            Self::SeveralSchools => {
                "ce fichier contient les élèves de plusieurs établissements. Donnez aussi le fichier \
                 EtabEducNat du même export."
            }
            Self::FromTimetableEditor => {
                "ce fichier vient d’un logiciel d’emploi du temps, pas de STS-web. Exportez-le \
                 depuis STS-web (Exports / Emplois du temps)."
            }
            Self::NobodyInside => "le fichier ne contient personne. Refaites l’export.",
            _ => self.table_in_french(),
        }
    }

    /// The same for what only tables have, and for what is no file at all.
    const fn table_in_french(&self) -> &'static str {
        match self {
            Self::NotAFile => {
                "ce n’est pas un fichier (un dossier, un tube ou un périphérique). Enregistrez-le \
                 d’abord comme fichier."
            }
            Self::OtherTitles => {
                "une autre ligne de titres, avec d’autres colonnes, se trouve au milieu du tableau. \
                 Séparez les deux listes."
            }
            Self::NoFirstNames => {
                "aucune colonne de prénoms, ou aucun prénom rempli. Indiquez la colonne des prénoms \
                 ou des noms complets."
            }
            Self::AdultsAmongPupils(_) => {
                "les personnes de ce tableau semblent être des adultes, pas des élèves. Donnez une \
                 colonne Fonction aux personnels ; les invités ne sont pas repris."
            }
            _ => "le fichier est abîmé ou n’est pas un export. Refaites l’export.",
        }
    }
}

fn at_line(line: Option<u64>, word: &str) -> String {
    line.map(|line| format!(", {word} {line}")).unwrap_or_default()
}
