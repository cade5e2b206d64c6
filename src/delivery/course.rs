//! When a message may leave, and by which ways.

use super::{FailureKind, Opening, Openings};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Plan, Urgency};

/// The circumstances of an addressee: all that decides beside its own progress.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// The order of ways.
    pub plan: &'a Plan,
    /// Which channels may be used, and when.
    pub openings: &'a Openings,
    /// How soon the message must leave: what is urgent passes quiet hours.
    pub urgency: Urgency,
    /// Nothing leaves before this moment.
    pub starts_at: Option<Moment>,
    /// Nothing leaves at this moment or after it.
    pub expires_at: Option<Moment>,
    /// The ENT is not used before: the addressee's wave comes then.
    pub ent_from: Option<Moment>,
}

impl<'a> Course<'a> {
    /// A plan, whatever the hour, for ever.
    #[must_use]
    pub const fn new(plan: &'a Plan, openings: &'a Openings) -> Self {
        Self {
            plan,
            openings,
            urgency: Urgency::Bulk,
            starts_at: None,
            expires_at: None,
            ent_from: None,
        }
    }

    /// When a delivery that is wanted at `at` may leave on a channel, or why it may not at all.
    pub(super) fn opening(&self, channel: Channel, at: Moment) -> Result<Moment, FailureKind> {
        let wave = self.ent_from.filter(|_| channel == Channel::Ent);
        let at = [self.starts_at, wave].into_iter().flatten().fold(at, Moment::max);
        match self.openings.of(channel, self.urgency, at) {
            Opening::Closed => Err(FailureKind::Closed),
            Opening::From(from) if self.expires_at.is_some_and(|end| end <= from) => {
                Err(FailureKind::Expired)
            }
            Opening::From(from) => Ok(from),
        }
    }

    /// A retry that the schedule allowed, in open hours; `None` when there will be none.
    pub(super) fn retry(&self, channel: Channel, retry_at: Option<Moment>) -> Option<Moment> {
        retry_at.and_then(|at| self.opening(channel, at).ok())
    }

    pub(super) fn has_expired(&self, now: Moment) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// The rung that stands for none: a person stopped the message.
    pub(super) fn past_the_end(&self) -> usize {
        self.plan.rungs().len()
    }
}
