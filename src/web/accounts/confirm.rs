//! What cannot be undone is asked about first, on a page of its own.

use askama::Template;
use axum::extract::Path;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::meant::{found_other, path};

#[derive(Template)]
#[template(path = "accounts/confirm.html", config = "src/web/askama.toml")]
struct ConfirmBody<'a> {
    csrf: &'a str,
    title: &'static str,
    name: &'a str,
    what: &'static str,
    button: &'static str,
    path: String,
    act: &'static str,
}

/// What is asked about: its title, what it does, the words of its button, the end of its address.
type GraveQuestion = (&'static str, &'static str, &'static str, &'static str);

const CLOSE: GraveQuestion = (
    "Fermer ce compte ?",
    "La personne ne pourra plus se connecter, et ses appareils seront déconnectés tout de suite. Ce qu’elle a fait reste dans le journal. Le compte pourra être rouvert.",
    "Fermer le compte",
    "fermer",
);
const FORGET_TELEPHONE: GraveQuestion = (
    "Oublier ce téléphone ?",
    "À la connexion, seul le mot de passe sera demandé, et les codes de secours ne vaudront plus. Assurez-vous que c’est bien cette personne qui le demande.",
    "Oublier le téléphone",
    "telephone-perdu",
);
const END_SESSIONS: GraveQuestion = (
    "Déconnecter tous les appareils ?",
    "La prochaine page que la personne ouvrira sera celle de la connexion. Ce qu’elle écrivait sans l’avoir enregistré sera perdu.",
    "Tout déconnecter",
    "deconnecter",
);

/// Asks before an account is closed.
pub(super) async fn close(visitor: Visitor, Path(id): Path<String>) -> Result<WebPage, Fault> {
    asked(&visitor, &id, CLOSE).await
}

/// Asks before a telephone is forgotten.
pub(super) async fn forget_telephone(
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<WebPage, Fault> {
    asked(&visitor, &id, FORGET_TELEPHONE).await
}

/// Asks before every session ends.
pub(super) async fn end_sessions(
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<WebPage, Fault> {
    asked(&visitor, &id, END_SESSIONS).await
}

async fn asked(
    visitor: &Visitor,
    id: &str,
    (title, what, button, act): GraveQuestion,
) -> Result<WebPage, Fault> {
    let account = found_other(visitor, id).await?.account;
    let (csrf, path) = (visitor.csrf(), path(account.id));
    let body = ConfirmBody { csrf, title, name: &account.name, what, button, path, act };
    visitor.page(Section::Accounts, title, &body)
}
