//! Files that are not imported, and an import that is not taken back.

use super::super::fault::{Explained, Fault};
use crate::directory::UndoError;
use crate::office::{ImportError, UploadRefusal};

/// Nothing of it was done.
const UNCHANGED: &str = "Rien n’a été changé.";

/// Why files are refused, and what to do.
pub(crate) fn told(error: &ImportError) -> Explained {
    match error {
        ImportError::Refused(refused) => Explained::new(
            refused.in_french(),
            "Un fichier refusé n’est pas gardé, ni ceux qui sont venus avec lui.",
        ),
        ImportError::NoSuchColumn { title, .. } => Explained::new(
            format!("Aucune colonne ne s’appelle « {title} ». {UNCHANGED}"),
            "Dites de nouveau ce que contiennent les colonnes.",
        ),
        ImportError::UnknownField(_) => Explained::new(
            format!("Ce choix n’existe pas pour une colonne. {UNCHANGED}"),
            "Dites de nouveau ce que contiennent les colonnes.",
        ),
        ImportError::Unreadable { .. } | ImportError::NotAFile(_) | ImportError::Interrupted => {
            Explained::new(
                format!("Les fichiers n’ont pas pu être lus jusqu’au bout. {UNCHANGED}"),
                "Donnez-les de nouveau ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
            )
        }
        ImportError::Store(_) => Explained::new(
            format!("La base de données ne répond pas. {UNCHANGED}"),
            "Les fichiers sont gardés : rouvrez cette page dans une minute.",
        ),
    }
}

impl From<UploadRefusal> for Fault {
    fn from(refusal: UploadRefusal) -> Self {
        let told = match refusal {
            UploadRefusal::Store(error) => return error.into(),
            UploadRefusal::Gone => return Self::NothingThere,
            UploadRefusal::Waiting(waiting) => Explained::new(
                format!(
                    "D’autres fichiers attendent déjà ({}). Un seul import se fait à la fois : les vôtres n’ont pas été gardés.",
                    waiting.kept.given.actor.name()
                ),
                "Regardez ceux qui attendent, appliquez-les ou abandonnez-les, puis donnez les vôtres.",
            ),
            UploadRefusal::Coming => Explained::new(
                "Quelqu’un d’autre est en train de donner des fichiers. Un seul import se fait à la fois : les vôtres n’ont pas été gardés.",
                "Attendez un instant, puis regardez les fichiers qui attendent.",
            ),
            UploadRefusal::Disk(error) => {
                tracing::warn!(%error, "Files of an import could not be kept.");
                Explained::new(
                    "Le disque du programme n’a pas pris ces fichiers. Rien n’a été gardé ni changé.",
                    "Prévenez la personne qui s’occupe de l’informatique.",
                )
            }
            UploadRefusal::Doubted(doubt) => Explained::new(
                doubt.in_french(),
                "Vérifiez, puis dites-le sur la page de l’import.",
            ),
            UploadRefusal::Stale => Explained::new(
                format!("L’annuaire a changé entre-temps. {UNCHANGED}"),
                "Regardez de nouveau ce que les fichiers changeraient.",
            ),
        };
        Self::Refused(told.by("/annuaire/import", "Voir les fichiers qui attendent"))
    }
}

impl From<UndoError> for Fault {
    fn from(error: UndoError) -> Self {
        let told = match error {
            UndoError::Store(error) => return error.into(),
            UndoError::Nothing => Explained::new(
                "Il n’y a pas d’import à annuler.",
                "Aucun n’a rien changé depuis le dernier qui a été annulé.",
            ),
            UndoError::Another => Explained::new(
                format!("Un autre import a été appliqué entre-temps. {UNCHANGED}"),
                "Regardez d’abord celui-là : c’est lui qui serait annulé.",
            ),
            UndoError::Launched(code) => Explained::new(
                format!("L’annonce {code} est partie depuis cet import. {UNCHANGED}"),
                "Corrigez les fiches, ou importez de nouveaux fichiers.",
            ),
            UndoError::Noted(_) => Explained::new(
                format!("Des fiches ont été corrigées à la main depuis cet import. {UNCHANGED}"),
                "Corrigez les autres fiches, ou importez de nouveaux fichiers.",
            ),
            UndoError::Ruling => Explained::new(
                format!(
                    "Une décision a été notée sur une personne que cet import a ajoutée. {UNCHANGED}"
                ),
                "Corrigez les fiches, ou importez de nouveaux fichiers.",
            ),
        };
        Self::Refused(told.by("/annuaire/import", "Importer des fichiers"))
    }
}
