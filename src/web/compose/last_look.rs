//! What is looked at last before an announcement leaves: what will happen to how many people, and what one of them sees.
//! Whoever sends it and whoever gives their yes to it look at the same.

use askama::Template;

use super::super::announcements::looked_at::{self, CorrectionPart, CorrectionTexts};
use super::super::fault::Fault;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::forecast::Forecast;
use super::kept;
use crate::delivery::About;
use crate::message::Urgency;
use crate::office::draft::DraftShown;
use crate::office::{self, Outlook, Ready, ReadyCorrection, ReadyDraft, Refusal};
use crate::people::Right;

/// What a page shows of a draft before it leaves.
pub(crate) struct LastLookPart {
    /// What will happen.
    pub(crate) happens: String,
    /// What one of them sees; nothing for whoever may not be told.
    pub(crate) seen: String,
    /// `3 personnes`: whom it reaches.
    pub(crate) people: String,
    /// To how many it goes.
    pub(crate) recipients: usize,
    /// How soon it must leave.
    pub(crate) urgency: Urgency,
}

/// How it is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Looked {
    /// Which of the families.
    pub(crate) family: usize,
    /// Whether the same may go again, which the address of the page asks then.
    pub(crate) again: bool,
    /// Whether its parts lead to where they are changed.
    pub(crate) is_changed_here: bool,
}

impl LastLookPart {
    /// What would happen, were it launched now; why it cannot be, where it cannot.
    pub(crate) async fn of(
        visitor: &Visitor,
        draft: &DraftShown,
        looked: Looked,
    ) -> Result<Result<Self, Refusal>, Fault> {
        // Who gives their yes has read it, however often it was sent.
        let again = looked.again || !looked.is_changed_here;
        match office::ready_draft(visitor.school(), draft.clone(), again).await {
            Ok(ReadyDraft::Announcement(ready)) => {
                Self::of_announcement(visitor, draft, &ready, looked).await
            }
            Ok(ReadyDraft::Correction(ready)) => Self::of_correction(visitor, &ready).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    async fn of_announcement(
        visitor: &Visitor,
        draft: &DraftShown,
        ready: &Ready,
        looked: Looked,
    ) -> Result<Result<Self, Refusal>, Fault> {
        let outlook = office::outlook(visitor.school(), ready).await?;
        let changes = looked.is_changed_here && draft.draft.follows.is_none();
        let changed_at = changes.then_some(draft.number);
        let maybe_twice = office::may_have_it(visitor.school(), ready).await?;
        let happens = WhatHappens {
            maybe_twice: (maybe_twice > 0).then(|| looked_at::twice(maybe_twice)),
            ..WhatHappens::of(visitor, ready, &outlook, kept::listed_as(draft), changed_at)
        };
        let happens = happens.render()?;
        let people = count(outlook.reached(), "personne", "personnes");
        if let Some(refusal) = outlook.refused {
            return Ok(Err(refusal));
        }
        let seen = SeenBy::of(visitor, ready, looked)?;
        Ok(Ok(Self {
            happens,
            seen: seen.map_or(Ok(String::new()), |seen| seen.render())?,
            people,
            recipients: ready.chosen.len(),
            urgency: outlook.urgency,
        }))
    }

    async fn of_correction(
        visitor: &Visitor,
        ready: &ReadyCorrection,
    ) -> Result<Result<Self, Refusal>, Fault> {
        let ReadyCorrection { earlier, message, to } = ready;
        let looked_at = match office::correctable(visitor.school(), earlier, message).await {
            Ok(looked_at) => looked_at,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(Self {
            happens: CorrectionPart::of(&looked_at).naming(visitor.school(), earlier).render()?,
            seen: CorrectionTexts::of(visitor, earlier, &looked_at).await?.render()?,
            people: looked_at::recipients(&looked_at),
            recipients: to.all(),
            urgency: message.urgency,
        }))
    }
}

/// What will happen.
#[derive(Template)]
#[template(path = "compose/happens.html", config = "src/web/askama.toml")]
struct WhatHappens {
    subject: String,
    /// What it asks, and what may be answered.
    question: Option<String>,
    forecast: Forecast,
    /// The draft, for whom it is to change; nothing leads there for whoever only looks.
    changed_at: Option<u32>,
    /// How many pieces of advice there are on the text; empty for none.
    advice: String,
    /// Whether those whom nothing reaches, or who are left out, are named.
    may_name: bool,
    /// That some may have it already.
    maybe_twice: Option<String>,
}

impl WhatHappens {
    /// What would happen, were it launched now.
    fn of(
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
        let asked = ready.message.question.as_ref();
        let question = asked.map(|it| format!("{} ({})", it.text(), it.answers().in_french()));
        Self { subject, question, forecast, changed_at, advice, may_name, maybe_twice: None }
    }
}

/// What one of them sees, on each channel.
#[derive(Template)]
#[template(path = "compose/seen.html", config = "src/web/askama.toml")]
struct SeenBy {
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
    fn of(visitor: &Visitor, ready: &Ready, looked: Looked) -> Result<Option<Self>, Fault> {
        if !visitor.may_name_anybody() {
            return Ok(None);
        }
        let number = looked.family.min(ready.sample.len().saturating_sub(1));
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
            more: if looked.again { "&encore=true" } else { "" },
        }))
    }
}
