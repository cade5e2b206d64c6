//! A telephone whose code is asked for at each sign-in, and the codes on paper for the day when it is lost.

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
use crate::accounts::{Account, OneTimeCode};
use crate::office::{self, AccountRefusal, Enrolment};
use crate::render::letters::qr_svg;

const TITLE: &str = "Code du téléphone";
const PAPER: &str = "Codes de secours";

#[derive(Template)]
#[template(path = "account/telephone.html", config = "src/web/askama.toml")]
struct TelephoneBody<'a> {
    csrf: &'a str,
    /// For programs that keep passwords.
    login: &'a str,
    faults: Faults,
    is_asked: bool,
    proof: FormField,
}

#[derive(Template)]
#[template(path = "account/enrol.html", config = "src/web/askama.toml")]
struct EnrolBody<'a> {
    csrf: &'a str,
    faults: Faults,
    /// The picture to be taken, which this program drew, and what it says.
    shown: Option<(String, &'a str)>,
    code: FormField,
}

#[derive(Template)]
#[template(path = "account/on_paper.html", config = "src/web/askama.toml")]
struct OnPaperBody {
    codes: Vec<String>,
}

/// Whether it is asked for, and what can be done about it.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    shown(&visitor, Faults::default())
}

fn shown(visitor: &Visitor, faults: Faults) -> Result<WebPage, Fault> {
    let account = &visitor.session().account;
    let (name, label) = proof(account);
    let field = if account.has_password {
        FormField::new(name, label, FieldKind::Secret).fills("current-password")
    } else {
        FormField::new(name, label, FieldKind::Line)
            .fills("one-time-code")
            .hint("Six chiffres, ou un code de secours.")
    };
    let body = TelephoneBody {
        csrf: visitor.csrf(),
        login: &account.login,
        faults,
        is_asked: account.has_second_factor,
        proof: field.required(),
    };
    visitor.page(Section::OwnAccount, TITLE, &body)
}

/// By what somebody proves that it is they: the field's name and label.
const fn proof(account: &Account) -> (&'static str, &'static str) {
    if account.has_password {
        ("mot-de-passe", "Mot de passe")
    } else {
        ("code", "Le code que montre le téléphone actuel")
    }
}

/// Shows the secret, which is asked for no sooner than its first code came back.
pub(super) async fn begin(
    visitor: Visitor,
    Knock(from): Knock,
    form: Form,
) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), &visitor.session().account);
    let proof = form.secret(proof(account).0);
    match office::begin_second_factor(school, account, proof, &from).await {
        Ok(enrolment) => Ok(enrol(&visitor, Some(&enrolment), Faults::default())?.into_response()),
        Err(refusal) => not_done(&visitor, refusal),
    }
}

/// Asks for a first code; the secret is shown once, for a session that somebody else found must not read it again.
fn enrol(
    visitor: &Visitor,
    enrolment: Option<&Enrolment>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let code = FormField::new("code", "Le code que montre le téléphone", FieldKind::Line);
    let body = EnrolBody {
        csrf: &visitor.session().csrf,
        faults,
        shown: enrolment.map(|it| (qr_svg(&it.uri).unwrap_or_default(), it.secret.as_str())),
        code: code.required().fills("one-time-code").hint("Six chiffres."),
    };
    visitor.page(Section::OwnAccount, TITLE, &body)
}

/// Asks for it from now on, and shows the codes on paper, once.
pub(super) async fn confirm(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), &visitor.session().account);
    let token = visitor::token(&web, &headers).unwrap_or_default();
    match office::confirm_second_factor(school, account, token, form.text("code")).await {
        Ok(codes) => {
            let codes = codes.iter().map(OneTimeCode::expose).collect();
            let page = visitor.page(Section::OwnAccount, PAPER, &OnPaperBody { codes })?;
            Ok(page.into_response())
        }
        Err(refusal) => {
            let faults = told(&visitor, refusal)?;
            Ok(enrol(&visitor, None, faults)?.refused().into_response())
        }
    }
}

/// Asks for it no more.
pub(super) async fn remove(
    visitor: Visitor,
    Knock(from): Knock,
    form: Form,
) -> Result<Response, Fault> {
    let (school, account) = (visitor.school(), &visitor.session().account);
    let proof = form.secret(proof(account).0);
    match office::remove_second_factor(school, account, proof, &from).await {
        Ok(()) => Ok(page::to("/compte?fait=retire")),
        Err(refusal) => not_done(&visitor, refusal),
    }
}

fn not_done(visitor: &Visitor, refusal: AccountRefusal) -> Result<Response, Fault> {
    let faults = told(visitor, refusal)?;
    Ok(shown(visitor, faults)?.refused().into_response())
}
