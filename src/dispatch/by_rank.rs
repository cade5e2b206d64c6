//! What a dispatcher leaves to the others of its channel, and what it takes from them.

use super::bundle::Bundle;
use super::{Dispatcher, Gate, outcome};
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{Blame, FailureKind, SendError};
use crate::queue::{Claimed, Outcome};
use crate::store::attempts::Attempt;
use crate::store::{Tx, carriers};

/// For so many looks at the queue something is left to a preferred provider whose probe is due.
const LOOKS: u32 = 2;

impl Dispatcher {
    /// Whether a preferred provider takes what waits.
    pub(super) fn is_passed_over(&self) -> bool {
        self.rank.is_passed_over(self.clock.now())
    }

    /// Whether what waits goes another way while this provider refuses.
    pub(super) fn another_admits(&self) -> bool {
        self.rank.another_admits(self.clock.now())
    }

    /// Leaves one of what was picked, for a while, to a preferred provider whose probe is due: it would find
    /// nothing there while everything flows over this one.
    pub(super) fn leave_one_to_probe(&self, picked: &mut Vec<Bundle>, now: Moment) {
        if self.rank.is_before_a_probe(now) {
            self.rank.leave_one(picked, now, self.settings.look_every.0 * LOOKS);
        }
    }

    /// Whether it is no use to wait for this provider: it is left alone, it or our account there is to blame,
    /// and another one admits.
    pub(super) fn goes_on_at_once(&self, error: &SendError) -> bool {
        error.kind.may_retry()
            && error.kind.blames() != Blame::Recipient
            && self.gate() != Gate::Admitting
            && self.another_admits()
    }

    /// Our account here does not see this recipient: another one of its place does, perhaps, and has it from now on.
    /// What may have left by this one stays with it.
    pub(super) fn unseen(&self, claimed: &Claimed, attempt: Attempt) -> Outcome {
        let is_first = claimed.delivery.failure != Some(FailureKind::Unseen);
        let point = self.point_of(claimed).filter(|_| !claimed.delivery.may_have_left());
        let given_to = point.and_then(|to| self.rank.next_to_see(to.value(), is_first));
        let retry_at = given_to.as_ref().map(|_| self.clock.now());
        let event = DeliveryEvent::Failed { kind: FailureKind::Unseen, retry_at };
        Outcome { given_to, ..outcome(claimed, event, attempt) }
    }

    /// The breaker changed: what waits because of this provider goes to the next one, or comes back.
    pub(super) async fn hand_over(&self) {
        if self.rank.is_alone() {
            return;
        }
        let (school, channel) = (self.queue.school().clone(), self.provider.channel());
        let (name, now) = (self.provider.name().to_owned(), self.clock.now());
        let work = move |tx: &Tx<'_>| carriers::hand_over(tx, &school, channel, &name, now);
        if let Err(error) = self.queue.store().write(work).await {
            tracing::error!(%error, "Cannot hand over what waits; each goes on at its own time.");
        }
        self.queue.wake();
    }
}
