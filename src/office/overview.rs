//! Where messages stand: how many are reached and by what proof, why the others wait, and whom people must
//! see to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answers::answer_counts;
use super::cards::cards_to_publish;
use super::{AnswerCounts, CallTried, Card, Recalled, School, Wait, recalls, waits};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState, Progress};
use crate::delivery::{About, FailureKind, Recipient};
use crate::message::{Code, Message, Override, Proof};
use crate::people::SchoolId;
use crate::phone_number::PhoneNumber;
use crate::queue::{self, Addressees, Status, as_carried};
use crate::store::calls::{self, KeptOutcome};
use crate::store::carriers::{self, Carried};
use crate::store::{StoreError, Tx, addressees, messages};

/// The states in which people must see to somebody, first what is to be done first.
const TO_SEE_TO: [AddresseeState; 3] =
    [AddresseeState::OnCall, AddresseeState::Unreached, AddresseeState::Uncertain];

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// The template that words it.
    pub template: String,
    /// What it is about.
    pub subject: String,
    /// For whom, as typed.
    pub audience: String,
    /// When it was launched.
    pub launched_at: Moment,
    /// Who launched it; empty where nobody knows.
    pub launched_by: String,
    /// Nothing of it leaves before.
    pub starts_at: Option<Moment>,
    /// Nothing of it leaves from then on.
    pub expires_at: Option<Moment>,
    /// Who let it pass quiet hours, and why.
    pub passes_hours: Option<Override>,
    /// The message that it puts right.
    pub corrects: Option<Code>,
    /// The message that it tries again.
    pub retries: Option<Code>,
    /// From which proof on somebody counts as reached, on each channel of its plan.
    pub counts_from: BTreeMap<Channel, Proof>,
    /// Its numbers.
    #[serde(flatten)]
    pub status: Status,
    /// How many answered what, where it asks something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<AnswerCounts>,
    /// What was taken back of it, once it was corrected.
    pub recalls: Vec<Recalled>,
    /// Its cards that somebody is to publish now.
    pub cards: Vec<Card>,
    /// Why those wait who wait; their counts add up to `addressees.waiting`, but for what moves meanwhile.
    pub waits: Vec<Wait>,
}

/// Where a message stands, and whom people must see to.
#[derive(Serialize)]
pub struct StatusReport {
    /// Where it stands.
    #[serde(flatten)]
    pub overview: Overview,
    /// How many each provider has of those that left, on every channel that several serve.
    pub carried: Vec<Carried>,
    /// Whom people must see to: to call first, then unreached, then uncertain, each by class and name.
    pub to_see_to: Vec<ToSeeTo>,
}

/// Somebody whom people must see to.
#[derive(Serialize)]
pub struct ToSeeTo {
    /// Why: they are on the list of calls, unreached, or uncertain.
    pub state: AddresseeState,
    /// Their name.
    pub name: String,
    /// The pupils for whom.
    pub about: Vec<String>,
    /// The number to call.
    pub phone: Option<String>,
    /// What was tried, in order.
    pub tried: Vec<Tried>,
    /// What calls gave, and when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<CallTried>,
}

/// A way that was tried.
#[derive(Serialize)]
pub struct Tried {
    /// Which.
    pub channel: Channel,
    /// How it stands.
    pub state: DeliveryState,
    /// Why it failed.
    pub failure: Option<FailureKind>,
}

impl Tried {
    /// Every way that somebody's progress tells of, in order.
    pub(super) fn of(progress: &Progress) -> impl Iterator<Item = Self> {
        let all = progress.deliveries.iter();
        all.map(|it| Self { channel: it.channel, state: it.state, failure: it.failure })
    }
}

/// The message of this code, in any case; `None` where there is none.
pub async fn message_of(school: &School, code: &str) -> Result<Option<Message>, StoreError> {
    let (id, wanted) = (school.queue.school().clone(), code.to_uppercase());
    school.store().read(move |tx| messages::by_code(tx, &id, &wanted)).await
}

/// The newest messages, newest first.
pub async fn newest(school: &School, most: usize) -> Result<Vec<Message>, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx| messages::newest(tx, &id, most)).await
}

/// Where a message stands.
pub async fn overview(school: &School, message: &Message) -> Result<Overview, StoreError> {
    let status = queue::status(school.store(), message, school.clock.now()).await?;
    let waits = why_they_wait(school, message, &status.addressees).await?;
    let cards = cards_to_publish(school, message).await?;
    let recalls = recalls(school, message).await?;
    let answers = answer_counts(school, message).await?;
    Ok(Overview { answers, recalls, cards, ..Overview::of(school, message, status, waits) })
}

/// Why those wait who do; nothing is asked where nobody does.
pub(super) async fn why_they_wait(
    school: &School,
    message: &Message,
    addressees: &Addressees,
) -> Result<Vec<Wait>, StoreError> {
    if addressees.waiting == 0 { Ok(Vec::new()) } else { waits(school, message).await }
}

/// Where a message stands, and whom people must see to.
pub async fn status_report(school: &School, message: &Message) -> Result<StatusReport, StoreError> {
    let overview = overview(school, message).await?;
    let (id, of) = (school.queue.school().clone(), message.clone());
    let look = move |tx: &Tx<'_>| {
        let mut found = Vec::new();
        for state in TO_SEE_TO {
            found.extend(to_see_to(tx, &id, &of, state)?);
        }
        Ok((carriers::count(tx, &id, of.id)?, found))
    };
    let (mut carried, to_see_to) = school.store().read(look).await?;
    carried.retain(|it| school.config.routes(it.channel).len() > 1);
    Ok(StatusReport { overview, carried, to_see_to })
}

impl Overview {
    pub(super) fn of(school: &School, message: &Message, status: Status, waits: Vec<Wait>) -> Self {
        let terms = &message.terms;
        Self {
            template: message.template.clone(),
            subject: school.subject(&message.template, &message.fields),
            audience: message.audience.clone(),
            launched_at: message.launched_at,
            launched_by: message.launched_by.name().to_owned(),
            starts_at: terms.starts_at,
            expires_at: terms.expires_at,
            passes_hours: terms.passes_hours.clone(),
            corrects: terms.corrects.clone(),
            retries: terms.retries.clone(),
            counts_from: message.plan.enough(),
            status,
            answers: None,
            recalls: Vec::new(),
            cards: Vec::new(),
            waits,
        }
    }
}

/// Those of a message in a state, by class and name.
fn to_see_to(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    state: AddresseeState,
) -> Result<Vec<ToSeeTo>, StoreError> {
    let mut found = Vec::new();
    for (id, recipient) in addressees::in_state(tx, school, message.id, state)? {
        if let Some(addressee) = addressees::load(tx, school, id)? {
            let called = calls::outcomes_for(tx, school, id)?;
            found.push((recipient, as_carried(tx, school, &addressee)?, called));
        }
    }
    found.sort_by_cached_key(|(recipient, ..)| recipient.filing());
    let to_see_to =
        found.iter().map(|(to, progress, called)| ToSeeTo::of(state, to, progress, called));
    Ok(to_see_to.collect())
}

impl ToSeeTo {
    pub(super) fn of(
        state: AddresseeState,
        to: &Recipient,
        progress: &Progress,
        called: &[KeptOutcome],
    ) -> Self {
        Self {
            state,
            name: to.name.clone(),
            about: to.about.iter().map(About::with_class).collect(),
            phone: to.phone.as_ref().map(PhoneNumber::in_pairs),
            tried: Tried::of(progress).collect(),
            called: called.iter().map(CallTried::of).collect(),
        }
    }
}
