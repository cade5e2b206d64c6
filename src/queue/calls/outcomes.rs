//! What people say that a call gave, and take back.

use std::sync::Arc;

use super::CallDesk;
use super::incoming::WordOfCall;
use super::numbers::{at_number, set_state};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryEvent, DeliveryState};
use crate::delivery::{CallOutcome, FailureKind, Recipient};
use crate::id::Id;
use crate::message::{AnswerChoice, AnswerKind, Message, Proof, Reference};
use crate::people::{Act, By, ContactPoint, ContactState};
use crate::phone_number::PhoneNumber;
use crate::queue::circumstances::Circumstances;
use crate::queue::transit::Transit;
use crate::queue::{Outcome, Queue, restrictions};
use crate::store::answers::{self, GivenAnswer};
use crate::store::attempts::{Attempt, AttemptOutcome};
use crate::store::calls::{self, KeptOutcome};
use crate::store::deliveries::{self, Due, InHand};
use crate::store::replies::AnsweredCopy;
use crate::store::{StoreError, Tx, addressees, attempts, contact_points, journal};

/// What somebody says of a call. `Debug` hides the words.
#[derive(Clone)]
pub struct SaidOfCall {
    /// What it gave.
    pub outcome: CallOutcome,
    /// What was said, in a few words.
    pub word: Option<String>,
    /// What they answered to what the message asks; only where they were reached.
    pub answer: Option<AnswerChoice>,
    /// Who rang.
    pub caller: String,
    /// Which try it was, where that was written down: what is said twice counts once.
    pub nth: Option<u32>,
}

impl std::fmt::Debug for SaidOfCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SaidOfCall({})", self.outcome.as_str())
    }
}

/// What came of a word about a call.
#[derive(Debug, Clone)]
pub enum CallNoting {
    /// It is taken down.
    Noted(NotedCall),
    /// No call has this reference.
    NoSuchCall,
    /// Its message asks for another kind of answer, or for none.
    NoAnswerToIt(Option<AnswerKind>),
    /// Somebody said what it gave before.
    Already(Box<KeptOutcome>),
    /// It is not to be made any more.
    Over(CallOver),
}

/// A word about a call that was taken down.
#[derive(Debug, Clone)]
pub struct NotedCall {
    /// Where whom it was for stands now.
    pub state: AddresseeState,
    /// When it is to be made again.
    pub again_at: Option<Moment>,
    /// The next number of the person, where the one that was dialled is wrong.
    pub next_number: Option<PhoneNumber>,
}

/// Why a call is not to be made any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallOver {
    /// Where whom it was for stands.
    pub state: AddresseeState,
    /// What stood in its way.
    pub why: Option<FailureKind>,
}

/// What came of the wish to take back what was said last of a call.
#[derive(Debug, Clone)]
pub enum TakenBack {
    /// It is to be made as before.
    Done(Box<KeptOutcome>),
    /// No call has this reference.
    NoSuchCall,
    /// Nothing was said of it.
    Nothing,
    /// Something left because of what was said.
    TooLate(CallOver),
}

/// A call that waits no more, or waits again.
#[derive(Debug, Clone)]
pub struct PastCall {
    /// Its reference.
    pub reference: String,
    /// Its message.
    pub message: Arc<Message>,
    /// Whom it was for.
    pub recipient: Recipient,
    /// What it gave, first said first.
    pub tried: Vec<KeptOutcome>,
}

/// A call that somebody speaks of.
struct Spoken {
    message: Arc<Message>,
    due: Due,
    in_hand: InHand,
}

impl CallDesk<'_> {
    /// The call of a reference, whether it waits or not.
    pub async fn look(self, reference: Reference) -> Result<Option<PastCall>, StoreError> {
        let this = self.queue.clone();
        let read = move |tx: &Tx<'_>| {
            let Some(spoken) = this.call_of(tx, &reference)? else { return Ok(None) };
            Ok(Some(PastCall {
                reference: reference.to_string(),
                tried: calls::outcomes_of(tx, &this.school, spoken.due.id)?,
                message: spoken.message,
                recipient: spoken.in_hand.recipient,
            }))
        };
        self.queue.store.read(read).await
    }

    /// Takes down what a call gave.
    pub async fn note(
        self,
        reference: Reference,
        said: SaidOfCall,
        by: By,
    ) -> Result<CallNoting, StoreError> {
        let this = self.queue.clone();
        let write = move |tx: &Tx<'_>| {
            calls::lock_desk(tx, &this.school)?;
            this.note_call(tx, &reference, &said, &by)
        };
        let noting = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(noting)
    }

    /// Takes down what several calls gave, all or none: else the first of them that cannot be, and why.
    pub async fn note_all(
        self,
        all: Vec<(Reference, SaidOfCall)>,
        by: By,
    ) -> Result<Result<Vec<NotedCall>, (usize, CallNoting)>, StoreError> {
        let this = self.queue.clone();
        let write = move |tx: &Tx<'_>| {
            calls::lock_desk(tx, &this.school)?;
            for (place, (reference, said)) in all.iter().enumerate() {
                if let Err(refused) = this.spoken_of(tx, reference, said, &by)? {
                    return Ok(Err((place, refused)));
                }
            }
            let note = |(reference, said): &(Reference, SaidOfCall)| {
                match this.note_call(tx, reference, said, &by)? {
                    CallNoting::Noted(noted) => Ok(noted),
                    // One of them ended another: nothing is kept of a sheet that contradicts itself.
                    _ => Err(StoreError::Collided),
                }
            };
            Ok(Ok(all.iter().map(note).collect::<Result<_, _>>()?))
        };
        let noted = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(noted)
    }

    /// Takes back what was said last of a call.
    pub async fn take_back(self, reference: Reference, by: By) -> Result<TakenBack, StoreError> {
        let this = self.queue.clone();
        let write = move |tx: &Tx<'_>| {
            calls::lock_desk(tx, &this.school)?;
            this.take_back_call(tx, &reference, &by)
        };
        self.queue.store.write(write).await
    }
}

impl Queue {
    fn note_call(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
        said: &SaidOfCall,
        by: &By,
    ) -> Result<CallNoting, StoreError> {
        match self.spoken_of(tx, reference, said, by)? {
            Ok(spoken) => self.write_outcome(tx, reference, &spoken, (said, by)),
            Err(refused) => Ok(refused),
        }
    }

    /// The call of a reference, of which this may be said now; else why not. A ruling that was noted meanwhile takes it
    /// away first.
    fn spoken_of(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
        said: &SaidOfCall,
        by: &By,
    ) -> Result<Result<Spoken, CallNoting>, StoreError> {
        let circumstances = self.circumstances(tx, by.at)?;
        let Some(found) = self.call_of(tx, reference)? else {
            return Ok(Err(CallNoting::NoSuchCall));
        };
        let of = (found.message.id, found.due.addressee);
        restrictions::obey_in(tx, self, of, &circumstances)?;
        let Some(spoken) = self.call_of(tx, reference)? else {
            return Ok(Err(CallNoting::NoSuchCall));
        };
        let takes = spoken.message.takes();
        let answers_it = |answer: AnswerChoice| {
            takes.is_some_and(|kind| said.outcome.is_told() && answer.is_of(kind))
        };
        if !said.answer.is_none_or(answers_it) {
            return Ok(Err(CallNoting::NoAnswerToIt(takes)));
        }
        let delivery = &spoken.in_hand.delivery;
        let is_restricted = delivery.failure == Some(FailureKind::Restricted);
        // Who answered has it, also where it was not needed any more.
        let may_be_said = delivery.state == DeliveryState::Waiting
            || (delivery.state == DeliveryState::Withdrawn && said.outcome.is_told());
        // What was said, and not the tries: of another number they begin anew.
        let mut before = calls::outcomes_of(tx, &self.school, spoken.due.id)?;
        let is_that_try =
            said.nth.is_none_or(|nth| usize::try_from(nth).ok() == Some(before.len() + 1));
        if may_be_said && is_that_try && !is_restricted {
            return Ok(Ok(spoken));
        }
        Ok(Err(match before.pop().filter(|_| !is_restricted) {
            Some(last) => CallNoting::Already(Box::new(last)),
            None => CallNoting::Over(self.over(tx, &spoken)?),
        }))
    }

    /// The delivery by telephone of a reference.
    fn call_of(&self, tx: &Tx<'_>, reference: &Reference) -> Result<Option<Spoken>, StoreError> {
        let Some((message, addressee)) = self.find_reference(tx, reference)? else {
            return Ok(None);
        };
        let school = &self.school;
        let found = deliveries::of_leg(tx, school, addressee, reference.leg)?;
        let Some(due) = found else { return Ok(None) };
        let found = deliveries::in_hand(tx, school, &due)?;
        let in_hand = found.filter(|it| it.delivery.channel == Channel::Phone);
        let message = self.message(tx, message.id)?;
        Ok(in_hand.map(|in_hand| Spoken { message, due, in_hand }))
    }

    fn over(&self, tx: &Tx<'_>, spoken: &Spoken) -> Result<CallOver, StoreError> {
        let addressee = addressees::load(tx, &self.school, spoken.due.addressee)?;
        let state = addressee.map_or(AddresseeState::Unreached, |it| it.progress.state);
        Ok(CallOver { state, why: spoken.in_hand.delivery.failure })
    }

    fn write_outcome(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
        spoken: &Spoken,
        (said, by): (&SaidOfCall, &By),
    ) -> Result<CallNoting, StoreError> {
        let (school, now, before) = (&self.school, by.at, &spoken.in_hand.delivery);
        let Some(number) = spoken.in_hand.recipient.phone.clone() else {
            return Ok(CallNoting::Over(self.over(tx, spoken)?));
        };
        let kept = KeptOutcome {
            id: Id::new(now),
            delivery: spoken.due.id,
            outcome: said.outcome,
            word: said.word.clone(),
            answer: said.answer,
            caller: said.caller.clone(),
            said_by: by.actor.clone(),
            said_at: now,
            stood: before.as_call(),
            number_was: contact_points::state_of(tx, school, &ContactPoint::Phone(number.clone()))?,
            number,
        };
        calls::add_outcome(tx, school, &kept)?;
        calls::leave(tx, school, spoken.due.id)?;
        if let Some(word) = kept.word.clone().filter(|_| kept.outcome == CallOutcome::AsksFor) {
            let Due { message, addressee, .. } = spoken.due;
            let word = WordOfCall {
                provider_ref: kept.id.to_string(),
                answers: Some(AnsweredCopy { message, addressee }),
                person: Some(spoken.in_hand.recipient.person.clone()),
                body: word,
            };
            self.keep_word(tx, word, now)?;
        }
        let about = format!("{} {}", reference, said.outcome.as_str());
        journal::note(tx, school, by, Act::NoteCall, &about)?;
        let circumstances = self.circumstances(tx, now)?;
        let next_number = if said.outcome == CallOutcome::WrongNumber {
            attempts::add(tx, school, spoken.due.id, &attempt(&kept))?;
            set_state(tx, self, &kept.number, ContactState::Dead, now)?;
            self.renumber(tx, &spoken.due, &circumstances)?
        } else {
            self.end_call(tx, spoken, &kept, &circumstances)?;
            None
        };
        if let Some(answer) = kept.answer {
            let (typed_by, call) = (Some(by.actor.clone()), Some(kept.id));
            let given = GivenAnswer { answer, channel: Channel::Phone, at: now, typed_by, call };
            self.keep_answer_of_call(tx, spoken.due, &given)?;
        }
        let Some(after) = addressees::load(tx, school, spoken.due.addressee)? else {
            return Ok(CallNoting::NoSuchCall);
        };
        let delivery = after.progress.deliveries.get(spoken.due.leg);
        let waiting = delivery.filter(|it| it.state == DeliveryState::Waiting);
        let again_at = waiting.map(|it| it.due_at.unwrap_or(now));
        Ok(CallNoting::Noted(NotedCall { state: after.progress.state, again_at, next_number }))
    }

    /// Brings what a call gave to the delivery.
    fn end_call(
        &self,
        tx: &Tx<'_>,
        spoken: &Spoken,
        kept: &KeptOutcome,
        circumstances: &Circumstances,
    ) -> Result<(), StoreError> {
        let (now, times) = (circumstances.now(), &self.timing.calls);
        let event = match kept.outcome {
            CallOutcome::Reached | CallOutcome::AsksFor => {
                DeliveryEvent::Proven(Proof::Acknowledged)
            }
            CallOutcome::MessageLeft => {
                DeliveryEvent::MessageLeft { again_at: Some(times.once_more(now)) }
            }
            CallOutcome::NoAnswer | CallOutcome::Busy => {
                let retry_at = times.again(kept.stood.tries, now);
                DeliveryEvent::Failed { kind: FailureKind::Unanswered, retry_at }
            }
            CallOutcome::Refused => {
                DeliveryEvent::Failed { kind: FailureKind::Refused, retry_at: None }
            }
            CallOutcome::WrongNumber => {
                DeliveryEvent::Failed { kind: FailureKind::BadAddress, retry_at: None }
            }
        };
        // What was withdrawn left all the same.
        let begins = match spoken.in_hand.delivery.state {
            DeliveryState::Waiting => DeliveryEvent::Started { lease_ends: None },
            _ => DeliveryEvent::Accepted { look_at: None },
        };
        let transit = Transit::on(tx, &self.school, &circumstances.openings, now);
        transit.delivery(&spoken.message, &spoken.due, begins)?;
        let attempt = Some(attempt(kept));
        let outcome = Outcome { attempt, ..Outcome::of(spoken.due, event) };
        transit.outcome(&spoken.message, &outcome)?;
        Ok(())
    }

    fn take_back_call(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
        by: &By,
    ) -> Result<TakenBack, StoreError> {
        let (school, now) = (&self.school, by.at);
        let Some(spoken) = self.call_of(tx, reference)? else { return Ok(TakenBack::NoSuchCall) };
        let Some(last) = calls::outcomes_of(tx, school, spoken.due.id)?.pop() else {
            return Ok(TakenBack::Nothing);
        };
        // They were told otherwise since: that is not taken back with it.
        if spoken.in_hand.delivery.state == DeliveryState::Proven && !last.outcome.is_told() {
            return Ok(TakenBack::TooLate(self.over(tx, &spoken)?));
        }
        let circumstances = self.circumstances(tx, now)?;
        let transit = Transit::on(tx, school, &circumstances.openings, now);
        let back = DeliveryEvent::Uncalled(last.stood);
        if !transit.delivery(&spoken.message, &spoken.due, back)?.taken {
            return Ok(TakenBack::TooLate(self.over(tx, &spoken)?));
        }
        if last.outcome == CallOutcome::WrongNumber {
            let was = last.number_was.unwrap_or(ContactState::Unverified);
            set_state(tx, self, &last.number, was, now)?;
            let to = &spoken.in_hand.recipient;
            if to.phone.as_ref() != Some(&last.number) {
                let as_before = at_number(to, last.number.clone());
                addressees::narrow(tx, school, spoken.due.addressee, &as_before)?;
            }
        }
        calls::forget_word(tx, school, &last.id.to_string())?;
        answers::forget(tx, school, last.id)?;
        attempts::remove(tx, school, spoken.due.id, &attempt(&last))?;
        calls::take_back(tx, school, last.id, &by.actor, now)?;
        let about = format!("{} {}", reference, last.outcome.as_str());
        journal::note(tx, school, by, Act::TakeBackCall, &about)?;
        // Whatever was put back, a ruling holds.
        let of = (spoken.message.id, spoken.due.addressee);
        restrictions::obey_in(tx, self, of, &circumstances)?;
        Ok(TakenBack::Done(Box::new(last)))
    }
}

/// What a call gave, for the history of its delivery.
fn attempt(kept: &KeptOutcome) -> Attempt {
    let outcome = match kept.outcome {
        CallOutcome::Reached | CallOutcome::AsksFor | CallOutcome::MessageLeft => {
            AttemptOutcome::Accepted
        }
        CallOutcome::NoAnswer | CallOutcome::Busy => {
            AttemptOutcome::Failed(FailureKind::Unanswered)
        }
        CallOutcome::Refused => AttemptOutcome::Failed(FailureKind::Refused),
        CallOutcome::WrongNumber => AttemptOutcome::Failed(FailureKind::BadAddress),
    };
    Attempt {
        provider: calls::BY_TELEPHONE.to_owned(),
        started_at: kept.said_at,
        ended_at: kept.said_at,
        outcome,
        detail: kept.outcome.as_str().to_owned(),
    }
}
