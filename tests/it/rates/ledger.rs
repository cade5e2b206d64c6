//! The ledger alone: random costs, times and restarts.

use std::time::Duration;

use chappe::clock::Moment;
use chappe::dispatch::{HORIZON, Ledger, batch};
use proptest::prelude::*;

use super::works::{Call, MORNING, windows_broken};

fn at(millis: u64) -> Moment {
    MORNING + Duration::from_millis(millis)
}

fn call(at: Moment, cost: u32) -> Call {
    (at.since(MORNING), cost)
}

/// Takes as a daemon does, and is read anew each time, as after a restart.
fn take(text: &mut String, limits: [u32; 4], now: Moment, cost: u32) -> Result<Moment, Moment> {
    let mut ledger = Ledger::read(text).unwrap();
    let time = ledger.tell(now);
    let taken = ledger.take(limits, time, time + HORIZON, cost);
    *text = ledger.write();
    taken
}

proptest! {
    #[test]
    fn no_window_is_ever_broken(
        limits in [0_u32..20, 0_u32..60, 0_u32..300, 0_u32..1_000],
        asks in proptest::collection::vec((1_u32..6, 0_u64..4_000_000, 0_u8..10), 1..400),
    ) {
        let (mut text, mut now, mut calls) = (String::new(), at(0), Vec::new());
        for (cost, pause, scale) in asks {
            // Mostly short pauses, now and then an hour.
            now = now + Duration::from_millis(if scale < 9 { pause % 700 } else { pause });
            if let Ok(leaves) = take(&mut text, limits, now, cost) {
                prop_assert!(leaves >= now);
                calls.push(call(leaves, cost));
            }
        }
        prop_assert_eq!(windows_broken(&calls, limits), 0);
    }

    #[test]
    fn calls_beside_those_that_keep_a_span_break_no_window_and_put_off_nobody(
        limits in [1_u32..8, 1_u32..60, 0_u32..300, 0_u32..1_000],
        every in 0_u64..4_000,
        asks in proptest::collection::vec((0_u64..700, proptest::bool::ANY), 1..400),
    ) {
        let (mut ledger, mut now, mut calls) = (Ledger::default(), at(0), Vec::new());
        let mut spaced: Vec<Moment> = Vec::new();
        for (pause, is_beside) in asks {
            now = now + Duration::from_millis(pause);
            ledger = Ledger::read(&ledger.write()).unwrap().spaced(Duration::from_millis(every));
            let time = ledger.tell(now);
            if is_beside {
                let before = ledger.room_at([0; 4], time, 1);
                let taken = ledger.take_beside(limits, time, time + HORIZON, 1);
                prop_assert_eq!(ledger.room_at([0; 4], time, 1), before);
                calls.extend(taken.ok().map(|leaves| call(leaves, 1)));
            } else if let Ok(leaves) = ledger.take(limits, time, time + HORIZON, 1) {
                prop_assert!(spaced.last().is_none_or(|last| leaves.since(*last).as_millis() >= every.into()));
                spaced.push(leaves);
                calls.push(call(leaves, 1));
            }
        }
        calls.sort_unstable();
        prop_assert_eq!(windows_broken(&calls, limits), 0);
    }

    #[test]
    fn whoever_comes_back_when_told_gets_in(
        limits in [1_u32..20, 10_u32..60, 20_u32..300, 50_u32..400],
        costs in proptest::collection::vec(1_u32..8, 1..300),
    ) {
        let (mut text, mut now, mut calls) = (String::new(), at(0), Vec::new());
        for cost in costs {
            let leaves = match take(&mut text, limits, now, cost) {
                Ok(leaves) => leaves,
                Err(later) => {
                    prop_assert!(later > now);
                    now = later;
                    let again = take(&mut text, limits, now, cost);
                    prop_assert_eq!(again, Ok(later));
                    later
                }
            };
            calls.push(call(leaves, cost));
        }
        let most = limits.map(|limit| limit.max(7));
        prop_assert_eq!(windows_broken(&calls, most), 0);
    }

    #[test]
    fn nonsense_is_refused_or_read_without_harm(text in ".{0,200}") {
        let _ = Ledger::read(&text);
    }
}

#[test]
fn under_steady_demand_every_window_is_used_to_98_percent() {
    for (window, seconds, limit) in [(0, 1, 50), (1, 60, 300), (2, 3_600, 200), (3, 86_400, 1_000)]
    {
        let mut limits = [0; 4];
        limits[window] = limit;
        let (mut text, mut now) = (String::new(), at(0));
        let rounds = 20;
        for _ in 0..rounds * limit {
            now = take(&mut text, limits, now, 1)
                .unwrap_or_else(|later| take(&mut text, limits, later, 1).unwrap());
        }
        // The last window was filled at once when it opened: 19 windows have passed.
        let passed = now.since(at(0)).as_secs_f64();
        let used = f64::from((rounds - 1) * seconds) / passed;
        assert!(used >= 0.98, "window of {seconds} s: {used}");
    }
}

#[test]
fn a_cost_above_the_limit_leaves_alone() {
    let (mut text, limits) = (String::new(), [3, 0, 0, 0]);
    assert_eq!(take(&mut text, limits, at(0), 8), Ok(at(0)));
    let later = take(&mut text, limits, at(100), 8).unwrap_err();
    assert!(later >= at(1_000) && later <= at(1_020));
    assert_eq!(take(&mut text, limits, later, 8), Ok(later));
}

#[test]
fn a_clock_a_little_behind_waits_and_one_set_back_goes_on_from_there() {
    let (mut text, limits) = (String::new(), [0, 0, 2, 0]);
    take(&mut text, limits, at(10_000_000), 1).unwrap();
    take(&mut text, limits, at(10_000_000), 1).unwrap();
    let fits_after = |text: &mut String, now: Moment| {
        let mut ledger = Ledger::read(text).unwrap();
        let time = ledger.tell(now);
        ledger.room_at(limits, time, 1).since(time)
    };
    let hour = Duration::from_hours(1);
    let slot = Duration::from_secs(20);
    let wait = fits_after(&mut text, at(9_995_000));
    assert!(wait + slot > hour && wait <= hour + slot, "five seconds behind: {wait:?}");
    let wait = fits_after(&mut text, at(2_800_000));
    assert!(wait >= hour && wait <= hour + 2 * slot, "two hours behind: {wait:?}");
}

#[test]
fn limits_that_change_apply_at_once() {
    let mut text = String::new();
    for _ in 0..50 {
        take(&mut text, [0, 0, 100, 0], at(0), 1).unwrap();
    }
    assert!(take(&mut text, [0, 0, 40, 0], at(1_000), 1).is_err());
    assert!(take(&mut text, [0, 40, 0, 0], at(1_000), 1).is_err(), "the minute was counted too");
    assert!(take(&mut text, [0, 0, 51, 0], at(1_000), 1).is_ok());
}

#[test]
fn what_did_not_leave_is_given_back() {
    let (mut ledger, limits) = (Ledger::default(), [1, 1, 1, 1]);
    let leaves = ledger.take(limits, at(0), at(0), 1).unwrap();
    assert!(ledger.take(limits, at(5), at(5), 1).is_err());
    ledger.give_back(leaves, 1);
    assert_eq!(ledger.take(limits, at(5), at(5), 1), Ok(at(5)));
}

#[test]
fn little_is_begun_at_a_time() {
    assert_eq!(batch([10, 0, 200, 0], Duration::ZERO), 2);
    assert_eq!(batch([500, 0, 0, 0], Duration::ZERO), 100);
    assert_eq!(batch([0, 0, 200, 0], Duration::ZERO), 1);
    assert_eq!(batch([500, 0, 0, 0], Duration::from_millis(3_100)), 1);
    assert_eq!(batch([0, 0, 0, 0], Duration::from_millis(50)), 4);
}

#[test]
fn between_two_departures_lies_a_span_and_across_restarts() {
    let (every, none) = (Duration::from_millis(3_100), [0; 4]);
    let mut ledger = Ledger::default().spaced(every);
    let first = ledger.take(none, at(0), at(10_000), 1).unwrap();
    let second = ledger.take(none, at(0), at(10_000), 50).unwrap();
    assert!(second.since(first) >= every, "{:?}", second.since(first));
    let mut again = Ledger::read(&ledger.write()).unwrap().spaced(every);
    let third = again.take(none, at(0), at(10_000), 1).unwrap();
    assert!(third.since(second) >= every && third.since(second) < every * 11 / 10);
    // What is not spaced goes by nothing of it.
    let mut free = Ledger::read(&again.write()).unwrap();
    assert_eq!(free.take(none, third, third, 1), Ok(third));
}

#[test]
fn its_text_stays_small() {
    let (mut text, limits) = (String::new(), [500, 0, 0, 0]);
    let mut now = at(0);
    for _ in 0..4_000 {
        now = take(&mut text, limits, now, 1).unwrap_or_else(|later| later);
    }
    assert!(text.len() < 20_000, "{} bytes", text.len());
}
