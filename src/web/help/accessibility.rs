//! What is known of how far the pages are for everybody (RGAA 4.1; loi 2005-102, article 47): public, as the law wants it.

use askama::Template;
use axum::extract::State;
use jiff::civil::{Date, date};

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::visitor::Visitor;
use crate::config::SchoolSettings;
use crate::wording::dates;

/// When what the page says was last looked through; it holds for three years at most.
const STATED_ON: Date = date(2026, 11, 29);

#[derive(Template)]
#[template(path = "help/accessibility.html", config = "src/web/askama.toml")]
struct AccessibilityPage<'a> {
    school: &'a SchoolSettings,
    place: &'a str,
    day: String,
}

/// The statement.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Option<Visitor>,
) -> Result<WebPage, Fault> {
    let (school, place) = (&web.school().config.school, web.address().origin());
    let body = AccessibilityPage { school, place, day: dates::in_full(STATED_ON) };
    page::made(&web, visitor.as_ref(), Section::Help, "Accessibilité : non conforme", &body)
}
