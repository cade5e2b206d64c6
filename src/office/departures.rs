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
    /// From the first call to the last, in seconds, while nothing else leaves there.
    pub seconds: u64,
}

impl Departures {
    /// From the first call to the last.
    #[must_use]
    pub const fn lasting(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// For so many by each way: of those channels by which several leave in one call, or which take their time.
pub(super) fn foreseen(
    school: &School,
    ready: &Ready,
    by_way: &BTreeMap<Channel, usize>,
) -> BTreeMap<Channel, Departures> {
    let of = |(channel, count): (&Channel, &usize)| {
        let (_, provider) = school.config.provider_of(*channel)?;
        let departures = by_provider(school, ready, provider, *count)?;
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
    count: usize,
) -> Option<Departures> {
    if provider.by_hand().is_some() || provider.channel().is_carried_by_people() {
        return None;
    }
    let most = provider.most_together();
    let prepared = school.renderer.prepared(&ready.message).ok()?;
    let together = most > 1 && prepared.is_together(provider.channel());
    let calls = if together { count.div_ceil(most) } else { count };
    // A text message counts for each who gets it, whatever carries it.
    let segments = ready.sms_size.as_ref().map_or(1, |size| size.segments.try_into().unwrap_or(1));
    let is_counted = provider.channel() == Channel::Sms;
    let units = if is_counted { count.saturating_mul(segments) } else { calls };
    let sharing = school.config.sharing_first(provider.channel());
    let [most_calls, most_units] = [calls, units].map(|it| it.div_ceil(sharing));
    let seconds = seconds(provider.pace(), most_calls, most_units);
    Some(Departures { calls, together, seconds })
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
}
