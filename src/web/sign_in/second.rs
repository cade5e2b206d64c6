//! The second half of signing in: the code of the telephone, or one on paper.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::field::{FieldKind, FormField};
use super::super::onwards::onwards;
use super::super::page::{self, Section, WebPage};
use super::super::place::Knock;
use super::super::posted::Form;
use super::super::stranger::Csrf;
use super::super::visitor;
use super::enter::{self, Wanted};
use super::refused;
use crate::office;

const TITLE: &str = "Le code du téléphone";

#[derive(Template)]
#[template(path = "sign_in/second.html", config = "src/web/askama.toml")]
struct SecondBody<'a> {
    csrf: &'a str,
    wanted: &'a str,
    fault: Option<String>,
    code: FormField,
}

/// The form.
pub(super) async fn form(
    State(web): State<Web>,
    Csrf(csrf): Csrf,
    Query(wanted): Query<Wanted>,
) -> Result<WebPage, Fault> {
    shown(&web, &csrf, &wanted.path, None)
}

fn shown(web: &Web, csrf: &str, wanted: &str, fault: Option<String>) -> Result<WebPage, Fault> {
    let code = FormField::new("code", "Le code", FieldKind::Line);
    let code = code.required().fills("one-time-code").hint("Six chiffres, ou un code de secours.");
    page::made(web, None, Section::SignIn, TITLE, &SecondBody { csrf, wanted, fault, code })
}

/// Signs in, or says that it did not.
pub(super) async fn confirm(
    State(web): State<Web>,
    Knock(from): Knock,
    Csrf(csrf): Csrf,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Fault> {
    let half = visitor::token(&web, &headers).unwrap_or_default();
    match office::confirm_code(web.school(), half, form.text("code"), &from).await {
        Ok(token) => Ok(enter::begun(&web, token.expose(), onwards(form.text("vers")))),
        Err(office::SignInRefusal::Wrong) => {
            let told =
                "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.".to_owned();
            Ok(shown(&web, &csrf, form.text("vers"), Some(told))?.refused().into_response())
        }
        Err(refusal) => {
            let told = refused::sign_in(&web, refusal)?;
            Ok(shown(&web, &csrf, form.text("vers"), Some(told))?.refused().into_response())
        }
    }
}
