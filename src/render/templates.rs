//! All templates: loading, preparing a message, checking.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::error::{TemplateError, TemplateFault};
use super::fixed::FixedValues;
use super::info::TemplateInfo;
use super::prepared::Prepared;
use super::school::SchoolFacts;
use super::sms_rules::SmsRules;
use super::source::Files;
use super::template::MessageTemplate;
use super::{samples, source};
use crate::channel::Channel;
use crate::delivery::{Content, Recipient};
use crate::message::{Code, DIGEST, Fields, Rectified, subject};
use crate::wording::markdown::{self, Block};

/// Text messages longer than this are reported, unless the school says otherwise.
const USUAL_MAX_SEGMENTS: u32 = 4;

/// The fields of a digest: what its messages are about, and all that they say.
const TITLES: &str = "titres";
const TEXTS: &str = "textes";

/// The templates of a school.
pub struct Templates {
    by_name: BTreeMap<String, Arc<MessageTemplate>>,
    sms: SmsRules,
}

/// Something that a template does and should not, seen with sample people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateFlaw {
    /// The template.
    pub template: String,
    /// The channel, where it is about one.
    pub channel: Option<Channel>,
    /// What was found.
    pub what: String,
}

impl Templates {
    /// Reads the shipped templates and those in `override_folder`; the first fault ends it.
    pub fn load(override_folder: Option<&Path>) -> Result<Self, TemplateError> {
        let mut by_name = BTreeMap::new();
        for (name, files) in source::read_all(override_folder)? {
            let template = MessageTemplate::read(&name, &files)?;
            by_name.insert(name, Arc::new(template));
        }
        let sms = SmsRules { max_segments: USUAL_MAX_SEGMENTS, by_short_number: false };
        Ok(Self { by_name, sms })
    }

    /// The same, with text messages held to other rules.
    #[must_use]
    pub fn with_sms_rules(self, sms: SmsRules) -> Self {
        Self { sms, ..self }
    }

    /// What text messages are held to.
    #[must_use]
    pub fn sms_rules(&self) -> SmsRules {
        self.sms
    }

    /// Each template's name, and what it says of itself.
    pub fn list(&self) -> impl Iterator<Item = (&str, &TemplateInfo)> {
        self.by_name.values().map(|template| (template.name.as_str(), &template.info))
    }

    /// What a template says of itself.
    pub fn info(&self, template: &str) -> Result<&TemplateInfo, TemplateError> {
        self.find(template).map(|found| &found.info)
    }

    /// What a message is about, as its author wrote it, or the title of a template that asks for no such field.
    #[must_use]
    pub fn subject(&self, template: &str, fields: &Fields) -> String {
        let title = || self.find(template).map_or(template, |found| &found.info.title);
        subject(fields).unwrap_or_else(title).to_owned()
    }

    /// Checks the fields of a message and makes it ready for its recipients.
    pub fn prepare(
        &self,
        template: &str,
        fields: &Fields,
        school: &SchoolFacts,
    ) -> Result<Prepared, TemplateError> {
        let found = self.find(template)?;
        let fixed = FixedValues::read(template, &found.info, fields, school)?;
        Prepared::new(Arc::clone(found), fixed, self.sms)
    }

    /// The same for a correction of the message of this code: its subject says so, and each of its texts
    /// what it puts right and what changed.
    pub fn prepare_correction(
        &self,
        template: &str,
        fields: &Fields,
        school: &SchoolFacts,
        (corrects, says): (&Code, Option<&Rectified>),
    ) -> Result<Prepared, TemplateError> {
        let found = self.find(template)?;
        let fixed = FixedValues::read(template, &found.info, fields, school)?;
        let fixed = fixed.correcting(corrects, says);
        Prepared::new(Arc::clone(found), fixed, self.sms)
    }

    /// A digest for one person, with these blocks in its fields `titres` and `textes`.
    pub(super) fn prepare_digest(
        &self,
        school: &SchoolFacts,
        (titles, texts): (Vec<Block>, Vec<Block>),
    ) -> Result<Prepared, TemplateError> {
        let found = self.find(DIGEST)?;
        // What is put in their place is checked already.
        let fields = [TITLES, TEXTS].map(|name| (name.to_owned(), "…".to_owned()));
        let fixed = FixedValues::read(DIGEST, &found.info, &fields.into(), school)?;
        let fixed = fixed.with(TITLES, titles).and_then(|fixed| fixed.with(TEXTS, texts));
        let fixed = fixed.map_err(|fault| fault.at(DIGEST, "about.toml", None))?;
        Ok(Prepared::for_one(Arc::clone(found), fixed, self.sms))
    }

    /// Renders every template on every channel with sample people, once with all fields and once
    /// with the required ones alone.
    #[must_use]
    pub fn check(&self) -> Vec<TemplateFlaw> {
        self.by_name.values().flat_map(|template| self.check_one(template)).collect()
    }

    fn check_one(&self, template: &MessageTemplate) -> Vec<TemplateFlaw> {
        let finding =
            |channel, what| TemplateFlaw { template: template.name.clone(), channel, what };
        let faults = self.faults(template).into_iter();
        let mut findings: Vec<TemplateFlaw> =
            faults.map(|(channel, error)| finding(channel, error.to_string())).collect();
        for fields in [true, false].map(|all| template.info.examples(all)) {
            let Ok(prepared) = self.prepare(&template.name, &fields, &samples::school()) else {
                continue;
            };
            if let Ok(Some(warning)) = prepared.sms_warning()
                && warning.size.segments > self.sms.max_segments
            {
                let what = format!(
                    "with its example, the SMS takes {} segments ({} in the cheaper alphabet); {} are accepted",
                    warning.size.segments, warning.proposed.size.segments, self.sms.max_segments
                );
                findings.push(finding(Some(Channel::Sms), what));
            }
            let refused = prepared.refused_in_sms().unwrap_or_default();
            findings.extend(refused.into_iter().map(|detail| {
                let what = format!(
                    "the SMS holds {}, which is refused from everybody while no sender is declared",
                    detail.in_english()
                );
                finding(Some(Channel::Sms), what)
            }));
        }
        findings.dedup();
        findings
    }

    /// What keeps a template from being used, seen with sample people: once with all fields and once with the
    /// required ones alone.
    fn faults(&self, template: &MessageTemplate) -> Vec<(Option<Channel>, TemplateError)> {
        let mut faults = Vec::new();
        for fields in [true, false].map(|all| template.info.examples(all)) {
            let prepared = match self.prepare(&template.name, &fields, &samples::school()) {
                Ok(prepared) => prepared,
                Err(error) => {
                    faults.push((None, error));
                    continue;
                }
            };
            for person in samples::people() {
                for channel in &template.info.channels {
                    let rendered = render(&prepared, *channel, &person);
                    faults.extend(rendered.err().map(|error| (Some(*channel), error)));
                }
            }
        }
        faults
    }

    /// The files of a template read, and rendered for sample people on every channel: it alone, or its first fault.
    pub fn try_out(name: &str, files: &Files) -> Result<Self, TemplateError> {
        let template = Arc::new(MessageTemplate::read(name, files)?);
        let alone = Self {
            by_name: [(name.to_owned(), Arc::clone(&template))].into(),
            sms: SmsRules { max_segments: USUAL_MAX_SEGMENTS, by_short_number: false },
        };
        match alone.faults(&template).into_iter().next() {
            Some((_, fault)) => Err(fault),
            None => Ok(alone),
        }
    }

    /// What a template says, with its examples, to a sample person on each of its channels.
    pub fn sample(&self, template: &str) -> Result<Vec<(Channel, String)>, TemplateError> {
        let info = self.info(template)?;
        let prepared = self.prepare(template, &info.examples(true), &samples::school())?;
        let (to, reference) = (samples::reachable_person(), samples::REFERENCE);
        let text = |channel: &Channel| {
            let text = match channel {
                Channel::Phone => prepared.phone(&to, reference)?,
                Channel::Letter => {
                    let letter = prepared.letter(&to, reference)?;
                    format!("Objet : {}\n\n{}", letter.subject, markdown::plain_of(&letter.body))
                }
                Channel::Ent => match prepared.ent(&to, reference)? {
                    Content::Ent { subject, .. } => {
                        format!("{subject}\n\n{}", prepared.ent_text(&to, reference)?)
                    }
                    other => body(other),
                },
                Channel::Email => match prepared.email(&to, reference)? {
                    Content::Email { subject, text, .. } => format!("{subject}\n\n{text}"),
                    other => body(other),
                },
                Channel::Sms => body(prepared.sms(&to, reference)?),
                Channel::Chat => body(prepared.chat(&to, reference)?),
            };
            Ok((*channel, text))
        };
        info.channels.iter().map(text).collect()
    }

    fn find(&self, template: &str) -> Result<&Arc<MessageTemplate>, TemplateError> {
        self.by_name.get(template).ok_or_else(|| {
            let known = self.by_name.keys().cloned().collect();
            TemplateFault::UnknownTemplate { known }.at(template, "", None)
        })
    }
}

/// Renders one channel for one person; a blank text is a fault too.
fn render(prepared: &Prepared, channel: Channel, to: &Recipient) -> Result<(), TemplateError> {
    let text = match channel {
        Channel::Ent => prepared.ent(to, samples::REFERENCE).map(body),
        Channel::Email => prepared.email(to, samples::REFERENCE).map(body),
        Channel::Sms => prepared.sms(to, samples::REFERENCE).map(body),
        Channel::Phone => prepared.phone(to, samples::REFERENCE),
        Channel::Letter => prepared.letter(to, samples::REFERENCE).map(|letter| letter.subject),
        Channel::Chat => prepared.chat(to, samples::REFERENCE).map(body),
    }?;
    if text.trim().is_empty() {
        return Err(prepared.fault(channel, TemplateFault::Empty));
    }
    Ok(())
}

fn body(content: Content) -> String {
    match content {
        Content::Ent { html, .. } => html,
        Content::Email { text, .. } | Content::Chat { text, .. } | Content::Sms { text, .. } => {
            text
        }
    }
}
