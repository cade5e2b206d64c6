//! The help, and each sheet as a page and as a PDF.

use askama::Template;
use axum::response::Response;

use super::super::fault::{Explained, Fault};
use super::super::file;
use super::super::page::{Section, WebPage};
use super::super::sheet::SheetParts;
use super::super::visitor::Visitor;
use crate::office::{self, FactSheet, SheetError};
use crate::wording::dates;

#[derive(Template)]
#[template(path = "help/help.html", config = "src/web/askama.toml")]
struct HelpPage<'a> {
    phone: &'a str,
}

/// The help.
pub(super) async fn help(visitor: Visitor) -> Result<WebPage, Fault> {
    let phone = &visitor.school().config.school.phone;
    visitor.page(Section::Help, "Aide", &HelpPage { phone })
}

#[derive(Template)]
#[template(path = "help/sheet.html", config = "src/web/askama.toml")]
struct SheetPage {
    title: &'static str,
    lead: String,
    day: String,
    pdf: &'static str,
    parts: SheetParts,
}

fn shown(visitor: &Visitor, sheet: FactSheet, pdf: &'static str) -> Result<WebPage, Fault> {
    let FactSheet { title, lead, day, parts } = sheet;
    let body =
        SheetPage { title, lead, day: dates::in_full(day), pdf, parts: SheetParts { parts } };
    visitor.page(Section::Help, title, &body)
}

async fn printed(visitor: &Visitor, sheet: FactSheet, name: &str) -> Result<Response, Fault> {
    let pdf = sheet.print(visitor.school()).await.map_err(|error| match error {
        SheetError::Store(error) => Fault::from(error),
        SheetError::Press(_) | SheetError::Folder(_) => {
            tracing::warn!(%error, "A sheet could not be printed.");
            let told = "La fiche n’a pas pu être mise en PDF.";
            Explained::new(told, "Imprimez la page elle-même.").into()
        }
    })?;
    Ok(file::shown("application/pdf", name, pdf))
}

/// How it is used.
pub(super) async fn guide(visitor: Visitor) -> Result<WebPage, Fault> {
    shown(&visitor, office::guide(visitor.school()), "/aide/mode-d-emploi.pdf")
}

/// The same on paper.
pub(super) async fn guide_pdf(visitor: Visitor) -> Result<Response, Fault> {
    printed(&visitor, office::guide(visitor.school()), "mode-d-emploi.pdf").await
}

/// Whom one asks for what.
pub(super) async fn circuits(visitor: Visitor) -> Result<WebPage, Fault> {
    let sheet = office::circuits(visitor.school()).await?;
    shown(&visitor, sheet, "/aide/circuits-et-contacts.pdf")
}

/// The same on paper.
pub(super) async fn circuits_pdf(visitor: Visitor) -> Result<Response, Fault> {
    let sheet = office::circuits(visitor.school()).await?;
    printed(&visitor, sheet, "circuits-et-contacts.pdf").await
}
