//! How many calls a message takes, and how long they take to leave, at the pace that its providers are held to.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::{Ready, School};
use crate::channel::Channel;
use crate::providers::ProviderSettings;
use crate::settings::Pace;

/// The lengths of the windows of a pace, shortest first: second, minute, hour, day.
const WINDOWS: [u64; 4] = [1, 60, 3_600, 86_400];

/// What leaves by one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Departures {
    /// In how many calls.
    pub calls: usize,
    /// Whether one call carries it to several, who are told the same.
    pub together: bool,
    /// In how many waves, level after level.
    pub waves: usize,
    /// From when the channel takes the first to the last call, in seconds, while nothing else leaves there.
    pub seconds: u64,
    /// Whether everybody is notified: not where calls follow each other sooner than the provider notifies.
    pub notifies_all: bool,
}

/// Those who leave by one channel, by how long after the first wave theirs comes.
pub(super) type InWaves = BTreeMap<Duration, usize>;

/// What a provider is called for in one wave.
#[derive(Clone, Copy)]
struct WaveOfCalls {
    after: Duration,
    calls: usize,
    /// In what it counts.
    units: usize,
}

impl Departures {
    /// From when the channel takes the first to the last call.
    #[must_use]
    pub const fn lasting(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// For so many by each way, and for those of the ENT in their waves: of those channels by which several leave in one
/// call, or which take their time.
pub(super) fn foreseen(
    school: &School,
    ready: &Ready,
    by_way: &BTreeMap<Channel, usize>,
    ent_waves: &InWaves,
) -> BTreeMap<Channel, Departures> {
    let of = |(channel, count): (&Channel, &usize)| {
        let (_, provider) = school.config.provider_of(*channel)?;
        let at_once = InWaves::from([(Duration::ZERO, *count)]);
        let waves = if *channel == Channel::Ent { ent_waves } else { &at_once };
        let departures = by_provider(school, ready, provider, waves)?;
        let tells = departures.together || departures.seconds >= WINDOWS[1];
        tells.then_some((*channel, departures))
    };
    by_way.iter().filter_map(of).collect()
}

/// `None` where a person publishes: no call is made.
fn by_provider(
    school: &School,
    ready: &Ready,
    provider: &ProviderSettings,
    waves: &InWaves,
) -> Option<Departures> {
    if provider.by_hand().is_some() || provider.channel().is_carried_by_people() {
        return None;
    }
    let most = provider.most_together();
    let prepared = school.renderer.prepared(&ready.message).ok()?;
    let together = most > 1 && prepared.is_together(provider.channel());
    // A text message counts for each who gets it, whatever carries it.
    let segments = ready.sms_size.as_ref().map_or(1, |size| size.segments.try_into().unwrap_or(1));
    let is_counted = provider.channel() == Channel::Sms;
    let sharing = school.config.sharing_first(provider.channel());
    let calls_for = |count: usize| if together { count.div_ceil(most) } else { count };
    let most_of_one = |(after, count): (&Duration, &usize)| {
        let calls = calls_for(*count);
        let units = if is_counted { count.saturating_mul(segments) } else { calls };
        let [calls, units] = [calls, units].map(|it| it.div_ceil(sharing));
        WaveOfCalls { after: *after, calls, units }
    };
    let of_one: Vec<WaveOfCalls> = waves.iter().map(most_of_one).collect();
    let pace = provider.pace();
    Some(Departures {
        calls: waves.values().map(|count| calls_for(*count)).sum(),
        together,
        waves: waves.len(),
        seconds: lasting(pace, &of_one),
        notifies_all: notifies_all(pace, provider.notifies_after(), &of_one),
    })
}

/// From the first call to the last: a wave leaves once its time has come, and whoever leaves before it has.
fn lasting(pace: &Pace, waves: &[WaveOfCalls]) -> u64 {
    let until_the_last = |(place, wave): (usize, &WaveOfCalls)| {
        let rest = waves.iter().skip(place);
        let (calls, units) =
            rest.fold((0, 0), |(calls, units), it| (calls + it.calls, units + it.units));
        wave.after.as_secs().saturating_add(seconds(pace, calls, units))
    };
    waves.iter().enumerate().map(until_the_last).max().unwrap_or_default()
}

/// Whether the calls of a wave are further apart than a provider needs to notify whom each is for.
fn notifies_all(pace: &Pace, after: Option<Duration>, waves: &[WaveOfCalls]) -> bool {
    after.is_none_or(|after| pace.apart() > after || waves.iter().all(|wave| wave.calls < 2))
}

/// From the first of so many calls, of so many units in all, to the last.
fn seconds(pace: &Pace, calls: usize, units: usize) -> u64 {
    let [calls, units] = [calls, units].map(|it| u64::try_from(it).unwrap_or(u64::MAX));
    let pauses = u32::try_from(calls.saturating_sub(1)).unwrap_or(u32::MAX);
    let spaced = pace.apart().saturating_mul(pauses).as_millis().div_ceil(1_000);
    let windows = pace.limits().into_iter().zip(WINDOWS).filter_map(|(limit, length)| {
        let full = units.saturating_sub(1).checked_div(u64::from(limit))?;
        Some(full.saturating_mul(length))
    });
    windows.fold(u64::try_from(spaced).unwrap_or(u64::MAX), u64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Span;

    #[test]
    fn the_slowest_limit_tells_how_long_it_takes() {
        let ent = Pace { every: Some(Span::millis(3_100)), ..Pace::FREE };
        assert_eq!(seconds(&ent, 18, 18), 53);
        assert_eq!(seconds(&ent, 900, 900), 2_787, "46 minutes");
        assert_eq!(seconds(&ent, 0, 0), 0);
        let relay = Pace { per_second: 10, per_hour: 200, ..Pace::FREE };
        assert_eq!(seconds(&relay, 200, 200), 19);
        assert_eq!(seconds(&relay, 201, 201), 3_600);
        assert_eq!(seconds(&Pace::FREE, 10_000, 10_000), 0);
    }

    /// So many calls in each wave, which come ten minutes after each other.
    fn waves(calls: &[usize]) -> Vec<WaveOfCalls> {
        let minutes = (0_u64..).step_by(10).map(Duration::from_mins);
        let wave = |(calls, after): (&usize, Duration)| WaveOfCalls {
            after,
            calls: *calls,
            units: *calls,
        };
        calls.iter().zip(minutes).map(wave).collect()
    }

    #[test]
    fn a_wave_waits_for_its_time_and_for_the_one_before_it() {
        let ent = Pace { every: Some(Span::millis(3_100)), ..Pace::FREE };
        assert_eq!(lasting(&ent, &waves(&[5, 5, 5, 5])), 1_800 + 13);
        assert_eq!(
            lasting(&ent, &waves(&[225, 5])),
            710,
            "10 minutes are not enough for the first"
        );
        assert_eq!(lasting(&ent, &waves(&[18])), 53);
        assert_eq!(lasting(&ent, &[]), 0);
    }

    #[test]
    fn calls_that_come_too_soon_after_each_other_do_not_notify_everybody() {
        let three = Some(Duration::from_secs(3));
        let at = |millis| Pace { every: Some(Span::millis(millis)), ..Pace::FREE };
        assert!(notifies_all(&at(3_100), three, &waves(&[18])));
        assert!(!notifies_all(&at(3_000), three, &waves(&[18])));
        assert!(!notifies_all(&Pace::FREE, three, &waves(&[1, 2])));
        assert!(notifies_all(&Pace::FREE, three, &waves(&[1, 1])), "one a wave");
        assert!(notifies_all(&Pace::FREE, None, &waves(&[18])));
    }
}
