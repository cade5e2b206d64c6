//! Why those wait whom a message has not reached yet, and until when.

use std::collections::BTreeMap;

use serde::Serialize;

use super::School;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Openings;
use crate::delivery::waiting::{Next, Surroundings, WaitCause, WaitReason};
use crate::message::{Message, MessageState};
use crate::queue;
use crate::store::closings::{self, Closing};
use crate::store::controls::{self, Control};
use crate::store::daemons::IdleProvider;
use crate::store::gates::{self, GateState, KeptGate};
use crate::store::holds::{self, Hold};
use crate::store::{StoreError, Tx, waits};

/// Addressees of a message who wait for the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wait {
    /// How many.
    pub count: usize,
    /// For what.
    pub reason: WaitReason,
    /// On which channel, where it is the channel's matter.
    pub channel: Option<Channel>,
    /// Until when at least, where that is known.
    pub until: Option<Moment>,
    /// What people or the provider say about it, in French.
    pub why: Option<String>,
    /// Who decided it.
    pub by: Option<String>,
}

/// What the school and the message stand in, as the database has it.
struct WaitFacts {
    hold: Option<Hold>,
    control: Option<Control>,
    closings: Vec<Closing>,
    gates: Vec<KeptGate>,
    somebody_is_at_work: bool,
    idle: Vec<IdleProvider>,
    next: Vec<(Next, usize)>,
}

/// Why those of a message wait who do, most of them first; grouped, so that it costs a row a reason.
pub async fn waits(school: &School, message: &Message) -> Result<Vec<Wait>, StoreError> {
    let (id, of, now) = (school.queue.school().clone(), message.id, school.clock.now());
    let look = move |tx: &Tx<'_>| {
        Ok(WaitFacts {
            hold: holds::standing(tx, &id)?,
            control: controls::of(tx, &id, of)?,
            closings: closings::in_force(tx, &id, now)?,
            gates: gates::all(tx, &id)?,
            somebody_is_at_work: queue::is_attended(tx, &id, now)?,
            idle: queue::idle_providers(tx, &id, now)?,
            next: waits::of_message(tx, &id, of, now)?,
        })
    };
    let facts = school.store().read(look).await?;
    Ok(facts.waits(school, message, now))
}

impl WaitFacts {
    fn waits(&self, school: &School, message: &Message, now: Moment) -> Vec<Wait> {
        let timing = school.queue.timing();
        let closed = self.closings.iter().map(|closing| closing.channel).collect();
        let openings = Openings::new(timing.hours.clone(), closed);
        let closed_until = self.closings.iter().map(|it| (it.channel, it.until)).collect();
        let refusing = self.refusing(school);
        let surroundings = Surroundings {
            now,
            stopped: self.stopped(),
            somebody_is_at_work: self.somebody_is_at_work,
            has_waves: !timing.waves.order.is_empty(),
            starts_at: message.terms.starts_at,
            passes_hours: message.passes_hours(),
            openings: &openings,
            closed_until: &closed_until,
            carried: &school.carried(),
            by_hand: &school.left_to_hands(&self.gates, &self.idle),
            idle: &school.carried_by_idle(&self.idle),
            refusing: &refusing,
        };
        let mut counts: BTreeMap<WaitCause, usize> = BTreeMap::new();
        for (next, count) in &self.next {
            *counts.entry(surroundings.cause(*next)).or_default() += count;
        }
        let mut waits: Vec<Wait> =
            counts.into_iter().map(|(cause, count)| self.told(cause, count)).collect();
        waits.sort_by_key(|wait| std::cmp::Reverse(wait.count));
        waits
    }

    fn stopped(&self) -> Option<WaitReason> {
        let is_paused = |it: &Control| it.state == MessageState::Paused;
        let paused = self.control.as_ref().filter(|it| is_paused(it));
        self.hold.as_ref().map(|_| WaitReason::Hold).or(paused.map(|_| WaitReason::Paused))
    }

    /// The channels of which every provider refuses, and when one is tried next.
    fn refusing(&self, school: &School) -> BTreeMap<Channel, Option<Moment>> {
        let mut refusing = BTreeMap::new();
        for channel in school.carried() {
            let called = school.config.routes(channel).into_iter();
            let mut carriers = called.filter(|(_, it)| it.by_hand().is_none());
            let gate = |name: &str| self.gates.iter().find(|gate| gate.provider == name);
            let refuses = |name| gate(name).is_some_and(|gate| !gate.is_admitting());
            if carriers.all(|(name, _)| refuses(name)) {
                let of_channel = self.gates.iter().filter(|gate| gate.channel == channel);
                let due = of_channel.filter(|gate| gate.state == GateState::Refusing);
                refusing.insert(channel, due.filter_map(|gate| gate.until).min());
            }
        }
        refusing
    }

    /// The cause with what people or the provider say about it.
    fn told(&self, WaitCause { reason, channel, until }: WaitCause, count: usize) -> Wait {
        let closing = || self.closings.iter().find(|it| Some(it.channel) == channel);
        let gate =
            || self.gates.iter().find(|it| Some(it.channel) == channel && !it.is_admitting());
        let (why, by) = match reason {
            WaitReason::Hold => (self.hold.as_ref().map(|it| it.reason.clone()), None),
            WaitReason::Paused => (None, self.control.as_ref().map(|it| it.by.clone())),
            WaitReason::Closed => closing().map(|it| (it.reason.clone(), it.by.clone())).unzip(),
            WaitReason::Refusing => (gate().map(|it| it.reason.clone()), None),
            _ => (None, None),
        };
        let said = |text: &String| !text.is_empty();
        Wait { count, reason, channel, until, why: why.filter(said), by: by.filter(said) }
    }
}
