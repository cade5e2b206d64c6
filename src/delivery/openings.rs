//! Which channels may be used now: closed by a person, or quiet until a moment.

use std::sync::Arc;

use super::Hours;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Urgency;

/// Whether a channel may be used, and from when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// A person closed it.
    Closed,
    /// From this moment on; the one that was asked for when it is open then.
    From(Moment),
}

/// What decides it: the hours of the configuration, and the closings in force.
#[derive(Debug, Clone)]
pub struct Openings {
    hours: Arc<Hours>,
    closed: Vec<Channel>,
}

impl Openings {
    /// These hours, without the channels that are closed now.
    #[must_use]
    pub fn new(hours: Arc<Hours>, closed: Vec<Channel>) -> Self {
        Self { hours, closed }
    }

    /// Every channel is open at any time.
    #[must_use]
    pub fn always() -> Self {
        Self::new(Arc::new(Hours::none()), Vec::new())
    }

    /// Whether a message may use the channel at `at`, and if not yet, when. What somebody gave their word for
    /// passes quiet hours, never a closing.
    #[must_use]
    pub fn of(&self, channel: Channel, passes_hours: bool, at: Moment) -> Opening {
        if self.is_closed(channel) {
            return Opening::Closed;
        }
        Opening::From(if passes_hours { at } else { self.hours.opening(channel, at) })
    }

    /// Whether a person closed the channel.
    #[must_use]
    pub fn is_closed(&self, channel: Channel) -> bool {
        self.closed.contains(&channel)
    }

    /// Every channel that is closed now.
    #[must_use]
    pub fn closed(&self) -> &[Channel] {
        &self.closed
    }

    /// Among what something may leave by the channel at `at`, first one first; in quiet hours only what is
    /// urgent may.
    #[must_use]
    pub fn lanes(&self, channel: Channel, at: Moment) -> &'static [Urgency] {
        match self.of(channel, false, at) {
            Opening::Closed => &[],
            Opening::From(opening) if opening > at => &[Urgency::Urgent],
            Opening::From(_) => &[Urgency::Urgent, Urgency::Reply, Urgency::Bulk],
        }
    }
}
