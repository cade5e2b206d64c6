//! The shelf of prepared messages: each is read and checked once, whoever sends it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::letters::KnownLengths;
use super::{Prepared, ReplyWays, SchoolFacts, TemplateError, Templates};
use crate::channel::Channel;
use crate::delivery::{Content, Enclosed, Recipient};
use crate::id::Id;
use crate::message::{Code, Draft, Fields, Message, Question, Rectified};

/// Messages kept ready; beyond, the shelf starts anew.
const SHELF: usize = 64;

/// Turns messages into what each channel carries, for one school.
pub struct Renderer {
    templates: RwLock<Arc<Templates>>,
    school: SchoolFacts,
    ways: ReplyWays,
    shelf: RwLock<HashMap<Id<Message>, OnShelf>>,
    lengths: KnownLengths,
}

/// A message on the shelf, and what it was made of.
struct OnShelf {
    templates: Arc<Templates>,
    wording: Wording,
    ready: Arc<Prepared>,
}

/// All that a message is worded by, beside the templates.
#[derive(PartialEq)]
struct Wording {
    template: String,
    fields: Fields,
    question: Option<Question>,
    corrects: Option<Code>,
    rectified: Option<Rectified>,
    plain_sms: bool,
}

impl Wording {
    fn of(message: &Message) -> Self {
        Self {
            template: message.template.clone(),
            fields: message.fields.clone(),
            question: message.question.clone(),
            corrects: message.terms.corrects.clone(),
            rectified: message.terms.rectified.clone(),
            plain_sms: message.plain_sms,
        }
    }
}

impl Renderer {
    /// A renderer with these templates, for this school.
    #[must_use]
    pub fn new(templates: Templates, school: SchoolFacts) -> Self {
        let templates = RwLock::new(Arc::new(templates));
        let (shelf, lengths) = (RwLock::default(), KnownLengths::default());
        Self { templates, school, ways: ReplyWays::default(), shelf, lengths }
    }

    /// The same, where people's answers come in by these ways.
    #[must_use]
    pub fn answered_by(self, ways: ReplyWays) -> Self {
        Self { ways, ..self }
    }

    /// Its templates, as they are now.
    #[must_use]
    pub fn templates(&self) -> Arc<Templates> {
        Arc::clone(&self.templates.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on messages are worded by these; those that are ready keep their words.
    pub fn take_up(&self, templates: Templates) {
        *self.templates.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(templates);
    }

    /// Its school.
    #[must_use]
    pub fn school(&self) -> &SchoolFacts {
        &self.school
    }

    /// How many pages letters have that were set before.
    #[must_use]
    pub fn lengths(&self) -> &KnownLengths {
        &self.lengths
    }

    /// The message, ready for its recipients.
    pub fn prepared(&self, message: &Message) -> Result<Arc<Prepared>, TemplateError> {
        if let Some(known) = self.read_shelf().get(&message.id) {
            return Ok(Arc::clone(&known.ready));
        }
        let (templates, wording) = (self.templates(), Wording::of(message));
        let ready = match self.ready_for_another(&templates, &wording) {
            Some(ready) => ready,
            None => Arc::new(self.read(&templates, &wording)?),
        };
        let mut known = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SHELF {
            known.clear();
        }
        known.insert(message.id, OnShelf { templates, wording, ready: Arc::clone(&ready) });
        Ok(ready)
    }

    /// What somebody writes, ready as it would be sent.
    pub fn drafted(&self, draft: &Draft) -> Result<Prepared, TemplateError> {
        let wording = Wording {
            template: draft.template.clone(),
            fields: draft.fields.clone(),
            question: draft.question.clone(),
            corrects: None,
            rectified: None,
            plain_sms: draft.plain_sms,
        };
        self.read(&self.templates(), &wording)
    }

    /// What is ready for a message that says the same: each look at a draft is one, and so is what is sent of it.
    fn ready_for_another(
        &self,
        templates: &Arc<Templates>,
        wording: &Wording,
    ) -> Option<Arc<Prepared>> {
        let says_the_same = |known: &&OnShelf| {
            Arc::ptr_eq(&known.templates, templates) && known.wording == *wording
        };
        self.read_shelf().values().find(says_the_same).map(|known| Arc::clone(&known.ready))
    }

    /// The same with its text messages in the cheaper alphabet, whatever was chosen; it is not kept.
    pub fn prepared_plainly(&self, message: &Message) -> Result<Prepared, TemplateError> {
        self.read(&self.templates(), &Wording { plain_sms: true, ..Wording::of(message) })
    }

    fn read(&self, templates: &Templates, wording: &Wording) -> Result<Prepared, TemplateError> {
        let Wording { template, fields, question, corrects, rectified, plain_sms } = wording;
        let ready = match corrects {
            None => templates.prepare(template, fields, &self.school)?,
            Some(corrects) => {
                let correction = (corrects, rectified.as_ref());
                templates.prepare_correction(template, fields, &self.school, correction)?
            }
        };
        let ready = match question {
            Some(question) => ready.asking(question, self.ways),
            None => ready,
        };
        Ok(if *plain_sms { ready.accept_plain_sms() } else { ready })
    }

    fn read_shelf(&self) -> RwLockReadGuard<'_, HashMap<Id<Message>, OnShelf>> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a provider of this channel is handed for one recipient.
    pub fn content(
        &self,
        message: &Message,
        to: &Recipient,
        channel: Channel,
        reference: &str,
    ) -> Result<Content, TemplateError> {
        content_of(&*self.prepared(message)?, to, channel, reference)
    }

    /// The same of a message that may be a digest, and holds these.
    pub fn content_with(
        &self,
        message: &Message,
        enclosed: &[Enclosed],
        to: &Recipient,
        channel: Channel,
        reference: &str,
    ) -> Result<Content, TemplateError> {
        if message.is_digest() {
            return content_of(
                &self.digest(message, enclosed, to, channel)?,
                to,
                channel,
                reference,
            );
        }
        self.content(message, to, channel, reference)
    }
}

fn content_of(
    prepared: &Prepared,
    to: &Recipient,
    channel: Channel,
    reference: &str,
) -> Result<Content, TemplateError> {
    match channel {
        Channel::Ent => prepared.ent(to, reference),
        Channel::Email => prepared.email(to, reference),
        Channel::Sms => prepared.sms(to, reference),
        Channel::Chat => prepared.chat(to, reference),
        Channel::Phone | Channel::Letter => Err(prepared.no_channel(channel.as_str())),
    }
}
