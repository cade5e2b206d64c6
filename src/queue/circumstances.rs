//! What stands in everybody's way at a moment: a hold, closed and sleeping channels, restrictions, messages
//! that do not run. Read once a transaction.

use std::collections::HashMap;
use std::sync::Arc;

use super::Queue;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Openings;
use crate::delivery::lifecycle::Event;
use crate::id::Id;
use crate::message::{Message, MessageState, Urgency};
use crate::people::Restrictions;
use crate::store::{StoreError, Tx, closings, controls, holds, restrictions};

/// What stands in the way of a school's messages.
#[derive(Debug)]
pub struct Circumstances {
    now: Moment,
    is_on_hold: bool,
    /// Which channels may be used.
    pub(super) openings: Openings,
    /// By which ties nothing may go.
    pub(super) restrictions: Restrictions,
    /// The messages that do not run.
    held: HashMap<Id<Message>, MessageState>,
}

/// What keeps the deliveries of a message from starting.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hindrance {
    /// It is paused: they stand aside.
    Paused,
    /// They are not to start any more.
    Event(Event),
}

impl Queue {
    /// The circumstances of now.
    pub fn circumstances(&self, tx: &Tx<'_>, now: Moment) -> Result<Circumstances, StoreError> {
        Ok(Circumstances {
            now,
            is_on_hold: holds::standing(tx, &self.school)?.is_some(),
            openings: self.openings(tx, now)?,
            restrictions: restrictions::all(tx, &self.school)?,
            held: controls::held(tx, &self.school)?.into_iter().collect(),
        })
    }

    /// Which channels may be used now.
    pub(super) fn openings(&self, tx: &Tx<'_>, now: Moment) -> Result<Openings, StoreError> {
        let closings = closings::in_force(tx, &self.school, now)?;
        let closed = closings.into_iter().map(|closing| closing.channel).collect();
        Ok(Openings::new(Arc::clone(&self.timing.hours), closed))
    }
}

impl Circumstances {
    /// Out of which lanes of a channel may be started.
    pub(super) fn lanes(&self, channel: Channel) -> &'static [Urgency] {
        if self.is_on_hold { &[] } else { self.openings.lanes(channel, self.now) }
    }

    /// The moment of which they are.
    pub(super) fn now(&self) -> Moment {
        self.now
    }

    /// Whether nothing is sent at all.
    pub(super) fn is_on_hold(&self) -> bool {
        self.is_on_hold
    }

    /// What keeps a message from starting now, if anything does.
    pub(super) fn hindrance(&self, message: &Message) -> Option<Hindrance> {
        match self.held.get(&message.id) {
            Some(MessageState::Paused) => return Some(Hindrance::Paused),
            Some(MessageState::Cancelled) => return Some(Hindrance::Event(Event::Cancelled)),
            Some(MessageState::Running) | None => {}
        }
        let is_stale = message.terms.expires_at.is_some_and(|end| end <= self.now);
        is_stale.then_some(Hindrance::Event(Event::Expired))
    }
}
