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
    /// The same as a booklet, where there is one.
    booklet: Option<&'static str>,
    parts: SheetParts,
}

fn shown(
    visitor: &Visitor,
    sheet: FactSheet,
    (pdf, booklet): (&'static str, Option<&'static str>),
) -> Result<WebPage, Fault> {
    let FactSheet { title, lead, day, parts } = sheet;
    let (day, parts) = (dates::in_full(day), SheetParts { parts });
    visitor.page(Section::Help, title, &SheetPage { title, lead, day, pdf, booklet, parts })
}

fn file_of(pdf: Result<Vec<u8>, SheetError>, name: &str) -> Result<Response, Fault> {
    let pdf = pdf.map_err(|error| match error {
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
    let files = ("/aide/mode-d-emploi.pdf", Some("/aide/mode-d-emploi-livret.pdf"));
    shown(&visitor, office::guide(visitor.school()), files)
}

/// The same on paper.
pub(super) async fn guide_pdf(visitor: Visitor) -> Result<Response, Fault> {
    let school = visitor.school();
    file_of(office::guide(school).print(school).await, "mode-d-emploi.pdf")
}

/// The same as a booklet.
pub(super) async fn guide_booklet(visitor: Visitor) -> Result<Response, Fault> {
    let school = visitor.school();
    file_of(office::guide(school).print_booklet(school).await, "mode-d-emploi-livret.pdf")
}

/// Whom one asks for what.
pub(super) async fn circuits(visitor: Visitor) -> Result<WebPage, Fault> {
    let sheet = office::circuits(visitor.school()).await?;
    shown(&visitor, sheet, ("/aide/circuits-et-contacts.pdf", None))
}

/// The same on paper.
pub(super) async fn circuits_pdf(visitor: Visitor) -> Result<Response, Fault> {
    let sheet = office::circuits(visitor.school()).await?;
    file_of(sheet.print(visitor.school()).await, "circuits-et-contacts.pdf")
}
