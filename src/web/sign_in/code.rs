//! A code that somebody was given: for the very first account, or to choose a password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::super::Web;
use super::super::fault::Fault;
use super::super::field::{Faults, Field, Kind};
use super::super::page::{self, Page, Section};
use super::super::place::Place;
use super::super::posted::Posted;
use super::{enter, refused};
use crate::accounts::LEAST_LETTERS;
use crate::office::{self, SignedIn};

const FIRST: &str = "Créer le premier compte";
const CHOOSE: &str = "Choisir un mot de passe";

#[derive(Template)]
#[template(path = "sign_in/code.html", config = "src/web/askama.toml")]
struct Code<'a> {
    title: &'a str,
    faults: Faults,
    fields: Vec<Field>,
}

/// What was typed that may be shown again.
#[derive(Default)]
struct Typed<'a> {
    code: &'a str,
    login: &'a str,
    name: &'a str,
}

/// The form: of the first account while there is none, of a password from then on.
pub(super) async fn form(State(web): State<Web>) -> Result<Page, Fault> {
    let is_first = office::accounts(web.school()).await?.is_empty();
    shown(&web, is_first, &Typed::default(), Faults::default())
}

fn shown(web: &Web, is_first: bool, typed: &Typed<'_>, faults: Faults) -> Result<Page, Fault> {
    let code =
        Field::new("code", "Le code que vous avez reçu", Kind::Line).required().typed(typed.code);
    let login = Field::new("identifiant", "Identifiant", Kind::Line)
        .required()
        .fills("username")
        .hint("Exemple : camille.arago")
        .typed(typed.login);
    let name =
        Field::new("nom", "Prénom et nom", Kind::Line).required().fills("name").typed(typed.name);
    let password = Field::new("mot-de-passe", "Mot de passe", Kind::Secret)
        .required()
        .fills("new-password")
        .hint(format!("{LEAST_LETTERS} signes au moins ; quelques mots qui ne vont pas ensemble font l’affaire."));
    let fields = if is_first { vec![code, name, login, password] } else { vec![code, password] };
    let title = if is_first { FIRST } else { CHOOSE };
    page::made(web, None, Section::Elsewhere, title, &Code { title, faults, fields })
}

/// Makes the first account, or gives one the password that its owner chose; then they are signed in.
pub(super) async fn claim(
    State(web): State<Web>,
    Place(from): Place,
    posted: Posted,
) -> Result<Response, Fault> {
    let school = web.school();
    let typed = Typed {
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
            return Ok(shown(&web, is_first, &typed, faults)?.refused().into_response());
        }
    };
    match office::sign_in(school, &account.login, password, &from).await {
        Ok(SignedIn::Whole(token)) => Ok(enter::begun(&web, token.expose(), "/")),
        _ => Ok(page::to("/connexion")),
    }
}
