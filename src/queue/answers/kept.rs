//! Whose answer a word is: of everybody whom it reached, and of every text that asked them the same.

use super::AnswerTie;
use crate::id::Id;
use crate::message::Message;
use crate::queue::Queue;
use crate::store::addressees::{self, Addressee};
use crate::store::answers::{self, GivenAnswer};
use crate::store::deliveries::Due;
use crate::store::{StoreError, Tx, leaders, messages};

/// A message, and whose copy of it.
type CopyIds = (Id<Message>, Id<Addressee>);

impl Queue {
    /// Keeps an answer of everybody whom that delivery reached, for every text that asked them the same.
    pub(super) fn keep_answer(
        &self,
        tx: &Tx<'_>,
        tie: &AnswerTie,
        given: &GivenAnswer,
    ) -> Result<(), StoreError> {
        let mut copies = vec![tie.addressee];
        // Those who follow the delivery of a digest have a digest of their own.
        if let Some(due) = tie.due.filter(|due| due.message == tie.message) {
            let led = leaders::led_by(tx, &self.school, due.id)?;
            copies.extend(led.into_iter().map(|led| led.addressee));
        }
        let message = self.message(tx, tie.message)?;
        let others = self.asking_the_same(tx, &message)?;
        for addressee in copies {
            answers::insert(tx, &self.school, (message.id, addressee), given)?;
            for other in &others {
                for copy in self.same_copies(tx, other.id, addressee)? {
                    answers::insert(tx, &self.school, copy, given)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps what was answered in a call, of everybody whom it reached.
    pub(in crate::queue) fn keep_answer_of_call(
        &self,
        tx: &Tx<'_>,
        call: Due,
        given: &GivenAnswer,
    ) -> Result<(), StoreError> {
        self.keep_answer(tx, &AnswerTie::to(call, true), given)
    }

    /// What was answered to the text that a correction puts right holds for it, unless it asks something else.
    pub(in crate::queue) fn carry_answers(
        &self,
        tx: &Tx<'_>,
        earlier: &Message,
        correction: &Message,
    ) -> Result<(), StoreError> {
        if earlier.question != correction.question || earlier.takes().is_none() {
            return Ok(());
        }
        for (addressee, given) in answers::that_hold(tx, &self.school, earlier.id)? {
            for copy in self.same_copies(tx, correction.id, addressee)? {
                answers::insert(tx, &self.school, copy, &given)?;
            }
        }
        Ok(())
    }

    /// The other texts for which an answer to this one counts: what it tries again, what it puts right, and what puts it
    /// right, as long as they ask the same.
    fn asking_the_same(&self, tx: &Tx<'_>, message: &Message) -> Result<Vec<Message>, StoreError> {
        let retried = message.terms.retries.as_ref();
        let first = match retried {
            Some(code) => messages::by_code(tx, &self.school, code.as_str())?,
            None => Some(message.clone()),
        };
        let Some(first) = first else { return Ok(Vec::new()) };
        let newest = messages::newest_text(tx, &self.school, &first)?;
        let mut texts = messages::texts_before(tx, &self.school, &newest)?;
        texts.retain(|it| it.id != message.id && it.question == message.question);
        Ok(texts)
    }

    /// The copies of a message that are of the same person about the same pupils as a copy of another.
    fn same_copies(
        &self,
        tx: &Tx<'_>,
        of: Id<Message>,
        as_this: Id<Addressee>,
    ) -> Result<Vec<CopyIds>, StoreError> {
        let Some(to) = addressees::recipient(tx, &self.school, as_this)? else {
            return Ok(Vec::new());
        };
        let mut copies = answers::addressees_of(tx, &self.school, of, &to.person)?;
        if copies.len() > 1 {
            let mut same = Vec::new();
            for copy in copies {
                let about = addressees::recipient(tx, &self.school, copy)?.map(|it| it.about);
                same.extend((about.as_ref() == Some(&to.about)).then_some(copy));
            }
            copies = same;
        }
        Ok(copies.into_iter().map(|copy| (of, copy)).collect())
    }
}
