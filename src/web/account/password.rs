//! Somebody changes their password.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::place::Knock;
use super::super::posted::Form;
use super::super::visitor::{self, Visitor};
use super::told::told;
use crate::accounts::LEAST_LETTERS;
use crate::office;

const TITLE: &str = "Changer le mot de passe";

#[derive(Template)]
#[template(path = "account/password.html", config = "src/web/askama.toml")]
struct PasswordBody<'a> {
    csrf: &'a str,
    /// For programs that keep passwords.
    login: &'a str,
    faults: Faults,
    fields: Vec<FormField>,
}

/// The form.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    shown(&visitor, Faults::default())
}

fn shown(visitor: &Visitor, faults: Faults) -> Result<WebPage, Fault> {
    let account = &visitor.session().account;
    let secret =
        |name, label, fills| FormField::new(name, label, FieldKind::Secret).required().fills(fills);
    let old = secret("mot-de-passe-actuel", "Mot de passe actuel", "current-password");
    let new = secret("mot-de-passe-nouveau", "Nouveau mot de passe", "new-password")
        .hint(format!("{LEAST_LETTERS} signes au moins."));
    let fields = if account.has_password { vec![old, new] } else { vec![new] };
    let body =
        PasswordBody { csrf: &visitor.session().csrf, login: &account.login, faults, fields };
    visitor.page(Section::OwnAccount, TITLE, &body)
}

/// Changes it, or says why not.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Knock(from): Knock,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Fault> {
    let token = visitor::token(&web, &headers).unwrap_or_default();
    let words = (form.secret("mot-de-passe-actuel"), form.secret("mot-de-passe-nouveau"));
    let account = &visitor.session().account;
    match office::change_password(visitor.school(), account, token, words, &from).await {
        Ok(()) => Ok(page::to("/compte?fait=mot-de-passe")),
        Err(refusal) => Ok(shown(&visitor, told(&visitor, refusal)?)?.refused().into_response()),
    }
}
