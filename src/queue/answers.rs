//! What people say back, whatever way it took: the one place where a text becomes an answer, a STOP or a proof that
//! an address works.

mod kept;
mod typed;

use std::time::Duration;

use super::{Outcome, Queue};
use crate::clock::Moment;
use crate::delivery::Recipient;
use crate::delivery::lifecycle::{Delivery, DeliveryEvent, DeliveryState};
use crate::id::Id;
use crate::message::{
    AnswerChoice, Message, Proof, Reference, VERIFICATION, asks_to_stop, codes_in, references_in,
};
use crate::people::{ContactPoint, ContactState, PersonKey, unaccented_capitals};
use crate::store::addressees::{self, Addressee};
use crate::store::answers::{self, GivenAnswer};
use crate::store::deliveries::Due;
use crate::store::replies::AnsweredCopy;
use crate::store::{StoreError, Tx, contact_points, digests, messages};

/// A word that names no message answers none that was launched longer ago.
const ANSWERED_WITHIN: Duration = Duration::from_hours(30 * 24);

/// What somebody said, by whatever way it came.
#[derive(Clone, Copy)]
pub struct SaidBack<'a> {
    /// The delivery that it answers, where the way itself tells that for sure.
    pub to: Option<Due>,
    /// Whose address or number it came from.
    pub from: &'a ContactPoint,
    /// Their words.
    pub text: &'a str,
    /// When they came.
    pub at: Moment,
}

impl std::fmt::Debug for SaidBack<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SaidBack({})", self.from.channel())
    }
}

/// What was made of it.
#[derive(Debug, Default, Clone)]
pub struct Heard {
    /// The copy that it answers; `None` where that is not sure.
    pub copy: Option<AnsweredCopy>,
    /// What was done with it, where nobody need read it: it is an answer and nothing else, or a STOP.
    pub done: Option<&'static str>,
    /// What it says of a delivery, to be written down in the same transaction.
    pub outcome: Option<Outcome>,
}

/// What it is that is answered.
struct AnswerTie {
    message: Id<Message>,
    addressee: Id<Addressee>,
    /// None where a digest carried it.
    due: Option<Due>,
    /// Whether the words, or their way, name it.
    is_named: bool,
}

impl Queue {
    /// Takes in what somebody said: an answer is kept, a STOP is honoured, and whoever answers has read. What is in doubt
    /// changes nothing, and is left to be read.
    pub fn hear(&self, tx: &Tx<'_>, said: &SaidBack<'_>) -> Result<Heard, StoreError> {
        let (school, now) = (&self.school, said.at);
        if asks_to_stop(said.text) {
            contact_points::set_state(tx, school, said.from, ContactState::OptedOut, now)?;
            return Ok(Heard { done: Some("STOP"), ..Heard::default() });
        }
        let Some(tie) = self.tie(tx, said)? else {
            if !denies(said.text) {
                contact_points::note_proof(tx, school, said.from, Proof::Acknowledged, now)?;
            }
            return Ok(Heard::default());
        };
        let message = self.message(tx, tie.message)?;
        let answer = message.takes().and_then(|kind| AnswerChoice::heard_in(said.text, kind));
        let verifies = message.template == VERIFICATION;
        let copy = AnsweredCopy { message: tie.message, addressee: tie.addressee };
        let mut heard = Heard { copy: Some(copy), ..Heard::default() };
        if let Some(answer) = answer {
            let channel = said.from.channel();
            let given = GivenAnswer { answer, channel, at: now, typed_by: None, call: None };
            self.keep_answer(tx, &tie, &given)?;
            // Whose number it is not needs a person.
            heard.done = Some(answer.as_str()).filter(|_| !verifies || answer == AnswerChoice::Yes);
        }
        let has_read = match answer {
            Some(answer) => !verifies || answer == AnswerChoice::Yes,
            None => !denies(said.text),
        };
        if has_read {
            contact_points::note_proof(tx, school, said.from, Proof::Acknowledged, now)?;
        }
        if has_read && (answer.is_some() || tie.is_named) {
            let proven = DeliveryEvent::Proven(Proof::Acknowledged);
            heard.outcome = tie.due.map(|due| Outcome::of(due, proven));
        }
        Ok(heard)
    }

    // ---- what is answered --------------------------------------------------------------------------

    fn tie(&self, tx: &Tx<'_>, said: &SaidBack<'_>) -> Result<Option<AnswerTie>, StoreError> {
        if let Some(due) = said.to {
            return self.carried(tx, due, said.text).map(Some);
        }
        let owners = contact_points::owners(tx, &self.school, said.from)?;
        let references = references_in(said.text);
        for reference in &references {
            if let Some(tie) = self.named(tx, reference, said.from, &owners)? {
                return Ok(Some(tie));
            }
        }
        if !references.is_empty() {
            // Somebody else's reference is not believed, and nothing is guessed in its place.
            return Ok(None);
        }
        for code in codes_in(said.text) {
            let message = messages::by_code(tx, &self.school, code.as_str())?;
            if let Some(message) = message.filter(|it| it.takes().is_some()) {
                return self.of_message(tx, &message, said, &owners);
            }
        }
        self.newest_asking(tx, said, &owners)
    }

    /// What is answered by whoever answers this very delivery: of a digest, the message in it that is named.
    fn carried(&self, tx: &Tx<'_>, due: Due, text: &str) -> Result<AnswerTie, StoreError> {
        let whole = AnswerTie::to(due, true);
        if !self.message(tx, due.message)?.is_digest() {
            return Ok(whole);
        }
        let codes = codes_in(text);
        for item in digests::carried_by(tx, &self.school, due.addressee)? {
            if codes.contains(&self.message(tx, item.message)?.code) {
                return Ok(AnswerTie { message: item.message, addressee: item.addressee, ..whole });
            }
        }
        Ok(whole)
    }

    fn named(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
        from: &ContactPoint,
        owners: &[PersonKey],
    ) -> Result<Option<AnswerTie>, StoreError> {
        let Some((message, addressee)) = self.find_reference(tx, reference)? else {
            return Ok(None);
        };
        let recipient = addressees::recipient(tx, &self.school, addressee)?;
        if !recipient.is_some_and(|to| is_theirs(&to, from, owners)) {
            return Ok(None);
        }
        let due =
            addressees::load(tx, &self.school, addressee)?.and_then(|it| due(&it, reference.leg));
        Ok(Some(AnswerTie { message: message.id, addressee, due, is_named: true }))
    }

    /// Their one copy of a message that their words name; none where they have several.
    fn of_message(
        &self,
        tx: &Tx<'_>,
        message: &Message,
        said: &SaidBack<'_>,
        owners: &[PersonKey],
    ) -> Result<Option<AnswerTie>, StoreError> {
        let mut copies = Vec::new();
        for owner in owners {
            copies.extend(answers::addressees_of(tx, &self.school, message.id, owner)?);
        }
        let [addressee] = copies.as_slice() else { return Ok(None) };
        let of_channel = |it: &Delivery| it.channel == said.from.channel() && has_left(it);
        let due = addressees::load(tx, &self.school, *addressee)?.and_then(|it| {
            let leg = it.progress.deliveries.iter().position(of_channel)?;
            due(&it, leg)
        });
        Ok(Some(AnswerTie { message: message.id, addressee: *addressee, due, is_named: true }))
    }

    /// The newest message that asks something and left for that address; none where several of its copies did.
    fn newest_asking(
        &self,
        tx: &Tx<'_>,
        said: &SaidBack<'_>,
        owners: &[PersonKey],
    ) -> Result<Option<AnswerTie>, StoreError> {
        let since = said.at - ANSWERED_WITHIN;
        let mut found = Vec::new();
        for owner in owners {
            let on = (said.from.channel(), since);
            found.extend(answers::asked_on(tx, &self.school, owner, on)?);
        }
        let channel = said.from.channel();
        found.retain(|it| it.recipient.contact_point(channel).as_ref() == Some(said.from));
        let newest = found.iter().map(|it| (it.launched_at, it.due.message)).max();
        let mut dues: Vec<Due> = found.iter().map(|it| it.due).collect();
        dues.retain(|due| newest.is_some_and(|(_, message)| message == due.message));
        dues.sort_by_key(|due| due.id);
        dues.dedup_by_key(|due| due.id);
        let [due] = dues.as_slice() else { return Ok(None) };
        Ok(Some(AnswerTie::to(*due, false)))
    }

    /// The message and the addressee that a reference names.
    pub fn find_reference(
        &self,
        tx: &Tx<'_>,
        reference: &Reference,
    ) -> Result<Option<(Message, Id<Addressee>)>, StoreError> {
        let Some(message) = messages::by_code(tx, &self.school, reference.code.as_str())? else {
            return Ok(None);
        };
        let found = addressees::by_number(tx, &self.school, message.id, reference.addressee)?;
        Ok(found.map(|addressee| (message, addressee)))
    }
}

impl AnswerTie {
    const fn to(due: Due, is_named: bool) -> Self {
        Self { message: due.message, addressee: due.addressee, due: Some(due), is_named }
    }
}

/// The delivery at this place among an addressee's.
fn due(addressee: &Addressee, leg: usize) -> Option<Due> {
    let id = addressee.legs.get(leg)?.delivery;
    Some(Due { id, message: addressee.message, addressee: addressee.id, leg })
}

/// Whether a copy was somebody's who has this address now, or had it then.
fn is_theirs(to: &Recipient, from: &ContactPoint, owners: &[PersonKey]) -> bool {
    to.contact_point(from.channel()).as_ref() == Some(from)
        || to.keys().any(|person| owners.contains(person))
}

/// Whether it may have arrived.
fn has_left(way: &Delivery) -> bool {
    use DeliveryState::{Accepted, Failed, Proven, Sending, Uncertain};
    matches!(way.state, Sending | Uncertain | Accepted | Proven | Failed)
}

/// Whether a text says that the address is not theirs: it proves nothing of the family.
fn denies(text: &str) -> bool {
    let denials = ["NON", "ERREUR", "MAUVAIS", "FAUX", "INCONNU", "INCONNUE"];
    let start: String = text.chars().take(100).collect();
    let folded = unaccented_capitals(&start);
    folded.split(' ').find(|word| !word.is_empty()).is_some_and(|word| denials.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::denies;

    #[test]
    fn a_denial_is_no_proof_that_the_number_is_theirs() {
        for text in ["NON", "Non, mauvais numéro", "Erreur !", "mauvais numero svp"] {
            assert!(denies(text), "{text}");
        }
        for text in ["OUI", "Oui merci", "Bonjour, oui", "Nonobstant", ""] {
            assert!(!denies(text), "{text}");
        }
    }
}
