//! Where an addressee stands with each delivery, and what can be asked of that.

use super::FailureKind;
use super::events::CallStood;
use super::states::{AddresseeState, DeliveryState};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Plan, Proof};

/// One delivery, as the lifecycle sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// By which way.
    pub channel: Channel,
    /// On which rung of the plan.
    pub rung: usize,
    /// Where it stands.
    pub state: DeliveryState,
    /// The best proof so far.
    pub proof: Option<Proof>,
    /// Why it failed last.
    pub failure: Option<FailureKind>,
    /// Tries used up; a dead link burns none.
    pub tries: u32,
    /// When somebody must look at it next: send it, give up its lease, ask for its receipt.
    pub due_at: Option<Moment>,
}

/// One addressee with its deliveries: all that decides what happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where the addressee stands.
    pub state: AddresseeState,
    /// The rung in use; past the last one when a person stopped the message.
    pub rung: usize,
    /// When the rung's patience ends; `None` when nothing is awaited.
    pub climb_at: Option<Moment>,
    /// The channels on which the addressee has an address.
    pub reach: Vec<Channel>,
    /// Oldest first. Deliveries are appended, never removed.
    pub deliveries: Vec<Delivery>,
}

impl Delivery {
    /// One that nobody has tried yet.
    pub(super) fn waiting(channel: Channel, rung: usize) -> Self {
        Self {
            channel,
            rung,
            state: DeliveryState::Waiting,
            proof: None,
            failure: None,
            tries: 0,
            due_at: None,
        }
    }

    /// Whether it left is not known.
    pub(super) fn lose_sight(&mut self, look_at: Option<Moment>) {
        self.failure = Some(FailureKind::Uncertain);
        self.move_to(DeliveryState::Uncertain, look_at);
    }

    /// It stands so from now on, until somebody must look at it again.
    pub(super) fn move_to(&mut self, state: DeliveryState, due_at: Option<Moment>) {
        self.state = state;
        self.due_at = due_at;
    }

    /// It waits for the next try; without one, this is the end of it.
    pub(super) fn try_again_or(
        &mut self,
        end: DeliveryState,
        kind: FailureKind,
        retry_at: Option<Moment>,
    ) {
        self.failure = Some(kind);
        let state = if retry_at.is_some() { DeliveryState::Waiting } else { end };
        self.move_to(state, retry_at);
    }

    /// An attempt failed.
    pub(super) fn fail(&mut self, kind: FailureKind, retry_at: Option<Moment>) {
        let retry_at = retry_at.filter(|_| kind.may_retry());
        self.tries += u32::from(kind.burns_a_try());
        if self.is_handed_over() && kind.may_retry() {
            // A message was left, and tried once more.
            self.failure = Some(kind);
            self.move_to(DeliveryState::Accepted, None);
        } else if self.may_have_left() && kind.may_retry() {
            // This attempt did not leave; an earlier one may have.
            self.try_again_or(DeliveryState::Uncertain, FailureKind::Uncertain, retry_at);
        } else {
            self.proof = None;
            self.try_again_or(DeliveryState::Failed, kind, retry_at);
        }
    }

    /// A caller left a message, which is handed over; it is tried once more where that is not enough.
    pub(super) fn leave_message(&mut self, again_at: Option<Moment>) {
        let again_at = again_at.filter(|_| !self.is_handed_over());
        self.tries += 1;
        self.failure = None;
        self.proof = self.proof.max(Some(Proof::Accepted));
        let state =
            if again_at.is_some() { DeliveryState::Waiting } else { DeliveryState::Accepted };
        self.move_to(state, again_at);
    }

    /// Whether this proof says more of it than is known. A mere acceptance takes no failure back, and whoever answers what
    /// may have left has it, though it waits to be sent again.
    pub(super) fn is_news(&self, proof: Proof) -> bool {
        use DeliveryState::{Accepted, Failed, Proven, Sending, Uncertain, Waiting, Withdrawn};
        let is_arrival = proof > Proof::Accepted;
        let may_be = match self.state {
            Sending | Uncertain | Accepted | Proven => true,
            Failed => is_arrival,
            Waiting => is_arrival && self.may_have_left(),
            Withdrawn => false,
        };
        may_be && self.proof < Some(proof)
    }

    /// It is with whom it is for, as far as this proof goes.
    pub(super) fn prove(&mut self, proof: Proof) {
        let is_arrival = proof > Proof::Accepted;
        self.proof = Some(proof);
        self.move_to(
            if is_arrival { DeliveryState::Proven } else { DeliveryState::Accepted },
            None,
        );
    }

    /// Whether something of it is with whom it is for, though it waits to be tried once more.
    fn is_handed_over(&self) -> bool {
        self.proof.is_some()
    }

    /// It waits no longer. One that waited to be sent again may have left before: that stays open; what was
    /// handed over stays so.
    pub(super) fn leave_off(&mut self, why: Option<FailureKind>) {
        if self.is_handed_over() {
            return self.move_to(DeliveryState::Accepted, None);
        }
        if self.may_have_left() {
            return self.move_to(DeliveryState::Uncertain, None);
        }
        self.failure = why.or(self.failure);
        self.move_to(DeliveryState::Withdrawn, None);
    }

    /// Whether an attempt left without an answer, and nobody has said since that it did not arrive.
    #[must_use]
    pub fn may_have_left(&self) -> bool {
        self.failure == Some(FailureKind::Uncertain)
    }

    /// People did not post it after all; `false` where no people carry it.
    pub(super) fn take_in_hand_again(&mut self) -> bool {
        let is_peoples = self.channel.is_carried_by_people();
        if is_peoples {
            self.proof = None;
            self.move_to(DeliveryState::Sending, None);
        }
        is_peoples
    }

    /// A call is to be made as it was before somebody said what it gave.
    pub(super) fn call_again(&mut self, stood: CallStood) {
        let CallStood { proof, failure, tries, due_at } = stood;
        (self.proof, self.failure, self.tries) = (proof, failure, tries);
        self.move_to(DeliveryState::Waiting, due_at);
    }

    /// How it stands, for who may take back what is said of it now.
    #[must_use]
    pub const fn as_call(&self) -> CallStood {
        let Self { proof, failure, tries, due_at, .. } = *self;
        CallStood { proof, failure, tries, due_at }
    }

    /// Whether people have it on a list, or in a batch.
    pub(super) fn is_in_peoples_hands(&self) -> bool {
        self.channel.is_carried_by_people()
            && matches!(self.state, DeliveryState::Waiting | DeliveryState::Sending)
    }

    /// Whether its proof is enough for the rung that it is on.
    pub(super) fn proves_enough(&self, plan: &Plan) -> bool {
        plan.rungs().get(self.rung).is_some_and(|rung| self.proof >= Some(rung.enough))
    }
}

impl Progress {
    /// Whether the addressee waits for a digest, and nothing of its own was begun.
    #[must_use]
    pub fn is_gathered(&self) -> bool {
        self.state == AddresseeState::Waiting && self.is_carried()
    }

    /// Whether it still is somebody's to bring to them: a machine's, or that of people with a list.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        use AddresseeState::{OnCall, OnLetter, Waiting};
        matches!(self.state, Waiting | OnLetter | OnCall)
    }

    /// Whether something may have arrived, or be on its way.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        use DeliveryState::{Accepted, Proven, Sending, Uncertain};
        self.deliveries.iter().any(|delivery| {
            matches!(delivery.state, Sending | Uncertain | Accepted | Proven)
                || delivery.may_have_left()
        })
    }

    /// The best proof held of whoever is reached; none of anybody else, nor of whom a digest carries.
    #[must_use]
    pub fn reached_by(&self) -> Option<Proof> {
        let is_reached = self.state == AddresseeState::Reached;
        let proofs = self.deliveries.iter().filter_map(|delivery| delivery.proof);
        proofs.max().filter(|_| is_reached)
    }

    /// Whether nothing of its own was ever begun: a digest carries it, or will.
    #[must_use]
    pub fn is_carried(&self) -> bool {
        self.deliveries.is_empty()
    }

    /// Whether the addressee has an address on the channel, and it was not used on that rung yet. What stands on a
    /// later rung and never left was taken back together with the call because of which it was climbed to.
    pub(super) fn may_take(&self, rung: usize, channel: Channel) -> bool {
        let is_taken_back = |used: &Delivery| {
            used.rung > self.rung
                && used.state == DeliveryState::Withdrawn
                && used.failure.is_none()
        };
        let is_used =
            |used: &Delivery| used.rung == rung && used.channel == channel && !is_taken_back(used);
        self.reach.contains(&channel) && !self.deliveries.iter().any(is_used)
    }
}
