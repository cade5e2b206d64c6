//! Somebody's account and an OpenID provider: tied to who it says that they are, or not any more.

use askama::Template;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::place::Knock;
use super::super::posted::Form;
use super::super::sign_in::{elsewhere, refused};
use super::super::visitor::Visitor;
use super::told::told;
use crate::accounts::Token;
use crate::office;

#[derive(Template)]
#[template(path = "account/identity.html", config = "src/web/askama.toml")]
struct IdentityBody<'a> {
    csrf: &'a str,
    /// For programs that keep passwords.
    login: &'a str,
    faults: Faults,
    title: &'a str,
    name: &'a str,
    has_identity: bool,
    has_password: bool,
    password: Option<FormField>,
}

/// Whether the account is tied, and what can be done about it.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    shown(&visitor, Faults::default())
}

fn shown(visitor: &Visitor, faults: Faults) -> Result<WebPage, Fault> {
    let openid = visitor.web().openid().ok_or(Fault::NothingThere)?;
    let (name, account) = (openid.settings().called(), &visitor.session().account);
    let password = FormField::new("mot-de-passe", "Mot de passe", FieldKind::Secret);
    let password = password.required().fills("current-password");
    let title = format!("S’identifier avec {name}");
    let body = IdentityBody {
        csrf: visitor.csrf(),
        login: &account.login,
        faults,
        title: &title,
        name,
        has_identity: account.has_identity,
        has_password: account.has_password,
        password: account.has_password.then_some(password),
    };
    visitor.page(Section::OwnAccount, &title, &body)
}

/// Lets somebody set out who gave their password.
pub(super) async fn begin(
    visitor: Visitor,
    Knock(from): Knock,
    form: Form,
) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), &visitor.session().account);
    let token = Token::new().map_err(|error| Fault::Broken(error.to_string()))?;
    let password = form.secret("mot-de-passe");
    match office::begin_tie(school, account, token.expose(), password, &from).await {
        Ok(()) => {
            let cookie = elsewhere::set_out_cookie(visitor.web(), token.expose(), "/compte");
            Ok(([(SET_COOKIE, cookie)], page::to("/connexion/en-route")).into_response())
        }
        Err(refusal) => Ok(shown(&visitor, told(&visitor, refusal)?)?.refused().into_response()),
    }
}

/// Unties the account.
pub(super) async fn remove(visitor: Visitor, _: Form) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), visitor.session().account.id);
    match office::untie_identity(school, visitor.actor(), account).await {
        Ok(()) => Ok(page::to("/compte?fait=detache")),
        Err(refusal) => {
            Err(Explained::new(refused::account(school, refusal)?, "Rechargez la page.").into())
        }
    }
}
