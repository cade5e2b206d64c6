//! What cannot be undone is asked about first, on a page of its own.

use askama::Template;
use axum::extract::Path;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::meant::{found_other, path};
use super::words;
use crate::people::Account;

#[derive(Template)]
#[template(path = "accounts/confirm.html", config = "src/web/askama.toml")]
struct ConfirmBody<'a> {
    csrf: &'a str,
    title: &'static str,
    name: &'a str,
    what: String,
    button: &'static str,
    path: String,
    act: &'static str,
}

const OF_CLOSING: &str = "La personne ne pourra plus se connecter, et ses appareils seront déconnectés tout de suite. \
                          Ce qu’elle a fait reste dans le journal. Le compte pourra être rouvert.";
const OF_SESSIONS: &str = "La prochaine page que la personne ouvrira sera celle de la connexion. Ce qu’elle écrivait \
                           sans l’avoir enregistré sera perdu.";

/// What is asked about.
struct GraveQuestion {
    title: &'static str,
    what: String,
    button: &'static str,
    /// The end of its address.
    act: &'static str,
}

/// Asks before an account is closed.
pub(super) async fn close(visitor: Visitor, Path(id): Path<String>) -> Result<WebPage, Fault> {
    let question = |_: &Account| GraveQuestion {
        title: "Fermer ce compte ?",
        what: OF_CLOSING.to_owned(),
        button: "Fermer le compte",
        act: "fermer",
    };
    asked(&visitor, &id, question).await
}

/// Asks before a telephone is forgotten.
pub(super) async fn forget_telephone(
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<WebPage, Fault> {
    let question = |account: &Account| {
        let then = if account.must_have_second_factor {
            "La personne devra en prendre un autre dès sa prochaine page"
        } else {
            "Aucun code ne sera plus demandé à la connexion"
        };
        GraveQuestion {
            title: "Oublier ce téléphone ?",
            what: format!(
                "{then}, et les codes de secours ne vaudront plus. Assurez-vous que c’est bien cette personne \
                 qui le demande."
            ),
            button: "Oublier le téléphone",
            act: "telephone-perdu",
        }
    };
    asked(&visitor, &id, question).await
}

/// Asks before an account is untied from an OpenID provider.
pub(super) async fn untie(visitor: Visitor, Path(id): Path<String>) -> Result<WebPage, Fault> {
    let elsewhere = words::elsewhere(visitor.school());
    let question = |account: &Account| {
        let then = if account.has_password {
            "Il restera à la personne son mot de passe ; elle pourra rattacher son compte de nouveau."
        } else {
            "La personne n’a pas de mot de passe : il faudra lui faire un code."
        };
        GraveQuestion {
            title: "Détacher ce compte ?",
            what: format!(
                "Ce compte ne s’ouvrira plus avec {elsewhere}, et ses appareils seront déconnectés tout de suite. \
                 {then}"
            ),
            button: "Détacher le compte",
            act: "detacher",
        }
    };
    asked(&visitor, &id, question).await
}

/// Asks before every session ends.
pub(super) async fn end_sessions(
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<WebPage, Fault> {
    let question = |_: &Account| GraveQuestion {
        title: "Déconnecter tous les appareils ?",
        what: OF_SESSIONS.to_owned(),
        button: "Tout déconnecter",
        act: "deconnecter",
    };
    asked(&visitor, &id, question).await
}

async fn asked(
    visitor: &Visitor,
    id: &str,
    question: impl FnOnce(&Account) -> GraveQuestion,
) -> Result<WebPage, Fault> {
    let account = found_other(visitor, id).await?.account;
    let (csrf, path) = (visitor.csrf(), path(account.id));
    let GraveQuestion { title, what, button, act } = question(&account);
    let body = ConfirmBody { csrf, title, name: &account.name, what, button, path, act };
    visitor.page(Section::Accounts, title, &body)
}
