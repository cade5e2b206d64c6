//! Why an OpenID provider let nobody in, in French; whoever looks after the machine reads more of it in the log.

use super::super::fault::{Explained, Fault};
use crate::identity::{IdentityError, OpenId};

/// What the provider says in the place of a code (RFC 6749, 4.1.2.1).
pub(super) fn not_done(openid: &OpenId, error: &str) -> Fault {
    let name = openid.settings().called();
    if error == "access_denied" {
        let what = format!("Vous n’êtes pas connecté : vous avez renoncé chez {name}.");
        return by_password(what, "Recommencez, ou connectez-vous par votre mot de passe.");
    }
    tracing::warn!("The OpenID provider gave no code.");
    by_password(
        format!("Vous n’êtes pas connecté : {name} n’a pas pu dire qui vous êtes."),
        "Recommencez, ou connectez-vous par votre mot de passe.",
    )
}

/// Why nobody is known.
pub(super) fn told(openid: &OpenId, error: &IdentityError) -> Fault {
    tracing::warn!(%error, "Somebody could not identify themselves.");
    let name = openid.settings().called();
    match error {
        IdentityError::NoAnswer(_) => by_password(
            format!("{name} ne répond pas. Vous n’êtes pas connecté."),
            "Votre mot de passe marche toujours : connectez-vous par lui. Si cela dure, prévenez la personne qui s’occupe de l’informatique.",
        ),
        IdentityError::Refused(word) if word == "invalid_grant" => lost(openid),
        IdentityError::Refused(_) | IdentityError::NotBelieved(_) => broken(openid),
        IdentityError::TooWeak => by_password(
            format!(
                "{name} ne s’est pas assez assuré que c’est vous : l’établissement demande deux moyens. Vous n’êtes pas connecté."
            ),
            format!(
                "Ajoutez un second moyen chez {name}, ou connectez-vous par votre mot de passe."
            ),
        ),
    }
}

/// What it says is of no use here.
pub(super) fn broken(openid: &OpenId) -> Fault {
    by_password(
        format!(
            "La réponse de {} ne convient pas. Vous n’êtes pas connecté.",
            openid.settings().called()
        ),
        "Connectez-vous par votre mot de passe, et prévenez la personne qui s’occupe de l’informatique.",
    )
}

/// An answer to nobody who set out from here, to one who did so too long ago, or a second time.
pub(super) fn lost(openid: &OpenId) -> Fault {
    by_password(
        format!(
            "Ce retour de {} a déjà servi, a trop tardé, ou n’a pas commencé sur cet appareil. Vous n’êtes pas connecté.",
            openid.settings().called()
        ),
        "Recommencez depuis la page de connexion.",
    )
}

/// What is so, and what to do; the password is always another way in.
pub(super) fn by_password(what: String, then: impl Into<String>) -> Fault {
    Explained::new(what, then).by("/connexion", "Se connecter").into()
}
