//! A code with which the owner of an account chooses a password: shown once, to be handed over.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::page::Section;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::meant::{found_other, not_done, path};
use crate::office;

const TITLE: &str = "Un code pour choisir un mot de passe";

#[derive(Template)]
#[template(path = "accounts/code.html", config = "src/web/askama.toml")]
struct InvitationBody<'a> {
    name: &'a str,
    login: &'a str,
    code: String,
    address: String,
    path: String,
}

/// Makes it, in place of an earlier one, and shows it.
pub(super) async fn make(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let account = found_other(&visitor, &id).await?.account;
    let made = office::reset_code(visitor.school(), visitor.actor(), account.id).await;
    let code = made.map_err(|refusal| not_done(&visitor, refusal))?;
    let body = InvitationBody {
        name: &account.name,
        login: &account.login,
        code: code.expose(),
        address: format!("{}/code", visitor.web().address().origin()),
        path: path(account.id),
    };
    Ok(visitor.page(Section::Accounts, TITLE, &body)?.into_response())
}
