//! A plan is removed: confirmed on a page of its own.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::plan::query;
use super::saving;
use crate::office::SettingsChange;

#[derive(Template)]
#[template(path = "settings/plan_removed.html", config = "src/web/askama.toml")]
struct AskRemoval<'a> {
    csrf: &'a str,
    version: &'a str,
    faults: Faults,
    name: &'a str,
    back: String,
}

/// Asks.
pub(super) async fn ask(visitor: Visitor, RawQuery(asked): RawQuery) -> Result<WebPage, Fault> {
    let asked = Form::asked(asked.as_deref().unwrap_or_default());
    made(&visitor, asked.text("nom"), Faults::default())
}

fn made(visitor: &Visitor, name: &str, faults: Faults) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    stand.config.plan(name).map_err(|_| Fault::NothingThere)?;
    let (csrf, version) = (visitor.csrf(), stand.version.as_str());
    let body = AskRemoval { csrf, version, faults, name, back: query(name) };
    visitor.page(Section::Settings, &format!("Retirer le plan « {name} »"), &body)
}

/// Removes it.
pub(super) async fn remove(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let (name, mut faults) = (posted.text("nom"), Faults::default());
    let change = SettingsChange::NoPlan(name.to_owned());
    match saving::save(&visitor, posted.text("version"), change, &mut faults).await? {
        Some(answer) => Ok(answer),
        None => Ok(made(&visitor, name, faults)?.refused().into_response()),
    }
}
