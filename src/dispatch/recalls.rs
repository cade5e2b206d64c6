//! What corrections take back is asked for one after the other, under the account's rates, beside what leaves. Recalling
//! twice it is taken back once, so that no crash has to be accounted for: a lease that ends is the next try. While the
//! provider does not answer it is asked again and again, until it takes nothing back any more.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::lease::TURN;
use super::timetable::Departure;
use super::{Dispatcher, Gate, retry_at};
use crate::clock::Moment;
use crate::crash;
use crate::delivery::{FailureKind, RecallState, SendError};
use crate::stop::Stop;
use crate::store::recalls::{DueRecall, RecallAnswer};
use crate::store::{StoreError, Tx, rates};

/// The longest pause between two tries: an hour is soon over.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// What came of a look for something to take back.
enum Recalling {
    /// There is nothing, or nobody may be asked.
    Nothing,
    /// The provider answered.
    One,
    /// It is not asked again before then.
    InVain(Moment),
}

impl Dispatcher {
    /// Takes back what corrections put right, until `stop` is given.
    pub async fn recall(self: Arc<Self>, stop: Stop) {
        while !stop.is_given() {
            let again_at = match self.recall_next().await {
                Ok(Recalling::One) => continue,
                Ok(Recalling::Nothing) => None,
                Ok(Recalling::InVain(until)) => Some(until),
                Err(error) => {
                    tracing::error!(%error, "Cannot look for what is to be taken back.");
                    None
                }
            };
            self.rest(again_at, &stop).await;
        }
    }

    /// Until something may be new, or until that moment.
    async fn rest(&self, until: Option<Moment>, stop: &Stop) {
        let look_every = self.settings.look_every.0;
        let is_over = || stop.is_given() || until.is_none_or(|until| until <= self.clock.now());
        loop {
            tokio::select! {
                biased;
                () = stop.given() => {}
                () = self.queue.woken(look_every) => {}
            }
            if is_over() {
                return;
            }
        }
    }

    async fn recall_next(self: &Arc<Self>) -> Result<Recalling, StoreError> {
        if let Gate::Refusing { .. } = self.gate() {
            return Ok(Recalling::Nothing);
        }
        let (recalls, now) = (self.queue.recalls(), self.clock.now());
        let lease_ends = now + self.settings.lease.0;
        let Some(recall) = recalls.next(self.provider.name(), now, lease_ends).await? else {
            return Ok(Recalling::Nothing);
        };
        if let Err(wait) = self.find_room().await? {
            let until = self.clock.now() + wait;
            recalls.put_off(recall, until).await?;
            return Ok(Recalling::InVain(until));
        }
        crash::point("provider.before_recall");
        let result = self.in_time(self.provider.recall(&recall.provider_ref)).await;
        crash::point("provider.after_recall");
        let answer = self.recall_answer(&recall, result);
        let asked = answer.due_at.map_or(Recalling::One, Recalling::InVain);
        recalls.note(recall, answer, self.clock.now()).await?;
        Ok(asked)
    }

    /// What an answer means. Nothing of it is told the breaker, as of other questions.
    fn recall_answer(&self, recall: &DueRecall, result: Result<(), SendError>) -> RecallAnswer {
        let provider = self.provider.name();
        let error = match result {
            Ok(()) => {
                tracing::info!(provider, "A message that was corrected is recalled.");
                let (state, detail) = (RecallState::Recalled, String::new());
                return RecallAnswer { state, due_at: None, detail };
            }
            Err(error) => error,
        };
        tracing::warn!(provider, kind = error.kind.as_str(), "A message is not recalled.");
        let (state, due_at) = match error.kind {
            FailureKind::Refused => (RecallState::Refused, None),
            FailureKind::Denied => (RecallState::Denied, None),
            _ => (RecallState::Awaited, Some(self.recall_again_at(recall, &error))),
        };
        RecallAnswer { state, due_at, detail: error.detail }
    }

    /// It is seen to once more when its time ends, if only to say so.
    fn recall_again_at(&self, recall: &DueRecall, error: &SendError) -> Moment {
        let (now, pauses) = (self.clock.now(), &self.settings.retry);
        let last = u32::try_from(pauses.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let again_at = retry_at(pauses, recall.tries.min(last), error, now, fastrand::f64());
        let latest = now + LONGEST_PAUSE;
        again_at.unwrap_or(latest).min(latest).min(recall.ends_at)
    }

    /// Waits until the account's windows have room for one call; `Err`: not for so long.
    async fn find_room(self: &Arc<Self>) -> Result<Result<(), Duration>, StoreError> {
        if self.pace.limits() == [0; 4] {
            return Ok(Ok(()));
        }
        let too_late_at = Instant::now() + self.settings.lease.0.mul_f64(TURN);
        let mut missed = None;
        loop {
            let (opened_at, departure) = match self.plan_beside(missed).await? {
                Ok(planned) => planned,
                Err(wait) => return Ok(Err(wait)),
            };
            self.spacing.pass(departure.cost).await;
            let leaves_at = opened_at + departure.after;
            tokio::time::sleep_until(leaves_at).await;
            if !self.is_late(leaves_at) {
                return Ok(Ok(()));
            }
            if Instant::now() > too_late_at {
                return Ok(Err(Duration::ZERO));
            }
            missed = Some(departure);
        }
    }

    /// Counts one call in the account's ledger, in place of one that missed its moment; when it leaves, counted from
    /// that instant.
    async fn plan_beside(
        self: &Arc<Self>,
        missed: Option<Departure>,
    ) -> Result<Result<(Instant, Departure), Duration>, StoreError> {
        let (asked_at, now) = (Instant::now(), self.clock.now());
        let this = Arc::clone(self);
        let work = move |tx: &Tx<'_>| {
            let mut timetable = this.open_timetable(tx, now, Duration::ZERO)?;
            if let Some(missed) = missed {
                timetable.ledger.give_back(missed.counted_at, missed.cost);
            }
            let taken = timetable.take_beside();
            rates::put(tx, &this.account, &timetable.ledger.write(), now)?;
            Ok(taken.map(|departure| (timetable.waited, departure)))
        };
        let planned = self.queue.store().write(work).await?;
        Ok(planned.map(|(waited, departure)| {
            let opened_at = asked_at + waited.min(asked_at.elapsed());
            self.change_pace(|pace| pace.note_keeping_took(opened_at.elapsed()));
            (opened_at, departure)
        }))
    }
}
