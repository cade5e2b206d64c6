//! What is wrong with a template, or with what was put into it: where, and what would be right.

use std::fmt;

/// A place in a file, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplatePlace {
    /// Line.
    pub line: u32,
    /// Column: where the tag begins.
    pub column: u32,
}

impl TemplatePlace {
    /// The place at these counts.
    #[must_use]
    pub fn new(line: usize, column: usize) -> Self {
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: count(line), column: count(column) }
    }

    /// The place of a byte offset in a text.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        Self::new(before.matches('\n').count() + 1, last_line.chars().count() + 1)
    }
}

/// A fault, with where it is. Its texts name templates, files and fields; never what a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The template.
    pub template: String,
    /// The file in it; empty when the fault is in no file.
    pub file: String,
    /// The place in the file, where it is known.
    pub place: Option<TemplatePlace>,
    /// What is wrong.
    pub fault: TemplateFault,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// A tag names something that does not exist.
    #[error("\"{name}\" is no name here; there are: {}", known.join(", "))]
    UnknownName {
        /// As written.
        name: String,
        /// What may be written there.
        known: Vec<String>,
    },
    /// A tag tells something of one recipient, in a text that says the same to all.
    #[error(
        "\"{0}\" is one recipient's own, and \"together\" says that this text is the same for all"
    )]
    OnesOwn(String),
    /// A field is required and was not given.
    #[error("the field \"{field}\" ({label}) is required")]
    MissingField {
        /// Its name.
        field: String,
        /// What the form calls it.
        label: String,
    },
    /// A field was given that the template does not take.
    #[error("the template takes no field \"{field}\"; it takes: {}", known.join(", "))]
    UnknownField {
        /// As given.
        field: String,
        /// What it takes.
        known: Vec<String>,
    },
    /// A field that takes one line was given several.
    #[error("the field \"{0}\" takes a single line")]
    NotSingleLine(String),
    /// A field that takes a day was given something else.
    #[error("the field \"{0}\" takes a day: 16/03/2026")]
    NotADay(String),
    /// A field that takes one of a few was given something else.
    #[error("the field \"{field}\" takes one of: {}", choices.join(", "))]
    NotAChoice {
        /// Its name.
        field: String,
        /// What it takes.
        choices: Vec<String>,
    },
    /// A text holds signs that no font or telephone knows (the private-use area of Unicode).
    #[error("\"{0}\" holds a private-use sign, which no one could read")]
    PrivateSign(String),
    /// Handlebars cannot read it.
    #[error("{0}")]
    Syntax(String),
    /// It is Handlebars, but templates of messages do without.
    #[error("{0} may not be used in a template")]
    Forbidden(String),
    /// `about.toml` cannot be taken as it is.
    #[error("{0}")]
    BadInfo(String),
    /// A file is larger than a template may be.
    #[error("is larger than {0} bytes")]
    TooLarge(usize),
    /// A file is missing that a channel of the template needs.
    #[error("is missing, and the channel \"{0}\" needs it")]
    MissingFile(String),
    /// A file is none that a template has.
    #[error("is no file of a template; there are: about.toml, {}", known.join(", "))]
    UnknownFile {
        /// What a template may hold.
        known: Vec<String>,
    },
    /// A file or folder cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// No template has that name.
    #[error("there is no such template; there are: {}", known.join(", "))]
    UnknownTemplate {
        /// Those that exist.
        known: Vec<String>,
    },
    /// The template has no text for that channel.
    #[error("the template has no text for the channel \"{0}\": choose a plan without it")]
    NoChannel(String),
    /// What came out for one person is too long for the channel.
    #[error("the text for one person is {bytes} bytes long; the channel takes {limit}")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// What the channel takes.
        limit: usize,
    },
    /// Nothing came out.
    #[error("comes out empty")]
    Empty,
    /// A person has more pupils than any family.
    #[error("a recipient has {0} pupils: the import is probably wrong")]
    TooManyPupils(usize),
}

impl TemplateFault {
    /// The fault in this file of this template.
    #[must_use]
    pub fn at(self, template: &str, file: &str, place: Option<TemplatePlace>) -> TemplateError {
        TemplateError { template: template.to_owned(), file: file.to_owned(), place, fault: self }
    }

    /// What the office reads.
    #[must_use]
    pub fn in_french(&self) -> String {
        match self {
            Self::MissingField { label, .. } => format!("Le champ « {label} » est obligatoire."),
            Self::UnknownField { field, known } => format!(
                "Ce modèle n’a pas de champ « {field} ». Ses champs : {}.",
                known.join(", ")
            ),
            Self::NotSingleLine(field) => {
                format!("Le champ « {field} » doit tenir sur une seule ligne.")
            }
            Self::NotADay(field) => {
                format!("Le champ « {field} » prend une date : 16/03/2026.")
            }
            Self::PrivateSign(field) => {
                format!("Le champ « {field} » contient un signe illisible : ressaisissez-le.")
            }
            Self::UnknownTemplate { known } => {
                format!("Ce modèle n’existe pas. Les modèles : {}.", known.join(", "))
            }
            Self::NoChannel(channel) => {
                format!(
                    "Ce modèle n’a pas de texte pour la voie « {channel} » : choisissez un plan sans elle."
                )
            }
            Self::UnknownName { name, known } => {
                format!("« {name} » n’existe pas ici ; il y a : {}.", known.join(", "))
            }
            Self::OnesOwn(name) => format!(
                "« {name} » est propre à une personne, et ce texte est le même pour tous (together)."
            ),
            Self::NotAChoice { field, choices } => {
                format!("Le champ « {field} » prend l’un de : {}.", choices.join(", "))
            }
            Self::Syntax(_) => "Une balise est mal écrite, ou n’est pas fermée.".to_owned(),
            Self::Forbidden(_) => {
                "Cette sorte de balise n’est pas permise dans un modèle.".to_owned()
            }
            Self::BadInfo(_) => {
                "La description du modèle ne se lit pas, ou se contredit.".to_owned()
            }
            Self::TooLarge(most) => format!("Ce fichier dépasse {most} octets."),
            Self::MissingFile(channel) => {
                format!("Ce fichier manque, et la voie « {channel} » en a besoin.")
            }
            Self::UnknownFile { known } => format!(
                "Un modèle n’a pas de tel fichier ; il peut avoir : about.toml, {}.",
                known.join(", ")
            ),
            Self::Unreadable(_) => "Ce fichier ne peut pas être lu.".to_owned(),
            Self::TooLong { bytes, limit } => format!(
                "Le texte pour une personne fait {bytes} octets ; cette voie en prend {limit}."
            ),
            Self::Empty => "Le texte est vide une fois composé.".to_owned(),
            Self::TooManyPupils(count) => {
                format!("Une personne aurait {count} élèves : l’import est sans doute faux.")
            }
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)?;
        if !self.file.is_empty() {
            write!(f, "/{}", self.file)?;
        }
        if let Some(TemplatePlace { line, column }) = self.place {
            write!(f, ", line {line}, column {column}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for TemplateError {}
