//! All that waits for a person, on one page.

use askama::Template;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::count;
use super::waiting::WaitingEntries;
use crate::office::{self, Card, InboxSought, School};

/// Cards that are looked at: more than a school publishes in a month.
const CARDS: usize = 60;
/// How many of each kind stand on the page that shows all kinds.
const FIRST: usize = 12;

#[derive(Template)]
#[template(path = "to_do/list.html", config = "src/web/askama.toml")]
struct ToDoPage {
    lead: &'static str,
    to_publish: Vec<CardRow>,
    others: Vec<CardRow>,
    to_call: Option<String>,
    waiting: WaitingEntries,
}

/// A card.
struct CardRow {
    card: String,
    subject: String,
    said: String,
    tone: &'static str,
}

impl CardRow {
    fn of(school: &School, card: &Card) -> Self {
        let presses = card.is_to_publish() || card.is_to_remove();
        Self {
            card: card.card.clone(),
            subject: card.subject.clone(),
            said: card.in_french(school),
            tone: if presses { "wait" } else { "soft" },
        }
    }
}

/// All that waits.
pub(super) async fn list(visitor: Visitor) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let sees_everybody = visitor.sees_everybody().is_ok();
    let mut cards = office::cards(school, CARDS).await?;
    cards.retain(|_| sees_everybody);
    let (to_publish, others): (Vec<_>, Vec<_>) =
        cards.iter().partition(|card| card.is_to_publish() || card.is_to_remove());
    let rows =
        |cards: Vec<&Card>| cards.into_iter().map(|card| CardRow::of(school, card)).collect();
    let to_call = office::count_to_call(school, &visitor.whom()).await?;
    let first = InboxSought { most: FIRST, ..InboxSought::default() };
    let body = ToDoPage {
        to_call: (to_call > 0).then(|| count(to_call, "personne à appeler", "personnes à appeler")),
        waiting: WaitingEntries::of(&visitor, first).await?,
        lead: "Ce que le programme ne peut pas faire seul, ce qui presse d’abord.",
        to_publish: rows(to_publish),
        others: rows(others),
    };
    visitor.page(Section::ToDo, "À traiter", &body)
}
