//! When a channel may be used: hours and days on which families are left in peace, in the school's
//! zone.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use crate::channel::Channel;
use crate::clock::Moment;

/// Minutes in a day.
pub const DAY: i64 = 24 * 60;
/// Minutes in a week, which begins on Monday.
pub const WEEK: i64 = 7 * DAY;

/// More spans than any calendar has, one after the other without a minute between them.
const STEPS: usize = 1_000;

/// The quiet hours of every channel that has any.
#[derive(Debug, Clone)]
pub struct Hours {
    zone: TimeZone,
    channels: BTreeMap<Channel, Quiet>,
}

/// The quiet hours and days off of one channel, by the clock on the wall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quiet {
    /// Spans that come back every day or every week.
    pub spans: Vec<QuietSpan>,
    /// Days off, first and last one.
    pub days_off: Vec<(Date, Date)>,
}

/// A span that comes back, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietSpan {
    /// After how long it comes back: [`DAY`] or [`WEEK`].
    pub period: i64,
    /// When it begins, from the beginning of the period.
    pub start: i64,
    /// When it ends; before its start when it goes on into the next period.
    pub end: i64,
}

impl QuietSpan {
    /// From one point to another, each in days since Monday, where it names a day, and minutes: of every day where
    /// neither does, of the week where both do. `None` for one of each, and for no time at all.
    #[must_use]
    pub fn between(from: (Option<i64>, i64), to: (Option<i64>, i64)) -> Option<Self> {
        let span = match (from, to) {
            ((None, start), (None, end)) => Self { period: DAY, start, end },
            ((Some(from), start), (Some(to), end)) => {
                Self { period: WEEK, start: from * DAY + start, end: to * DAY + end }
            }
            _ => return None,
        };
        (span.start != span.end).then_some(span)
    }
}

impl Hours {
    /// These quiet hours, by the clocks of this zone.
    #[must_use]
    pub fn new(zone: TimeZone, channels: BTreeMap<Channel, Quiet>) -> Self {
        Self { zone, channels }
    }

    /// Every channel is open at any time.
    #[must_use]
    pub fn none() -> Self {
        Self { zone: TimeZone::UTC, channels: BTreeMap::new() }
    }

    /// The quiet hours of a channel, if it has any.
    #[must_use]
    pub fn of(&self, channel: Channel) -> Option<&Quiet> {
        self.channels.get(&channel)
    }

    /// A moment, as the clocks of the school show it: `2026-12-04 07:00`.
    #[must_use]
    pub fn shown(&self, at: Moment) -> String {
        self.wall(at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The same to the second: `2026-12-04 07:00:20`.
    #[must_use]
    pub fn shown_to_the_second(&self, at: Moment) -> String {
        self.wall(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// What the clocks of the school show at a moment.
    #[must_use]
    pub fn wall(&self, at: Moment) -> DateTime {
        self.zone.to_datetime(Timestamp::from_millisecond(at.0).unwrap_or_default())
    }

    /// The moment at which the clocks of the school show this.
    #[must_use]
    pub fn at(&self, wall: DateTime) -> Option<Moment> {
        self.moment(wall, Timestamp::MIN)
    }

    /// The first moment from `at` on at which the channel may be used.
    #[must_use]
    pub fn opening(&self, channel: Channel, at: Moment) -> Moment {
        let Some(quiet) = self.channels.get(&channel) else { return at };
        let mut opening = at;
        for _ in 0..STEPS {
            let Ok(instant) = Timestamp::from_millisecond(opening.0) else { return opening };
            let wall = self.zone.to_datetime(instant);
            let Some(end) = quiet.end(wall) else { return opening };
            let Some(end) = self.moment(end, instant) else { return opening };
            opening = end;
        }
        opening
    }

    /// The first moment from `at` on at which one of these channels may be used; that one for none of them.
    #[must_use]
    pub fn first_opening(&self, channels: impl IntoIterator<Item = Channel>, at: Moment) -> Moment {
        let openings = channels.into_iter().map(|channel| self.opening(channel, at));
        openings.min().unwrap_or(at)
    }

    /// The moment, after this one, at which the clock on the wall shows `wall`. In the night when an
    /// hour comes twice, the first of both that is still to come; in the night when an hour is
    /// missing, the jump over it.
    fn moment(&self, wall: DateTime, after: Timestamp) -> Option<Moment> {
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        let instant = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => {
                let before = ambiguous.earlier().ok()?;
                self.zone.following(before).next()?.timestamp()
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                let first = ambiguous.earlier().ok()?;
                if first > after { first } else { ambiguous.later().ok()? }
            }
        };
        (instant > after).then(|| Moment(instant.as_millisecond()))
    }
}

impl Quiet {
    /// Whether some minute of the week is not quiet, days off apart.
    #[must_use]
    pub fn leaves_some_time(&self) -> bool {
        (0..WEEK).any(|minute| self.spans.iter().all(|span| !span.holds(minute)))
    }

    /// When the quiet in which `wall` lies ends; `None` when it lies in none.
    fn end(&self, wall: DateTime) -> Option<DateTime> {
        let off =
            self.days_off.iter().find(|(first, last)| (*first..=*last).contains(&wall.date()));
        if let Some((_, last)) = off {
            return Some(last.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight()));
        }
        let (hour, minute) = (i64::from(wall.hour()), i64::from(wall.minute()));
        let days = i64::from(wall.weekday().to_monday_zero_offset());
        let now = days * DAY + hour * 60 + minute;
        let span = self.spans.iter().find(|span| span.holds(now))?;
        let midnight = wall.date().to_datetime(jiff::civil::Time::midnight());
        midnight.checked_add((hour * 60 + minute + span.left(now)).minutes()).ok()
    }
}

impl QuietSpan {
    fn holds(self, minute: i64) -> bool {
        let since_start = (minute - self.start).rem_euclid(self.period);
        since_start < (self.end - self.start).rem_euclid(self.period)
    }

    fn left(self, minute: i64) -> i64 {
        (self.end - minute).rem_euclid(self.period)
    }
}
