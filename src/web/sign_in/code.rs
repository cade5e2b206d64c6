//! A code that somebody was given: for the very first account, or to choose a password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::place::Knock;
use super::super::posted::Form;
use super::super::stranger::Csrf;
use super::{enter, refused};
use crate::accounts::LEAST_LETTERS;
use crate::office::{self, SignedIn};

const FIRST: &str = "Créer le premier compte";
const CHOOSE: &str = "Choisir un mot de passe";

#[derive(Template)]
#[template(path = "sign_in/code.html", config = "src/web/askama.toml")]
struct CodeBody<'a> {
    csrf: &'a str,
    title: &'a str,
    faults: Faults,
    fields: Vec<FormField>,
}

/// What was typed that may be shown again.
#[derive(Default)]
struct TypedWithCode<'a> {
    code: &'a str,
    login: &'a str,
    name: &'a str,
}

/// The form: of the first account while there is none, of a password from then on.
pub(super) async fn form(State(web): State<Web>, Csrf(csrf): Csrf) -> Result<WebPage, Fault> {
    let is_first = office::accounts(web.school()).await?.is_empty();
    shown(&web, &csrf, is_first, &TypedWithCode::default(), Faults::default())
}

fn shown(
    web: &Web,
    csrf: &str,
    is_first: bool,
    typed: &TypedWithCode<'_>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let code = FormField::new("code", "Le code que vous avez reçu", FieldKind::Line)
        .required()
        .typed(typed.code);
    let login = FormField::new("identifiant", "Identifiant", FieldKind::Line)
        .required()
        .fills("username")
        .hint("Exemple : camille.arago")
        .typed(typed.login);
    let name = FormField::new("nom", "Prénom et nom", FieldKind::Line)
        .required()
        .fills("name")
        .typed(typed.name);
    let password = FormField::new("mot-de-passe", "Mot de passe", FieldKind::Secret)
        .required()
        .fills("new-password")
        .hint(format!("{LEAST_LETTERS} signes au moins ; quelques mots qui ne vont pas ensemble font l’affaire."));
    let fields = if is_first { vec![code, name, login, password] } else { vec![code, password] };
    let title = if is_first { FIRST } else { CHOOSE };
    page::made(web, None, Section::SignIn, title, &CodeBody { csrf, title, faults, fields })
}

/// Makes the first account, or gives one the password that its owner chose; then they are signed in.
pub(super) async fn claim(
    State(web): State<Web>,
    Knock(from): Knock,
    Csrf(csrf): Csrf,
    posted: Form,
) -> Result<Response, Fault> {
    let school = web.school();
    let typed = TypedWithCode {
        code: posted.text("code"),
        login: posted.text("identifiant"),
        name: posted.text("nom"),
    };
    let password = posted.secret("mot-de-passe");
    let is_first = office::accounts(school).await?.is_empty();
    let claimed = if is_first {
        office::claim_first(school, typed.code, typed.login, typed.name, password.clone()).await
    } else {
        office::claim_password(school, typed.code, password.clone()).await
    };
    let account = match claimed {
        Ok(account) => account,
        Err(refusal) => {
            let mut faults = Faults::default();
            faults.add("", refused::account(school, refusal)?);
            return Ok(shown(&web, &csrf, is_first, &typed, faults)?.refused().into_response());
        }
    };
    match office::sign_in(school, &account.login, password, &from).await {
        Ok(SignedIn::Whole(token)) => Ok(enter::begun(&web, token.expose(), "/")),
        _ => Ok(page::to("/connexion")),
    }
}
