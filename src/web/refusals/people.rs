//! What the office does not note of people, and why.

use super::super::fault::{Explained, Fault};
use crate::directory::{ByHandError, ChangeError, ConnectError, CorrectError, TieError, WhoError};
use crate::office::{
    AddRefusal, ChangeRefusal, ConnectRefusal, CorrectContactRefusal, TieRefusal, UndoStopRefusal,
};

const SAME: &str = "Rien n’a été changé.";

fn told(what: &str, then: &str) -> Fault {
    Fault::Refused(Explained::new(format!("{what} {SAME}"), then))
}

impl From<WhoError> for Fault {
    fn from(error: WhoError) -> Self {
        match error {
            // Pages say who is meant by the very record: nobody is there any more.
            WhoError::Nobody(_) | WhoError::Several { .. } => told(
                "Cette personne n’est plus dans l’annuaire.",
                "Cherchez-la de nouveau : un import a pu remplacer sa fiche.",
            ),
            WhoError::NotTied(_) => told(
                "Cette personne n’est pas responsable de cet élève.",
                "Regardez la fiche de l’élève.",
            ),
            WhoError::Store(error) => error.into(),
        }
    }
}

impl From<CorrectError> for Fault {
    fn from(error: CorrectError) -> Self {
        match error {
            CorrectError::NotTheirs => told(
                "Cette coordonnée a été changée entre-temps.",
                "Revenez à la fiche, et regardez ce qui y est maintenant.",
            ),
            CorrectError::Which => told(
                "Cette personne en a plusieurs.",
                "Revenez à la fiche, et corrigez celle qui est fausse.",
            ),
            CorrectError::None => told("Il n’y a rien à retirer.", "Revenez à la fiche."),
            CorrectError::Store(error) => error.into(),
        }
    }
}

impl From<CorrectContactRefusal> for Fault {
    fn from(refusal: CorrectContactRefusal) -> Self {
        match refusal {
            CorrectContactRefusal::Who(error) => error.into(),
            CorrectContactRefusal::Contact(error) => error.into(),
        }
    }
}

impl From<UndoStopRefusal> for Fault {
    fn from(refusal: UndoStopRefusal) -> Self {
        match refusal {
            UndoStopRefusal::Who(error) => error.into(),
            UndoStopRefusal::NoStop => {
                told("Il n’y a pas de STOP par cette voie.", "Revenez à la fiche.")
            }
            UndoStopRefusal::Store(error) => error.into(),
        }
    }
}

impl From<ConnectRefusal> for Fault {
    fn from(refusal: ConnectRefusal) -> Self {
        match refusal {
            ConnectRefusal::Who(error) => error.into(),
            ConnectRefusal::Home(ConnectError::NoConnectivity) => {
                told("Il n’est pas dit ce que le foyer a.", "Choisissez-le.")
            }
            ConnectRefusal::Home(ConnectError::LongPickUp) => {
                told("Le lieu de retrait est trop long.", "Écrivez-le en 80 signes au plus.")
            }
            ConnectRefusal::Home(ConnectError::Store(error)) => error.into(),
        }
    }
}

impl From<TieRefusal> for Fault {
    fn from(refusal: TieRefusal) -> Self {
        match refusal {
            TieRefusal::Who(error) => error.into(),
            TieRefusal::Tie(TieError::NoAdultPupil) => told(
                "Seul un élève majeur peut s’opposer, et pas contre lui-même.",
                "Pour une décision de justice, choisissez ce motif.",
            ),
            TieRefusal::Tie(TieError::NotTied) => told(
                "Cette personne n’est pas responsable de cet élève.",
                "Regardez la fiche de l’élève.",
            ),
            TieRefusal::Tie(TieError::Store(error)) | TieRefusal::Store(error) => error.into(),
        }
    }
}

impl From<ByHandError> for Fault {
    fn from(error: ByHandError) -> Self {
        match error {
            ByHandError::Known => {
                told("Quelqu’un de ce nom y est déjà.", "Cherchez cette personne dans l’annuaire.")
            }
            ByHandError::Restricted => told(
                "Une décision concerne cet élève : est-ce la personne écartée, encore une fois ?",
                "Si c’est quelqu’un d’autre, dites-le dans le formulaire ; sinon, ne l’ajoutez pas.",
            ),
            ByHandError::NoName => told("Il manque le prénom ou le nom.", "Remplissez les deux."),
            ByHandError::Store(error) => error.into(),
        }
    }
}

impl From<AddRefusal> for Fault {
    fn from(refusal: AddRefusal) -> Self {
        match refusal {
            AddRefusal::Who(error) => error.into(),
            AddRefusal::ByHand(error) => error.into(),
        }
    }
}

impl From<ChangeRefusal> for Fault {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::Who(error) => error.into(),
            ChangeRefusal::Change(ChangeError::Nothing) => {
                told("Rien de nouveau n’est rempli.", "Écrivez ce qui change.")
            }
            ChangeRefusal::Change(ChangeError::NoName) => {
                told("Il manque le prénom ou le nom.", "Remplissez-le.")
            }
            ChangeRefusal::Change(ChangeError::Gone) => {
                told("Cette personne n’est plus dans l’annuaire.", "Cherchez-la de nouveau.")
            }
            ChangeRefusal::Change(ChangeError::Contact(error)) => error.into(),
            ChangeRefusal::Change(ChangeError::Store(error)) => error.into(),
        }
    }
}
