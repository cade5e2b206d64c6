//! One attempt, from the rendered envelope to the outcome that is written down.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::bundle::{Bundle, Parcel};
use super::denials::{Denials, Denied};
use super::in_flight::Flight;
use super::lease::{CALL, TURN};
use super::{Dispatcher, Evidence, Gate, called_off, outcome, retry_at};
use crate::clock::Moment;
use crate::crash;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{Accepted, Blame, Envelope, FailureKind, SendError};
use crate::message::Urgency;
use crate::people::ContactPoint;
use crate::providers::WhenUnknown;
use crate::queue::{Claimed, Outcome};
use crate::store::attempts::AttemptOutcome;

/// What came of a call that was made; nobody has its turn before it is dropped.
pub(super) struct CallMade<'a, T> {
    pub(super) result: Result<T, SendError>,
    pub(super) at: Moment,
    pub(super) turn: SemaphorePermit<'a>,
}

impl Dispatcher {
    /// Makes one call, gives its slot back, and writes down what became of each whom it was for. A breaker that
    /// refuses by then calls it off.
    pub(super) async fn attempt(
        self: Arc<Self>,
        bundle: Bundle,
        parcel: Result<Parcel, SendError>,
        started_at: Moment,
        slot: Option<OwnedSemaphorePermit>,
        _flights: Vec<Flight>,
    ) {
        let outcomes = match parcel {
            Ok(Parcel::Alone(envelope)) => self.call(&bundle, &envelope, started_at).await,
            Ok(Parcel::Together(circular)) => {
                self.call_together(bundle, &circular, started_at).await
            }
            Err(error) => {
                let failed = |it| self.judge(it, Err(error.clone()), started_at);
                bundle.members().map(failed).collect()
            }
        };
        drop(slot);
        self.write_down(outcomes).await;
    }

    /// Hands one its own message.
    async fn call(&self, bundle: &Bundle, envelope: &Envelope, started_at: Moment) -> Vec<Outcome> {
        let send = self.provider.send(envelope);
        let Some(CallMade { result, at: called_at, turn }) = self.make_call(send, started_at).await
        else {
            return called_off(bundle, self.clock.now());
        };
        let result = self.beside_others(&envelope.to, result, called_at);
        self.tell_breaker(result.as_ref().err(), called_at).await;
        drop(turn);
        vec![self.judge(&bundle.first, result, called_at)]
    }

    /// Calls the provider when it is this one's turn; `None` when that takes too long, or its breaker refuses by
    /// then.
    pub(super) async fn make_call<T>(
        &self,
        call: impl Future<Output = Result<T, SendError>>,
        started_at: Moment,
    ) -> Option<CallMade<'_, T>> {
        let turn = self.turn().await?;
        if let Gate::Refusing { .. } = self.gate() {
            return None;
        }
        let called_at = self.clock.now().max(started_at);
        crash::point("provider.before_call");
        let result = self.in_time(call).await;
        crash::point("provider.after_call");
        self.change_pace(|pace| pace.note_not_before(Instant::now() + self.pace.apart()));
        Some(CallMade { result, at: called_at, turn })
    }

    /// The rendered message. A rendering that fails for one person, or panics, fails for that one alone.
    pub(super) fn envelope(&self, claimed: &Claimed) -> Result<Envelope, SendError> {
        let broke = |_| Err(SendError::new(FailureKind::Refused, "the template's code failed"));
        catch_unwind(AssertUnwindSafe(|| self.render(claimed))).unwrap_or_else(broke)
    }

    fn render(&self, claimed: &Claimed) -> Result<Envelope, SendError> {
        let channel = self.provider.channel();
        let refused = |reason: String| SendError::new(FailureKind::Refused, reason);
        let to = claimed
            .recipient
            .contact_point(channel)
            .ok_or_else(|| refused("no address on this channel".to_owned()))?;
        let reference = claimed.reference();
        let Claimed { message, enclosed, recipient, .. } = claimed;
        let content = self
            .renderer
            .content_with(message, enclosed, recipient, channel, &reference)
            .map_err(|error| refused(error.to_string()))?;
        let name = recipient.name_on(channel).to_owned();
        let sealed = self.queue.sealed(channel, &reference);
        let awaits_answer = message.takes().is_some();
        let offers_stop = !awaits_answer && message.urgency != Urgency::Urgent;
        Ok(Envelope { reference, sealed, to, name, content, awaits_answer, offers_stop })
    }

    /// Waits for the provider for less time than the lease lasts. A panic in it is a lost answer.
    pub(super) async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, SendError>>,
    ) -> Result<T, SendError> {
        let limit = self.settings.lease.0.mul_f64(CALL);
        let call = AssertUnwindSafe(call).catch_unwind();
        let lost = |reason| Err(SendError::new(FailureKind::Uncertain, reason));
        match timeout(limit, call).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => lost("the provider's code failed"),
            Err(_) => lost("no answer within the lease"),
        }
    }

    /// What an answer is once it is held against those that others got: a denial that others do not share is
    /// a refusal.
    pub(super) fn beside_others(
        &self,
        to: &ContactPoint,
        result: Result<Accepted, SendError>,
        tried_at: Moment,
    ) -> Result<Accepted, SendError> {
        let (now, mut denials) = (self.clock.now(), self.denials());
        match result {
            Ok(_) => denials.taken(to.value(), tried_at),
            Err(ref error) if error.kind.blames() == Blame::Unclear => {
                if denials.hear(to.value(), now) == Denied::Address {
                    return result.map_err(SendError::for_its_recipient);
                }
            }
            Err(_) => {}
        }
        result
    }

    /// Tells the breaker how a call fared, that ended with this error or well.
    pub(super) async fn tell_breaker(&self, error: Option<&SendError>, started_at: Moment) {
        let slow = self.clock.now().since(started_at) > self.slow_after;
        let (evidence, reason) = match error {
            Some(error) => self.evidence(error),
            None if slow => {
                (Evidence::Bad { retry_after: None }, "réponses trop lentes".to_owned())
            }
            None => (Evidence::Good, String::new()),
        };
        self.hear(evidence, &reason).await;
    }

    /// What an error says of the provider, and what the office reads of it.
    fn evidence(&self, error: &SendError) -> (Evidence, String) {
        let mut words = error.kind.in_french();
        let evidence = match error.kind.blames() {
            Blame::Recipient => Evidence::Nothing,
            Blame::Unclear => {
                words =
                    "tous nos envois sont interdits par le service : compte ou réglage à vérifier";
                Evidence::Denied { in_a_row: self.denials().in_a_row() }
            }
            Blame::Account if error.kind == FailureKind::OverQuota => Evidence::OverQuota,
            Blame::Account => Evidence::Hopeless,
            Blame::Provider => Evidence::Bad { retry_after: error.retry_after },
        };
        let reason = error.reason(words);
        // What has to be mended here is in the provider's words, where it answered without a number.
        if matches!(evidence, Evidence::Hopeless) && reason == words {
            return (evidence, format!("{words} ({})", error.detail));
        }
        (evidence, reason)
    }

    pub(super) fn denials(&self) -> MutexGuard<'_, Denials> {
        self.denials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an answer means for the delivery.
    pub(super) fn judge(
        &self,
        claimed: &Claimed,
        result: Result<Accepted, SendError>,
        started_at: Moment,
    ) -> Outcome {
        let error = match result {
            Ok(accepted) => return self.accepted(claimed, accepted, started_at),
            Err(error) if error.kind == FailureKind::Uncertain => {
                return self.unknown(claimed, started_at, &error.detail);
            }
            Err(error) => error,
        };
        let attempt =
            self.attempt_record(started_at, AttemptOutcome::Failed(error.kind), &error.detail);
        if error.kind == FailureKind::Unseen {
            return self.unseen(claimed, attempt);
        }
        let event =
            DeliveryEvent::Failed { kind: error.kind, retry_at: self.retry_at(claimed, &error) };
        outcome(claimed, event, attempt)
    }

    pub(super) fn accepted(
        &self,
        claimed: &Claimed,
        accepted: Accepted,
        started_at: Moment,
    ) -> Outcome {
        let polled = self.provider.receipts_are_polled() && accepted.provider_ref.is_some();
        let look_at = polled.then(|| self.clock.now() + self.settings.receipts_every.0);
        // Asked again it could say no more: the rung's patience, or a person, comes next.
        let (event, came_to) = if accepted.may_reach_nobody {
            (DeliveryEvent::UnknownAwait, AttemptOutcome::Failed(FailureKind::Uncertain))
        } else {
            (DeliveryEvent::Accepted { look_at }, AttemptOutcome::Accepted)
        };
        let attempt = self.attempt_record(started_at, came_to, &accepted.answer);
        Outcome { provider_ref: accepted.provider_ref, ..outcome(claimed, event, attempt) }
    }

    /// The answer is lost: what the provider declared for that case.
    pub(super) fn unknown(&self, claimed: &Claimed, started_at: Moment, detail: &str) -> Outcome {
        let now = self.clock.now();
        let event = match self.provider.when_unknown() {
            WhenUnknown::Ask => DeliveryEvent::UnknownAsk { ask_at: now + self.ask_pause() },
            WhenUnknown::AwaitReceipt => DeliveryEvent::UnknownAwait,
            WhenUnknown::Resend => {
                let error = SendError::new(FailureKind::Uncertain, detail);
                DeliveryEvent::UnknownResend { retry_at: self.retry_at(claimed, &error) }
            }
        };
        let lost = AttemptOutcome::Failed(FailureKind::Uncertain);
        outcome(claimed, event, self.attempt_record(started_at, lost, detail))
    }

    /// The right to call now, unless that takes too long.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let limit = self.settings.lease.0.mul_f64(TURN);
        timeout(limit, self.calls.acquire()).await.ok()?.ok()
    }

    pub(super) async fn ask_and_write_down(
        self: Arc<Self>,
        bundle: Bundle,
        question: Option<OwnedSemaphorePermit>,
    ) {
        let outcomes = match self.parcel(&bundle) {
            Ok(Parcel::Together(circular)) => self.ask_together(&bundle, &circular).await,
            Ok(Parcel::Alone(envelope)) => vec![self.ask(&bundle.first, &envelope).await],
            Err(error) => {
                let in_vain = |it| self.asked_in_vain(it, &error, self.clock.now());
                bundle.members().map(in_vain).collect()
            }
        };
        drop(question);
        self.write_down(outcomes).await;
    }

    /// Asks the provider what became of a delivery whose answer was lost. It takes nobody's turn: what
    /// leaves at its moment under a rate must not leave later, together with what follows it.
    async fn ask(&self, claimed: &Claimed, envelope: &Envelope) -> Outcome {
        let asked_at = self.clock.now();
        match self.in_time(self.provider.ask(envelope)).await {
            Ok(Some(accepted)) => self.accepted(claimed, accepted, asked_at),
            // A backup does not know of calls that were made since: it may have left with others.
            Ok(None) if claimed.sent_as.is_none() && self.goes_together(claimed) => {
                let detail = "not there under its own reference; it may have left with others";
                let attempt = self.attempt_record(asked_at, AttemptOutcome::Asked, detail);
                outcome(claimed, DeliveryEvent::UnknownAwait, attempt)
            }
            Ok(None) => self.never_arrived(claimed, asked_at),
            Err(error) => self.asked_in_vain(claimed, &error, asked_at),
        }
    }

    pub(super) fn never_arrived(&self, claimed: &Claimed, asked_at: Moment) -> Outcome {
        let error = SendError::new(FailureKind::Unreachable, "it never arrived there");
        let retry_at = self.retry_at(claimed, &error);
        let attempt = self.attempt_record(asked_at, AttemptOutcome::NeverArrived, &error.detail);
        outcome(claimed, DeliveryEvent::NeverArrived { retry_at }, attempt)
    }

    /// It is asked once more, later.
    pub(super) fn asked_in_vain(
        &self,
        claimed: &Claimed,
        error: &SendError,
        asked_at: Moment,
    ) -> Outcome {
        let ask_at = self.clock.now() + self.ask_pause();
        let attempt = self.attempt_record(asked_at, AttemptOutcome::Asked, &error.detail);
        outcome(claimed, DeliveryEvent::UnknownAsk { ask_at }, attempt)
    }

    pub(super) fn retry_at(&self, claimed: &Claimed, error: &SendError) -> Option<Moment> {
        if self.goes_on_at_once(error) {
            return Some(self.clock.now());
        }
        let mut error = error.clone();
        if claimed.message.urgency == Urgency::Urgent {
            error.retry_after = error.retry_after.map(|asked| asked.min(self.longest_pause));
        }
        let (pauses, mut tries) = (&self.settings.retry, claimed.delivery.tries);
        // While it may be about us, nobody's tries are used up.
        if error.kind == FailureKind::Denied && self.gate() != Gate::Admitting {
            tries = tries.min(u32::try_from(pauses.len().saturating_sub(1)).unwrap_or(u32::MAX));
        }
        retry_at(pauses, tries, &error, self.clock.now(), fastrand::f64())
    }

    fn ask_pause(&self) -> Duration {
        self.settings.receipts_every.0
    }
}
