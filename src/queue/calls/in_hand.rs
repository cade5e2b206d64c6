//! One call, one caller: whoever opens a call has its family for some minutes, and nobody else rings it.

use super::{CallDesk, DueCall};
use crate::clock::Moment;
use crate::message::Reference;
use crate::people::By;
use crate::store::calls::{self, CallTaken};
use crate::store::{StoreError, Tx};

/// What became of the wish to have a call.
#[derive(Debug, Clone)]
pub enum CallTaking {
    /// It is theirs.
    Taken(Box<DueCall>),
    /// Somebody else has it open, or another one of the same family.
    Others(CallTaken),
    /// Nothing of the kind waits.
    Nothing,
}

impl CallDesk<'_> {
    /// Takes a call in hand for somebody: the one that they name, or the next that is due among those that are
    /// theirs to make. Others that they had open are free again.
    pub async fn take(
        self,
        wanted: Option<Reference>,
        by: By,
        is_theirs: impl Fn(&DueCall) -> bool + Send + 'static,
    ) -> Result<CallTaking, StoreError> {
        let this = self.queue.clone();
        let take = move |tx: &Tx<'_>| {
            let school = &this.school;
            calls::lock_desk(tx, school)?;
            let all = this.gather_calls(tx, &this.circumstances(tx, by.at)?)?;
            let found = match &wanted {
                Some(wanted) => all.iter().find(|it| it.is_called(wanted) && is_theirs(it)),
                None => next(&all, &by, is_theirs),
            };
            let Some(call) = found else { return Ok(CallTaking::Nothing) };
            if let Some(taken) = taken_by_others(call, &all, &by) {
                return Ok(CallTaking::Others(taken.clone()));
            }
            calls::leave_all(tx, school, &by.actor)?;
            let until = by.at + this.timing.calls.kept;
            let taken = CallTaken { by: by.actor.clone(), until };
            calls::take(tx, school, call.due.id, &taken)?;
            Ok(CallTaking::Taken(Box::new(DueCall { taken: Some(taken), ..call.clone() })))
        };
        self.queue.store.write(take).await
    }

    /// Lets others have the calls that somebody opened.
    pub async fn leave(self, by: By) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.write(move |tx| calls::leave_all(tx, &school, &by.actor)).await
    }
}

/// The first call that is due, theirs, on nobody else's sheet and in nobody else's hand.
fn next<'c>(
    all: &'c [DueCall],
    by: &By,
    is_theirs: impl Fn(&DueCall) -> bool,
) -> Option<&'c DueCall> {
    let is_on_their_sheet =
        |call: &&DueCall| call.caller.as_ref().is_none_or(|it| it == by.actor.name());
    let mut due = all.iter().filter(|call| call.due_at() <= by.at && is_theirs(call));
    due.find(|call| is_on_their_sheet(call) && taken_by_others(call, all, by).is_none())
}

/// Who else has the family of a call in hand now.
fn taken_by_others<'c>(call: &DueCall, all: &'c [DueCall], by: &By) -> Option<&'c CallTaken> {
    let of_others = |other: &'c DueCall| {
        let taken = other.taken.as_ref()?;
        (taken.until > by.at && taken.by != by.actor).then_some((other, taken))
    };
    let mut taken = all.iter().filter_map(of_others);
    taken.find(|(other, _)| other.is_of_family_of(call)).map(|(_, taken)| taken)
}

impl DueCall {
    /// Whether this is its reference.
    #[must_use]
    pub fn is_called(&self, reference: &Reference) -> bool {
        self.reference == reference.to_string()
    }

    /// Whether somebody has it open at a moment.
    #[must_use]
    pub fn is_taken_at(&self, at: Moment) -> bool {
        self.taken.as_ref().is_some_and(|taken| taken.until > at)
    }
}
