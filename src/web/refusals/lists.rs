//! A list that is not saved or not removed.

use super::super::fault::Explained;
use super::rules;
use crate::audience::{ListError, NamesError};

/// What is wrong with it, and what to do.
pub(crate) fn told(error: &ListError) -> Explained {
    match error {
        ListError::BadName => Explained::new(
            "Ce nom ne peut pas nommer une liste.",
            "Prenez 80 lettres au plus, sans guillemets ni virgule.",
        ),
        ListError::Alike(other) => Explained::new(
            format!("La liste « {other} » porte presque ce nom."),
            "Choisissez-en un autre.",
        ),
        ListError::Taken(_) => {
            Explained::new("Une liste porte déjà ce nom.", "Choisissez-en un autre.")
        }
        ListError::Overtaken(_) => Explained::new(
            "Quelqu’un a modifié cette liste entre-temps ; rien n’a été enregistré, et votre choix est resté.",
            "Enregistrez-le de nouveau pour qu’il prenne la place de ce qui est enregistré.",
        ),
        ListError::Rule(error) => rules::told(error),
        ListError::Names(error) => told_of_names(error),
        ListError::InUse { name, by } => Explained::new(
            format!("La liste « {by} » repose sur « {name} » : elle est gardée."),
            "Modifiez ou supprimez d’abord celle-là.",
        ),
        ListError::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
    }
}

fn told_of_names(error: &NamesError) -> Explained {
    let as_typed = "Écrivez DURAND Zoé, ou DURAND Zoé;6A.";
    match error {
        NamesError::TooLarge => {
            Explained::new("C’est trop long pour une liste de noms.", "Faites-en plusieurs.")
        }
        NamesError::Empty => Explained::new("Aucun élève n’est nommé.", as_typed),
        NamesError::Nobody(line) => {
            Explained::new(format!("Ligne {line} : aucun élève ne porte ce nom."), as_typed)
        }
        NamesError::Several(line) => Explained::new(
            format!("Ligne {line} : plusieurs élèves portent ce nom."),
            "Ajoutez la classe : DURAND Zoé;6A.",
        ),
    }
}
