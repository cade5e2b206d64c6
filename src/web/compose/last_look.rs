//! What is looked at last before an announcement leaves: what will happen to how many people, and what one of them sees.
//! Whoever sends it and whoever gives their yes to it look at the same.

use askama::Template;

use super::super::fault::Fault;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::forecast::Forecast;
use crate::delivery::About;
use crate::office::{Outlook, Ready, Refusal};
use crate::people::Right;

/// What will happen.
#[derive(Template)]
#[template(path = "compose/happens.html", config = "src/web/askama.toml")]
pub(crate) struct WhatHappens {
    subject: String,
    forecast: Forecast,
    /// The draft, for whom it is to change; nothing leads there for whoever only looks.
    changed_at: Option<u32>,
    /// How many pieces of advice there are on the text; empty for none.
    advice: String,
    /// Whether those whom nothing reaches, or who are left out, are named.
    may_name: bool,
}

impl WhatHappens {
    /// What would happen, were it launched now.
    pub(crate) fn of(
        visitor: &Visitor,
        ready: &Ready,
        outlook: &Outlook,
        subject: String,
        changed_at: Option<u32>,
    ) -> Self {
        let sees_rulings = visitor.may(Right::SeeRulings);
        let forecast = Forecast::of(visitor.school(), ready, outlook, sees_rulings);
        let advice = match outlook.advice.len() {
            0 => String::new(),
            many => count(many, "conseil", "conseils"),
        };
        let may_name = visitor.may_name_anybody();
        Self { subject, forecast, changed_at, advice, may_name }
    }
}

/// What one of them sees, on each channel.
#[derive(Template)]
#[template(path = "compose/seen.html", config = "src/web/askama.toml")]
pub(crate) struct SeenBy {
    /// Which of the sample.
    number: usize,
    /// How many there are to look at.
    of: usize,
    name: String,
    about: String,
    texts: Vec<(&'static str, String)>,
    /// What the address of the page asks beside.
    more: &'static str,
}

impl SeenBy {
    /// One of the sample, or the last one; `None` for whoever may not be told their names.
    pub(crate) fn of(
        visitor: &Visitor,
        ready: &Ready,
        wanted: usize,
        more: &'static str,
    ) -> Result<Option<Self>, Fault> {
        if !visitor.may_name_anybody() {
            return Ok(None);
        }
        let number = wanted.min(ready.sample.len().saturating_sub(1));
        let texts =
            ready.texts_for(&visitor.school().renderer, number).map_err(Refusal::Template)?;
        let to = ready.sample.get(number);
        let about = to.map(|to| to.about.iter().map(About::with_class).collect::<Vec<_>>());
        Ok(Some(Self {
            number,
            of: ready.sample.len(),
            name: to.map(|to| to.name.clone()).unwrap_or_default(),
            about: about.unwrap_or_default().join(", "),
            texts: texts.into_iter().map(|(channel, text)| (channel.in_french(), text)).collect(),
            more,
        }))
    }
}
