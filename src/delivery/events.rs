//! The words for what happens to an addressee and to a delivery.

use std::time::Duration;

use super::FailureKind;
use super::states::AddresseeState;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Proof;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Something about the delivery at this index.
    Delivery(usize, DeliveryEvent),
    /// The rung's patience ended.
    PatienceOver,
    /// A person closed this channel: what waits on it goes on at once.
    ChannelClosed(Channel),
    /// The message is stale.
    Expired,
    /// A person stopped the message.
    Cancelled,
    /// Nothing about its pupils may go to the addressee any more.
    Restricted,
    /// Who was gathered waits for no digest any more: the plan begins.
    Released {
        /// How long after the first wave theirs comes.
        wave: Duration,
    },
    /// The digest that carries the message to this addressee stands so.
    Carried(AddresseeState),
}

/// How a call stood before somebody said what it gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallStood {
    /// The proof of it: a message was left.
    pub proof: Option<Proof>,
    /// Why it failed last.
    pub failure: Option<FailureKind>,
    /// Tries used up.
    pub tries: u32,
    /// When it was to be made.
    pub due_at: Option<Moment>,
}

/// What happened to one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEvent {
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
    /// The call that was to carry it together with others was refused because of one of them: it goes again,
    /// with fewer. That is no try.
    Parted {
        /// When it may go again.
        again_at: Moment,
    },
    /// The outcome is not known, and this provider can be asked.
    UnknownAsk {
        /// When to ask.
        ask_at: Moment,
    },
    /// The outcome is not known, and a second copy does less harm than none: it is sent again, once.
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
    /// People said that they posted it, and take that back: they have it in hand.
    Unposted,
    /// People said that they published it, where nothing is called, and take that back: it waits for that
    /// again, as long as its rung is in use.
    Unpublished,
    /// A caller left a message: it is handed over, and tried once more.
    MessageLeft {
        /// When the hours of calls allow that; `None` when there will be none.
        again_at: Option<Moment>,
    },
    /// People said what a call gave, and take that back: it is to be made as it was before, as long as
    /// nothing left because of it.
    Uncalled(CallStood),
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
