//! The order of ways that a school chose.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Proof, Urgency};
use crate::channel::Channel;
use crate::people::Connectivity;

/// The ordered rungs of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its name in the configuration.
    pub name: String,
    /// First rung first; never empty.
    rungs: Vec<Rung>,
}

/// Channels used together (the memo's *en soutien*); the next rung replaces them (*en
/// remplacement*) when they did not prove enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Used at the same time.
    pub channels: Vec<Channel>,
    /// The weakest proof on one of them that counts as reached.
    pub enough: Proof,
    /// How long to wait for that proof, in milliseconds, before the next rung.
    patience_ms: u64,
}

/// The plans of households that cannot use every channel of a message's own, as long as nobody said how
/// soon the message must leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlansBeside {
    /// For what can wait for the post.
    pub usual: BTreeMap<Connectivity, Plan>,
    /// For what cannot.
    pub urgent: BTreeMap<Connectivity, Plan>,
}

/// A plan that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No rung at all.
    #[error("plan \"{0}\" has no rung: name at least one channel")]
    Empty(String),
    /// A rung without channel.
    #[error("rung {rung} of plan \"{plan}\" names no channel")]
    EmptyRung {
        /// The plan.
        plan: String,
        /// Counted from 1.
        rung: usize,
    },
    /// More legs than a reference can tell apart.
    #[error("plan \"{0}\" is too long: at most 26 channels in all")]
    TooLong(String),
}

impl Rung {
    /// A rung of these channels.
    #[must_use]
    pub fn new(channels: Vec<Channel>, enough: Proof, patience: Duration) -> Self {
        let patience_ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        Self { channels, enough, patience_ms }
    }

    /// How long to wait for enough proof.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        Duration::from_millis(self.patience_ms)
    }

    /// Whether people alone carry it: then their list has no time limit.
    #[must_use]
    pub fn is_carried_by_people(&self) -> bool {
        self.channels.iter().all(|channel| channel.is_carried_by_people())
    }
}

impl PlansBeside {
    /// The same plans however urgent it is: they were chosen before.
    #[must_use]
    pub fn frozen(plans: &BTreeMap<Connectivity, Plan>) -> Self {
        Self { usual: plans.clone(), urgent: plans.clone() }
    }

    /// Those of a message that goes by `plan`. A plan that has people called is for what cannot wait for the
    /// post, whatever its message is called.
    #[must_use]
    pub fn of(self, plan: &Plan, urgency: Urgency) -> BTreeMap<Connectivity, Plan> {
        if urgency == Urgency::Urgent || plan.calls() { self.urgent } else { self.usual }
    }
}

impl Plan {
    /// A plan of these rungs.
    pub fn new(name: impl Into<String>, rungs: Vec<Rung>) -> Result<Self, PlanError> {
        let name = name.into();
        if rungs.is_empty() {
            return Err(PlanError::Empty(name));
        }
        if let Some(at) = rungs.iter().position(|rung| rung.channels.is_empty()) {
            return Err(PlanError::EmptyRung { plan: name, rung: at + 1 });
        }
        if rungs.iter().map(|rung| rung.channels.len()).sum::<usize>() > 26 {
            return Err(PlanError::TooLong(name));
        }
        Ok(Self { name, rungs })
    }

    /// The plan of a verification campaign: every channel at once, and three days for an answer or a
    /// receipt. Who gave neither stays on the list of those never verified.
    pub fn verification(channels: &[Channel]) -> Result<Self, PlanError> {
        const THREE_DAYS: Duration = Duration::from_hours(72);
        let rung = Rung::new(channels.to_vec(), Proof::Delivered, THREE_DAYS);
        Self::new("verification", vec![rung])
    }

    /// The same after a call, for what cannot wait; itself where it calls already.
    pub fn calling_first(self) -> Result<Self, PlanError> {
        if self.calls() {
            return Ok(self);
        }
        // A list of calls ends by people's word alone.
        let call = Rung::new(vec![Channel::Phone], Proof::Acknowledged, Duration::ZERO);
        let name = format!("appel, {}", self.name);
        Self::new(name, std::iter::once(call).chain(self.rungs).collect())
    }

    fn calls(&self) -> bool {
        self.channels().contains(&Channel::Phone)
    }

    /// The rungs, first one first.
    #[must_use]
    pub fn rungs(&self) -> &[Rung] {
        &self.rungs
    }

    /// The weakest proof on each of its channels that counts as reached.
    #[must_use]
    pub fn enough(&self) -> BTreeMap<Channel, Proof> {
        let mut enough = BTreeMap::new();
        for rung in &self.rungs {
            for channel in &rung.channels {
                let least: &mut Proof = enough.entry(*channel).or_insert(rung.enough);
                *least = rung.enough.min(*least);
            }
        }
        enough
    }

    /// Every channel that it names, once, in the order of the rungs.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let mut channels = Vec::new();
        for channel in self.rungs.iter().flat_map(|rung| &rung.channels) {
            if !channels.contains(channel) {
                channels.push(*channel);
            }
        }
        channels
    }
}
