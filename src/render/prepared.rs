//! A message that is ready for its recipients: rendered once a shape, filled once a person.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use super::channels::{Channels, SmsWay};
use super::correction::Notice;
use super::error::{TemplateError, TemplateFault};
use super::fixed::FixedValues;
use super::info::SUBJECT;
use super::marks::{Pieces, Placeholder, is_mark};
use super::question::{AskedQuestion, ReplyWays, SlipQuestion};
use super::samples;
use super::shape::{REFERENCE, Shape, Values, length_on_paper};
use super::sms_rules::SmsRules;
use super::template::MessageTemplate;
use crate::channel::Channel;
use crate::delivery::{Content, Recipient};
use crate::message::{Question, Week};
use crate::wording::markdown::{Block, TextSpan};
use crate::wording::sms;
use crate::wording::typography::french;

/// The longest HTML that leaves: what opens on a weak connection.
const MAX_HTML: usize = 100_000;
const MAX_TEXT: usize = 64 * 1024;
const MAX_SUBJECT: usize = 500;
/// Recipients come in a few shapes; a strange import must not fill the memory.
const MAX_SHAPES: usize = 256;

/// The text of one letter; what stands around it is the letterhead's business.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// After "Objet :": the field `objet`, or the subject line of a template without it.
    pub subject: String,
    /// From the salutation to the last line before the signature.
    pub body: Vec<Block>,
    /// What its slip asks.
    pub question: Option<SlipQuestion>,
    /// Whether it is a form that comes back.
    pub form: bool,
    /// The week whose documents go behind it.
    pub week: Option<Week>,
}

/// The form of a letter: two of one form differ in the values that fill them alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterShape(Shape, bool);

/// A message, checked, with its fields read.
pub struct Prepared {
    template: Arc<MessageTemplate>,
    fixed: Arc<FixedValues>,
    pub(super) sms: SmsRules,
    plain_sms: bool,
    asked: Option<AskedQuestion>,
    shapes: RwLock<BTreeMap<Shape, Arc<Channels>>>,
}

impl Prepared {
    /// Renders every channel for the usual shapes, so that a fault shows before anything leaves.
    pub(super) fn new(
        template: Arc<MessageTemplate>,
        fixed: FixedValues,
        sms: SmsRules,
    ) -> Result<Self, TemplateError> {
        let prepared = Self::for_one(template, fixed, sms);
        for sample in samples::people() {
            prepared.channels(&sample, Channel::Email)?;
        }
        Ok(prepared)
    }

    /// The same for one person whose values are like nobody else's.
    pub(super) fn for_one(
        template: Arc<MessageTemplate>,
        fixed: FixedValues,
        sms: SmsRules,
    ) -> Self {
        let shapes = RwLock::new(BTreeMap::new());
        Self { template, fixed: Arc::new(fixed), sms, plain_sms: false, asked: None, shapes }
    }

    /// Writes text messages in the cheaper alphabet from now on, names of people excepted.
    #[must_use]
    pub fn accept_plain_sms(mut self) -> Self {
        self.plain_sms = true;
        self.shapes = RwLock::new(BTreeMap::new());
        self
    }

    /// Puts this question on every channel from now on, with how to answer it there.
    #[must_use]
    pub fn asking(mut self, question: &Question, ways: ReplyWays) -> Self {
        self.asked = Some(AskedQuestion::new(question, ways));
        self.shapes = RwLock::new(BTreeMap::new());
        self
    }

    /// For the ENT.
    pub fn ent(&self, to: &Recipient, reference: &str) -> Result<Content, TemplateError> {
        let channels = self.channels(to, Channel::Ent)?;
        let values = Values::of(to, Channel::Ent, reference);
        let values = values.list();
        // The channel first: a template without a text for it may have no subject line either.
        let html = self.fill("ent", channels.ent().map(|ent| &ent.html), &values, MAX_HTML)?;
        let subject = self.subject(&channels, &values)?;
        Ok(Content::Ent { subject, html })
    }

    /// What the ENT's message says, without its markup: for who reads it over.
    pub fn ent_text(&self, to: &Recipient, reference: &str) -> Result<String, TemplateError> {
        let channels = self.channels(to, Channel::Ent)?;
        let values = Values::of(to, Channel::Ent, reference);
        self.fill("ent", channels.ent().map(|ent| &ent.text), &values.list(), MAX_HTML)
    }

    /// For e-mail: both parts say the same.
    pub fn email(&self, to: &Recipient, reference: &str) -> Result<Content, TemplateError> {
        let channels = self.channels(to, Channel::Email)?;
        let email = channels.email();
        let values = Values::of(to, Channel::Email, reference);
        let values = values.list();
        let html = self.fill("email", email.map(|email| &email.html), &values, MAX_HTML)?;
        let text = self.fill("email", email.map(|email| &email.text), &values, MAX_TEXT)?;
        let subject = self.subject(&channels, &values)?;
        Ok(Content::Email { subject, text, html })
    }

    /// For a messenger: the words of the ENT's text.
    pub fn chat(&self, to: &Recipient, reference: &str) -> Result<Content, TemplateError> {
        let channels = self.channels(to, Channel::Chat)?;
        let values = Values::of(to, Channel::Chat, reference);
        let values = values.list();
        let chat = channels.chat();
        let subject = self.subject(&channels, &values)?;
        let html = self.fill("chat", chat.map(|chat| &chat.html), &values, MAX_HTML)?;
        let text = self.fill("chat", chat.map(|chat| &chat.text), &values, MAX_TEXT)?;
        Ok(Content::Chat { subject, text, html })
    }

    /// For a telephone's screen. Never cut: a long text takes more segments.
    pub fn sms(&self, to: &Recipient, reference: &str) -> Result<Content, TemplateError> {
        let text = self.sms_text(to, reference)?;
        let segments = sms::segments(&text).segments;
        Ok(Content::Sms { text, segments })
    }

    /// What the caller says, as a script.
    pub fn phone(&self, to: &Recipient, reference: &str) -> Result<String, TemplateError> {
        let channels = self.channels(to, Channel::Phone)?;
        let values = Values::of(to, Channel::Phone, reference);
        self.fill("phone", channels.phone(), &values.list(), MAX_TEXT)
    }

    /// For paper.
    pub fn letter(&self, to: &Recipient, reference: &str) -> Result<LetterText, TemplateError> {
        let channels = self.channels(to, Channel::Letter)?;
        let values = Values::of(to, Channel::Letter, reference);
        let values = values.list();
        let blocks = channels.letter().ok_or_else(|| self.no_channel("letter"))?;
        let subject = french(&self.title(&channels, &values)?);
        let (body, form) = (fill_blocks(blocks, &values), self.template.info.form);
        let question = self.asked.as_ref().filter(|_| !form).map(AskedQuestion::on_slip);
        Ok(LetterText { subject, body, question, form, week: self.week() })
    }

    /// The week whose documents go behind its letters; `None` where none do.
    #[must_use]
    pub fn week(&self) -> Option<Week> {
        self.fixed.week()
    }

    /// The segments of somebody's text message. Those that tell no value but the reference are as long for all of one
    /// shape, and counted once.
    pub fn sms_segments(&self, to: &Recipient, reference: &str) -> Result<u32, TemplateError> {
        let channels = self.channels(to, Channel::Sms)?;
        let count = || Ok(sms::segments(&self.sms_text(to, reference)?).segments);
        let Some(same) = channels.sms().filter(|it| it.text.tells_nothing_but(REFERENCE)) else {
            return count();
        };
        if let Some(known) = same.segments.get() {
            return Ok(*known);
        }
        let counted = count()?;
        Ok(*same.segments.get_or_init(|| counted))
    }

    /// In which form somebody's letter says what it says, and about how long the values are that it is filled with.
    pub fn letter_shape(&self, to: &Recipient) -> Result<(LetterShape, usize), TemplateError> {
        let shape = LetterShape(self.shape(to, Channel::Letter)?, to.large_print);
        Ok((shape, length_on_paper(to)))
    }

    fn shape(&self, to: &Recipient, channel: Channel) -> Result<Shape, TemplateError> {
        Shape::of(to, channel).map_err(|fault| fault.at(&self.template.name, "", None))
    }

    /// For a digest on a channel: the words of the letter, before paper has its way with them.
    pub(super) fn whole(
        &self,
        to: &Recipient,
        channel: Channel,
        reference: &str,
    ) -> Result<LetterText, TemplateError> {
        let channels = self.channels(to, channel)?;
        let values = Values::of(to, channel, reference);
        let values: Vec<String> = values.list().into_iter().map(without_marks).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let blocks = channels.whole().ok_or_else(|| self.no_channel("letter"))?;
        let subject = self.title(&channels, &values)?;
        let (body, form) = (fill_blocks(blocks, &values), self.template.info.form);
        Ok(LetterText { subject, body, question: None, form, week: None })
    }

    /// The subject line, which is a header: no value may bring a second line into it.
    fn subject(&self, channels: &Channels, values: &[&str]) -> Result<String, TemplateError> {
        let set = channels.subject().map(|subject| &subject.set);
        let subject = self.fill(SUBJECT, set, values, MAX_SUBJECT)?;
        let is_control = |sign: char| sign.is_control();
        Ok(if subject.contains(is_control) { subject.replace(is_control, " ") } else { subject })
    }

    /// What it is about: the field `objet`, or the subject line.
    fn title(&self, channels: &Channels, values: &[&str]) -> Result<String, TemplateError> {
        Ok(match (self.fixed.line("objet"), channels.subject()) {
            (Some(objet), _) => match self.fixed.correction() {
                Some(_) => Notice::subject(objet),
                None => objet.to_owned(),
            },
            (None, Some(subject)) => {
                self.fill(SUBJECT, Some(&subject.plain), values, MAX_SUBJECT)?
            }
            (None, None) => String::new(),
        })
    }

    /// Whether the same text goes to all on a channel, under whatever reference.
    #[must_use]
    pub fn is_together(&self, channel: Channel) -> bool {
        self.template.is_together(channel)
    }

    /// Whether the template has a text for this channel.
    pub(super) fn has(&self, channel: Channel) -> bool {
        self.template.has(channel)
    }

    /// The words of a text message.
    pub fn sms_text(&self, to: &Recipient, reference: &str) -> Result<String, TemplateError> {
        let channels = self.channels(to, Channel::Sms)?;
        let values = Values::of(to, Channel::Sms, reference);
        self.fill("sms", channels.sms().map(|sms| &sms.text), &values.list(), MAX_TEXT)
    }

    fn fill(
        &self,
        part: &str,
        pieces: Option<&Pieces>,
        values: &[&str],
        limit: usize,
    ) -> Result<String, TemplateError> {
        let pieces = pieces.ok_or_else(|| self.no_channel(part))?;
        pieces.fill(values, limit).map_err(|fault| self.template.fault(part, fault))
    }

    /// A fault in the part of a channel.
    pub(super) fn fault(&self, channel: Channel, fault: TemplateFault) -> TemplateError {
        self.template.fault(channel.as_str(), fault)
    }

    pub(super) fn no_channel(&self, part: &str) -> TemplateError {
        TemplateFault::NoChannel(part.to_owned()).at(&self.template.name, "", None)
    }

    /// The channels for the shape of `to` on one of them, rendered when it is the first of its shape.
    fn channels(&self, to: &Recipient, channel: Channel) -> Result<Arc<Channels>, TemplateError> {
        let shape = self.shape(to, channel)?;
        let known = self.shapes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(channels) = known.get(&shape) {
            return Ok(Arc::clone(channels));
        }
        drop(known);
        let channels = Arc::new(Channels::render(
            &self.template,
            Arc::clone(&self.fixed),
            self.asked.clone(),
            shape.context(),
            SmsWay { is_plain: self.plain_sms, by_short_number: self.sms.by_short_number },
        )?);
        let mut shapes = self.shapes.write().unwrap_or_else(PoisonError::into_inner);
        if shapes.len() >= MAX_SHAPES {
            shapes.clear();
        }
        shapes.insert(shape, Arc::clone(&channels));
        Ok(channels)
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({})", self.template.name)
    }
}

impl fmt::Debug for LetterText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LetterText({} blocks)", self.body.len())
    }
}

/// A value that is put into a text in which values are put again.
fn without_marks(value: &str) -> String {
    value.replace(is_mark, " ")
}

fn fill_blocks(blocks: &[Block], values: &[&str]) -> Vec<Block> {
    blocks.iter().map(|block| block.with_lines(&mut |line| fill_spans(line, values))).collect()
}

fn fill_spans(spans: &[TextSpan], values: &[&str]) -> Vec<TextSpan> {
    spans
        .iter()
        .map(|span| match span {
            TextSpan::Text { text } => TextSpan::Text { text: fill_words(text, values) },
            TextSpan::Break => TextSpan::Break,
            TextSpan::Strong { spans } => TextSpan::Strong { spans: fill_spans(spans, values) },
            TextSpan::Emphasis { spans } => TextSpan::Emphasis { spans: fill_spans(spans, values) },
            TextSpan::Link { href, spans } => {
                TextSpan::Link { href: href.clone(), spans: fill_spans(spans, values) }
            }
        })
        .collect()
}

fn fill_words(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    for sign in text.chars() {
        match Placeholder::of(sign) {
            Some(Placeholder::Person(number)) => {
                filled.push_str(values.get(number).copied().unwrap_or_default());
            }
            _ => filled.push(sign),
        }
    }
    filled
}
