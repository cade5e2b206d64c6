//! Why an addressee waits, and until when: worked out of the circumstances, as the queue will treat them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::{FailureKind, Opening, Openings};
use crate::channel::Channel;
use crate::clock::Moment;

/// What an addressee waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// Somebody releases the school, of which nothing leaves.
    Hold,
    /// Somebody lets the message go on.
    Paused,
    /// Their digest is made: they have enough for this week.
    Digest,
    /// A proof of what has left, or the end of the patience for one.
    Proof,
    /// The time in which the message can be undone is over.
    Undo,
    /// A person's closing ends; it moves them on in a moment.
    Closed,
    /// The quiet hours of the channel end.
    QuietHours,
    /// Their level's turn: levels leave one after the other.
    Wave,
    /// The next try: the last one failed.
    Retry,
    /// A daemon.
    NobodyAtWork,
    /// Somebody publishes it by hand: nothing is called there.
    Publication,
    /// A provider: none is configured for the channel any more.
    NoCarrier,
    /// The provider can be used: it lacks its secret, or its settings do not fit.
    Idle,
    /// The provider takes messages again.
    Refusing,
    /// Their place in the queue: they leave as fast as the provider may be used.
    Turn,
}

/// What one addressee, or several, wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaitCause {
    /// For what.
    pub reason: WaitReason,
    /// On which channel, where it is the channel's matter.
    pub channel: Option<Channel>,
    /// Until when at least, where that is known.
    pub until: Option<Moment>,
}

/// What is to happen next for an addressee who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Their digest is made.
    Digest {
        /// When.
        at: Moment,
    },
    /// Without more proof of what has left, the next rung is climbed.
    Climb {
        /// When.
        at: Option<Moment>,
    },
    /// A delivery leaves.
    Leave {
        /// By which channel.
        channel: Channel,
        /// Not before.
        due_at: Moment,
        /// Why it did not when it was tried last.
        failure: Option<FailureKind>,
    },
}

/// Everything that decides it beside that.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The moment of which they are.
    pub now: Moment,
    /// Why nothing of the message leaves, where nothing does: the school is on hold, or it is paused.
    pub stopped: Option<WaitReason>,
    /// A daemon is at work.
    pub somebody_is_at_work: bool,
    /// Levels leave one after the other on the ENT.
    pub has_waves: bool,
    /// Nothing of the message leaves before.
    pub starts_at: Option<Moment>,
    /// The message leaves in quiet hours too.
    pub passes_hours: bool,
    /// Which channels are closed or quiet.
    pub openings: &'a Openings,
    /// When those that people closed open by themselves.
    pub closed_until: &'a BTreeMap<Channel, Option<Moment>>,
    /// The channels on which somebody carries.
    pub carried: &'a [Channel],
    /// The channels that fall to people who publish by hand.
    pub by_hand: &'a [Channel],
    /// The channels of which no provider can be used.
    pub idle: &'a [Channel],
    /// The channels whose every provider refuses, and when one is tried next.
    pub refusing: &'a BTreeMap<Channel, Option<Moment>>,
}

impl Surroundings<'_> {
    /// Why one waits for whom this is to happen next.
    #[must_use]
    pub fn cause(&self, next: Next) -> WaitCause {
        let of_all = |reason, until| WaitCause { reason, channel: None, until };
        match (next, self.stopped) {
            // No patience runs meanwhile.
            (Next::Climb { at }, stopped) => {
                of_all(WaitReason::Proof, at.filter(|_| stopped.is_none()))
            }
            (_, Some(reason)) => of_all(reason, None),
            (Next::Digest { at }, None) => of_all(WaitReason::Digest, Some(at)),
            (Next::Leave { channel, due_at, failure }, None) => {
                let (reason, until) = self.leaving(channel, due_at, failure);
                let is_of_the_channel =
                    !matches!(reason, WaitReason::Undo | WaitReason::NobodyAtWork);
                WaitCause { reason, channel: is_of_the_channel.then_some(channel), until }
            }
        }
    }

    fn leaving(
        &self,
        channel: Channel,
        due_at: Moment,
        failure: Option<FailureKind>,
    ) -> (WaitReason, Option<Moment>) {
        if self.openings.is_closed(channel) {
            return (WaitReason::Closed, self.closed_until.get(&channel).copied().flatten());
        }
        if due_at > self.now {
            return self.later(channel, due_at, failure);
        }
        match self.openings.of(channel, self.passes_hours, self.now) {
            Opening::From(opens) if opens > self.now => (WaitReason::QuietHours, Some(opens)),
            _ if self.by_hand.contains(&channel) => (WaitReason::Publication, None),
            _ if !self.carried.contains(&channel) => (WaitReason::NoCarrier, None),
            _ if !self.somebody_is_at_work => (WaitReason::NobodyAtWork, None),
            _ if self.idle.contains(&channel) => (WaitReason::Idle, None),
            _ => match self.refusing.get(&channel) {
                Some(until) => (WaitReason::Refusing, *until),
                None => (WaitReason::Turn, None),
            },
        }
    }

    /// Of what is not due yet.
    fn later(
        &self,
        channel: Channel,
        due_at: Moment,
        failure: Option<FailureKind>,
    ) -> (WaitReason, Option<Moment>) {
        let reason = if self.starts_at.is_some_and(|start| due_at <= start) {
            WaitReason::Undo
        } else if self.is_quiet_until(channel, due_at) {
            WaitReason::QuietHours
        } else if let Some(until) = self.refusing.get(&channel) {
            return (WaitReason::Refusing, *until);
        } else if failure.is_some() {
            WaitReason::Retry
        } else if channel == Channel::Ent && self.has_waves {
            WaitReason::Wave
        } else {
            WaitReason::Turn
        };
        (reason, Some(due_at))
    }

    /// Whether the quiet hours of the channel end at this very moment.
    fn is_quiet_until(&self, channel: Channel, at: Moment) -> bool {
        let before = at - Duration::from_millis(1);
        self.openings.of(channel, self.passes_hours, before) == Opening::From(at)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::delivery::{DAY, Hours, Quiet, QuietSpan};

    const HOUR: i64 = 3_600_000;
    /// A Thursday at noon; text messages are quiet from 20:00 to 7:00, by the clocks of Greenwich.
    const NOON: Moment = Moment(12 * HOUR);
    const NIGHT: Moment = Moment(22 * HOUR);
    const MORNING: Moment = Moment(31 * HOUR);

    fn openings(closed: &[Channel]) -> Openings {
        let quiet = Quiet {
            spans: vec![QuietSpan { period: DAY, start: 20 * 60, end: 7 * 60 }],
            days_off: Vec::new(),
        };
        let hours = Hours::new(TimeZone::UTC, BTreeMap::from([(Channel::Sms, quiet)]));
        Openings::new(Arc::new(hours), closed.to_vec())
    }

    fn leaving(channel: Channel, due_at: Moment, failure: Option<FailureKind>) -> Next {
        Next::Leave { channel, due_at, failure }
    }

    /// What changes of a day on which nothing stands in anybody's way.
    #[derive(Default)]
    struct Day {
        at: Option<Moment>,
        stopped: Option<WaitReason>,
        nobody: bool,
        waves: bool,
        passes: bool,
        undo: Option<Moment>,
        closed: Option<Channel>,
        refusing: Option<Channel>,
        not_carried: Option<Channel>,
        idle: Option<Channel>,
        by_hand: Option<Channel>,
    }

    fn cause(day: &Day, next: Next) -> Told {
        let carried = [Channel::Ent, Channel::Email, Channel::Sms];
        let carried: Vec<Channel> =
            carried.into_iter().filter(|it| day.not_carried != Some(*it)).collect();
        let closed: Vec<Channel> = day.closed.into_iter().collect();
        let closed_until = closed.iter().map(|it| (*it, LATER)).collect();
        let refusing = day.refusing.iter().map(|it| (*it, LATER)).collect();
        let surroundings = Surroundings {
            now: day.at.unwrap_or(NOON),
            stopped: day.stopped,
            somebody_is_at_work: !day.nobody,
            has_waves: day.waves,
            starts_at: day.undo,
            passes_hours: day.passes,
            openings: &openings(&closed),
            closed_until: &closed_until,
            carried: &carried,
            by_hand: day.by_hand.as_slice(),
            idle: day.idle.as_slice(),
            refusing: &refusing,
        };
        let WaitCause { reason, channel, until } = surroundings.cause(next);
        (reason, channel, until)
    }

    type Told = (WaitReason, Option<Channel>, Option<Moment>);

    fn holds<const N: usize>(cases: [(Day, Next, Told); N]) {
        for (number, (day, next, told)) in cases.into_iter().enumerate() {
            assert_eq!(cause(&day, next), told, "case {number}");
        }
    }

    const LATER: Option<Moment> = Some(Moment(50 * HOUR));
    const SOON: Moment = Moment(13 * HOUR);

    #[test]
    fn what_stops_all_is_told_before_what_stops_some() {
        use WaitReason::{Digest, Hold, NoCarrier, NobodyAtWork, Paused, Proof, Undo};
        let (email, day) = (leaving(Channel::Email, NOON, None), Day::default);
        let held = || Day { stopped: Some(Hold), ..day() };
        holds([
            (held(), email, (Hold, None, None)),
            (Day { stopped: Some(Paused), nobody: true, ..day() }, email, (Paused, None, None)),
            (held(), Next::Digest { at: SOON }, (Hold, None, None)),
            (day(), Next::Digest { at: SOON }, (Digest, None, Some(SOON))),
            (day(), Next::Climb { at: Some(SOON) }, (Proof, None, Some(SOON))),
            (held(), Next::Climb { at: Some(SOON) }, (Proof, None, None)),
            (
                Day { undo: Some(SOON), nobody: true, ..day() },
                leaving(Channel::Email, SOON, None),
                (Undo, None, Some(SOON)),
            ),
            (
                Day { nobody: true, refusing: Some(Channel::Email), ..day() },
                email,
                (NobodyAtWork, None, None),
            ),
            (
                Day { not_carried: Some(Channel::Sms), nobody: true, ..day() },
                leaving(Channel::Sms, NOON, None),
                (NoCarrier, Some(Channel::Sms), None),
            ),
        ]);
    }

    #[test]
    fn what_stops_a_channel_is_told_with_its_end() {
        use Channel::{Email, Ent, Sms};
        use WaitReason::{Closed, Idle, Publication, QuietHours, Refusing, Retry, Turn, Wave};
        let (due, day) = (|channel| leaving(channel, NOON, None), Day::default);
        let night = || Day { at: Some(NIGHT), ..day() };
        let in_the_morning = leaving(Sms, MORNING, None);
        let asleep = (QuietHours, Some(Sms), Some(MORNING));
        holds([
            (day(), due(Email), (Turn, Some(Email), None)),
            (Day { closed: Some(Ent), ..day() }, due(Ent), (Closed, Some(Ent), LATER)),
            (Day { nobody: true, ..night() }, in_the_morning, asleep),
            (night(), due(Sms), asleep),
            (Day { passes: true, ..night() }, due(Sms), (Turn, Some(Sms), None)),
            (Day { undo: Some(NIGHT + Duration::from_mins(2)), ..night() }, in_the_morning, asleep),
            (Day { waves: true, ..day() }, leaving(Ent, SOON, None), (Wave, Some(Ent), Some(SOON))),
            (
                day(),
                leaving(Email, SOON, Some(FailureKind::Deferred)),
                (Retry, Some(Email), Some(SOON)),
            ),
            (
                Day { refusing: Some(Email), ..day() },
                leaving(Email, SOON, Some(FailureKind::Throttled)),
                (Refusing, Some(Email), LATER),
            ),
            (Day { refusing: Some(Email), ..day() }, due(Email), (Refusing, Some(Email), LATER)),
            (Day { idle: Some(Sms), ..night() }, due(Sms), asleep),
            (Day { idle: Some(Email), ..day() }, due(Email), (Idle, Some(Email), None)),
            (Day { refusing: Some(Ent), ..day() }, due(Email), (Turn, Some(Email), None)),
            (
                Day { by_hand: Some(Ent), nobody: true, ..day() },
                due(Ent),
                (Publication, Some(Ent), None),
            ),
        ]);
    }
}
