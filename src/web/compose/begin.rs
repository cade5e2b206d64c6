//! A new announcement begins with what kind of it it is.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::kept::{self, WritingStep};
use crate::message::{DIGEST, Draft, Urgency};
use crate::office::{self, School, draft};

const TITLE: &str = "Nouvelle annonce";

#[derive(Template)]
#[template(path = "compose/begin.html", config = "src/web/askama.toml")]
struct Begin<'a> {
    csrf: &'a str,
    templates: Vec<OfferedTemplate>,
}

struct OfferedTemplate {
    name: String,
    title: String,
    description: String,
    is_urgent: bool,
}

/// The kinds of announcements that there are.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    let body = Begin { csrf: &visitor.session().csrf, templates: offered(visitor.school()) };
    visitor.page(Section::Writing, TITLE, &body)
}

fn offered(school: &School) -> Vec<OfferedTemplate> {
    let templates = school.renderer.templates();
    let all = templates.list().filter(|(name, _)| *name != DIGEST);
    let offered = all.map(|(name, info)| OfferedTemplate {
        name: name.to_owned(),
        title: info.title.clone(),
        description: info.description.clone(),
        is_urgent: info.urgency == Urgency::Urgent,
    });
    offered.collect()
}

/// Keeps a new draft and goes on to its text.
pub(super) async fn begin(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let (school, template) = (visitor.school(), posted.text("modele"));
    school.renderer.templates().info(template).map_err(|_| Fault::Unreadable)?;
    let plan = school.config.usual_plan().ok_or_else(no_plan)?;
    let draft = Draft {
        template: template.to_owned(),
        audience: office::first_audience(&visitor.session().account),
        plan: plan.to_owned(),
        ..Draft::default()
    };
    let at = draft::save(school, visitor.actor(), draft, None).await?;
    Ok(kept::go_on(at.number, WritingStep::Text).into_response())
}

fn no_plan() -> Fault {
    Explained::new("Aucun plan d’envoi n’est réglé.", "Faites-en régler un.").into()
}

/// Where somebody goes on with a draft: at its text, where it has one of its own.
pub(super) async fn resume(visitor: Visitor, Path(number): Path<u32>) -> Result<Response, Fault> {
    let kept = kept::open(&visitor, number).await?;
    Ok(kept::go_on(number, kept::first_step(&kept.draft)))
}
