//! The text of each channel for one shape of recipient: all done but the values.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use super::correction::Notice;
use super::email::EmailPieces;
use super::error::TemplateError;
use super::fixed::FixedValues;
use super::info::SUBJECT;
use super::marks::Pieces;
use super::question::{AnsweredBy, AskedQuestion};
use super::template::MessageTemplate;
use super::vocabulary::{CONTACTS, GATHERED};
use crate::channel::Channel;
use crate::wording::markdown::{Block, html_of, in_french, on_paper, plain_of};
use crate::wording::sms;
use crate::wording::typography::french;

/// What is ready for one shape. Every part of the template is rendered, so that a fault shows at once; what it says is
/// set for a channel when somebody asks for it. A channel that the template has no text for is `None`.
pub struct Channels {
    fixed: Arc<FixedValues>,
    /// What it asks.
    asked: Option<AskedQuestion>,
    /// Whether what is on paper comes back itself.
    is_form: bool,
    /// Whether text messages are written in the cheaper alphabet, as a person accepted.
    is_plain: bool,
    subject: RenderedPart<SubjectPieces>,
    ent: RenderedPart<ScreenPieces>,
    email: RenderedPart<EmailPieces>,
    /// The e-mail's words for a messenger, where there are none of the ENT.
    chat: RenderedPart<ScreenPieces>,
    sms: RenderedPart<SmsPieces>,
    phone: RenderedPart<Pieces>,
    letter: RenderedPart<Vec<Block>>,
    whole: RenderedPart<Vec<Block>>,
}

/// What the template says in a part, the fixed values still behind their marks, and what it is once set.
struct RenderedPart<T> {
    rendered: Option<String>,
    set: OnceLock<T>,
}

impl<T> RenderedPart<T> {
    const fn new(rendered: Option<String>) -> Self {
        Self { rendered, set: OnceLock::new() }
    }

    fn get(&self, set: impl FnOnce(&str) -> T) -> Option<&T> {
        let rendered = self.rendered.as_deref()?;
        Some(self.set.get_or_init(|| set(rendered)))
    }
}

/// The subject line.
pub struct SubjectPieces {
    /// In French typography, as screens and paper show it.
    pub set: Pieces,
    /// As typed: text messages pay dear for such signs.
    pub plain: Pieces,
    words: String,
}

/// What is read in an ENT or a messenger, with its markup and without: both say the same.
pub struct ScreenPieces {
    pub html: Pieces,
    pub text: Pieces,
}

/// A text message.
pub struct SmsPieces {
    pub text: Pieces,
    /// Its segments, once counted, where those of all are as long.
    pub segments: OnceLock<u32>,
}

/// How text messages are written.
#[derive(Clone, Copy)]
pub struct SmsWay {
    /// In the cheaper alphabet, as a person accepted.
    pub is_plain: bool,
    /// Without the addresses and the number of the school: a short number carries none.
    pub by_short_number: bool,
}

impl Channels {
    /// Renders every part of the template once.
    pub fn render(
        template: &MessageTemplate,
        fixed: Arc<FixedValues>,
        asked: Option<AskedQuestion>,
        mut context: Map<String, Value>,
        way: SmsWay,
    ) -> Result<Self, TemplateError> {
        fixed.add_to(&mut context);
        let mut gathered = context.clone();
        context.insert(GATHERED.into(), Value::String(String::new()));
        gathered.insert(GATHERED.into(), Value::String("oui".into()));
        let part = |channel: Channel, context: &Map<String, Value>| {
            let rendered = || template.render(channel.as_str(), context);
            template.has(channel).then(rendered).transpose()
        };
        let subject = || template.render(SUBJECT, &context);
        let (ent, email) = (part(Channel::Ent, &context)?, part(Channel::Email, &context)?);
        let sms = if way.by_short_number {
            part(Channel::Sms, &without_contacts(&context))?
        } else {
            part(Channel::Sms, &context)?
        };
        Ok(Self {
            fixed,
            asked,
            is_form: template.info.form,
            is_plain: way.is_plain,
            subject: RenderedPart::new(template.has_subject().then(subject).transpose()?),
            chat: RenderedPart::new(email.clone().filter(|_| ent.is_none())),
            ent: RenderedPart::new(ent),
            email: RenderedPart::new(email),
            sms: RenderedPart::new(sms),
            phone: RenderedPart::new(part(Channel::Phone, &context)?),
            letter: RenderedPart::new(part(Channel::Letter, &context)?),
            whole: RenderedPart::new(part(Channel::Letter, &gathered)?),
        })
    }

    /// The subject line.
    pub fn subject(&self) -> Option<&SubjectPieces> {
        self.subject.get(|text| {
            let plain = one_line(&self.fixed.in_line(text));
            let is_correction = self.fixed.correction().is_some();
            let plain = if is_correction { Notice::subject(&plain) } else { plain };
            let words = french(&plain);
            SubjectPieces { set: Pieces::of_text(&words), plain: Pieces::of_text(&plain), words }
        })
    }

    /// The ENT's message.
    pub fn ent(&self) -> Option<&ScreenPieces> {
        self.ent.get(|text| self.on_screen(text))
    }

    /// The e-mail.
    pub fn email(&self) -> Option<&EmailPieces> {
        self.email.get(|text| {
            let blocks = in_french(&self.read(text, AnsweredBy::Reply));
            let school = self.fixed.line("etablissement").unwrap_or_default();
            let subject = self.subject().map_or("", |subject| subject.words.as_str());
            EmailPieces::set(school, subject, &blocks)
        })
    }

    /// A messenger's: the ENT's words, or the e-mail's where it has none.
    pub fn chat(&self) -> Option<&ScreenPieces> {
        self.ent().or_else(|| self.chat.get(|text| self.on_screen(text)))
    }

    /// The text message.
    pub fn sms(&self) -> Option<&SmsPieces> {
        self.sms.get(|text| {
            let text = tidy(&self.fixed.in_line(text));
            let text = match self.fixed.correction() {
                Some(notice) => notice.sms(&text, self.fixed.line("objet")),
                None => text,
            };
            let text = match &self.asked {
                Some(asked) => {
                    let phone = self.fixed.line("telephone").unwrap_or_default();
                    asked.sms(&text, phone)
                }
                None => text,
            };
            let text = if self.is_plain { sms::plain_rewrite(&text).text } else { text };
            SmsPieces { text: Pieces::of_text(&text), segments: OnceLock::new() }
        })
    }

    /// What a caller says.
    pub fn phone(&self) -> Option<&Pieces> {
        self.phone.get(|text| {
            let text = tidy(&self.fixed.in_text(text));
            let text = match self.fixed.correction() {
                Some(notice) => notice.script(text),
                None => text,
            };
            Pieces::of_text(
                &self.asked.as_ref().map_or_else(|| text.clone(), |it| it.script(&text)),
            )
        })
    }

    /// The letter.
    pub fn letter(&self) -> Option<&[Block]> {
        let by = if self.is_form { AnsweredBy::Form } else { AnsweredBy::Slip };
        self.letter.get(|text| on_paper(&self.read(text, by))).map(Vec::as_slice)
    }

    /// The letter's words as a digest takes them in: neither greeting nor closing, where the template leaves them
    /// out.
    pub fn whole(&self) -> Option<&[Block]> {
        self.whole.get(|text| self.read(text, AnsweredBy::Reference)).map(Vec::as_slice)
    }

    fn on_screen(&self, text: &str) -> ScreenPieces {
        let blocks = in_french(&self.read(text, AnsweredBy::Ent));
        let html = Pieces::of_html(&html_of(&blocks));
        ScreenPieces { html, text: Pieces::of_text(&plain_of(&blocks)) }
    }

    /// What is read says of itself that it puts something right, and what it asks.
    fn read(&self, text: &str, by: AnsweredBy) -> Vec<Block> {
        let blocks = self.fixed.in_markdown(text);
        let blocks = match self.fixed.correction() {
            Some(notice) => notice.blocks(blocks),
            None => blocks,
        };
        match &self.asked {
            Some(asked) => asked.blocks(blocks, by),
            None => blocks,
        }
    }
}

/// What a template sees where the school has neither site, mailbox nor telephone.
fn without_contacts(context: &Map<String, Value>) -> Map<String, Value> {
    let mut context = context.clone();
    for name in CONTACTS {
        context.insert(name.to_owned(), Value::String(String::new()));
    }
    context
}

/// Single spaces, at most one blank line, nothing around.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let line = line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let repeats_a_blank = line.is_empty() && lines.last().is_some_and(String::is_empty);
        if !repeats_a_blank {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
