//! A call for several: started together, uncertain together, settled one by one. One that is refused whole because
//! of somebody in it is made again with fewer, until the one to blame is alone.

use std::collections::HashSet;

use super::attempt::CallMade;
use super::bundle::Bundle;
use super::{Dispatcher, called_off, outcome};
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{Accepted, Blame, Circular, FailureKind, SendError, Verdicts};
use crate::queue::{Claimed, Outcome};
use crate::store::attempts::AttemptOutcome;

impl Dispatcher {
    /// Hands all of a bundle the same text in one call.
    pub(super) async fn call_together(
        &self,
        bundle: Bundle,
        circular: &Circular,
        started_at: Moment,
    ) -> Vec<Outcome> {
        let send = self.provider.send_together(circular);
        let Some(CallMade { result, at: called_at, turn }) = self.make_call(send, started_at).await
        else {
            return called_off(&bundle, self.clock.now());
        };
        let result = result.and_then(|verdicts| for_each(circular, verdicts));
        self.tell_breaker(result.as_ref().err(), called_at).await;
        drop(turn);
        match result {
            Ok(verdicts) => {
                let verdicts = circular.to.iter().zip(verdicts);
                let beside = |(to, it)| self.beside_others(to, it, called_at);
                let verdicts = verdicts.map(beside).collect();
                let judged = |member: &Claimed, verdict| self.judge(member, verdict, called_at);
                self.one_by_one(&bundle, circular, verdicts, judged)
            }
            Err(error) if is_anothers(&error) && bundle.len() > 1 => {
                self.part(bundle, &error, called_at)
            }
            // What holds for one holds for all, and at the same time.
            Err(error) => same_for_all(&bundle, &self.judge(&bundle.first, Err(error), called_at)),
        }
    }

    /// What became of each, by the verdict on their address. A call has one id with the provider: the first who
    /// was taken keeps it for all.
    fn one_by_one(
        &self,
        bundle: &Bundle,
        circular: &Circular,
        verdicts: Verdicts,
        outcome: impl Fn(&Claimed, Result<Accepted, SendError>) -> Outcome,
    ) -> Vec<Outcome> {
        let verdicts: Vec<_> = circular.to.iter().zip(verdicts).collect();
        let verdict_on = |member: &Claimed| {
            let point = self.point_of(member);
            let found = verdicts.iter().find(|(to, _)| Some(*to) == point.as_ref());
            let nothing = || Err(SendError::new(FailureKind::Uncertain, "no word of this one"));
            found.map_or_else(nothing, |(_, verdict)| verdict.clone())
        };
        let mut ids = HashSet::new();
        let settled = |member| {
            let mut settled = outcome(member, verdict_on(member));
            settled.provider_ref = settled.provider_ref.filter(|id| ids.insert(id.clone()));
            settled
        };
        bundle.members().map(settled).collect()
    }

    /// They go again, with fewer.
    fn part(&self, bundle: Bundle, error: &SendError, called_at: Moment) -> Vec<Outcome> {
        let again_at = self.clock.now();
        let refused = AttemptOutcome::Failed(error.kind);
        let detail =
            format!("{} (for one of {}: tried again with fewer)", error.detail, bundle.len());
        let attempt = self.attempt_record(called_at, refused, &detail);
        let parts = bundle.parted(error.kind.blames() == Blame::Unclear);
        let goes_again = |member: Claimed| Outcome {
            sent_as: member.sent_as.clone(),
            ..outcome(&member, DeliveryEvent::Parted { again_at }, attempt.clone())
        };
        parts.into_iter().flat_map(Bundle::into_members).map(goes_again).collect()
    }

    /// Asks the provider what became of a call for several whose answer was lost.
    pub(super) async fn ask_together(&self, bundle: &Bundle, circular: &Circular) -> Vec<Outcome> {
        let asked_at = self.clock.now();
        let answer = self.in_time(self.provider.ask_together(circular)).await;
        match answer.and_then(|it| it.map(|it| for_each(circular, it)).transpose()) {
            Ok(Some(verdicts)) => {
                let told = |member: &Claimed, verdict| self.told(member, verdict, asked_at);
                self.one_by_one(bundle, circular, verdicts, told)
            }
            Ok(None) => same_for_all(bundle, &self.never_arrived(&bundle.first, asked_at)),
            Err(error) => {
                same_for_all(bundle, &self.asked_in_vain(&bundle.first, &error, asked_at))
            }
        }
    }

    /// What a provider that was asked says of one of a call that it has: there is nothing more to ask.
    fn told(
        &self,
        member: &Claimed,
        verdict: Result<Accepted, SendError>,
        asked_at: Moment,
    ) -> Outcome {
        let error = match verdict {
            Ok(accepted) => return self.accepted(member, accepted, asked_at),
            Err(error) => error,
        };
        let event = match error.kind {
            FailureKind::Uncertain => DeliveryEvent::UnknownAwait,
            // It went without this one, who may have it yet.
            kind if kind.may_retry() => {
                DeliveryEvent::NeverArrived { retry_at: self.retry_at(member, &error) }
            }
            _ => DeliveryEvent::Undeliverable,
        };
        let found = AttemptOutcome::Failed(error.kind);
        outcome(member, event, self.attempt_record(asked_at, found, &error.detail))
    }
}

/// What holds for all alike.
fn same_for_all(bundle: &Bundle, of_first: &Outcome) -> Vec<Outcome> {
    bundle.members().map(|it| Outcome { due: it.due, ..of_first.clone() }).collect()
}

/// A verdict for each recipient; an answer for another number of them says nothing.
fn for_each(circular: &Circular, verdicts: Verdicts) -> Result<Verdicts, SendError> {
    if verdicts.len() == circular.to.len() {
        return Ok(verdicts);
    }
    Err(SendError::new(FailureKind::Uncertain, "an answer for other recipients than asked"))
}

/// Whether a call was refused because of somebody in it, or may have been.
fn is_anothers(error: &SendError) -> bool {
    matches!(error.kind.blames(), Blame::Recipient | Blame::Unclear)
}
