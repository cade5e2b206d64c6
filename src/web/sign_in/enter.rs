//! The form of name and password.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::field::{FieldKind, FormField};
use super::super::onwards::{self, onwards};
use super::super::page::{self, Section, WebPage};
use super::super::place::Knock;
use super::super::posted::Form;
use super::super::stranger::Csrf;
use super::super::visitor::{self, Visitor};
use super::{hint, refused};
use crate::office::{self, SignedIn};

const TITLE: &str = "Se connecter";

#[derive(Template)]
#[template(path = "sign_in/enter.html", config = "src/web/askama.toml")]
struct Enter<'a> {
    csrf: &'a str,
    wanted: &'a str,
    login: FormField,
    password: FormField,
    fault: Option<String>,
    nobody_yet: bool,
    elsewhere: Option<Elsewhere<'a>>,
}

/// Another way in, beside the password.
struct Elsewhere<'a> {
    name: &'a str,
    path: String,
}

/// Where somebody wanted to go.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default, rename = "vers")]
    pub(super) path: String,
}

/// What was typed that may be shown again.
struct TypedLogin<'a> {
    wanted: &'a str,
    login: &'a str,
}

/// The form; whoever is signed in goes on.
pub(super) async fn form(
    State(web): State<Web>,
    visitor: Option<Visitor>,
    Csrf(csrf): Csrf,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    if visitor.is_some() {
        return Ok(page::to(onwards(&wanted.path)));
    }
    let nobody_yet = office::accounts(web.school()).await?.is_empty();
    Ok(shown(&web, &csrf, &TypedLogin { wanted: &wanted.path, login: "" }, None, nobody_yet)?
        .into_response())
}

fn shown(
    web: &Web,
    csrf: &str,
    typed: &TypedLogin<'_>,
    fault: Option<String>,
    nobody_yet: bool,
) -> Result<WebPage, Fault> {
    let TypedLogin { wanted, login } = *typed;
    let login = FormField::new("identifiant", "Identifiant", FieldKind::Line)
        .required()
        .fills("username")
        .typed(login);
    let password = FormField::new("mot-de-passe", "Mot de passe", FieldKind::Secret)
        .required()
        .fills("current-password");
    let elsewhere = web.openid().map(|it| Elsewhere {
        name: it.settings().called(),
        path: onwards::by("/connexion/ailleurs", wanted),
    });
    let body = Enter { csrf, wanted, login, password, fault, nobody_yet, elsewhere };
    page::made(web, None, Section::SignIn, TITLE, &body)
}

/// Signs in, or says that it did not.
pub(super) async fn enter(
    State(web): State<Web>,
    Knock(from): Knock,
    Csrf(csrf): Csrf,
    posted: Form,
) -> Result<Response, Fault> {
    let (wanted, login) = (posted.text("vers"), posted.text("identifiant"));
    let password = posted.secret("mot-de-passe");
    match office::sign_in(web.school(), login, password, &from).await {
        Ok(SignedIn::Whole(token)) => Ok(by_password(&web, token.expose(), onwards(wanted))),
        Ok(SignedIn::NeedsCode(token)) => {
            let next = onwards::by("/connexion/code", onwards(wanted));
            Ok(by_password(&web, token.expose(), &next))
        }
        Err(refusal) => {
            let told = refused::sign_in(&web, refusal)?;
            Ok(shown(&web, &csrf, &TypedLogin { wanted, login }, Some(told), false)?
                .refused()
                .into_response())
        }
    }
}

/// Goes on with a session that no OpenID provider knows of.
fn by_password(web: &Web, token: &str, onwards: &str) -> Response {
    let mut answer = begun(web, token, onwards);
    answer.headers_mut().append(SET_COOKIE, hint::gone(web));
    answer
}

/// Goes on with a session that begins.
pub(super) fn begun(web: &Web, token: &str, onwards: &str) -> Response {
    ([(SET_COOKIE, visitor::cookie(web, token))], page::to(onwards)).into_response()
}
