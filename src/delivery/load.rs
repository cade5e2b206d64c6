//! How much a household gets in a week, from Monday to Sunday by the school's clocks, and when the rest
//! of it leaves.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Hours;
use crate::clock::Moment;
use crate::message::{Message, Urgency};

/// The load cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Messages in a week; 0: as many as there are.
    pub per_week: u32,
    /// When digests are made, in minutes since Monday.
    pub digest: i64,
}

impl Load {
    /// No cap.
    #[must_use]
    pub const fn none() -> Self {
        Self { per_week: 0, digest: 0 }
    }

    /// Whether a message counts towards the cap, and may wait for a digest. What is urgent, an answer, a
    /// correction or another try of the same does neither: families wait for it, or should.
    #[must_use]
    pub fn counts(&self, message: &Message) -> bool {
        let follows = message.terms.corrects.is_some() || message.terms.retries.is_some();
        self.per_week > 0 && message.urgency == Urgency::Bulk && !follows && !message.is_digest()
    }

    /// The first moment of the week in which `at` lies.
    #[must_use]
    pub fn week_of(hours: &Hours, at: Moment) -> Option<Moment> {
        hours.at(monday(hours, at)?.to_datetime(jiff::civil::Time::midnight()))
    }

    /// When the first digest after a moment is made.
    #[must_use]
    pub fn next_digest(&self, hours: &Hours, after: Moment) -> Option<Moment> {
        let monday = monday(hours, after)?.to_datetime(jiff::civil::Time::midnight());
        let of_week = |weeks: i64| {
            let days = monday.checked_add(weeks.weeks()).ok()?;
            hours.at(days.checked_add(self.digest.minutes()).ok()?)
        };
        (0..=1).filter_map(of_week).find(|at| *at > after)
    }

    /// When the digest leaves that a message waits for where the cap is reached; `None` when it does not
    /// wait: it would be stale by then.
    #[must_use]
    pub fn waits_until(&self, hours: &Hours, message: &Message) -> Option<Moment> {
        let starts_at = message.terms.starts_at.unwrap_or(message.launched_at);
        let until = self.next_digest(hours, starts_at)?;
        message.terms.expires_at.is_none_or(|end| end > until).then_some(until)
    }
}

/// The Monday on or before the day that the clocks show.
fn monday(hours: &Hours, at: Moment) -> Option<Date> {
    let today = hours.wall(at).date();
    today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()
}
