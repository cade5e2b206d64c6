//! When a failed delivery is tried again: the pauses are data.

use std::time::Duration;

use crate::clock::Moment;
use crate::delivery::SendError;
use crate::settings::Span;

/// A provider cannot make us wait longer than this by one answer; what is urgent waits less.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// By how much of itself chance lengthens a pause at most.
const JITTER: f64 = 0.2;

/// What failed together comes back within so long of each other, the first time.
pub(super) fn spread(pauses: &[Span]) -> Duration {
    pauses.first().map_or(Duration::ZERO, |pause| pause.0.mul_f64(JITTER))
}

/// When to try again after `error`, with `tries` used up before it; `None`: never. `jitter` in 0..1
/// lengthens the pause by up to a fifth, so that what failed together does not come back together.
#[must_use]
pub fn retry_at(
    pauses: &[Span],
    tries: u32,
    error: &SendError,
    now: Moment,
    jitter: f64,
) -> Option<Moment> {
    let pause = if error.kind.burns_a_try() {
        pauses.get(usize::try_from(tries).unwrap_or(usize::MAX))?.0
    } else {
        pauses.first()?.0
    };
    let asked_for = error.retry_after.unwrap_or_default().min(LONGEST_WAIT);
    Some(now + pause.max(asked_for).mul_f64(1.0 + jitter * JITTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::FailureKind;

    const NOW: Moment = Moment(0);
    const PAUSES: [Span; 2] = [Span::secs(10), Span::secs(60)];

    fn error(kind: FailureKind) -> SendError {
        SendError::new(kind, "test")
    }

    #[test]
    fn the_pauses_are_taken_in_turn_and_then_it_ends() {
        let throttled = error(FailureKind::Throttled);
        let at = |tries| retry_at(&PAUSES, tries, &throttled, NOW, 0.0);
        assert_eq!(at(0), Some(Moment(10_000)));
        assert_eq!(at(1), Some(Moment(60_000)));
        assert_eq!(at(2), None);
    }

    #[test]
    fn a_dead_link_burns_no_try() {
        let unreachable = error(FailureKind::Unreachable);
        assert_eq!(retry_at(&PAUSES, 50, &unreachable, NOW, 0.0), Some(Moment(10_000)));
    }

    #[test]
    fn a_longer_delay_that_the_provider_asked_for_wins_within_reason() {
        let asked = |secs| {
            let delay = Some(Duration::from_secs(secs));
            let error = error(FailureKind::Throttled).retry_after(delay);
            retry_at(&PAUSES, 0, &error, NOW, 0.0)
        };
        assert_eq!(asked(5), Some(Moment(10_000)));
        assert_eq!(asked(30), Some(Moment(30_000)));
        assert_eq!(asked(1_000_000), Some(Moment(1_800_000)));
    }

    #[test]
    fn jitter_only_lengthens() {
        let throttled = error(FailureKind::Throttled);
        assert_eq!(retry_at(&PAUSES, 0, &throttled, NOW, 0.5), Some(Moment(11_000)));
    }
}
