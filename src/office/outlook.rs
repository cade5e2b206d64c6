//! What would become of a message, were it launched now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::departures::{self, Departures};
use super::expense::{Expense, any_reference};
use super::launch::{may_meet_the_night, said_already, timed};
use super::reach::{Reach, reach};
use super::reading::advice;
use super::{Ready, Refusal, School, Unseen};
use crate::audience::Chosen;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::ByHand;
use crate::message::{Message, Urgency};
use crate::people::PersonKey;
use crate::queue::Gathering;
use crate::render::SmsWarning;
use crate::store::{StoreError, ent_lookups};
use crate::wording::advice::Advice;

/// What would become of a message.
#[derive(Debug, Serialize)]
pub struct Outlook {
    /// To how many it would go.
    pub addressees: Foreseen,
    /// The names of those whom no way of their plan reaches; launched, they are told of as unreached at once.
    #[serde(skip)]
    pub out_of_reach: Vec<String>,
    /// How many of them have ways, all of which somebody closed.
    pub shut_off: usize,
    /// Its plan.
    pub plan: String,
    /// How many would go by which plan: a household's own where it cannot use all ways of the message's.
    pub by_plan: BTreeMap<String, usize>,
    /// How many by which way first, as channels are open now.
    pub by_way: BTreeMap<Channel, usize>,
    /// In how many calls, and how long it takes, where that is worth a word.
    pub departures: BTreeMap<Channel, Departures>,
    /// What it uses of what the school pays for.
    pub cost: Expense,
    /// How soon.
    pub urgency: Urgency,
    /// When it would begin to leave: not in quiet hours that it does not pass.
    pub starts_at: Option<Moment>,
    /// What would keep it from being launched.
    #[serde(skip)]
    pub refused: Option<Refusal>,
    /// It is urgent, and what has not left when quiet hours begin would wait for their end.
    pub may_meet_the_night: bool,
    /// Nothing would leave from then on.
    pub expires_at: Option<Moment>,
    /// How many of the audience nobody can be written to for.
    pub left_out: usize,
    /// Channels of the plan on which nobody carries.
    pub passed_over: Vec<Channel>,
    /// Channels of the plan on which nothing leaves for now: no provider of theirs can be used.
    pub idle: Vec<Channel>,
    /// The programs in which a person would publish it.
    pub by_hand: Vec<String>,
    /// Whom the load cap would keep waiting.
    pub digest: Waiting,
    /// Of how many the ENT was not asked yet.
    pub ent_unknown: usize,
    /// Who has no account that the ENT shows to the one that sends.
    pub ent_unseen: Unseen,
    /// Advice on its wording.
    pub advice: Vec<Advice>,
    /// What a person should know of its text messages.
    pub sms_warning: Option<SmsWarning>,
    /// What it looks like to a recipient, on each channel.
    pub preview: BTreeMap<Channel, String>,
}

impl Outlook {
    /// How many some way reaches as the channels stand.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.by_way.values().sum()
    }
}

/// To how many a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Foreseen {
    /// All of them.
    pub total: usize,
    /// Those whom no way of their plan reaches.
    pub out_of_reach: usize,
}

/// Those whose household has enough for this week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// How many.
    pub waiting: usize,
    /// When their digest leaves.
    pub leaves_at: Option<Moment>,
}

/// Those of a message of whom the ENT was not asked yet whether they have an account: without it families would
/// be on paper while the ENT has them. Launched, they go by the next way at once, as if they had none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlinked {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
}

impl Unlinked {
    /// Whether most are: the ENT was never asked, or not since its people were imported.
    #[must_use]
    pub const fn are_most(self) -> bool {
        self.count * 2 > self.of
    }

    /// Them, unless they are most, and the ENT cannot be asked for this reason.
    pub fn unless_most(self, reason: &str) -> Result<Self, Refusal> {
        if !self.are_most() {
            return Ok(self);
        }
        let Self { count, of } = self;
        Err(Refusal::Unlinked { count, of, reason: reason.to_owned() })
    }
}

/// Looks ahead for a message; writes nothing.
pub async fn outlook(school: &School, ready: &Ready) -> Result<Outlook, Refusal> {
    let prepared = school.renderer.prepared(&ready.message)?;
    let (reached, meter) = reach(school, ready, Some(Arc::clone(&prepared))).await?;
    let Reach { by_plan, by_way, ent_waves, nobody_s: out_of_reach, shut_off, unseen } = reached;
    let cost = meter.total(school, &prepared, &any_reference(&ready.message)).await;
    let ent_unknown = unlinked(school, ready).await?.count;
    let (starts_at, refused) = match start_of(school, ready).await? {
        Ok(at) => (Some(begins(school, &ready.message, &by_way, at)), None),
        Err(refusal) => (None, Some(refusal)),
    };
    let message = &ready.message;
    let addressees = Foreseen { total: ready.chosen.len(), out_of_reach: out_of_reach.len() };
    let gathering = gathering(school, ready).await?;
    let digest =
        gathering.map(|it| Waiting { waiting: it.addressees, leaves_at: Some(it.leaves_at) });
    Ok(Outlook {
        addressees,
        out_of_reach,
        shut_off,
        plan: message.plan.name.clone(),
        by_plan,
        departures: departures::foreseen(school, ready, &by_way, &ent_waves),
        by_way,
        cost,
        urgency: message.urgency,
        starts_at,
        refused,
        may_meet_the_night: may_meet_the_night(school, message).await?,
        expires_at: message.terms.expires_at,
        left_out: ready.left_out.len(),
        passed_over: ready.passed_over.clone(),
        idle: idle(school, message).await?,
        by_hand: by_hand(school, message),
        digest: digest.unwrap_or_default(),
        ent_unknown,
        ent_unseen: unseen,
        advice: advice(school, &message.template, &message.fields),
        sms_warning: ready.sms_warning.clone(),
        preview: ready.preview.iter().cloned().collect(),
    })
}

/// The channels of a message of which no provider can be used.
async fn idle(school: &School, message: &Message) -> Result<Vec<Channel>, StoreError> {
    let idle = school.queue.attendance().idle_providers(school.clock.now()).await?;
    let channels = message.channels();
    let mut idle = school.carried_by_idle(&idle);
    idle.retain(|channel| channels.contains(channel));
    Ok(idle)
}

/// The programs in which a person would publish it, as colleagues call them.
fn by_hand(school: &School, message: &Message) -> Vec<String> {
    let channels = message.channels().into_iter();
    let routes = channels.flat_map(|channel| school.config.routes(channel));
    routes.filter_map(|(_, settings)| Some(settings.by_hand()?.called().to_owned())).collect()
}

/// When the first copy would leave by one of these ways, of what may leave from then on: quiet hours may last.
fn begins(
    school: &School,
    message: &Message,
    by_way: &BTreeMap<Channel, usize>,
    at: Moment,
) -> Moment {
    if message.passes_hours() {
        return at;
    }
    school.queue.timing().hours.first_opening(by_way.keys().copied(), at)
}

async fn start_of(school: &School, ready: &Ready) -> Result<Result<Moment, Refusal>, StoreError> {
    let now = school.clock.now();
    if let Some(refusal) = said_already(school, ready).await? {
        return Ok(Err(refusal));
    }
    let timed = timed(school, ready.message.clone(), now).await;
    match timed {
        Err(Refusal::Store(error)) => Err(error),
        timed => Ok(timed.map(|message| message.terms.starts_at.unwrap_or(now))),
    }
}

async fn gathering(school: &School, ready: &Ready) -> Result<Option<Gathering>, StoreError> {
    if !ready.may_wait || ready.by_pupil || ready.message.urgency == Urgency::Urgent {
        return Ok(None);
    }
    // What keeps it from being launched is told then.
    let timed = timed(school, ready.message.clone(), school.clock.now()).await;
    let Ok(message) = timed else { return Ok(None) };
    let families = ready.chosen.iter().filter(|one| !one.about.is_empty());
    let persons = families.map(|one| one.person.clone()).collect();
    school.queue.digests().would_gather(message, persons).await
}

/// Who of a message has no account that the ENT shows to the one that sends, where its plan uses the ENT.
pub async fn unseen(school: &School, ready: &Ready) -> Result<Unseen, Refusal> {
    if !ready.message.channels().contains(&Channel::Ent) {
        return Ok(Unseen::default());
    }
    Ok(reach(school, ready, None).await?.0.unseen)
}

/// Of how many of a message it is not known yet whether they have an account in the ENT, where its plan uses
/// the ENT and nobody closed it.
pub async fn unlinked(school: &School, ready: &Ready) -> Result<Unlinked, StoreError> {
    let of = ready.chosen.len();
    let uses_ent = ready.message.channels().contains(&Channel::Ent);
    let needs_no_account = |way: &ByHand| way.channel == Channel::Ent && way.is_only_way;
    let is_passed_over =
        ready.passed_over.contains(&Channel::Ent) || ready.by_hand.iter().any(needs_no_account);
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    let is_closed = closings.iter().any(|it| it.channel == Channel::Ent);
    if !uses_ent || is_passed_over || is_closed {
        return Ok(Unlinked { count: 0, of });
    }
    let id = school.queue.school().clone();
    let awaited = school.store().read(move |tx| ent_lookups::awaited(tx, &id)).await?;
    let awaited: BTreeSet<PersonKey> = awaited.into_iter().collect();
    let is_awaited = |one: &&Chosen| awaited.contains(&one.person);
    Ok(Unlinked { count: ready.chosen.iter().filter(is_awaited).count(), of })
}
