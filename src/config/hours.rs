//! `[hours.CHANNEL]`: when a channel leaves people in peace.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer};

use crate::channel::Channel;
use crate::delivery::{DAY, Quiet, QuietSpan, WEEK};

/// The ministry's *plage de déconnexion*.
const NIGHTS_AND_WEEKENDS: [QuietSpan; 2] = [
    QuietSpan { period: DAY, start: 20 * 60, end: 7 * 60 },
    QuietSpan { period: WEEK, start: 4 * DAY + 20 * 60, end: 7 * 60 },
];
/// Days off in one entry, and entries: more than a school year has.
const MOST_DAYS: i64 = 366;
const MOST_ENTRIES: usize = 100;

/// Quiet hours and days off of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HoursSettings {
    /// Spans of every day (`20:00-07:00`) or of the week (`fri 20:00-mon 07:00`); the channel's own
    /// by default.
    quiet: Option<Vec<WrittenSpan>>,
    /// Days (`2026-12-25`), or first and last one (`2026-12-19/2027-01-03`).
    days_off: Vec<Days>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenSpan(pub(super) QuietSpan);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days(pub(super) Date, pub(super) Date);

impl HoursSettings {
    /// What they say for this channel; `None` when it is open at any time.
    pub(super) fn quiet(&self, channel: Channel) -> Option<Quiet> {
        let spans = match &self.quiet {
            Some(spans) => spans.iter().map(|span| span.0).collect(),
            None if matches!(channel, Channel::Ent | Channel::Sms) => NIGHTS_AND_WEEKENDS.to_vec(),
            None => Vec::new(),
        };
        let days_off: Vec<_> = self.days_off.iter().map(|days| (days.0, days.1)).collect();
        let quiet = Quiet { spans, days_off };
        (quiet != Quiet::default()).then_some(quiet)
    }

    pub(super) fn check(&self, channel: Channel) -> Result<(), String> {
        if channel.is_carried_by_people() {
            return Err(format!("hours.{channel}: people carry it, at their own hours"));
        }
        if self.quiet(channel).is_some_and(|quiet| !quiet.leaves_some_time()) {
            return Err(format!("hours.{channel}: it would never be open; leave some time"));
        }
        let entries = self.days_off.len().max(self.quiet.as_ref().map_or(0, Vec::len));
        if entries > MOST_ENTRIES {
            return Err(format!("hours.{channel}: more than {MOST_ENTRIES} entries"));
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for WrittenSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        span(&text).map(Self).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{text}\" is no span of hours; write for example 20:00-07:00, or \
                 fri 20:00-mon 07:00 (mon, tue, wed, thu, fri, sat, sun)"
            ))
        })
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        days(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{text}\" is no day off; write for example 2026-12-25, or the first and the last \
                 day, a year at most: 2026-12-19/2027-01-03"
            ))
        })
    }
}

fn span(text: &str) -> Option<QuietSpan> {
    let (start, end) = text.split_once('-')?;
    QuietSpan::between(point(start.trim())?, point(end.trim())?)
}

/// `fri 20:00` or `20:00`: the days since Monday, and the minutes.
pub(super) fn point(text: &str) -> Option<(Option<i64>, i64)> {
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (Some(weekday(day)?), time),
        None => (None, text),
    };
    let time = Time::strptime("%H:%M", time.trim()).ok()?;
    Some((day, i64::from(time.hour()) * 60 + i64::from(time.minute())))
}

/// The days of a week, as they are written.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub(super) fn weekday(word: &str) -> Option<i64> {
    let day = WEEKDAYS.iter().position(|day| *day == word)?;
    i64::try_from(day).ok()
}

/// `20:00-07:00`, or `fri 20:00-mon 07:00`.
pub(super) fn written_span(QuietSpan { period, start, end }: &QuietSpan) -> String {
    if *period == DAY {
        format!("{}-{}", written_time(*start), written_time(*end))
    } else {
        format!("{}-{}", written_point(*start), written_point(*end))
    }
}

/// `fri 20:00`, of minutes since Monday.
pub(super) fn written_point(minutes: i64) -> String {
    let day = usize::try_from(minutes.div_euclid(DAY).rem_euclid(7)).unwrap_or(0);
    format!("{} {}", WEEKDAYS[day], written_time(minutes))
}

fn written_time(minutes: i64) -> String {
    let minutes = minutes.rem_euclid(DAY);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `2026-12-25`, or `2026-12-19/2027-01-03`.
pub(super) fn written_days((first, last): (Date, Date)) -> String {
    if first == last { first.to_string() } else { format!("{first}/{last}") }
}

fn days(text: &str) -> Option<Days> {
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    let (first, last): (Date, Date) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let length = i64::from(first.until(last).ok()?.get_days());
    (0..MOST_DAYS).contains(&length).then_some(Days(first, last))
}
