//! The breaker's gate in the database: kept across restarts, shared by the daemons of a school.

use super::{Breaker, Dispatcher, Evidence, Gate};
use crate::clock::Moment;
use crate::store::gates::{self, GateState, KeptGate};
use crate::store::{StoreError, Tx, deliveries};

impl Dispatcher {
    pub(super) fn gate(&self) -> Gate {
        let now = self.clock.now();
        self.with_breaker(|breaker| breaker.gate(now))
    }

    /// Takes over what another daemon found out; says what this one does where nobody said anything.
    pub(super) async fn share_gate(&self) {
        let (school, provider) = (self.queue.school().clone(), self.provider.name().to_owned());
        let kept = self.queue.store().read(move |tx| gates::of(tx, &school, &provider)).await;
        match kept {
            Ok(Some(kept)) if self.knows_better(&kept) => self.keep_gate().await,
            Ok(Some(kept)) => self.adopt(&kept),
            Ok(None) => self.keep_gate().await,
            Err(error) => tracing::error!(%error, "Cannot read the state of a provider."),
        }
    }

    /// What this one found out could not be written down, or another one wrote over it before it
    /// knew. Not so when a clock was set back: then nobody knows who was last.
    fn knows_better(&self, kept: &KeptGate) -> bool {
        let (now, since) = (self.clock.now(), self.with_breaker(|breaker| breaker.since()));
        kept.changed_at < since && since <= now
    }

    fn adopt(&self, kept: &KeptGate) {
        let now = self.clock.now();
        let change = self.with_breaker(|breaker| {
            let before = breaker.gate(now);
            breaker.adopt(gate_of(kept, now, breaker)?, kept.pause, kept.changed_at);
            breaker.explain(&kept.reason);
            let after = breaker.gate(now);
            (before.state() != after.state()).then_some(after)
        });
        if let Some(gate) = change {
            let provider = self.provider.name();
            tracing::warn!(
                provider,
                gate = gate.state().as_str(),
                "The breaker of another daemon counts."
            );
        }
    }

    /// Tells the breaker, and keeps its gate when that changed.
    pub(super) async fn hear(&self, evidence: Evidence, reason: &str) {
        let now = self.clock.now();
        let change = self.with_breaker(|breaker| {
            let before = breaker.gate(now);
            let after = breaker.hear(evidence, now, fastrand::f64());
            if before != after && evidence != Evidence::Nothing {
                breaker.explain(reason);
            }
            (before != after).then_some(after)
        });
        match change {
            None => {}
            Some(_) if evidence == Evidence::Nothing => self.probe_again(now).await,
            Some(gate) => {
                let provider = self.provider.name();
                let pause_s = match gate {
                    Gate::Refusing { until } => until.since(now).as_secs(),
                    Gate::Admitting | Gate::Probing => 0,
                };
                let gate = gate.state().as_str();
                tracing::warn!(provider, gate, pause_s, reason, "The breaker changed.");
                self.keep_gate().await;
                self.hand_over().await;
            }
        }
    }

    /// The probe told nothing: it is due again at once, and the reason stands.
    async fn probe_again(&self, now: Moment) {
        let (school, provider) = (self.queue.school().clone(), self.provider.name().to_owned());
        let work = move |tx: &Tx<'_>| gates::give_back_probe(tx, &school, &provider, now);
        if let Err(error) = self.queue.store().write(work).await {
            tracing::error!(%error, "Cannot give back a probe; it is taken when its lease is over.");
        }
    }

    /// While something urgent waits, nobody is left alone for longer than by our own pauses. It does not wait
    /// where another provider takes it.
    pub(super) async fn let_urgent_probe(&self) {
        let now = self.clock.now();
        if self.another_admits() || !self.with_breaker(|breaker| breaker.keeps_urgent_waiting(now))
        {
            return;
        }
        let (school, channel) = (self.queue.school().clone(), self.provider.channel());
        let provider = self.provider.name().to_owned();
        let probed = self.queue.store().write(move |tx| {
            if deliveries::urgent_is_due(tx, &school, channel, now)? {
                gates::probe_one_now(tx, &school, &provider, now)?;
            }
            Ok(())
        });
        if let Err(error) = probed.await {
            tracing::error!(%error, "Cannot look for something urgent.");
        }
    }

    /// Takes the probe for this daemon; one at a time is tried by all of them.
    pub(super) fn take_probe(&self, tx: &Tx<'_>, now: Moment) -> Result<bool, StoreError> {
        let lease = self.settings.lease.0;
        let longest = self.with_breaker(|breaker| breaker.longest()).max(lease);
        let (school, provider) = (self.queue.school(), self.provider.name());
        gates::take_probe(tx, school, provider, now, now + lease, now + longest)
    }

    /// The delivery that was to probe is no longer wanted.
    pub(super) fn give_back_probe(&self, tx: &Tx<'_>, now: Moment) -> Result<(), StoreError> {
        gates::give_back_probe(tx, self.queue.school(), self.provider.name(), now)
    }

    async fn keep_gate(&self) {
        let now = self.clock.now();
        let (gate, pause, since, reason) = self.with_breaker(|breaker| {
            let reason = breaker.reason().to_owned();
            (breaker.gate(now), breaker.pause(), breaker.since(), reason)
        });
        // A probe is taken in the database alone: one that is due is a pause that is over.
        let gate = if gate == Gate::Probing { Gate::Refusing { until: now } } else { gate };
        let kept = KeptGate {
            provider: self.provider.name().to_owned(),
            channel: self.provider.channel(),
            state: gate.state(),
            until: if let Gate::Refusing { until } = gate { Some(until) } else { None },
            pause,
            reason,
            changed_at: since,
        };
        let school = self.queue.school().clone();
        let written = self.queue.store().write(move |tx| gates::put(tx, &school, &kept)).await;
        if let Err(error) = written {
            tracing::error!(%error, "Cannot keep the state of a provider.");
        }
    }

    fn with_breaker<T>(&self, look: impl FnOnce(&mut Breaker) -> T) -> T {
        self.rank.with_breaker(look)
    }
}

/// What a kept gate means for a daemon that does not hold its probe: while another one probes, this
/// one refuses.
fn gate_of(kept: &KeptGate, now: Moment, breaker: &Breaker) -> Option<Gate> {
    match (kept.state, kept.until) {
        (GateState::Admitting, _) => Some(Gate::Admitting),
        (GateState::Refusing | GateState::Probing, Some(until)) => {
            Some(Gate::Refusing { until: until.min(now + breaker.longest_after(kept.pause)) })
        }
        _ => None,
    }
}
