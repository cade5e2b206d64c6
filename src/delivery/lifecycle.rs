//! The life of an addressee and its deliveries. Pure, total, and the only place where a state
//! changes; `src/ARCHITECTURE.md` has its picture.

use serde::{Deserialize, Serialize};

use super::{FailureKind, Proof};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Plan, Rung};

/// Where an addressee stands. All but `Waiting` and `Reached` are somebody's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddresseeState {
    /// A machine is still at work.
    Waiting,
    /// Reached, with a proof that is enough for its rung.
    Reached,
    /// On the list of letters to print, post or hand out.
    OnLetter,
    /// On the list of calls to make.
    OnCall,
    /// Every way failed.
    Unreached,
    /// Every way is used up, and one of them may have arrived.
    Uncertain,
}

impl AddresseeState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Reached,
        Self::OnLetter,
        Self::OnCall,
        Self::Unreached,
        Self::Uncertain,
    ];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reached => "reached",
            Self::OnLetter => "on_letter",
            Self::OnCall => "on_call",
            Self::Unreached => "unreached",
            Self::Uncertain => "uncertain",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Where one delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// May leave when due.
    Waiting,
    /// An attempt started, or people have it in hand; the outcome is not known yet.
    Sending,
    /// May have left, or not: never sent again blindly.
    Uncertain,
    /// The provider has it.
    Accepted,
    /// It will not arrive this way.
    Failed,
    /// It arrived.
    Proven,
    /// No longer needed; it never left.
    Withdrawn,
}

impl DeliveryState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::Uncertain,
        Self::Accepted,
        Self::Failed,
        Self::Proven,
        Self::Withdrawn,
    ];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Uncertain => "uncertain",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Proven => "proven",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

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
    /// The rung in use.
    pub rung: usize,
    /// When the rung's patience ends; `None` when nothing is awaited.
    pub climb_at: Option<Moment>,
    /// The channels on which the addressee has an address.
    pub reach: Vec<Channel>,
    /// Oldest first. Deliveries are appended, never removed.
    pub deliveries: Vec<Delivery>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Something about the delivery at this index.
    Delivery(usize, Happening),
    /// The rung's patience ended.
    PatienceOver,
}

/// What happened to one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// An attempt begins, or people take it in hand (they have no lease).
    Started {
        /// When the attempt is given up for unknown.
        lease_ends: Option<Moment>,
    },
    /// The provider took it, or people posted it.
    Accepted {
        /// When to ask for its receipt.
        look_at: Option<Moment>,
    },
    /// The attempt failed; `retry_at` is `None` when the tries are used up.
    Failed {
        /// Why.
        kind: FailureKind,
        /// When the schedule allows the next try.
        retry_at: Option<Moment>,
    },
    /// The outcome is not known, and this provider can be asked.
    UnknownAsk {
        /// When to ask.
        ask_at: Moment,
    },
    /// The outcome is not known, and a second copy does no harm.
    UnknownResend {
        /// When the schedule allows the next try.
        retry_at: Option<Moment>,
    },
    /// The outcome is not known; a receipt may still come.
    UnknownAwait,
    /// The provider was asked: it never had it.
    NeverArrived {
        /// When the schedule allows the next try.
        retry_at: Option<Moment>,
    },
    /// No receipt yet.
    Pending {
        /// When to ask again.
        look_at: Moment,
    },
    /// A receipt, or a person's answer.
    Proven(Proof),
    /// A bounce, a failed receipt, a returned letter.
    Undeliverable,
}

/// What [`apply`] decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The addressee afterwards.
    pub after: Progress,
    /// Whether the event meant anything in that state.
    pub taken: bool,
}

/// An addressee at launch: on the first rung that can be used, or unreached.
#[must_use]
pub fn launch(reach: Vec<Channel>, plan: &Plan, now: Moment) -> Progress {
    let mut progress = Progress {
        state: AddresseeState::Waiting,
        rung: 0,
        climb_at: None,
        reach,
        deliveries: Vec::new(),
    };
    climb(&mut progress, 0, plan, now);
    advance(&mut progress, plan, now);
    progress
}

/// What `event` makes of `before`.
#[must_use]
pub fn apply(before: &Progress, event: Event, plan: &Plan, now: Moment) -> Transition {
    let mut after = before.clone();
    let taken = match event {
        Event::Delivery(index, happening) => take(&mut after, index, happening),
        Event::PatienceOver => lose_patience(&mut after, plan, now),
    };
    if !taken {
        return Transition { after: before.clone(), taken };
    }
    advance(&mut after, plan, now);
    Transition { after, taken }
}

/// Changes the one delivery that `happening` is about. Later truth wins over earlier, never the
/// other way round: see the table in the tests.
fn take(progress: &mut Progress, index: usize, happening: Happening) -> bool {
    use DeliveryState::{Accepted, Failed, Proven, Sending, Uncertain, Waiting, Withdrawn};
    let rung_in_use = progress.rung;
    let Some(delivery) = progress.deliveries.get_mut(index) else { return false };
    let still_wanted = delivery.rung == rung_in_use;
    match (happening, delivery.state) {
        (Happening::Started { lease_ends }, Waiting) => delivery.rest(Sending, lease_ends),
        (Happening::Accepted { look_at }, Waiting | Sending | Uncertain | Withdrawn) => {
            delivery.proof = delivery.proof.max(Some(Proof::Accepted));
            delivery.rest(Accepted, look_at);
        }
        (Happening::Failed { kind, retry_at }, Sending) => {
            let retry_at = retry_at.filter(|_| still_wanted && kind.may_retry());
            delivery.tries += u32::from(kind.burns_a_try());
            delivery.try_again_or(Failed, kind, retry_at);
        }
        (Happening::UnknownAsk { ask_at }, Sending | Uncertain) => {
            delivery.failure = Some(FailureKind::Uncertain);
            delivery.rest(Uncertain, Some(ask_at));
        }
        (Happening::UnknownResend { retry_at }, Sending) => {
            delivery.tries += 1;
            let retry_at = retry_at.filter(|_| still_wanted);
            delivery.try_again_or(Uncertain, FailureKind::Uncertain, retry_at);
        }
        (Happening::UnknownAwait, Sending) => {
            delivery.failure = Some(FailureKind::Uncertain);
            delivery.rest(Uncertain, None);
        }
        (Happening::NeverArrived { retry_at }, Uncertain) => {
            delivery.tries += 1;
            let retry_at = retry_at.filter(|_| still_wanted);
            delivery.try_again_or(Failed, FailureKind::Unreachable, retry_at);
        }
        (Happening::Pending { look_at }, Accepted) => delivery.due_at = Some(look_at),
        (Happening::Proven(proof), Sending | Uncertain | Accepted | Failed | Proven)
            if delivery.proof < Some(proof)
                && (delivery.state != Failed || proof > Proof::Accepted) =>
        {
            delivery.proof = Some(proof);
            delivery.rest(if proof > Proof::Accepted { Proven } else { Accepted }, None);
        }
        (Happening::Undeliverable, Sending | Uncertain | Accepted) => {
            delivery.proof = None;
            delivery.failure = Some(FailureKind::BadAddress);
            delivery.rest(Failed, None);
        }
        _ => return false,
    }
    true
}

impl Delivery {
    fn rest(&mut self, state: DeliveryState, due_at: Option<Moment>) {
        self.state = state;
        self.due_at = due_at;
    }

    fn try_again_or(&mut self, end: DeliveryState, kind: FailureKind, retry_at: Option<Moment>) {
        self.failure = Some(kind);
        let state = if retry_at.is_some() { DeliveryState::Waiting } else { end };
        self.rest(state, retry_at);
    }

    fn is_in_peoples_hands(&self) -> bool {
        self.channel.is_carried_by_people()
            && matches!(self.state, DeliveryState::Waiting | DeliveryState::Sending)
    }

    fn proves_enough(&self, plan: &Plan) -> bool {
        plan.rungs().get(self.rung).is_some_and(|rung| self.proof >= Some(rung.enough))
    }
}

/// The rung's time is up: leave it for the next one that can be used. An attempt under way is
/// waited for, so that nobody gets the same thing by two ways at once; people are never hurried. On
/// the last rung what still waits goes on trying: there is nothing better to do.
fn lose_patience(progress: &mut Progress, plan: &Plan, now: Moment) -> bool {
    if progress.climb_at.is_none_or(|at| at > now) {
        return false;
    }
    if progress.deliveries.iter().any(|d| d.rung == progress.rung && d.is_in_peoples_hands()) {
        progress.climb_at = None;
        return true;
    }
    let under_way = progress
        .deliveries
        .iter()
        .filter(|delivery| delivery.rung == progress.rung)
        .filter(|delivery| delivery.state == DeliveryState::Sending)
        .filter_map(|delivery| delivery.due_at)
        .max();
    if let Some(lease_ends) = under_way.filter(|lease_ends| *lease_ends > now) {
        progress.climb_at = Some(lease_ends);
        return true;
    }
    progress.climb_at = None;
    climb(progress, progress.rung + 1, plan, now);
    true
}

/// Settles what follows from the deliveries: reached, still at work, next rung, or a list.
fn advance(progress: &mut Progress, plan: &Plan, now: Moment) {
    loop {
        if let Some(rung) = rung_that_reached(progress, plan) {
            progress.state = AddresseeState::Reached;
            progress.climb_at = None;
            withdraw(progress, |delivery| delivery.rung != rung);
            return;
        }
        if let Some(state) = state_at_work(progress) {
            progress.state = state;
            return;
        }
        if !climb(progress, progress.rung + 1, plan, now) {
            progress.climb_at = None;
            progress.state = last_word(progress);
            return;
        }
    }
}

fn rung_that_reached(progress: &Progress, plan: &Plan) -> Option<usize> {
    let proven = progress.deliveries.iter().filter(|delivery| delivery.proves_enough(plan));
    proven.map(|delivery| delivery.rung).min()
}

/// The state of an addressee for whom something is still under way: a machine first, else the list
/// of the people who have it in hand.
fn state_at_work(progress: &Progress) -> Option<AddresseeState> {
    let mut on_list = None;
    for delivery in &progress.deliveries {
        let in_hand = matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Sending);
        let awaited = progress.climb_at.is_some()
            && delivery.rung == progress.rung
            && matches!(delivery.state, DeliveryState::Accepted | DeliveryState::Uncertain);
        match delivery.channel {
            Channel::Letter if in_hand => on_list = Some(AddresseeState::OnLetter),
            Channel::Phone if in_hand => on_list = Some(AddresseeState::OnCall),
            _ if in_hand || awaited => return Some(AddresseeState::Waiting),
            _ => {}
        }
    }
    on_list
}

/// Nothing is under way and no rung is left.
fn last_word(progress: &Progress) -> AddresseeState {
    let may_have_arrived = progress.deliveries.iter().any(|delivery| {
        matches!(delivery.state, DeliveryState::Accepted | DeliveryState::Uncertain)
    });
    if may_have_arrived { AddresseeState::Uncertain } else { AddresseeState::Unreached }
}

/// Goes to the first rung from `from` on that the addressee can be reached by; `false` when there
/// is none.
fn climb(progress: &mut Progress, from: usize, plan: &Plan, now: Moment) -> bool {
    let usable = |rung: &Rung| rung.channels.iter().any(|c| progress.reach.contains(c));
    let Some((index, rung)) =
        plan.rungs().iter().enumerate().skip(from).find(|(_, rung)| usable(rung))
    else {
        return false;
    };
    withdraw(progress, |_| true);
    let channels = rung.channels.iter().filter(|channel| progress.reach.contains(channel));
    let new = channels.map(|channel| Delivery {
        channel: *channel,
        rung: index,
        state: DeliveryState::Waiting,
        proof: None,
        failure: None,
        tries: 0,
        due_at: Some(now),
    });
    progress.deliveries.extend(new.collect::<Vec<_>>());
    progress.rung = index;
    progress.climb_at = (!rung.is_carried_by_people()).then(|| now + rung.patience());
    true
}

fn withdraw(progress: &mut Progress, which: impl Fn(&Delivery) -> bool) {
    for delivery in &mut progress.deliveries {
        if delivery.state == DeliveryState::Waiting && which(delivery) {
            delivery.rest(DeliveryState::Withdrawn, None);
        }
    }
}
