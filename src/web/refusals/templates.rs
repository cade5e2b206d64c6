//! A template that stays as it is.

use super::super::fault::{Explained, Fault};
use crate::office::TemplateRefusal;

impl From<TemplateRefusal> for Fault {
    fn from(refusal: TemplateRefusal) -> Self {
        let told = match refusal {
            TemplateRefusal::Store(error) => return error.into(),
            TemplateRefusal::NoSuchTemplate(_) | TemplateRefusal::NoSuchVersion { .. } => {
                return Self::NothingThere;
            }
            TemplateRefusal::Changed(_) => Explained::new(
                "Quelqu’un a enregistré ce modèle entre-temps. Rien n’a été enregistré.",
                "Relisez-le, puis recommencez.",
            ),
            TemplateRefusal::Fault(error) => Explained::new(
                format!(
                    "Ce modèle a une faute : {} Rien n’a été enregistré.",
                    error.fault.in_french()
                ),
                "Corrigez-la, puis enregistrez.",
            ),
            TemplateRefusal::Folder(error) => {
                tracing::warn!(%error, "The folder of templates cannot be written.");
                Explained::new(
                    "Le dossier des modèles ne se laisse pas écrire. Rien n’a été enregistré.",
                    "Prévenez la personne qui s’occupe de l’informatique.",
                )
            }
        };
        Self::Refused(told.by("/modeles", "Voir les modèles"))
    }
}
