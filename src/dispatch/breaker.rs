//! Whether a provider is used now. Named by effect: Admitting, Refusing, Probing.

use std::time::Duration;

use super::retry::LONGEST_WAIT;
use crate::clock::Moment;
use crate::config;
use crate::store::gates::GateState;

/// Outcomes that the ratio is taken over.
const WINDOW: u32 = 20;
/// So many addresses in a row are denied because of us; one may be denied for itself.
const DENIED: usize = 2;
/// By how much of itself chance lengthens a pause at most.
const JITTER: f64 = 0.2;

/// What the breaker allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Attempts may start.
    Admitting,
    /// None may, until then.
    Refusing {
        /// When a probe is due.
        until: Moment,
    },
    /// One may, to see.
    Probing,
}

impl Gate {
    /// How it is kept for the other daemons.
    #[must_use]
    pub const fn state(self) -> GateState {
        match self {
            Self::Admitting => GateState::Admitting,
            Self::Refusing { .. } => GateState::Refusing,
            Self::Probing => GateState::Probing,
        }
    }
}

/// What an attempt says about its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// It took a message in time.
    Good,
    /// It answered about one recipient or one message: that says nothing of it.
    Nothing,
    /// It failed, or was slow; it may have said when to come back.
    Bad {
        /// `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// It denies so many addresses in a row, and takes none.
    Denied {
        /// How many.
        in_a_row: usize,
    },
    /// The account has sent as much as it may for now.
    OverQuota,
    /// It will fail for everybody until somebody mends it: credentials, credit.
    Hopeless,
}

/// One provider's breaker: pure, time and chance are parameters.
#[derive(Debug, Clone)]
pub struct Breaker {
    settings: config::BreakerSettings,
    gate: Gate,
    /// How long it refused last, or will at first.
    pause: Duration,
    /// Since when it is so.
    since: Moment,
    /// Why, as the office reads it; nothing while nobody refused.
    reason: String,
    /// It admits again after a refusal, and not yet for long.
    was_refusing: bool,
    bad_in_a_row: u32,
    /// The last outcomes, one bit each, 1 for bad.
    recent: u32,
    heard: u32,
}

impl Breaker {
    /// A breaker that admits.
    #[must_use]
    pub fn new(settings: config::BreakerSettings) -> Self {
        let pause = settings.first_pause.0;
        Self {
            settings,
            gate: Gate::Admitting,
            pause,
            since: Moment(0),
            reason: String::new(),
            was_refusing: false,
            bad_in_a_row: 0,
            recent: 0,
            heard: 0,
        }
    }

    /// What it allows now. A pause that is over turns into a probe, and so does one that is longer
    /// than any: a clock was set back.
    pub fn gate(&mut self, now: Moment) -> Gate {
        if let Gate::Refusing { until } = self.gate
            && (until <= now || until > now + self.longest())
        {
            self.gate = Gate::Probing;
        }
        self.gate
    }

    /// Whether it has refused for as long as it may while something urgent waits: a pause of the
    /// provider's own, or of a quota, is longer.
    #[must_use]
    pub fn keeps_urgent_waiting(&self, now: Moment) -> bool {
        matches!(self.gate, Gate::Refusing { until } if until > now)
            && now.since(self.since) >= self.settings.longest_pause.0
    }

    /// The longest that it refuses now: a pause that the provider asked for may be longer than ours.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.longest_after(self.pause)
    }

    /// The same, where another daemon refused for so long.
    #[must_use]
    pub fn longest_after(&self, pause: Duration) -> Duration {
        self.settings.longest_pause.0.max(pause).mul_f64(1.0 + JITTER)
    }

    /// How long it refused last, or will at first.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.pause
    }

    /// Since when it is so.
    #[must_use]
    pub fn since(&self) -> Moment {
        self.since
    }

    /// Why it is so, as the office reads it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Keeps why it is so.
    pub fn explain(&mut self, reason: &str) {
        reason.clone_into(&mut self.reason);
    }

    /// Takes over the gate that another daemon found.
    pub fn adopt(&mut self, gate: Gate, pause: Duration, since: Moment) {
        if gate == self.gate && pause == self.pause {
            return;
        }
        self.was_refusing = gate == Gate::Admitting && self.gate != Gate::Admitting;
        self.forget();
        (self.gate, self.pause, self.since) = (gate, pause, since);
    }

    /// Takes one outcome in; `jitter` in 0..1 spreads the probes of many schools.
    pub fn hear(&mut self, evidence: Evidence, now: Moment, jitter: f64) -> Gate {
        match (self.gate, evidence) {
            (Gate::Refusing { .. }, _) | (Gate::Admitting, Evidence::Nothing) => {}
            (Gate::Probing, Evidence::Good) => {
                self.forget();
                (self.gate, self.since, self.was_refusing) = (Gate::Admitting, now, true);
            }
            (Gate::Admitting, Evidence::Good) => self.note(false),
            // Another is tried in its place.
            (Gate::Probing, Evidence::Nothing) => {
                (self.gate, self.since) = (Gate::Refusing { until: now }, now);
            }
            (Gate::Probing, Evidence::Bad { retry_after }) => {
                self.double_pause();
                self.refuse(retry_after, now, jitter);
            }
            (Gate::Probing, Evidence::Denied { .. }) => {
                self.double_pause();
                self.refuse(None, now, jitter);
            }
            (Gate::Admitting, Evidence::Denied { in_a_row }) => {
                if in_a_row >= DENIED {
                    self.choose_pause(now);
                    self.refuse(None, now, jitter);
                }
            }
            (Gate::Admitting, Evidence::Bad { retry_after }) => {
                self.note(true);
                if self.is_too_bad() {
                    self.choose_pause(now);
                    self.refuse(retry_after, now, jitter);
                }
            }
            (Gate::Admitting | Gate::Probing, Evidence::Hopeless) => {
                self.pause = self.settings.longest_pause.0;
                self.refuse(None, now, jitter);
            }
            (Gate::Admitting | Gate::Probing, Evidence::OverQuota) => {
                self.pause = self.settings.quota_pause.0;
                self.refuse(None, now, jitter);
            }
        }
        self.gate
    }

    /// One that falls again soon after it came back pauses as after a failed probe: otherwise one
    /// that comes and goes would be probed all the time.
    fn choose_pause(&mut self, now: Moment) {
        if self.was_refusing && now.since(self.since) < self.settings.longest_pause.0 {
            self.double_pause();
        } else {
            self.pause = self.settings.first_pause.0;
        }
    }

    fn double_pause(&mut self) {
        self.pause = self.pause.saturating_mul(2).min(self.settings.longest_pause.0);
    }

    fn note(&mut self, bad: bool) {
        self.bad_in_a_row = if bad { self.bad_in_a_row + 1 } else { 0 };
        self.recent = ((self.recent << 1) | u32::from(bad)) & ((1 << WINDOW) - 1);
        self.heard = (self.heard + 1).min(WINDOW);
    }

    fn is_too_bad(&self) -> bool {
        self.bad_in_a_row >= self.settings.failures
            || (self.heard == WINDOW && self.recent.count_ones() > WINDOW / 2)
    }

    fn refuse(&mut self, retry_after: Option<Duration>, now: Moment, jitter: f64) {
        self.pause = self.pause.max(retry_after.unwrap_or_default().min(LONGEST_WAIT));
        self.gate = Gate::Refusing { until: now + self.pause.mul_f64(1.0 + jitter * JITTER) };
        self.since = now;
        self.forget();
    }

    fn forget(&mut self) {
        self.bad_in_a_row = 0;
        self.recent = 0;
        self.heard = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Span;

    const NOW: Moment = Moment(1_000_000);
    const BAD: Evidence = Evidence::Bad { retry_after: None };

    fn breaker() -> Breaker {
        Breaker::new(config::BreakerSettings {
            failures: 3,
            slow_after: Span::secs(1),
            first_pause: Span::secs(10),
            longest_pause: Span::secs(30),
            quota_pause: Span::secs(600),
        })
    }

    fn refusing_breaker() -> Breaker {
        let mut breaker = breaker();
        for _ in 0..3 {
            breaker.hear(BAD, NOW, 0.0);
        }
        breaker
    }

    #[test]
    fn three_failures_in_a_row_refuse() {
        let mut breaker = breaker();
        assert_eq!(breaker.hear(BAD, NOW, 0.0), Gate::Admitting);
        assert_eq!(breaker.hear(BAD, NOW, 0.0), Gate::Admitting);
        let until = NOW + Duration::from_secs(10);
        assert_eq!(breaker.hear(BAD, NOW, 0.0), Gate::Refusing { until });
    }

    #[test]
    fn a_good_answer_between_starts_the_count_again() {
        let mut breaker = breaker();
        for evidence in [BAD, BAD, Evidence::Good, BAD, BAD] {
            assert_eq!(breaker.hear(evidence, NOW, 0.0), Gate::Admitting);
        }
    }

    #[test]
    fn more_than_half_bad_refuses_even_when_never_in_a_row() {
        let mut breaker = breaker();
        let mut gate = Gate::Admitting;
        for evidence in [BAD, BAD, Evidence::Good].iter().cycle().take(21) {
            gate = breaker.hear(*evidence, NOW, 0.0);
            if gate != Gate::Admitting {
                break;
            }
        }
        assert!(matches!(gate, Gate::Refusing { .. }));
    }

    #[test]
    fn a_pause_ends_in_one_probe_and_a_failed_probe_doubles_it() {
        let mut breaker = refusing_breaker();
        assert!(matches!(breaker.gate(NOW + Duration::from_secs(9)), Gate::Refusing { .. }));
        let later = NOW + Duration::from_secs(10);
        assert_eq!(breaker.gate(later), Gate::Probing);
        let until = later + Duration::from_secs(20);
        assert_eq!(breaker.hear(BAD, later, 0.0), Gate::Refusing { until });
    }

    #[test]
    fn a_good_probe_admits_again() {
        let mut breaker = refusing_breaker();
        breaker.gate(NOW + Duration::from_secs(10));
        assert_eq!(breaker.hear(Evidence::Good, NOW, 0.0), Gate::Admitting);
    }

    #[test]
    fn late_answers_of_before_do_not_end_the_pause() {
        let mut breaker = refusing_breaker();
        assert!(matches!(breaker.hear(Evidence::Good, NOW, 0.0), Gate::Refusing { .. }));
    }

    #[test]
    fn an_empty_account_refuses_at_once_and_for_long() {
        let until = NOW + Duration::from_secs(30);
        assert_eq!(breaker().hear(Evidence::Hopeless, NOW, 0.0), Gate::Refusing { until });
    }

    #[test]
    fn a_quota_pauses_for_long_but_not_while_something_urgent_waits() {
        let mut breaker = breaker();
        let until = NOW + Duration::from_mins(10);
        assert_eq!(breaker.hear(Evidence::OverQuota, NOW, 0.0), Gate::Refusing { until });
        assert!(!breaker.keeps_urgent_waiting(NOW + Duration::from_secs(29)));
        assert!(breaker.keeps_urgent_waiting(NOW + Duration::from_secs(30)));
        assert!(!breaker.keeps_urgent_waiting(until));
        assert_eq!(breaker.gate(until), Gate::Probing);
    }

    #[test]
    fn answers_about_one_recipient_neither_close_nor_open_nor_count() {
        let mut breaker = breaker();
        for _ in 0..100 {
            assert_eq!(breaker.hear(Evidence::Nothing, NOW, 0.0), Gate::Admitting);
        }
        for evidence in [BAD, Evidence::Nothing, BAD, Evidence::Nothing] {
            assert_eq!(breaker.hear(evidence, NOW, 0.0), Gate::Admitting);
        }
        assert!(matches!(breaker.hear(BAD, NOW, 0.0), Gate::Refusing { .. }));
    }

    #[test]
    fn a_probe_that_says_nothing_is_made_again_with_another() {
        let mut breaker = refusing_breaker();
        let later = NOW + Duration::from_secs(10);
        assert_eq!(breaker.gate(later), Gate::Probing);
        assert_eq!(breaker.hear(Evidence::Nothing, later, 0.0), Gate::Refusing { until: later });
        assert_eq!(breaker.gate(later), Gate::Probing);
    }

    #[test]
    fn one_denied_address_says_nothing_and_two_in_a_row_refuse() {
        let mut breaker = breaker();
        let denied = |in_a_row| Evidence::Denied { in_a_row };
        for _ in 0..10 {
            assert_eq!(breaker.hear(denied(1), NOW, 0.0), Gate::Admitting);
        }
        let until = NOW + Duration::from_secs(10);
        assert_eq!(breaker.hear(denied(2), NOW, 0.0), Gate::Refusing { until });
        assert_eq!(breaker.gate(until), Gate::Probing);
        let next = until + Duration::from_secs(20);
        assert_eq!(breaker.hear(denied(1), until, 0.0), Gate::Refusing { until: next });
    }

    #[test]
    fn the_delay_that_the_provider_asked_for_is_kept() {
        let mut breaker = breaker();
        let asked = Evidence::Bad { retry_after: Some(Duration::from_secs(25)) };
        breaker.hear(asked, NOW, 0.0);
        breaker.hear(asked, NOW, 0.0);
        let until = NOW + Duration::from_secs(25);
        assert_eq!(breaker.hear(asked, NOW, 0.0), Gate::Refusing { until });
    }

    #[test]
    fn a_delay_longer_than_ours_is_kept_too_and_the_next_pause_is_ours_again() {
        let mut breaker = breaker();
        let half_an_hour = Duration::from_mins(30);
        let asked = Evidence::Bad { retry_after: Some(half_an_hour) };
        let gate = (0..3).map(|_| breaker.hear(asked, NOW, 0.0)).last();
        let until = NOW + half_an_hour;
        assert_eq!(gate, Some(Gate::Refusing { until }));
        assert_eq!(breaker.gate(until - Duration::from_secs(1)), Gate::Refusing { until });
        assert_eq!(breaker.gate(until), Gate::Probing);
        let next = until + Duration::from_secs(30);
        assert_eq!(breaker.hear(BAD, until, 0.0), Gate::Refusing { until: next });
    }

    #[test]
    fn probes_are_spread() {
        let mut breaker = breaker();
        breaker.hear(BAD, NOW, 0.9);
        breaker.hear(BAD, NOW, 0.9);
        let Gate::Refusing { until } = breaker.hear(BAD, NOW, 0.9) else { panic!("admits") };
        assert!(until > NOW + Duration::from_secs(11));
    }
}
