//! The text of each channel for one shape of recipient: all done but the values.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::correction::Notice;
use super::email::EmailPieces;
use super::error::TemplateError;
use super::fixed::FixedValues;
use super::info::SUBJECT;
use super::marks::Pieces;
use super::template::MessageTemplate;
use super::vocabulary::{CONTACTS, GATHERED};
use crate::channel::Channel;
use crate::wording::markdown::{Block, html_of, in_french, on_paper, plain_of};
use crate::wording::sms;
use crate::wording::typography::french;

/// What is ready for one shape. A channel that the template has no text for is `None`.
pub struct Channels {
    /// In French typography, as screens and paper show it.
    pub subject: Option<Pieces>,
    /// The same as typed: text messages pay dear for such signs.
    pub plain_subject: Option<Pieces>,
    pub ent: Option<Pieces>,
    /// What the ENT's says, without markup: for who reads it over.
    pub ent_text: Option<Pieces>,
    pub email: Option<EmailPieces>,
    /// A messenger's: the ENT's words, or the e-mail's where it has none.
    pub chat: Option<ChatPieces>,
    pub sms: Option<Pieces>,
    /// The segments of its text message, once counted, where those of all are as long.
    pub sms_segments: OnceLock<u32>,
    pub phone: Option<Pieces>,
    pub letter: Option<Vec<Block>>,
    /// The letter's words as a digest takes them in: neither greeting nor closing, where the template
    /// leaves them out.
    pub whole: Option<Vec<Block>>,
}

/// Both parts of a chat: they say the same.
pub struct ChatPieces {
    pub html: Pieces,
    pub text: Pieces,
}

impl ChatPieces {
    fn set(blocks: &[Block]) -> Self {
        Self { html: Pieces::of_html(&html_of(blocks)), text: Pieces::of_text(&plain_of(blocks)) }
    }
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
        fixed: &FixedValues,
        mut context: Map<String, Value>,
        way: SmsWay,
    ) -> Result<Self, TemplateError> {
        fixed.add_to(&mut context);
        let mut gathered = context.clone();
        context.insert(GATHERED.into(), Value::String(String::new()));
        gathered.insert(GATHERED.into(), Value::String("oui".into()));
        let render = |part: &str| match part {
            "sms" if way.by_short_number => template.render(part, &without_contacts(&context)),
            _ => template.render(part, &context),
        };
        let part =
            |channel: Channel| template.has(channel).then(|| render(channel.as_str())).transpose();
        let subject = template.has_subject().then(|| render(SUBJECT)).transpose()?;
        let correction = fixed.correction();
        let subject = subject.map(|text| {
            let subject = one_line(&fixed.in_line(&text));
            if correction.is_some() { Notice::subject(&subject) } else { subject }
        });
        let set_subject = subject.as_deref().map(french);
        // What is read says of itself that it puts something right.
        let read = |text: &str| {
            let blocks = fixed.in_markdown(text);
            if let Some(notice) = correction { notice.blocks(blocks) } else { blocks }
        };
        let sms = part(Channel::Sms)?.map(|text| {
            let text = tidy(&fixed.in_line(&text));
            let text = if let Some(notice) = correction {
                notice.sms(&text, fixed.line("objet"))
            } else {
                text
            };
            if way.is_plain { sms::plain_rewrite(&text).text } else { text }
        });
        let ent = part(Channel::Ent)?.map(|text| in_french(&read(&text)));
        let email = part(Channel::Email)?.map(|text| in_french(&read(&text)));
        let chat = ent.as_ref().or(email.as_ref()).map(|blocks| ChatPieces::set(blocks));
        let email = email.map(|blocks| {
            let school = fixed.line("etablissement").unwrap_or_default();
            EmailPieces::set(school, set_subject.as_deref().unwrap_or_default(), &blocks)
        });
        let letter = Channel::Letter.as_str();
        let whole = template.has(Channel::Letter).then(|| template.render(letter, &gathered));
        Ok(Self {
            ent: ent.as_ref().map(|blocks| Pieces::of_html(&html_of(blocks))),
            ent_text: ent.map(|blocks| Pieces::of_text(&plain_of(&blocks))),
            email,
            chat,
            sms_segments: OnceLock::new(),
            sms: sms.map(|text| Pieces::of_text(&text)),
            phone: part(Channel::Phone)?.map(|text| {
                let text = tidy(&fixed.in_text(&text));
                let said = if let Some(notice) = correction { notice.script(text) } else { text };
                Pieces::of_text(&said)
            }),
            letter: part(Channel::Letter)?.map(|text| on_paper(&read(&text))),
            whole: whole.transpose()?.map(|text| read(&text)),
            subject: set_subject.map(|text| Pieces::of_text(&text)),
            plain_subject: subject.map(|text| Pieces::of_text(&text)),
        })
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
