//! What families answer in the course of a life, by text message, by e-mail, or to somebody who types it.

use std::collections::BTreeMap;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::id::Id;
use chappe::message::{AnswerChoice, AnswerKind, Code, Message, Question, Reference};
use chappe::people::By;
use chappe::queue::{Queue, SaidBack};
use chappe::store::{StoreError, Tx, addressees, answers};
use fastrand::Rng;

use super::invariants::Broken;

/// What about half of the messages ask.
pub fn question(code: &Code) -> Option<Question> {
    let asks = code.as_str() < "G";
    asks.then(|| Question::new("Venez-vous ?", AnswerKind::YesNo).expect("a question"))
}

/// What was said, and by whom: the message, and the number of the addressee.
#[derive(Default)]
pub struct Told {
    words: BTreeMap<(Id<Message>, u32), Vec<AnswerChoice>>,
}

impl Told {
    /// One of those whom a message asks answers, by a way of chance; the reference that was named, where it was taken.
    pub async fn draw(
        &mut self,
        chance: &mut Rng,
        queue: &Queue,
        launched: &[(Message, usize)],
        now: Moment,
    ) -> Result<Option<String>, StoreError> {
        let asking: Vec<_> =
            launched.iter().filter(|(it, many)| it.question.is_some() && *many > 0).collect();
        if asking.is_empty() {
            return Ok(None);
        }
        let (message, many) = asking[chance.usize(0..asking.len())];
        let number = u32::try_from(chance.usize(0..*many)).expect("a few");
        let reference =
            Reference { code: message.code.clone(), addressee: number, leg: chance.usize(0..3) };
        let answer = if chance.bool() { AnswerChoice::Yes } else { AnswerChoice::No };
        let taken = if chance.bool() {
            typed(queue, &reference, answer, now).await?
        } else {
            written(queue, (message.id, &reference), answer, now).await?
        };
        if taken {
            self.note((message.id, number), answer);
        }
        Ok(taken.then(|| reference.to_string()))
    }

    /// Somebody answered, by whatever way.
    pub fn note(&mut self, who: (Id<Message>, u32), answer: AnswerChoice) {
        self.words.entry(who).or_default().push(answer);
    }

    /// Every word is kept, in the order in which they were said.
    pub async fn is_kept(&self, queue: &Queue) -> Result<Broken, StoreError> {
        let (id, words) = (queue.school().clone(), self.words.clone());
        let look = move |tx: &Tx<'_>| {
            let mut broken = Broken::new();
            for ((message, number), said) in &words {
                let Some(addressee) = addressees::by_number(tx, &id, *message, *number)? else {
                    broken.push(format!("addressee {number} who answered is lost"));
                    continue;
                };
                let kept = answers::of_addressee(tx, &id, (*message, addressee))?;
                let kept: Vec<AnswerChoice> = kept.into_iter().map(|it| it.answer).collect();
                // Who shares an address is answered for as well: what they said stands among that, in order.
                let mut later = kept.iter();
                if !said.iter().all(|word| later.any(|it| it == word)) {
                    broken.push(format!("addressee {number} said {said:?}, kept is {kept:?}"));
                }
            }
            Ok(broken)
        };
        queue.store().read(look).await
    }
}

async fn typed(
    queue: &Queue,
    reference: &Reference,
    answer: AnswerChoice,
    now: Moment,
) -> Result<bool, StoreError> {
    let (this, reference) = (queue.clone(), reference.clone());
    let spoken = (Some(answer), Channel::Phone);
    let note = move |tx: &Tx<'_>| this.note_answered(tx, &reference, spoken, &By::program(now));
    queue.store().write(note).await
}

/// From their own telephone or mailbox, with the reference of their copy.
async fn written(
    queue: &Queue,
    (message, reference): (Id<Message>, &Reference),
    answer: AnswerChoice,
    now: Moment,
) -> Result<bool, StoreError> {
    let (this, reference) = (queue.clone(), reference.clone());
    let hear = move |tx: &Tx<'_>| {
        let addressee = addressees::by_number(tx, this.school(), message, reference.addressee)?;
        let to = match addressee {
            Some(addressee) => addressees::recipient(tx, this.school(), addressee)?,
            None => None,
        };
        let points = [Channel::Sms, Channel::Email];
        let from = to.and_then(|to| points.into_iter().find_map(|it| to.contact_point(it)));
        let Some(from) = from else { return Ok((Vec::new(), false)) };
        let text = format!("{answer} ({reference})");
        let heard = this.hear(tx, &SaidBack { to: None, from: &from, text: &text, at: now })?;
        Ok((heard.outcome.into_iter().collect(), heard.copy.is_some()))
    };
    queue.settle_found(hear, now).await
}
