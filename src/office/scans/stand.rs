//! Slips that were read, with whose they are and what was said of them since.

use std::collections::BTreeMap;

use super::super::School;
use super::super::note_look::note_look;
use super::SlipOnPage;
use crate::delivery::{About, ReplyKind};
use crate::message::{AnswerChoice, AnswerKind, Code, Question, Reference};
use crate::people::{Act, Actor};
use crate::store::{StoreError, Tx, addressees, answers, replies};

/// A slip as it stands.
#[derive(Clone)]
pub struct SlipStands {
    /// The message that it answers.
    pub message: Code,
    /// Which template set it, and with which fields: its subject.
    pub subject: String,
    /// Whose it is.
    pub name: String,
    /// The pupils whom it is about, with their classes.
    pub about: Vec<String>,
    /// What may be answered, where something is asked.
    pub takes: Option<AnswerKind>,
    /// What is asked, where the message says so in one line.
    pub question: Option<String>,
    /// What was answered.
    pub answer: Option<AnswerChoice>,
    /// What stands on it, as far as anybody typed it.
    pub said: String,
}

impl std::fmt::Debug for SlipStands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SlipStands({})", self.message)
    }
}

/// These slips as they stand, by their references; those that are nobody's are left out.
pub async fn look_at_slips(
    school: &School,
    actor: Actor,
    slips: &[SlipOnPage],
) -> Result<BTreeMap<String, SlipStands>, StoreError> {
    let references = slips.iter().filter_map(|it| it.reference.parse::<Reference>().ok());
    let (queue, references) = (school.queue.clone(), references.collect::<Vec<_>>());
    let look = move |tx: &Tx<'_>| {
        let (id, mut all) = (queue.school(), BTreeMap::new());
        for reference in references {
            let Some((message, addressee)) = queue.find_reference(tx, &reference)? else {
                continue;
            };
            let Some(to) = addressees::recipient(tx, id, addressee)? else { continue };
            let said = replies::last_of_copy(tx, id, addressee, ReplyKind::Slip)?;
            let of = (message.id, addressee);
            let answer = answers::of_addressee(tx, id, of)?.pop().map(|it| it.answer);
            let about = to.about.iter().map(About::with_class).collect();
            let stands = (message, to.name, about, answer, said.map(|(body, _)| body));
            all.insert(reference.to_string(), stands);
        }
        Ok(all)
    };
    let found = school.store().read(look).await?;
    if !found.is_empty() {
        note_look(school, actor, Act::LookAtSlips, "").await?;
    }
    let shown = found.into_iter().map(|(reference, (message, name, about, answer, said))| {
        let stands = SlipStands {
            subject: school.subject(&message.template, &message.fields),
            takes: message.takes(),
            question: message.question.as_ref().map(|it| Question::text(it).to_owned()),
            message: message.code,
            name,
            about,
            answer,
            said: said.unwrap_or_default(),
        };
        (reference, stands)
    });
    Ok(shown.collect())
}
