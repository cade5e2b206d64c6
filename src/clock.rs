//! Time as a parameter: everything that needs "now" is handed a [`Moment`] or a [`Clock`].

use std::fmt;
use std::ops::{Add, Sub};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A point in time, in Unix milliseconds; in an answer for programs, as RFC 3339 writes it, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Timestamp::from_millisecond(self.0).unwrap_or_default())
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis(span)))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Where "now" comes from: the machine, a hand that a test moves, or the run time's own time.
#[derive(Clone)]
pub struct Clock(TimeSource);

#[derive(Clone)]
enum TimeSource {
    System,
    Hand(Arc<AtomicI64>),
    Simulated(Arc<Simulated>),
}

struct Simulated {
    start: Moment,
    since: tokio::time::Instant,
    /// How far the clock was put forward, or back, in milliseconds.
    moved: AtomicI64,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(TimeSource::System)
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    #[must_use]
    pub fn standing_at(moment: Moment) -> Self {
        Self(TimeSource::Hand(Arc::new(AtomicI64::new(moment.0))))
    }

    /// A clock that goes with tokio's time from `start` on, so that a paused run time moves it.
    #[must_use]
    pub fn simulated(start: Moment) -> Self {
        let since = tokio::time::Instant::now();
        Self(TimeSource::Simulated(Arc::new(Simulated { start, since, moved: AtomicI64::new(0) })))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        match &self.0 {
            TimeSource::System => system_now(),
            TimeSource::Hand(hand) => Moment(hand.load(Ordering::SeqCst)),
            TimeSource::Simulated(it) => {
                Moment(it.start.0 + millis(it.since.elapsed()) + it.moved.load(Ordering::SeqCst))
            }
        }
    }

    /// Puts a clock of a test forward; the machine's clock does not obey.
    pub fn advance(&self, span: Duration) {
        self.put(millis(span));
    }

    /// Puts a clock of a test back, as somebody may do with a machine's.
    pub fn set_back(&self, span: Duration) {
        self.put(-millis(span));
    }

    fn put(&self, millis: i64) {
        match &self.0 {
            TimeSource::System => {}
            TimeSource::Hand(hand) => drop(hand.fetch_add(millis, Ordering::SeqCst)),
            TimeSource::Simulated(it) => drop(it.moved.fetch_add(millis, Ordering::SeqCst)),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now().0)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the machine is asked")]
fn system_now() -> Moment {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(millis(since_epoch))
}
