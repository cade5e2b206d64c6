//! What waits begins: picked and started in one transaction, before any provider is called.

use std::time::Duration;

use super::circumstances::{Circumstances, Hindrance};
use super::in_hand::{self, Claimed, Outcome};
use super::transit::Transit;
use super::{Queue, carried, digests, pauses, poison, restrictions};
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{FailureKind, Opening};
use crate::people::ContactPoint;
use crate::store::attempts::{Attempt, AttemptOutcome};
use crate::store::deliveries::{Carrying, Claim};
use crate::store::picks::{self, Picked};
use crate::store::{StoreError, Tx, contact_points, leaders};

/// A probe is chosen among so many of each group, the first ones.
const PROBED_AMONG: usize = 64;

/// What a probe may be made with, in this order.
#[derive(Clone, Copy)]
enum Group {
    PutOff,
    Unblamed,
    All,
}

/// What was started, and whether some went on to their next way in place of it.
#[derive(Debug)]
pub struct Started {
    /// What was started.
    pub claimed: Vec<Claimed>,
    /// There is something new to send: [`Queue::wake`] those who wait for it.
    pub climbed: bool,
}

impl Queue {
    /// Makes it durable that attempts begin, of what waits and is due, before their provider is
    /// called. Those whose person has since asked not to be written to there are left out of the
    /// answer: they go on to their next way.
    pub async fn start(&self, claim: Claim) -> Result<Vec<Claimed>, StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| {
            let circumstances = this.circumstances(tx, claim.now)?;
            let picked = this.pick_in(tx, &claim, &circumstances)?;
            this.start_in(tx, picked, &claim, &circumstances)
        };
        let Started { claimed, climbed } = self.store.write(work).await?;
        if climbed {
            self.wake();
        }
        Ok(claimed)
    }

    /// What waits and may start now, first one first. Nothing is written: it is this transaction's
    /// alone until that ends. What cannot be read ends there, and alone.
    pub fn pick_in(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        circumstances: &Circumstances,
    ) -> Result<Vec<Claimed>, StoreError> {
        let lanes = circumstances.lanes(claim.channel);
        let picked = picks::all(tx, &self.school, claim, lanes)?;
        self.readable(tx, picked, claim)
    }

    /// The same, of what the claim's carrier alone may send, whoever takes the rest.
    pub fn pick_own(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        circumstances: &Circumstances,
    ) -> Result<Vec<Claimed>, StoreError> {
        let picked = picks::own(tx, &self.school, claim, circumstances.lanes(claim.channel))?;
        self.readable(tx, picked, claim)
    }

    /// One of them, for a probe. What was put off and is due within `soon` goes first, so that nobody pays for
    /// a try in vain who was not tried yet; then what was never refused for what may be its own recipient's
    /// sake. Of those the one with the least `reluctance`, 0 being none: one whom the provider refuses must
    /// not answer for all.
    pub fn pick_to_probe(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        soon: Duration,
        circumstances: &Circumstances,
        reluctance: impl Fn(&ContactPoint) -> u8,
    ) -> Result<Option<Claimed>, StoreError> {
        let claim = Claim { most: PROBED_AMONG, ..claim.clone() };
        let lanes = circumstances.lanes(claim.channel);
        let rank = |it: Claimed| {
            let to = it.recipient.contact_point(claim.channel);
            (to.as_ref().map_or(0, &reluctance), it)
        };
        let mut best: Option<(u8, Claimed)> = None;
        for group in [Group::PutOff, Group::Unblamed, Group::All] {
            let candidates = match group {
                Group::PutOff => self.put_off(tx, &claim, soon, circumstances)?,
                Group::Unblamed => {
                    let unblamed = picks::unblamed(tx, &self.school, &claim, lanes)?;
                    self.readable(tx, unblamed, &claim)?
                }
                Group::All => self.pick_in(tx, &claim, circumstances)?,
            };
            let ranked = best.into_iter().chain(candidates.into_iter().map(rank));
            // The first one of the least.
            best = ranked.min_by_key(|(reluctance, _)| *reluctance);
            if matches!(best, Some((0, _))) {
                break;
            }
        }
        Ok(best.map(|(_, picked)| picked))
    }

    /// What was put off and is due within `soon`. Not what sleeps until then: it would only be put off again.
    fn put_off(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        soon: Duration,
        circumstances: &Circumstances,
    ) -> Result<Vec<Claimed>, StoreError> {
        let lanes = circumstances.lanes(claim.channel);
        let due_soon = Claim { now: claim.now + soon, ..claim.clone() };
        let put_off = picks::put_off(tx, &self.school, &due_soon, lanes)?;
        let mut put_off = self.readable(tx, put_off, claim)?;
        put_off.retain(|it| {
            let passes = it.message.passes_hours();
            let opening = circumstances.openings.of(claim.channel, passes, claim.now);
            matches!(opening, Opening::From(from) if from <= claim.now)
        });
        Ok(put_off)
    }

    pub(super) fn readable(
        &self,
        tx: &Tx<'_>,
        all: Vec<Picked>,
        claim: &Claim,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut picked = Vec::new();
        for Picked { due, in_hand } in all {
            match in_hand.and_then(|in_hand| in_hand::with_message(self, tx, due, in_hand)) {
                Ok(readable) => picked.push(readable),
                Err(StoreError::Unreadable(_)) => poison::set_aside(self, tx, &due, claim.now)?,
                Err(error) => return Err(error),
            }
        }
        Ok(picked)
    }

    /// [`Queue::start`] of what this transaction picked.
    pub fn start_in(
        &self,
        tx: &Tx<'_>,
        picked: Vec<Claimed>,
        claim: &Claim,
        circumstances: &Circumstances,
    ) -> Result<Started, StoreError> {
        let mut started = Started { claimed: Vec::with_capacity(picked.len()), climbed: false };
        let begins = DeliveryEvent::Started { lease_ends: Some(claim.lease_ends) };
        let (school, openings, now) = (&self.school, &circumstances.openings, claim.now);
        for mut next in picked {
            if self.withholds(tx, &next, circumstances, &mut started)? {
                continue;
            }
            if next.message.is_digest() {
                digests::sift(self, tx, &next.due, circumstances)?;
                next.enclosed = carried::enclosed(self, tx, &next.message, next.due.addressee)?;
            }
            let (message, due) = (&next.message, &next.due);
            let begun = Carrying { carrier: &claim.carrier, sent_as: next.sent_as.as_deref() };
            if let Some(hindrance) = circumstances.hindrance(message) {
                started.climbed |= self.hold_back(tx, &next, hindrance, circumstances)?;
                continue;
            }
            let opening = openings.of(claim.channel, message.passes_hours(), now);
            let begun = Transit::on(tx, school, openings, now).by(Some(begun));
            match begun.delivery(message, due, begins) {
                Ok(effect) if effect.taken => {}
                Ok(_) => continue,
                Err(StoreError::Unreadable(_)) => {
                    poison::set_aside(self, tx, due, now)?;
                    continue;
                }
                Err(error) => return Err(error),
            }
            if let Opening::From(opening) = opening
                && opening > now
            {
                let outcome = asleep(&next, opening);
                Transit::on(tx, school, openings, now).outcome(message, &outcome)?;
            } else if self.asked_to_stop(tx, &next)? {
                let outcome = opted_out(&next, now);
                let effect = Transit::on(tx, school, openings, now).outcome(message, &outcome)?;
                started.climbed |= effect.climbed;
            } else {
                started.claimed.push(next);
            }
        }
        Ok(started)
    }

    /// Whether restrictions took something out of what was to start: it waits for the next round then, with
    /// what is left of it. Those whom it would carry along are looked at as well.
    fn withholds(
        &self,
        tx: &Tx<'_>,
        next: &Claimed,
        circumstances: &Circumstances,
        started: &mut Started,
    ) -> Result<bool, StoreError> {
        if circumstances.restrictions.is_empty() {
            return Ok(false);
        }
        if next.recipient.shared.contains_key(&next.delivery.channel) {
            for led in leaders::led_by(tx, &self.school, next.due.id)? {
                let led =
                    restrictions::obey_in(tx, self, (led.message, led.addressee), circumstances)?;
                started.climbed |= led.climbed;
            }
        }
        let of = (next.due.message, next.due.addressee);
        let obeyed = restrictions::obey_in(tx, self, of, circumstances)?;
        started.climbed |= obeyed.climbed;
        Ok(obeyed.is_touched)
    }

    /// Keeps a delivery from starting; whether its addressee climbed in place of it.
    fn hold_back(
        &self,
        tx: &Tx<'_>,
        picked: &Claimed,
        hindrance: Hindrance,
        circumstances: &Circumstances,
    ) -> Result<bool, StoreError> {
        let Hindrance::Event(event) = hindrance else {
            pauses::stand_aside(tx, &self.school, &picked.message, picked.number)?;
            return Ok(false);
        };
        let (school, openings) = (&self.school, &circumstances.openings);
        let (message, addressee) = (&picked.message, picked.due.addressee);
        let now = circumstances.now();
        Ok(Transit::on(tx, school, openings, now).addressee(message, addressee, event)?.climbed)
    }

    /// Whether the address, frozen at launch, is one where nobody wants to be written to any more.
    fn asked_to_stop(&self, tx: &Tx<'_>, picked: &Claimed) -> Result<bool, StoreError> {
        let point = picked.recipient.contact_point(picked.delivery.channel);
        point.map_or(Ok(false), |point| contact_points::is_opted_out(tx, &self.school, &point))
    }
}

/// An urgent one for which nobody gave their word waits for the morning: that is no attempt.
fn asleep(picked: &Claimed, opening: Moment) -> Outcome {
    let event = DeliveryEvent::Failed { kind: FailureKind::Unreachable, retry_at: Some(opening) };
    Outcome::of(picked.due, event)
}

fn opted_out(picked: &Claimed, now: Moment) -> Outcome {
    let kind = FailureKind::OptedOut;
    let attempt = Attempt {
        provider: "desk".to_owned(),
        started_at: now,
        ended_at: now,
        outcome: AttemptOutcome::Failed(kind),
        detail: "asked to stop after the launch".to_owned(),
    };
    let event = DeliveryEvent::Failed { kind, retry_at: None };
    Outcome { attempt: Some(attempt), ..Outcome::of(picked.due, event) }
}
