//! Patience with whoever guesses: it grows with every failure, and it is the database's, so that all daemons
//! of a school have the same.
//!
//! Three things are counted. A login *at a place* soon has to wait. A login *anywhere*, and a place *for any
//! login*, have to wait after many more: this stops guesses that are spread. Who was let in at a place before waits for
//! failures of that login at that place alone, so that nobody far away keeps them out.

use std::time::Duration;

use serde::Serialize;

use super::secrets::hash;
use super::{Hash, Whence};
use crate::clock::Moment;
use crate::people::SchoolId;
use crate::store::accounts::failures::{self, KeptFailures};
use crate::store::{StoreError, Tx};

/// How many failures cost nothing, and how long whoever fails more has to wait.
struct WaitRule {
    free: u32,
    first: Duration,
    longest: Duration,
}

const FIRST: Duration = Duration::from_secs(30);
const LOGIN_AT_PLACE: WaitRule =
    WaitRule { free: 5, first: FIRST, longest: Duration::from_hours(1) };
const LOGIN: WaitRule = WaitRule { free: 50, first: FIRST, longest: Duration::from_mins(15) };
const PLACE: WaitRule = WaitRule { free: 50, first: FIRST, longest: Duration::from_hours(1) };
/// So long after the last failure, none is counted any more.
const FORGOTTEN: Duration = Duration::from_hours(24);
/// So long is a place known where somebody was let in.
const KNOWN: Duration = Duration::from_hours(30 * 24);

impl WaitRule {
    /// How long to wait after so many failures; doubles with each.
    fn wait_after(&self, failures: u32) -> Duration {
        match failures.checked_sub(self.free) {
            None => Duration::ZERO,
            Some(more) => self.first.saturating_mul(1 << more.min(16)).min(self.longest),
        }
    }
}

/// One try of a secret: of which login, from where. Holds hashes alone.
#[derive(Debug, Clone)]
pub struct Guess {
    login_at_place: Hash,
    login: Hash,
    place: Hash,
}

impl Guess {
    /// A try of a password, for whatever was typed as a login.
    #[must_use]
    pub fn of(login: &str, from: &Whence) -> Self {
        let place = from.place().to_string();
        Self {
            login_at_place: hash("login at place", &format!("{login}\n{place}")),
            login: hash("login", login),
            place: hash("place", &place),
        }
    }

    /// What is counted beside the login at its place, where it was not let in before.
    const fn spread(&self) -> [(&Hash, &WaitRule); 2] {
        [(&self.login, &LOGIN), (&self.place, &PLACE)]
    }
}

/// Until when a guess has to wait; writes nothing.
pub fn wait(
    tx: &Tx<'_>,
    school: &SchoolId,
    guess: &Guess,
    now: Moment,
) -> Result<Option<Moment>, StoreError> {
    let at_place = failures::of(tx, school, &guess.login_at_place)?;
    let mut until = at_place.map(|it| it.until);
    if !at_place.is_some_and(|it| is_known(&it, now)) {
        for (about, _) in guess.spread() {
            until = until.max(failures::of(tx, school, about)?.map(|it| it.until));
        }
    }
    Ok(until.filter(|until| *until > now))
}

/// Counts a guess as failed before it is looked at, so that many at once are no way around; until when it has to wait
/// instead, and then it was not counted.
pub fn count(
    tx: &Tx<'_>,
    school: &SchoolId,
    guess: &Guess,
    now: Moment,
) -> Result<Option<Moment>, StoreError> {
    failures::lock(tx, school, &guess.login_at_place, Some(&guess.login), now)?;
    failures::lock(tx, school, &guess.login, Some(&guess.login), now)?;
    failures::lock(tx, school, &guess.place, None, now)?;
    if let Some(until) = wait(tx, school, guess, now)? {
        return Ok(Some(until));
    }
    let is_known = add(tx, school, (&guess.login_at_place, &LOGIN_AT_PLACE), now)?;
    if !is_known {
        for counted in guess.spread() {
            add(tx, school, counted, now)?;
        }
    }
    failures::forget(tx, school, now - KNOWN)?;
    Ok(None)
}

/// Whoever guessed was right: what was counted for it is taken back, and the place is known.
pub fn forgive(
    tx: &Tx<'_>,
    school: &SchoolId,
    guess: &Guess,
    now: Moment,
) -> Result<(), StoreError> {
    let was_known = match failures::of(tx, school, &guess.login_at_place)? {
        Some(kept) => {
            let right = KeptFailures { failures: 0, until: now, known_at: Some(now), ..kept };
            failures::put(tx, school, &guess.login_at_place, &right)?;
            is_known(&kept, now)
        }
        None => false,
    };
    if was_known {
        return Ok(());
    }
    for (about, _) in guess.spread() {
        if let Some(kept) = failures::of(tx, school, about)? {
            // It was let in, so that nothing had to wait when it was counted.
            let without = kept.failures.saturating_sub(1);
            let fewer = KeptFailures { failures: without, until: now, ..kept };
            failures::put(tx, school, about, &fewer)?;
        }
    }
    Ok(())
}

/// A login that is not let in, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SignInLock {
    /// Until when.
    pub until: Moment,
    /// Whether it is so wherever it was not let in before, and not at one place alone.
    pub is_everywhere: bool,
}

/// Where a login is not let in, if anywhere.
pub fn lock_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    login: &str,
    now: Moment,
) -> Result<Option<SignInLock>, StoreError> {
    let (everywhere, somewhere) = failures::until_of(tx, school, &hash("login", login))?;
    let lock = |until: Option<Moment>, is_everywhere| {
        until.filter(|until| *until > now).map(|until| SignInLock { until, is_everywhere })
    };
    Ok(lock(everywhere, true).or(lock(somewhere, false)))
}

/// Lets a login be tried again at once, from wherever it was tried; what was counted of a place for every login stays.
pub fn unlock(tx: &Tx<'_>, school: &SchoolId, login: &str) -> Result<(), StoreError> {
    failures::pardon(tx, school, &hash("login", login))
}

/// One failure more; whether the login was let in there before.
fn add(
    tx: &Tx<'_>,
    school: &SchoolId,
    (about, patience): (&Hash, &WaitRule),
    now: Moment,
) -> Result<bool, StoreError> {
    let kept = failures::of(tx, school, about)?;
    let counted = kept.filter(|it| now.since(it.failed_at) < FORGOTTEN);
    let failures = counted.map_or(0, |it| it.failures).saturating_add(1);
    let known = KeptFailures {
        failures,
        failed_at: now,
        until: now + patience.wait_after(failures),
        known_at: kept.and_then(|it| it.known_at),
    };
    failures::put(tx, school, about, &known)?;
    Ok(is_known(&known, now))
}

fn is_known(kept: &KeptFailures, now: Moment) -> bool {
    kept.known_at.is_some_and(|at| now.since(at) < KNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_doubles_up_to_an_hour_and_never_overflows() {
        let seconds = |failures| LOGIN_AT_PLACE.wait_after(failures).as_secs();
        let waits = [0, 4, 5, 6, 7, 11, 12, 13, 1_000, u32::MAX].map(seconds);
        assert_eq!(waits, [0, 0, 30, 60, 120, 1_920, 3_600, 3_600, 3_600, 3_600]);
    }
}
