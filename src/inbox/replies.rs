//! What people answer. A reply is kept once; a STOP is honoured at once, and the person is reached by another
//! way from then on.

use super::Entrance;
use crate::clock::Moment;
use crate::delivery::{Reply, ReplyKind};
use crate::id::Id;
use crate::message::Proof;
use crate::people::{ContactPoint, ContactState, SchoolId};
use crate::phone_number::PhoneNumber;
use crate::providers::Word;
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

    /// Keeps a reply.
    pub(super) fn keep(&self, tx: &Tx<'_>, reply: &Reply, now: Moment) -> Result<(), StoreError> {
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
        let is_new = replies::insert(tx, school, &kept)?;
        if is_new && asks_to_stop(&reply.text) {
            contact_points::set_state(tx, school, &number, ContactState::OptedOut, now)?;
        } else if is_new && !denies(&reply.text) {
            // Whoever answers has read.
            contact_points::note_proof(tx, school, &number, Proof::Acknowledged, now)?;
        }
        Ok(())
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

/// Whether a reply is a STOP, as people write it: alone, or first among a few polite words. A
/// sentence that merely holds the word is not one.
#[must_use]
pub fn asks_to_stop(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let polite = ["merci", "svp", "sms", "s", "il", "vous", "plait", "plaît", "bonjour"];
    let mut rest = words.iter().skip_while(|word| polite.contains(&word.as_str()));
    rest.next().is_some_and(|word| word == "stop")
        && rest.all(|word| polite.contains(&word.as_str()))
}

/// Whether a reply says that the number is not theirs: it proves nothing of the family.
fn denies(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    let denials = ["non", "erreur", "mauvais", "faux", "inconnu", "inconnue"];
    first.is_some_and(|word| denials.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{asks_to_stop, denies};

    #[test]
    fn a_denial_is_no_proof_that_the_number_is_theirs() {
        for text in ["NON", "Non, mauvais numéro", "Erreur !", "mauvais numero svp"] {
            assert!(denies(text), "{text}");
        }
        for text in ["OUI", "Oui merci", "Bonjour, oui", "Nonobstant", ""] {
            assert!(!denies(text), "{text}");
        }
    }

    #[test]
    fn a_stop_is_heard_as_people_write_it() {
        for text in ["STOP", "stop", "Stop. Merci", "STOP SMS", "Bonjour, STOP svp", " stop !"] {
            assert!(asks_to_stop(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_about_a_stop_is_none() {
        for text in
            ["Le bus ne s'arrête plus au stop", "Non stop", "Merci", "", "stop au harcèlement"]
        {
            assert!(!asks_to_stop(text), "{text}");
        }
    }
}
