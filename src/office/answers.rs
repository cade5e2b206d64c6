//! What people answered to a message that asks something: counted by person from every channel, and who has not yet.

mod table;

use std::collections::BTreeMap;

use serde::Serialize;

use super::School;
use super::addressees::is_of;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::About;
use crate::delivery::lifecycle::AddresseeState;
use crate::id::Id;
use crate::message::{AnswerChoice, AnswerKind, Code, Message, Question, Reference};
use crate::people::{Act, Actor, SchoolId, Whom};
use crate::queue::Queue;
use crate::store::addressees::{self, Addressee};
use crate::store::answers::{self, AskedOne, GivenAnswer};
use crate::store::{StoreError, Tx, journal, messages};

pub use table::{AnswerTable, answer_table};

/// How many answered what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerCounts {
    /// What is asked; nothing where the words of the template ask.
    pub question: Option<String>,
    /// What may be answered.
    pub answers: AnswerKind,
    /// How many each answer has, every one that may be given.
    pub counts: BTreeMap<AnswerChoice, usize>,
    /// How many have not answered.
    pub silent: usize,
}

impl AnswerCounts {
    /// How many answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.counts.values().sum()
    }

    /// How many were asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.answered() + self.silent
    }
}

/// Who answered what.
#[derive(Debug, Clone, Serialize)]
pub struct AnswersGiven {
    /// The message.
    pub message: Code,
    /// How many.
    #[serde(flatten)]
    pub counts: AnswerCounts,
    /// Everybody who was asked, by class and name.
    pub asked: Vec<AskedLine>,
}

/// Somebody who was asked.
#[derive(Clone, Serialize)]
pub struct AskedLine {
    /// Their number within the message.
    pub number: u32,
    /// By which an answer of theirs is noted.
    pub reference: String,
    /// Their name.
    pub name: String,
    /// The pupils for whom.
    pub about: Vec<String>,
    /// What they answered last; `None` for nothing yet.
    pub answer: Option<AnswerChoice>,
    /// By which way.
    pub channel: Option<Channel>,
    /// When.
    pub at: Option<Moment>,
    /// Who of the school typed it; nobody where a program read it.
    pub typed_by: Option<String>,
}

impl std::fmt::Debug for AskedLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AskedLine({})", self.number)
    }
}

/// A message that asked something.
#[derive(Debug, Clone)]
pub struct AskingMessage {
    /// The message.
    pub message: Code,
    /// What it is about.
    pub subject: String,
    /// When it was launched.
    pub launched_at: Moment,
    /// What may be answered.
    pub takes: AnswerKind,
}

/// The newest messages that asked something, newest first.
pub async fn newest_asking(school: &School, most: usize) -> Result<Vec<AskingMessage>, StoreError> {
    let id = school.queue.school().clone();
    let found = school.store().read(move |tx| messages::newest_asking(tx, &id, most)).await?;
    let asking = found.into_iter().filter_map(|it| {
        Some(AskingMessage {
            subject: school.subject(&it.template, &it.fields),
            launched_at: it.launched_at,
            takes: it.takes()?,
            message: it.code,
        })
    });
    Ok(asking.collect())
}

/// How many answered what; `None` where nothing is asked.
pub async fn answer_counts(
    school: &School,
    message: &Message,
) -> Result<Option<AnswerCounts>, StoreError> {
    Ok(answers(school, message, &Whom::Everybody).await?.map(|answers| answers.counts))
}

/// Who answered what, of those whom somebody may see; `None` where nothing is asked.
pub async fn answers(
    school: &School,
    message: &Message,
    whom: &Whom,
) -> Result<Option<AnswersGiven>, StoreError> {
    let Some(kind) = message.takes() else { return Ok(None) };
    let (id, of) = (school.queue.school().clone(), message.id);
    let look =
        move |tx: &Tx<'_>| Ok((answers::asked(tx, &id, of)?, answers::that_hold(tx, &id, of)?));
    let (mut asked, mut held) = school.store().read(look).await?;
    asked.retain(|one| is_of(whom, &one.recipient.about));
    asked.sort_by_cached_key(|one| one.recipient.filing());
    let lines = asked.into_iter().map(|one| {
        let given = held.remove(&one.id);
        (one, given)
    });
    // Whom it was stopped for was never asked.
    let was_asked = |(one, given): &(AskedOne, Option<GivenAnswer>)| {
        one.state != AddresseeState::Cancelled || given.is_some()
    };
    let code = &message.code;
    let lines: Vec<AskedLine> = lines
        .filter(was_asked)
        .map(|(one, given)| AskedLine::of(code, one, given.as_ref()))
        .collect();
    let mut counts: BTreeMap<AnswerChoice, usize> =
        kind.choices().iter().map(|it| (*it, 0)).collect();
    for answer in lines.iter().filter_map(|line| line.answer) {
        *counts.entry(answer).or_default() += 1;
    }
    let silent = lines.iter().filter(|line| line.answer.is_none()).count();
    let question = message.question.as_ref().map(|it| Question::text(it).to_owned());
    let counts = AnswerCounts { question, answers: kind, counts, silent };
    Ok(Some(AnswersGiven { message: message.code.clone(), counts, asked: lines }))
}

impl AskedLine {
    fn of(code: &Code, one: AskedOne, given: Option<&GivenAnswer>) -> Self {
        let about = one.recipient.about.iter().map(About::with_class).collect();
        Self {
            number: one.number,
            reference: code.delivery(one.number, 0),
            name: one.recipient.name,
            about,
            answer: given.map(|it| it.answer),
            channel: given.map(|it| it.channel),
            at: given.map(|it| it.at),
            typed_by: given.and_then(|it| it.typed_by.as_ref()).map(|by| by.name().to_owned()),
        }
    }
}

/// An answer that somebody of the school typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerNoted {
    /// The reference that was named.
    pub reference: String,
    /// Whose it is.
    pub name: String,
    /// What they answered.
    pub answer: AnswerChoice,
    /// What they had answered before, if they had.
    pub before: Option<AnswerChoice>,
}

/// Why an answer is not taken; nothing was noted.
#[derive(Debug, thiserror::Error)]
pub enum NoteAnswerRefusal {
    /// No copy has that reference.
    #[error("no copy of a message has the reference {0}")]
    NoSuchReference(Reference),
    /// It asks nothing.
    #[error("message {0} asks nothing")]
    AsksNothing(Code),
    /// It asks for another kind of answer.
    #[error("{answer} is no answer to it: it takes {}", takes.as_str())]
    NotOfKind {
        /// What was typed.
        answer: AnswerChoice,
        /// What may be answered.
        takes: AnswerKind,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Notes what somebody answered by word of mouth: the last word holds, and whoever answers has read. Of whoever has
/// pupils of their own, somebody who stands for these.
pub async fn note_answer(
    school: &School,
    actor: Actor,
    whom: &Whom,
    reference: Reference,
    answer: AnswerChoice,
) -> Result<AnswerNoted, NoteAnswerRefusal> {
    let (queue, by, whom) = (school.queue.clone(), school.by(actor), whom.clone());
    let write = move |tx: &Tx<'_>| {
        let Some((message, addressee)) = theirs(&queue, tx, &whom, &reference)? else {
            return Ok(Err(NoteAnswerRefusal::NoSuchReference(reference)));
        };
        if let Err(refusal) = check(&message, answer) {
            return Ok(Err(refusal));
        }
        let of = (message.id, addressee);
        let before = answers::of_addressee(tx, queue.school(), of)?.pop().map(|it| it.answer);
        let spoken = (Some(answer), Channel::Phone);
        queue.note_answered(tx, &reference, spoken, &by)?;
        journal::note(tx, queue.school(), &by, Act::NoteAnswer, &reference.to_string())?;
        let name = name_of(tx, queue.school(), addressee)?;
        Ok(Ok(AnswerNoted { reference: reference.to_string(), name, answer, before }))
    };
    school.store().write(write).await?
}

/// The message and the addressee that a reference names, for whoever has to do with them; to others there is none.
pub(super) fn theirs(
    queue: &Queue,
    tx: &Tx<'_>,
    whom: &Whom,
    reference: &Reference,
) -> Result<Option<(Message, Id<Addressee>)>, StoreError> {
    let Some((message, addressee)) = queue.find_reference(tx, reference)? else { return Ok(None) };
    let to = addressees::recipient(tx, queue.school(), addressee)?;
    let is_theirs = *whom == Whom::Everybody || to.is_some_and(|to| is_of(whom, &to.about));
    Ok(is_theirs.then_some((message, addressee)))
}

/// Refused where a message takes no such answer.
pub(super) fn check(message: &Message, answer: AnswerChoice) -> Result<(), NoteAnswerRefusal> {
    match message.takes() {
        None => Err(NoteAnswerRefusal::AsksNothing(message.code.clone())),
        Some(takes) if !answer.is_of(takes) => Err(NoteAnswerRefusal::NotOfKind { answer, takes }),
        Some(_) => Ok(()),
    }
}

/// The name of an addressee.
pub(super) fn name_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
) -> Result<String, StoreError> {
    let recipient = addressees::recipient(tx, school, addressee)?;
    Ok(recipient.map(|it| it.name).unwrap_or_default())
}
