//! Why an announcement was not tried out, in French.

use super::super::fault::Explained;
use crate::delivery::FailureKind;
use crate::office::{MOST_TRIALS, TrialRefusal};

/// What a page says of it. What the words or the database refuse has its own.
pub(crate) fn told(refusal: &TrialRefusal) -> Explained {
    match refusal {
        TrialRefusal::NoCarrier(channel) => Explained::new(
            format!(
                "Aucun service ne porte le canal {} ici. Rien n’est parti.",
                channel.in_french()
            ),
            "Choisissez une autre voie.",
        ),
        TrialRefusal::NoMessage(name) => Explained::new(
            format!("Le service {name} n’envoie pas de message d’essai. Rien n’est parti."),
            "Choisissez un service de courriel ou de SMS.",
        ),
        TrialRefusal::OnHold => Explained::new(
            "Tous les envois sont suspendus. Rien n’est parti.",
            "Réessayez quand ils auront repris.",
        ),
        TrialRefusal::Closed(channel) => Explained::new(
            format!("Le canal {} est fermé. Rien n’est parti.", channel.in_french()),
            "Réessayez quand il sera rouvert.",
        ),
        TrialRefusal::Refuses(channel) => Explained::new(
            format!(
                "Le service du canal {} ne prend rien pour l’instant. Rien n’est parti.",
                channel.in_french()
            ),
            "Réessayez dans quelques minutes.",
        ),
        TrialRefusal::NoAddress => Explained::new(
            "Il manque l’adresse. Rien n’est parti.",
            "Écrivez votre adresse ou votre numéro : il sera gardé avec votre compte.",
        ),
        TrialRefusal::BadAddress(channel) => Explained::new(
            format!(
                "Ce qui est écrit ne va pas pour un essai par {}. Rien n’est parti.",
                channel.in_french()
            ),
            "Écrivez une adresse électronique pour un courriel, un numéro de mobile pour un SMS.",
        ),
        TrialRefusal::OfAFamily => Explained::new(
            "Cette adresse est celle d’une famille, ou de quelqu’un qui ne veut plus rien recevoir. Rien n’est parti.",
            "Écrivez une adresse qui est la vôtre et celle d’aucune famille.",
        ),
        TrialRefusal::TooMany => Explained::new(
            format!("Vous vous êtes envoyé {MOST_TRIALS} essais en une heure. Rien n’est parti."),
            "Attendez un moment.",
        ),
        TrialRefusal::NoRoom => Explained::new(
            "Le débit permis par le service est pris par les envois en cours. Rien n’est parti.",
            "Réessayez dans quelques minutes.",
        ),
        TrialRefusal::Carrier(_)
        | TrialRefusal::Provider(_)
        | TrialRefusal::Words(_)
        | TrialRefusal::Store(_) => failed(refusal),
    }
}

/// The same where something of ours or of the service's failed.
fn failed(refusal: &TrialRefusal) -> Explained {
    match refusal {
        TrialRefusal::Carrier(_) => Explained::new(
            "Le service de cette voie n’est pas réglé. Rien n’est parti.",
            "Demandez à la personne qui règle les services.",
        ),
        TrialRefusal::Provider(error) if error.kind == FailureKind::Uncertain => Explained::new(
            "Le service n’a pas répondu : l’essai est peut-être parti.",
            "Regardez s’il arrive avant de réessayer.",
        ),
        TrialRefusal::Provider(error) => Explained::new(
            format!("Le service n’a pas pris l’essai : {}.", error.kind.in_french()),
            "Vérifiez l’adresse, ou réessayez plus tard.",
        ),
        _ => Explained::new(
            "L’essai n’a pas pu être composé. Rien n’est parti.",
            "Réessayez dans un moment.",
        ),
    }
}
