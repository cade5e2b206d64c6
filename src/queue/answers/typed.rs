//! What people of the school type of somebody's answer.

use super::{AnswerTie, due, has_left};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{Delivery, DeliveryEvent, DeliveryState};
use crate::message::{AnswerChoice, Message, Proof, Reference};
use crate::people::By;
use crate::queue::transit::Transit;
use crate::queue::{Outcome, Queue};
use crate::store::addressees::{self, Addressee};
use crate::store::answers::GivenAnswer;
use crate::store::{StoreError, Tx};

impl Queue {
    /// Notes that an addressee answered by a way, at the word of somebody of the school: it is reached by that, and what
    /// was answered to its question is kept.
    pub fn note_answered(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
        (answer, channel): (Option<AnswerChoice>, Channel),
        by: &By,
    ) -> Result<bool, StoreError> {
        let Some((message, id)) = self.find_reference(tx, reference)? else { return Ok(false) };
        let Some(addressee) = addressees::load(tx, &self.school, id)? else { return Ok(false) };
        let due = due(&addressee, reference.leg);
        let tie = AnswerTie { message: message.id, addressee: id, due, is_named: true };
        if let Some(answer) = answer {
            let typed_by = Some(by.actor.clone());
            let given = GivenAnswer { answer, channel, at: by.at, typed_by, call: None };
            self.keep_answer(tx, &tie, &given)?;
        }
        self.acknowledge(tx, &message, &addressee, (reference.leg, channel), by.at)?;
        Ok(true)
    }

    /// Whoever answered has it: by the way that was named, or else by one that may have brought it, or that people had in
    /// hand; by one that failed, where there is no other.
    fn acknowledge(
        &self,
        tx: &Tx<'_>,
        message: &Message,
        addressee: &Addressee,
        (leg, channel): (usize, Channel),
        now: Moment,
    ) -> Result<(), StoreError> {
        let ways = &addressee.progress.deliveries;
        let may_have_it = |way: &Delivery| has_left(way) && way.state != DeliveryState::Failed;
        let by_people = |way: &Delivery| {
            way.channel.is_carried_by_people() && way.state == DeliveryState::Waiting
        };
        let named = ways.get(leg).filter(|way| may_have_it(way)).map(|_| leg);
        let chosen = named
            .or_else(|| ways.iter().rposition(may_have_it))
            .or_else(|| ways.iter().rposition(by_people))
            .or_else(|| ways.iter().rposition(has_left));
        let Some(chosen) = chosen else { return Ok(()) };
        let Some(due) = due(addressee, chosen) else { return Ok(()) };
        let openings = self.openings(tx, now)?;
        let transit = Transit::on(tx, &self.school, &openings, now);
        if by_people(&ways[chosen]) {
            transit.delivery(message, &due, DeliveryEvent::Started { lease_ends: None })?;
        }
        let proven = DeliveryEvent::Proven(Proof::Acknowledged);
        if ways[chosen].channel == channel {
            // It came back by that very way, which works then.
            transit.outcome(message, &Outcome::of(due, proven))?;
        } else {
            transit.delivery(message, &due, proven)?;
        }
        Ok(())
    }
}
