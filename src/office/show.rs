//! What a message says, on every channel of its plan, and what came after it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::preview::texts_for_first_of;
use super::{Recalled, Refusal, School, recalls};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Code, Message, Urgency};
use crate::store::{Tx, messages};

/// A message as it was written, and what came after it.
#[derive(Serialize)]
pub struct Shown {
    /// Its code.
    pub message: Code,
    /// The template that words it.
    pub template: String,
    /// What it is about.
    pub subject: String,
    /// For whom, as typed.
    pub audience: String,
    /// The name of its plan.
    pub plan: String,
    /// How soon it must leave.
    pub urgency: Urgency,
    /// When it was launched.
    pub launched_at: Moment,
    /// Who launched it; empty where nobody knows.
    pub launched_by: String,
    /// The message that it puts right.
    pub corrects: Option<Code>,
    /// The message that it tries again.
    pub retries: Option<Code>,
    /// The messages that put it right, oldest first.
    pub corrected_by: Vec<Code>,
    /// What was taken back of it, once it was corrected.
    pub recalls: Vec<Recalled>,
    /// What its first addressee gets on each channel; none for a digest, which says something else to everybody.
    pub texts: BTreeMap<Channel, String>,
}

/// Shows a message.
pub async fn show(school: &School, message: &Message) -> Result<Shown, Refusal> {
    let (id, of) = (school.queue.school().clone(), message.clone());
    let corrections = move |tx: &Tx<'_>| messages::corrections(tx, &id, &of.code);
    let corrections = school.store().read(corrections).await?;
    Ok(Shown {
        message: message.code.clone(),
        template: message.template.clone(),
        subject: school.subject(&message.template, &message.fields),
        audience: message.audience.clone(),
        plan: message.plan.name.clone(),
        urgency: message.urgency,
        launched_at: message.launched_at,
        launched_by: message.launched_by.name().to_owned(),
        corrects: message.terms.corrects.clone(),
        retries: message.terms.retries.clone(),
        corrected_by: corrections.into_iter().map(|correction| correction.code).collect(),
        recalls: recalls(school, message).await?,
        texts: texts_for_first_of(school, message, message).await?,
    })
}
