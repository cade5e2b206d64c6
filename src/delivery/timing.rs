//! What a school decided once for all messages about when they leave.

use std::sync::Arc;
use std::time::Duration;

use super::{About, CallTimes, Hours, Load};
use crate::clock::Moment;
use crate::message::Urgency;

/// Quiet hours, the first minutes in which a message can be undone, waves, and the load cap.
#[derive(Debug, Clone)]
pub struct Timing {
    /// When each channel leaves people in peace.
    pub hours: Arc<Hours>,
    /// How long a bulk message waits before the first copy leaves.
    pub undo: Duration,
    /// How long an urgent one waits.
    pub undo_urgent: Duration,
    /// Level after level, so that an announcement does not itself overload the ENT.
    pub waves: Waves,
    /// How much a household gets in a week before the rest is gathered.
    pub load: Load,
    /// When people are called, and how often.
    pub calls: CallTimes,
}

/// The order of levels, and the time from one to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waves {
    /// From one level to the next.
    pub every: Duration,
    /// The levels, first one first: `3e`, `4e`.
    pub order: Vec<String>,
}

impl Timing {
    /// Everything leaves at once, at any hour.
    #[must_use]
    pub fn at_once() -> Self {
        let hours = Arc::new(Hours::none());
        let at_once = Duration::ZERO;
        let (waves, load) = (Waves::default(), Load::none());
        let calls = CallTimes::at_any_hour();
        Self { hours, undo: at_once, undo_urgent: at_once, waves, load, calls }
    }

    /// When the first copy of a message launched now may leave, where that is not now.
    #[must_use]
    pub fn start(&self, urgency: Urgency, now: Moment) -> Option<Moment> {
        let undo = match urgency {
            Urgency::Urgent => self.undo_urgent,
            // Somebody waits for it.
            Urgency::Reply => Duration::ZERO,
            Urgency::Bulk => self.undo,
        };
        (!undo.is_zero()).then(|| now + undo)
    }
}

impl Waves {
    /// How long after the first wave a recipient's comes: that of the first of their pupils' levels.
    /// Who has none of these levels waits for nobody.
    #[must_use]
    pub fn delay(&self, about: &[About], urgency: Urgency) -> Duration {
        let levels = about.iter().filter_map(|pupil| pupil.level.as_deref());
        let place = |level: &str| self.order.iter().position(|known| known == level);
        let first = levels.filter_map(place).min().filter(|_| urgency != Urgency::Urgent);
        first.map_or(Duration::ZERO, |place| {
            self.every.saturating_mul(u32::try_from(place).unwrap_or(u32::MAX))
        })
    }
}
