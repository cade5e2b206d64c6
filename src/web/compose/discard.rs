//! A draft is given up: asked on a page of its own, since what it says is gone then.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::kept;
use crate::office::draft;

const TITLE: &str = "Abandonner ce brouillon ?";

#[derive(Template)]
#[template(path = "compose/discard.html", config = "src/web/askama.toml")]
struct Discard<'a> {
    csrf: &'a str,
    number: u32,
    subject: String,
}

/// Asks.
pub(super) async fn ask(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open(&visitor, number).await?;
    let body = Discard { csrf: &visitor.session().csrf, number, subject: kept.subject };
    visitor.page(Section::Writing, TITLE, &body)
}

/// Does away with it.
pub(super) async fn discard(
    visitor: Visitor,
    Path(number): Path<u32>,
    _: Form,
) -> Result<Response, Fault> {
    draft::discard(visitor.school(), visitor.actor(), number).await?;
    Ok(page::to("/"))
}
