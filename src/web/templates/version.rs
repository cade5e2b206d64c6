//! An earlier version of a template: looked at, and set back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use crate::office::{self, TemplateRefusal};
use crate::render::{Files, template_files};

#[derive(Template)]
#[template(path = "templates/version.html", config = "src/web/askama.toml")]
struct VersionPage<'a> {
    csrf: &'a str,
    name: &'a str,
    title: String,
    number: usize,
    is_shipped: bool,
    files: Files,
}

fn number(typed: &str) -> Result<usize, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

/// One version.
pub(super) async fn show(
    visitor: Visitor,
    Path((name, typed)): Path<(String, String)>,
) -> Result<WebPage, Fault> {
    let number = number(&typed)?;
    let shown = office::show_template(visitor.school(), &name)?;
    let files = office::template_version(visitor.school(), &name, number)?;
    let is_shipped = files.is_empty();
    let title = format!("{}, version {number}", shown.listed.info.title);
    let csrf = visitor.csrf();
    let body = VersionPage { csrf, name: &name, title: title.clone(), number, is_shipped, files };
    visitor.page(Section::Templates, &title, &body)
}

/// Sets it back: it becomes the newest version.
pub(super) async fn put_back(
    visitor: Visitor,
    Path((name, typed)): Path<(String, String)>,
    _: Form,
) -> Result<Response, Fault> {
    let (school, number) = (visitor.school(), number(&typed)?);
    let mut files = office::template_version(school, &name, number)?;
    if files.is_empty() {
        let shipped = template_files(None).map_err(TemplateRefusal::from)?.remove(&name);
        files = shipped.ok_or(Fault::NothingThere)?;
    }
    let read = office::show_template(school, &name)?.versions;
    office::save_template(school, visitor.actor(), &name, files, read).await?;
    Ok(page::to(&format!("/modeles/{name}?fait=enregistre")))
}
