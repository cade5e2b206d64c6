//! Those who are to be called, by name, with what was tried.

use std::ops::Range;

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::tried;
use crate::delivery::lifecycle::AddresseeState;
use crate::office::{self, Charge};
use crate::people::Right;

/// People on a page.
const EACH: usize = 40;

/// Some of those who are to be called.
#[derive(Template)]
#[template(path = "to_do/people.html", config = "src/web/askama.toml")]
pub(super) struct People {
    shown: Vec<PersonLine>,
    total: usize,
    /// How many there are; none where all are shown.
    more: Option<String>,
}

struct PersonLine {
    name: String,
    about: String,
    message: String,
    subject: String,
    tried: Vec<String>,
}

/// Where they all stand.
const PATH: &str = "/a-traiter/appels";

impl People {
    /// Those of a range, and the way to all of them.
    pub(super) async fn of(visitor: &Visitor, range: Range<usize>) -> Result<Self, Fault> {
        let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
        let found =
            office::look_at_charges(school, actor, &whom, AddresseeState::OnCall, range).await?;
        let sees_rulings = visitor.may(Right::SeeRulings);
        let shown: Vec<PersonLine> =
            found.people.into_iter().map(|it| PersonLine::of(it, sees_rulings)).collect();
        let all = format!("Voir les {}", count(found.total, "personne", "personnes"));
        let more = (shown.len() < found.total).then_some(all);
        Ok(Self { shown, total: found.total, more })
    }
}

impl PersonLine {
    fn of(charge: Charge, sees_rulings: bool) -> Self {
        let Charge { message, subject, who, .. } = charge;
        Self {
            name: who.name,
            about: who.about.join(", "),
            message: message.to_string(),
            subject,
            tried: who.tried.iter().map(|way| tried::in_words(way, sees_rulings)).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "to_do/all.html", config = "src/web/askama.toml")]
struct AllOf {
    title: &'static str,
    part: People,
    pages: Numbered,
}

/// Everybody who is to be called.
pub(super) async fn calls(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let total =
        office::in_hands(school, &visitor.whom(), AddresseeState::OnCall, 0..0).await?.total;
    let pages = Numbered::of(format!("{PATH}?page="), asked.text("page"), total, EACH);
    let part = People { more: None, ..People::of(&visitor, pages.range()).await? };
    let title = "À appeler";
    visitor.page(Section::ToDo, title, &AllOf { title, part, pages })
}
