//! Why an OpenID provider says of nobody who they are, in French; whoever looks after the machine reads more of it in the log.

use super::super::fault::{Explained, Fault};
use crate::identity::{IdentityError, OpenId, error_word};

/// Who is told, and of which provider.
pub(super) struct NotKnown<'a> {
    pub(super) openid: &'a OpenId,
    /// Somebody signed in ties their account, and stays signed in.
    pub(super) is_signed_in: bool,
}

impl NotKnown<'_> {
    /// What the provider says in the place of a code (RFC 6749, 4.1.2.1).
    pub(super) fn not_done(&self, error: &str) -> Fault {
        let name = self.name();
        if error == "access_denied" {
            return self.again(&format!("Vous avez renoncé chez {name}."));
        }
        tracing::warn!(error = error_word(error), "The OpenID provider gave no code.");
        self.again(&format!("{name} n’a pas pu dire qui vous êtes."))
    }

    /// Why nobody is known.
    pub(super) fn told(&self, error: &IdentityError) -> Fault {
        tracing::warn!(%error, "Somebody could not identify themselves.");
        let name = self.name();
        match error {
            IdentityError::NoAnswer(_) => self.later(&format!("{name} ne répond pas.")),
            IdentityError::Refused(word) if word == "invalid_grant" => self.lost(),
            IdentityError::Refused(_) | IdentityError::NotBelieved(_) => self.broken(),
            IdentityError::TooWeak => self.again(&format!(
                "{name} ne s’est pas assez assuré que c’est vous : l’établissement demande une identification plus sûre."
            )),
        }
    }

    /// What it says is of no use here.
    pub(super) fn broken(&self) -> Fault {
        self.later(&format!("La réponse de {} ne convient pas.", self.name()))
    }

    /// An answer to nobody who set out from here, to one who did so too long ago, or a second time.
    pub(super) fn lost(&self) -> Fault {
        self.again(&format!(
            "Ce retour de {} a déjà servi, a trop tardé, ou n’a pas commencé sur cet appareil.",
            self.name()
        ))
    }

    /// What they may try themselves.
    fn again(&self, what: &str) -> Fault {
        self.so(what, "Recommencez, ou connectez-vous par votre mot de passe.", "Recommencez.")
    }

    /// What only somebody else can put right, or time.
    fn later(&self, what: &str) -> Fault {
        self.so(
            what,
            "Votre mot de passe marche toujours : connectez-vous par lui. Si cela dure, prévenez la personne qui s’occupe de l’informatique.",
            "Recommencez plus tard. Si cela dure, prévenez la personne qui s’occupe de l’informatique.",
        )
    }

    /// What is so, and what to do: for a stranger, then for whoever is signed in.
    fn so(&self, what: &str, stranger: &str, signed_in: &str) -> Fault {
        if self.is_signed_in {
            let what = format!("{what} Vous restez connecté, et rien n’a changé.");
            return Explained::new(what, signed_in).by("/compte/identite", "Mon compte").into();
        }
        by_password(format!("{what} Vous n’êtes pas connecté."), stranger)
    }

    fn name(&self) -> &str {
        self.openid.settings().called()
    }
}

/// What is so, and what to do; the password is always another way in.
pub(super) fn by_password(what: String, then: impl Into<String>) -> Fault {
    Explained::new(what, then).by("/connexion", "Se connecter").into()
}
