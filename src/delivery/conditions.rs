//! When a message may leave, and by which ways.

use std::time::Duration;

use super::{FailureKind, Opening, Openings};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Message, Plan, Proof};
use crate::people::Connectivity;

/// The circumstances of an addressee: all that decides beside its own progress.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<'a> {
    /// The order of ways.
    pub plan: &'a Plan,
    /// Which channels may be used, and when.
    pub openings: &'a Openings,
    /// Somebody gave their word that it may leave in quiet hours.
    pub passes_hours: bool,
    /// Nothing leaves before this moment.
    pub starts_at: Option<Moment>,
    /// Nothing leaves at this moment or after it.
    pub expires_at: Option<Moment>,
    /// How long after the first wave the addressee's comes: on the ENT, level after level leaves.
    pub wave: Duration,
}

impl<'a> Conditions<'a> {
    /// A plan, whatever the hour, for ever.
    #[must_use]
    pub const fn new(plan: &'a Plan, openings: &'a Openings) -> Self {
        Self {
            plan,
            openings,
            passes_hours: false,
            starts_at: None,
            expires_at: None,
            wave: Duration::ZERO,
        }
    }

    /// The circumstances of a message's addressee whose household is so connected.
    #[must_use]
    pub fn of(
        message: &'a Message,
        connectivity: Option<Connectivity>,
        openings: &'a Openings,
    ) -> Self {
        Self {
            passes_hours: message.passes_hours(),
            starts_at: message.terms.starts_at,
            expires_at: message.terms.expires_at,
            ..Self::new(message.plan_for(connectivity), openings)
        }
    }

    /// When a delivery that is wanted at `at` may leave on a channel, or why it may not at all.
    pub(super) fn opening(&self, channel: Channel, at: Moment) -> Result<Moment, FailureKind> {
        let at = self.starts_at.map_or(at, |start| start.max(at));
        let from = self.in_its_wave(channel, at)?;
        match self.expires_at {
            Some(end) if end <= from => Err(FailureKind::Expired),
            _ => Ok(from),
        }
    }

    /// Waves are counted from the hour at which the first may leave, in the morning too: those who slept
    /// would come all at once otherwise.
    fn in_its_wave(&self, channel: Channel, at: Moment) -> Result<Moment, FailureKind> {
        let first = self.open_from(channel, at)?;
        if channel != Channel::Ent || self.wave.is_zero() {
            return Ok(first);
        }
        let mine = first + self.wave;
        match self.open_from(channel, mine)? {
            // Quiet begins meanwhile: those of this wave and of the next go on in the morning.
            morning if morning > mine => self.open_from(channel, morning + self.wave),
            _ => Ok(mine),
        }
    }

    fn open_from(&self, channel: Channel, at: Moment) -> Result<Moment, FailureKind> {
        match self.openings.of(channel, self.passes_hours, at) {
            Opening::Closed => Err(FailureKind::Closed),
            Opening::From(from) => Ok(from),
        }
    }

    /// A retry that the schedule allowed, in open hours; `None` when there will be none.
    pub(super) fn retry(&self, channel: Channel, retry_at: Option<Moment>) -> Option<Moment> {
        retry_at.and_then(|at| self.opening(channel, at).ok())
    }

    /// Whether this proof is enough for a rung.
    pub(super) fn is_enough(&self, rung: usize, proof: Proof) -> bool {
        self.plan.rungs().get(rung).is_some_and(|rung| proof >= rung.enough)
    }

    pub(super) fn has_expired(&self, now: Moment) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// The rung that stands for none: a person stopped the message.
    pub(super) fn past_the_end(&self) -> usize {
        self.plan.rungs().len()
    }
}
