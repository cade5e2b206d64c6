//! What people answer. A reply is kept once, and what it says is taken in as the queue hears it.

use super::{Entrance, Interpretation};
use crate::clock::Moment;
use crate::delivery::{Reply, ReplyKind};
use crate::id::Id;
use crate::people::{ContactPoint, SchoolId};
use crate::phone_number::PhoneNumber;
use crate::providers::Word;
use crate::queue::SaidBack;
use crate::store::cards::SaidDone;
use crate::store::replies::KeptReply;
use crate::store::{StoreError, Tx, addressees, contact_points, replies};

impl Entrance {
    /// These words without the replies that are somebody else's: several schools may share an account, and
    /// what a family of another one answers is none of ours. To look takes long: nobody waits to write.
    pub(super) async fn ours(&self, words: Vec<Word>) -> Result<Vec<Word>, StoreError> {
        if !words.iter().any(|word| matches!(word, Word::Reply(_))) {
            return Ok(words);
        }
        let school = self.queue.school().clone();
        let look = move |tx: &Tx<'_>| {
            let mut ours = Vec::with_capacity(words.len());
            for word in words {
                let is_ours = match &word {
                    Word::Reply(reply) => is_known(tx, &school, &reply.from)?,
                    _ => true,
                };
                ours.extend(is_ours.then_some(word));
            }
            Ok(ours)
        };
        self.queue.store().read(look).await
    }

    /// Keeps a reply, and takes in what it says: once, however often it is brought.
    pub(super) fn keep(
        &self,
        tx: &Tx<'_>,
        reply: &Reply,
        now: Moment,
    ) -> Result<Interpretation, StoreError> {
        let school = self.queue.school();
        let number = ContactPoint::Sms(reply.from.clone());
        let mut owners = contact_points::owners(tx, school, &number)?;
        let kept = KeptReply {
            id: Id::new(now),
            kind: ReplyKind::Reply,
            channel: self.channel,
            answers: None,
            sender: Some(reply.from.as_str().to_owned()),
            subject: None,
            provider: self.provider.clone(),
            provider_ref: reply.provider_ref.clone(),
            // A number that several persons share is nobody's in particular.
            person: if owners.len() == 1 { owners.pop() } else { None },
            body: reply.text.clone(),
            received_at: reply.at,
        };
        if !replies::insert(tx, school, &kept)? {
            return Ok(Interpretation::Nothing);
        }
        let said = SaidBack { to: None, from: &number, text: &reply.text, at: now };
        let heard = self.queue.hear(tx, &said)?;
        if let Some(copy) = &heard.copy {
            replies::tie(tx, school, kept.id, copy)?;
        }
        if let Some(done) = heard.done {
            let by_itself = SaidDone { at: now, by: String::new() };
            replies::settle_by_itself(tx, school, kept.id, &by_itself, done)?;
        }
        let outcome = heard.outcome.map(|outcome| Interpretation::Delivery(Box::new(outcome)));
        Ok(outcome.unwrap_or(Interpretation::Nothing))
    }
}

/// Whether the directory has this number, or a message of the school was written for it.
fn is_known(tx: &Tx<'_>, school: &SchoolId, number: &PhoneNumber) -> Result<bool, StoreError> {
    for point in [ContactPoint::Sms(number.clone()), ContactPoint::Phone(number.clone())] {
        if !contact_points::owners(tx, school, &point)?.is_empty() {
            return Ok(true);
        }
    }
    addressees::has_number(tx, school, number)
}
