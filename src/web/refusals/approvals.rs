//! Why a second person's yes is not asked for, or not said, in French.

use super::super::fault::{Explained, Fault};
use crate::office::ApprovalRefusal;

impl From<ApprovalRefusal> for Fault {
    fn from(refusal: ApprovalRefusal) -> Self {
        let told = match refusal {
            ApprovalRefusal::NotAsked => Explained::new(
                "Aucun accord n’est plus demandé pour cet envoi : la demande a été reprise, ou quelqu’un y a répondu. Rien n’est parti.",
                "Il n’y a rien à faire.",
            ),
            ApprovalRefusal::OwnRequest => Explained::new(
                "Personne ne donne son accord à sa propre demande. Rien n’est parti.",
                "Une autre personne doit répondre.",
            ),
            ApprovalRefusal::NotYourTurn => Explained::new(
                "C’est d’abord à quelqu’un d’autre de répondre. Rien n’est parti.",
                "Sans réponse de leur part, ce sera à vous.",
            ),
            ApprovalRefusal::NobodyElse => Explained::new(
                "Personne d’autre ne peut donner son accord. Rien n’est parti, le brouillon est gardé.",
                "Demandez à la personne qui gère les comptes de donner ce droit à quelqu’un.",
            ),
            ApprovalRefusal::MaySendNoMore => Explained::new(
                "La personne qui a demandé cet accord ne peut plus envoyer cette annonce. Rien n’est parti, le brouillon est gardé.",
                "Une personne qui le peut doit ouvrir le brouillon et demander l’accord à son tour.",
            ),
            ApprovalRefusal::NoReason => {
                Explained::new("Un refus dit pourquoi. Rien n’a changé.", "Écrivez le motif.")
            }
            ApprovalRefusal::NoRight => return Self::NotAllowed,
            ApprovalRefusal::Message(refusal) => return refusal.into(),
            ApprovalRefusal::Store(error) => return error.into(),
        };
        told.into()
    }
}
