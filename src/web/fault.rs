//! Why a page is not shown, or what a form asks is not done, in the words of the page that says so.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::unsent::Unsent;
use crate::store::StoreError;

/// Why there is no page.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Nobody is signed in; where they wanted to go.
    SignedOut(String),
    /// Nobody is signed in any more; what they had written.
    Unheard(Unsent),
    /// The form is of a session that has ended, and somebody is signed in anew; what it says.
    Overdue(Unsent),
    /// Their account must take a second factor first.
    OwesSecondFactor,
    /// Their account may not.
    NotAllowed,
    /// There is nothing at this address.
    NothingThere,
    /// It was asked under another name than the school's pages have.
    Elsewhere,
    /// The form was not one of theirs.
    Foreign,
    /// What was sent cannot be read.
    Unreadable,
    /// It did not come to its end in time.
    TooSlow,
    /// The office does not do it: what is so, and what to do.
    Refused(Explained),
    /// The database.
    Store(Arc<StoreError>),
    /// A page that cannot be made.
    Broken(String),
}

/// What a page says of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Explained {
    /// What is so, and what was kept.
    pub(super) what: String,
    /// What to do.
    pub(super) then: String,
    /// Where that is done.
    pub(super) way: Option<WayOut>,
}

/// A way out of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WayOut {
    /// Its address.
    pub(super) path: String,
    /// Its words.
    pub(super) words: String,
}

impl Explained {
    /// What is so and what to do, without a place where that is done.
    pub(super) fn new(what: impl Into<String>, then: impl Into<String>) -> Self {
        Self { what: what.into(), then: then.into(), way: None }
    }

    /// The same with where to go.
    pub(super) fn by(self, path: impl Into<String>, words: impl Into<String>) -> Self {
        Self { way: Some(WayOut { path: path.into(), words: words.into() }), ..self }
    }
}

impl Fault {
    /// Nobody is signed in, who comes back to what they looked at. What a form asked is not done unseen later.
    pub(super) fn signed_out(request: &Request) -> Self {
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let wanted = request.uri().path_and_query().filter(|_| looks);
        Self::SignedOut(wanted.map(ToString::to_string).unwrap_or_default())
    }

    /// What HTTP calls it.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut(_) | Self::Unheard(_) => StatusCode::UNAUTHORIZED,
            Self::OwesSecondFactor | Self::NotAllowed | Self::Foreign | Self::Overdue(_) => {
                StatusCode::FORBIDDEN
            }
            Self::NothingThere => StatusCode::NOT_FOUND,
            Self::Elsewhere => StatusCode::MISDIRECTED_REQUEST,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Its title, and what is said of it.
    #[expect(clippy::too_many_lines, reason = "one match: a fault without words does not compile")]
    pub(super) fn told(&self) -> (&'static str, Explained) {
        let (title, what, then) = match self {
            Self::SignedOut(_) => (
                "Vous n’êtes pas connecté",
                "Rien n’a été fait.",
                "Connectez-vous, puis recommencez.",
            ),
            Self::Unheard(_) => (
                "Vous n’êtes plus connecté",
                "Rien n’a été fait, mais rien n’est perdu : ce que vous avez écrit reste sur cette page tant que vous ne la fermez pas.",
                "Connectez-vous dans un autre onglet, puis revenez ici et envoyez-le de nouveau.",
            ),
            Self::Overdue(_) => (
                "À confirmer",
                "Cette page a été ouverte avant la dernière connexion : rien n’a encore été fait.",
                "Relisez, puis confirmez.",
            ),
            Self::OwesSecondFactor => (
                "Un code du téléphone est exigé",
                "Votre compte doit être protégé par un code du téléphone. Rien n’a été fait.",
                "Cela prend une minute ; vous reviendrez ensuite à vos pages.",
            ),
            Self::NotAllowed => (
                "Votre compte n’y a pas accès",
                "Cette page demande un droit que votre compte n’a pas.",
                "Si vous en avez besoin, demandez-le à la personne qui gère les comptes.",
            ),
            Self::NothingThere => (
                "Page introuvable",
                "Il n’y a rien à cette adresse.",
                "Elle a pu être mal recopiée.",
            ),
            Self::Elsewhere => (
                "Adresse inattendue",
                "Les pages de l’établissement ne se trouvent pas à cette adresse.",
                "Utilisez l’adresse que l’établissement vous a donnée.",
            ),
            Self::Foreign => (
                "Formulaire refusé",
                "Ce formulaire ne vient pas de cette page ; rien n’a été fait.",
                "Revenez à la page, et envoyez-le de nouveau.",
            ),
            Self::Unreadable => (
                "Envoi illisible",
                "Ce qui a été envoyé ne se lit pas ; rien n’a été fait.",
                "Recommencez depuis la page.",
            ),
            Self::TooSlow => (
                "Envoi trop lent",
                "Le formulaire n’est pas arrivé en entier ; rien n’a été fait.",
                "Vérifiez la connexion, puis recommencez depuis la page.",
            ),
            Self::Refused(told) => return ("Ce n’est pas possible", told.clone()),
            Self::Store(_) => (
                "La base de données ne répond pas",
                "Ce que vous avez demandé n’a pas été fait. Les envois déjà lancés sont gardés.",
                "Réessayez dans une minute ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
            ),
            Self::Broken(_) => (
                "Cette page ne peut pas s’afficher",
                "C’est une erreur du programme ; elle est notée dans son journal.",
                "Prévenez la personne qui s’occupe de l’informatique.",
            ),
        };
        let told = Explained::new(what, then);
        match self {
            Self::SignedOut(_) => (title, told.by("/connexion", "Se connecter")),
            Self::OwesSecondFactor => (title, told.by("/compte/telephone", "Protéger le compte")),
            _ => (title, told),
        }
    }

    /// What was written and is still to be done.
    pub(super) const fn unsent(&self) -> Option<&Unsent> {
        match self {
            Self::Unheard(unsent) | Self::Overdue(unsent) => Some(unsent),
            _ => None,
        }
    }

    /// Written to the log where somebody must look after it.
    pub(super) fn log(&self) {
        match self {
            Self::Store(error) => tracing::error!(%error, "A page could not be made."),
            Self::Broken(reason) => tracing::error!(%reason, "A page could not be made."),
            _ => {}
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<Explained> for Fault {
    fn from(told: Explained) -> Self {
        Self::Refused(told)
    }
}

impl From<askama::Error> for Fault {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Only marks the answer: the page is made where it is known for whom.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}
