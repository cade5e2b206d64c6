//! `about.toml`: what a template is for, and the fields that it takes.

use serde::{Deserialize, Serialize};

use super::error::{TemplateError, TemplateFault, TemplatePlace};
use super::vocabulary;
use crate::channel::Channel;
use crate::message::{Fields, Urgency};
use crate::settings::Span;

/// The subject line of ENT and e-mail messages, which both share.
pub(super) const SUBJECT: &str = "subject";

/// What a template says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateInfo {
    /// Its title, in French.
    pub title: String,
    /// When to take it, in French.
    pub description: String,
    /// How soon its messages leave, unless told otherwise.
    pub urgency: Urgency,
    /// How long after its launch a message is stale, unless told otherwise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires_after: Option<Span>,
    /// Whether its letter is a form, which comes back itself: it has room to write where a cell of a table
    /// is empty, and neither signature nor reply slip.
    #[serde(default)]
    pub form: bool,
    /// The field that names a day of the week whose documents go behind its letters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub documents: Option<String>,
    /// The channels for which it has a text.
    pub channels: Vec<Channel>,
    /// Those of them on which it says the same to all, so that one call may carry it to several: the text
    /// names nobody.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub together: Vec<Channel>,
    /// What the form asks for, in the form's order.
    #[serde(rename = "field", default)]
    pub fields: Vec<FieldSpec>,
}

/// A field that a template takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its name in the templates: `ce_qui_change`.
    pub name: String,
    /// What the form calls it, in French.
    pub label: String,
    /// Whether the message cannot leave without it.
    #[serde(default)]
    pub required: bool,
    /// Whether it takes one line only.
    #[serde(default)]
    pub single_line: bool,
    /// What may be written there, where it is one of a few; anything where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub choices: Vec<String>,
    /// What one might write there.
    pub example: String,
}

impl FieldSpec {
    /// What the form calls it, without the explanation after a colon: `Agenda`.
    #[must_use]
    pub fn short_label(&self) -> &str {
        self.label.split(" :").next().unwrap_or(&self.label).trim()
    }
}

impl TemplateInfo {
    /// Reads `about.toml` of `template`.
    pub fn read(template: &str, text: &str) -> Result<Self, TemplateError> {
        let info: Self = toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| TemplatePlace::of(text, span.start));
            TemplateFault::BadInfo(error.message().to_owned()).at(template, "about.toml", place)
        })?;
        info.check().map_err(|fault| fault.at(template, "about.toml", None))?;
        Ok(info)
    }

    fn check(&self) -> Result<(), TemplateFault> {
        if let Some(channel) = self.channels.iter().find(|channel| **channel == Channel::Chat) {
            return Err(TemplateFault::BadInfo(format!(
                "templates have no text for \"{channel}\": it is given the one for \"ent\" or \"email\""
            )));
        }
        if let Some(channel) = self.together.iter().find(|it| !self.channels.contains(it)) {
            return Err(TemplateFault::BadInfo(format!(
                "\"together\" names \"{channel}\", for which the template has no text"
            )));
        }
        if let Some(name) = &self.documents {
            let names_a_week = |it: &FieldSpec| it.name == *name && it.required && it.single_line;
            if !self.fields.iter().any(names_a_week) || !self.channels.contains(&Channel::Letter) {
                return Err(TemplateFault::BadInfo(format!(
                    "\"documents\" names \"{name}\": it must be a field that is required and of a single \
                     line, of a template for letters"
                )));
            }
        }
        for (number, field) in self.fields.iter().enumerate() {
            let name = &field.name;
            let is_a_name = name.starts_with(|sign: char| sign.is_ascii_lowercase())
                && name
                    .chars()
                    .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_');
            if !is_a_name {
                return Err(TemplateFault::BadInfo(format!(
                    "\"{name}\" is no name: write it like_this"
                )));
            }
            if !field.choices.is_empty() && !field.choices.contains(&field.example) {
                return Err(TemplateFault::BadInfo(format!(
                    "the example of \"{name}\" is none of its choices"
                )));
            }
            if vocabulary::is_reserved(name) {
                return Err(TemplateFault::BadInfo(format!(
                    "the name \"{name}\" has a meaning already"
                )));
            }
            if self.fields.iter().take(number).any(|other| other.name == *name) {
                return Err(TemplateFault::BadInfo(format!(
                    "the field \"{name}\" is declared twice"
                )));
            }
        }
        Ok(())
    }

    /// Whether a part (a channel's text, or the subject line that several share) is the same for all.
    pub(super) fn says_the_same(&self, part: &str) -> bool {
        let has_subject = |channel: &&Channel| matches!(channel, Channel::Ent | Channel::Email);
        match part {
            SUBJECT => self.together.iter().any(|it| has_subject(&it)),
            part => self.together.iter().any(|it| it.as_str() == part),
        }
    }

    /// Its fields with their examples; all, or the required ones alone.
    #[must_use]
    pub fn examples(&self, all: bool) -> Fields {
        let asked = self.fields.iter().filter(|field| all || field.required);
        asked.map(|field| (field.name.clone(), field.example.clone())).collect()
    }

    /// The names of the fields.
    #[must_use]
    pub fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }
}
