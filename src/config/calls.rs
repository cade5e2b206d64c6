//! `[calls]`: when people are called, how often, and who answers which line.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::hours::{Days, WrittenSpan, weekday};
use crate::channel::Channel;
use crate::delivery::{CallTimes, DAY, Hours, Quiet, QuietSpan, WEEK};
use crate::settings::Span;

/// More tries than anybody bears.
const MOST_TRIES: u32 = 9;
/// Lines of a duty table.
const MOST_LINES: usize = 60;

/// When people are called, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallsSettings {
    /// The hours of a day in which people are called: `10:00-13:00`, in order.
    hours: Vec<WrittenSpan>,
    /// The days on which they are: mon, tue, wed, thu, fri, sat, sun.
    days: Vec<String>,
    /// Days on which nobody is called.
    days_off: Vec<Days>,
    /// Tries of a call that nobody takes.
    tries: u32,
    /// From one try to the next, at the least.
    apart: Span,
    /// How long a call is kept for whoever opened it.
    kept: Span,
    /// Who answers which line.
    pub duty: Vec<DutyLine>,
}

/// Who answers a line, and where it is forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyLine {
    /// Which line: `Accueil, 05 36 49 00 00`.
    pub line: String,
    /// Who answers it.
    pub who: String,
    /// When, as colleagues say it: `lundi et mardi, 8 h à 12 h`.
    #[serde(default)]
    pub when: String,
    /// The number that it is forwarded to.
    #[serde(default)]
    pub forwarded_to: Option<String>,
    /// What is dialled on the line to forward it: `**21*0639980001#`.
    #[serde(default)]
    pub code: Option<String>,
    /// The first day of it; from the beginning by default.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day of it; for ever by default.
    #[serde(default)]
    pub until: Option<Date>,
    /// The languages that they speak beside French (ISO 639).
    #[serde(default)]
    pub languages: Vec<String>,
}

impl Default for CallsSettings {
    fn default() -> Self {
        let span = |from: i64, to: i64| {
            WrittenSpan(QuietSpan { period: DAY, start: from * 60, end: to * 60 })
        };
        Self {
            hours: vec![span(10, 13), span(14, 20)],
            days: ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned).to_vec(),
            days_off: Vec::new(),
            tries: 3,
            apart: Span::secs(3 * 3_600),
            kept: Span::secs(600),
            duty: Vec::new(),
        }
    }
}

impl CallsSettings {
    /// What they say, by the clocks of a zone.
    pub(super) fn times(&self, zone: TimeZone) -> CallTimes {
        let quiet = Quiet {
            spans: self.quiet(),
            days_off: self.days_off.iter().map(|days| (days.0, days.1)).collect(),
        };
        CallTimes {
            hours: Arc::new(Hours::new(zone, [(Channel::Phone, quiet)].into())),
            tries: self.tries,
            apart: self.apart.0,
            kept: self.kept.0,
        }
    }

    /// The hours of a day in which people are called, in minutes.
    pub fn hours(&self) -> impl Iterator<Item = (i64, i64)> {
        self.hours.iter().map(|span| (span.0.start, span.0.end))
    }

    /// The time between the hours of calls, all week long.
    fn quiet(&self) -> Vec<QuietSpan> {
        let mut days: Vec<i64> = self.days.iter().filter_map(|day| weekday(day)).collect();
        days.sort_unstable();
        days.dedup();
        let of_day =
            |day: i64| self.hours().map(move |(from, to)| (day * DAY + from, day * DAY + to));
        let open: Vec<(i64, i64)> = days.into_iter().flat_map(of_day).collect();
        let next = open.iter().cycle().skip(1);
        let between = open.iter().zip(next).map(|((_, end), (start, _))| QuietSpan {
            period: WEEK,
            start: *end % WEEK,
            end: *start,
        });
        between.filter(|span| span.start != span.end).collect()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let refusal = |reason: &str| Err(format!("calls: {reason}"));
        if !(1..=MOST_TRIES).contains(&self.tries) {
            return refusal("tries is a number from 1 to 9");
        }
        if self.days.is_empty() || self.days.iter().any(|day| weekday(day).is_none()) {
            return refusal("days are some of mon, tue, wed, thu, fri, sat, sun");
        }
        let hours: Vec<(i64, i64)> = self.hours().collect();
        let is_of_day = self.hours.iter().all(|span| span.0.period == DAY);
        let is_in_order = hours.windows(2).all(|pair| pair[0].1 < pair[1].0);
        if hours.is_empty() || !is_of_day || !is_in_order || hours.iter().any(|it| it.0 >= it.1) {
            return refusal(
                "hours are spans of a day, in order: [\"10:00-13:00\", \"14:00-20:00\"]",
            );
        }
        if self.duty.len() > MOST_LINES {
            return refusal("duty has more than 60 lines");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(settings: &CallsSettings, wall: &str) -> String {
        let times = settings.times(TimeZone::UTC);
        let at = times.hours.at(wall.parse().unwrap()).unwrap();
        times.hours.shown(times.opening(at))
    }

    #[test]
    fn people_are_called_late_in_the_morning_and_from_two_to_eight_on_weekdays() {
        let usual = CallsSettings::default();
        assert_eq!(usual.check(), Ok(()));
        for (wall, opens) in [
            ("2026-11-30T08:30", "2026-11-30 10:00"),
            ("2026-11-30T10:30", "2026-11-30 10:30"),
            ("2026-11-30T13:15", "2026-11-30 14:00"),
            ("2026-11-30T20:00", "2026-12-01 10:00"),
            // A Friday evening.
            ("2026-12-04T20:05", "2026-12-07 10:00"),
        ] {
            assert_eq!(opening(&usual, wall), opens, "{wall}");
        }
        let days_off = CallsSettings {
            days_off: vec![Days(Date::constant(2026, 12, 1), Date::constant(2026, 12, 2))],
            ..usual
        };
        assert_eq!(opening(&days_off, "2026-11-30T21:00"), "2026-12-03 10:00");
    }

    #[test]
    fn hours_that_cannot_be_are_refused() {
        for text in [
            "hours = []",
            "hours = [\"14:00-20:00\", \"10:00-13:00\"]",
            "hours = [\"20:00-07:00\"]",
            "hours = [\"fri 10:00-fri 12:00\"]",
            "days = [\"lundi\"]",
            "days = []",
            "tries = 0",
        ] {
            let settings: CallsSettings = toml::from_str(text).unwrap();
            assert!(settings.check().is_err(), "{text}");
        }
        assert!(toml::from_str::<CallsSettings>("duty = [{ line = \"Accueil\" }]").is_err());
    }
}
