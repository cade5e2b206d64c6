//! What people say of a batch: that it left the school, or that it did not.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::batch::number;
use crate::office::{self, BatchState, LettersRefusal};

#[derive(Template)]
#[template(path = "letters/take_back.html", config = "src/web/askama.toml")]
struct AskUnpost<'a> {
    csrf: &'a str,
    number: u32,
    letters: String,
    told: String,
}

/// The batch was posted or handed out.
pub(super) async fn post(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let number = number(&typed)?;
    office::post_letters(visitor.school(), visitor.actor(), number).await?;
    Ok(page::to(&format!("/courriers/lots/{number}?fait=poste")))
}

/// Asks whether that is to be taken back.
pub(super) async fn ask(visitor: Visitor, Path(typed): Path<String>) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let number = number(&typed)?;
    let shown = office::letter_batch(visitor.school(), number).await?;
    if shown.batch.state != BatchState::Posted {
        return Err(LettersRefusal::NotPosted(number).into());
    }
    let letters = count(shown.batch.letters, "courrier", "courriers");
    let told = count(
        shown.batch.letters,
        "courrier sera de nouveau à poster",
        "courriers seront de nouveau à poster",
    );
    let body = AskUnpost { csrf: visitor.csrf(), number, letters, told };
    visitor.page(Section::Letters, &format!("Reprendre l’envoi du lot {number}"), &body)
}

/// Takes it back.
pub(super) async fn take_back(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let number = number(&typed)?;
    office::take_back_posting(visitor.school(), visitor.actor(), number).await?;
    Ok(page::to(&format!("/courriers/lots/{number}?fait=repris")))
}
