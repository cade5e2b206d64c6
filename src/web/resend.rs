//! The page that holds a form that was not heard: nothing is done, and nobody need type it again. Whoever is signed in by
//! then reads it, and in whose name it would be done, before it is: they need not be the one who wrote it.

use askama::Template;
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;

use super::fault::{Explained, Fault};
use super::posted::Form;
use super::unsent::Unsent;
use super::visitor::Visitor;

/// How a browser sends a form without files.
const FIELDS: &str = "application/x-www-form-urlencoded";

/// The page, for whoever is signed in now, or for nobody.
#[derive(Template)]
#[template(path = "resend.html", config = "src/web/askama.toml")]
pub(super) struct ResendBody<'a> {
    title: &'a str,
    told: &'a Explained,
    who: Option<&'a str>,
    csrf: &'a str,
    unsent: &'a Unsent,
}

impl<'a> ResendBody<'a> {
    /// What was not heard, and why.
    pub(super) fn of(
        unsent: &'a Unsent,
        title: &'a str,
        told: &'a Explained,
        visitor: Option<&'a Visitor>,
    ) -> Self {
        let who = visitor.map(|it| it.session().account.name.as_str());
        Self { title, told, who, csrf: visitor.map_or("", Visitor::csrf), unsent }
    }
}

/// Nobody is signed in who asks for this: what a form of theirs says is kept for them.
pub(super) async fn of_stranger(request: Request) -> Fault {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    if *request.method() != Method::POST || !kind.is_some_and(|it| it.starts_with(FIELDS)) {
        return Fault::signed_out(&request);
    }
    let (asked, body) = request.into_parts();
    match Form::unproven(body).await.map(|form| form.unsent(&asked.uri)) {
        Ok(unsent) if unsent.fields().is_empty() => Fault::SignedOut(String::new()),
        Ok(unsent) => Fault::Unheard(unsent),
        Err(fault) => fault,
    }
}
