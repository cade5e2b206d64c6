//! The programs that people publish in. For `PRONOTE` the way to click follows its maker's help
//! (docs.index-education.com, read in its English edition; the French names of the buttons are rendered from it).
//! Of the others no such help was found: what is said of them is general, and nobody has tried it there. A school
//! notes its own steps in place of these ([`ManualSettings::steps`](super::ManualSettings::steps)).

use serde::Deserialize;

/// A program that people publish in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// Index Éducation's.
    Pronote,
    /// Aplim's.
    EcoleDirecte,
    /// Kosmos's.
    Skolengo,
    /// Any other.
    Other,
}

impl Tool {
    /// Its name, as colleagues say it.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Pronote => "PRONOTE",
            Self::EcoleDirecte => "École Directe",
            Self::Skolengo => "Skolengo",
            Self::Other => "l’espace de l’établissement",
        }
    }

    /// Where to click, step by step.
    #[must_use]
    pub const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Pronote => &[
                "Onglet Communication, puis « Informations & sondages »",
                "Bouton « Nouveau », puis « Diffuser une information »",
                "Désigner les classes, puis cocher les destinataires",
                "Pour les responsables, choisir « un envoi par responsable »",
                "Coller le titre et le texte, puis « Publier »",
            ],
            Self::EcoleDirecte => &[
                "Ouvrir la messagerie, nouveau message",
                "Choisir les destinataires",
                "Coller l’objet et le texte, puis envoyer",
            ],
            Self::Skolengo => &[
                "Ouvrir la messagerie, nouveau message",
                "Choisir les destinataires avec l’assistant, par classe",
                "Coller l’objet et le texte, puis envoyer",
            ],
            Self::Other => &["Coller l’objet et le texte là où les familles lisent les annonces"],
        }
    }

    /// What it calls guardians.
    #[must_use]
    pub const fn guardians(self) -> &'static str {
        match self {
            Self::Pronote => "Responsables",
            Self::EcoleDirecte => "Familles",
            Self::Skolengo => "Parents",
            Self::Other => "Représentants légaux",
        }
    }

    /// What it calls those who work at the school.
    #[must_use]
    pub const fn staff(self) -> &'static str {
        match self {
            Self::Pronote => "Professeurs et Personnels",
            Self::EcoleDirecte | Self::Skolengo | Self::Other => "Professeurs et personnels",
        }
    }
}
