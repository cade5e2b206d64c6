//! Somebody rang the school: whoever asks about an announcement has it.

use super::CallDesk;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::ReplyKind;
use crate::delivery::lifecycle::{DeliveryEvent, DeliveryState, Progress};
use crate::id::Id;
use crate::message::{Message, Proof};
use crate::people::{Act, By, PersonKey};
use crate::queue::Queue;
use crate::queue::transit::Transit;
use crate::store::addressees::{self, Addressee};
use crate::store::deliveries::Due;
use crate::store::replies::{self, AnsweredCopy, KeptReply};
use crate::store::{StoreError, Tx, calls, journal};

/// What somebody asked for on the telephone.
pub(super) struct WordOfCall {
    /// Under which name it is kept once.
    pub(super) provider_ref: String,
    /// The copy of a message that it is about.
    pub(super) answers: Option<AnsweredCopy>,
    /// Who asked.
    pub(super) person: Option<PersonKey>,
    /// Their words.
    pub(super) body: String,
}

impl CallDesk<'_> {
    /// Keeps what somebody who rang asked for; where they speak of an announcement, their copies of it count as
    /// answered: how many.
    pub async fn note_incoming(
        self,
        person: Option<PersonKey>,
        about: Option<Id<Message>>,
        word: String,
        by: By,
    ) -> Result<usize, StoreError> {
        let this = self.queue.clone();
        let write = move |tx: &Tx<'_>| {
            let copies = match (&person, about) {
                (Some(person), Some(message)) => {
                    calls::copies_of(tx, &this.school, message, person)?
                }
                _ => Vec::new(),
            };
            let answers = copies.first().zip(about);
            let answers = answers.map(|(copy, message)| AnsweredCopy { message, addressee: *copy });
            let provider_ref = Id::<KeptReply>::new(by.at).to_string();
            let word = WordOfCall { provider_ref, answers, person, body: word };
            this.keep_word(tx, word, by.at)?;
            journal::note(tx, &this.school, &by, Act::NoteIncomingCall, "")?;
            about.map_or(Ok(0), |message| this.answer(tx, &copies, message, &by))
        };
        let answered = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(answered)
    }
}

impl Queue {
    /// Keeps what somebody said on the telephone until a colleague settles it.
    pub(super) fn keep_word(
        &self,
        tx: &Tx<'_>,
        word: WordOfCall,
        now: Moment,
    ) -> Result<(), StoreError> {
        let WordOfCall { provider_ref, answers, person, body } = word;
        let reply = KeptReply {
            id: Id::new(now),
            kind: ReplyKind::Call,
            channel: Channel::Phone,
            provider: calls::BY_TELEPHONE.to_owned(),
            provider_ref,
            answers,
            person,
            sender: None,
            subject: None,
            body,
            received_at: now,
        };
        replies::insert(tx, &self.school, &reply).map(|_| ())
    }

    /// Whoever speaks of a message has it, by whatever way: their copies are answered. How many.
    fn answer(
        &self,
        tx: &Tx<'_>,
        copies: &[Id<Addressee>],
        message: Id<Message>,
        by: &By,
    ) -> Result<usize, StoreError> {
        let (message, openings) = (self.message(tx, message)?, self.openings(tx, by.at)?);
        let transit = Transit::on(tx, &self.school, &openings, by.at);
        let mut answered = 0;
        for id in copies {
            let Some(addressee) = addressees::load(tx, &self.school, *id)? else { continue };
            let Some((due, begins)) = way_to(&addressee) else { continue };
            if let Some(begins) = begins {
                transit.delivery(&message, &due, begins)?;
            }
            let proven = DeliveryEvent::Proven(Proof::Acknowledged);
            answered += usize::from(transit.delivery(&message, &due, proven)?.taken);
        }
        Ok(answered)
    }
}

/// The delivery by which somebody has it who speaks of it: the last one that left, else the last one, which people
/// bring to them by this; and what happens to that before.
fn way_to(addressee: &Addressee) -> Option<(Due, Option<DeliveryEvent>)> {
    use DeliveryState::{Waiting, Withdrawn};
    let Progress { deliveries, .. } = &addressee.progress;
    let left = deliveries.iter().rposition(|it| !matches!(it.state, Waiting | Withdrawn));
    let leg = left.or_else(|| deliveries.len().checked_sub(1))?;
    let due = Due {
        id: addressee.legs.get(leg)?.delivery,
        message: addressee.message,
        addressee: addressee.id,
        leg,
    };
    let begins = match deliveries.get(leg)?.state {
        Waiting => Some(DeliveryEvent::Started { lease_ends: None }),
        Withdrawn => Some(DeliveryEvent::Accepted { look_at: None }),
        _ => None,
    };
    Some((due, begins))
}
