//! What somebody types of a message: its fields, for whom, by which ways, when.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::context::UsedWrongly;
use super::when;
use crate::audience::{Rule, RuleError, Unit};
use crate::config::USUAL_PLAN;
use crate::message::{AnswerKind, Draft, Question, Urgency};
use crate::office::School;
use crate::wording::typed_dates::TypedDate;

/// What is typed of it; what is not stays as it was.
#[derive(Debug, clap::Args)]
pub(super) struct TypedMessage {
    /// For whom: `familles`, `foyers niveau:6e`, `personnels`, `liste:voyage`.
    #[arg(long, value_name = "AUDIENCE")]
    pub(super) to: Option<String>,
    /// One copy for each guardian, household or pupil, whatever the audience says.
    #[arg(long, value_name = "UNIT", value_parser = super::audience::unit)]
    per: Option<Unit>,
    /// By which ways, by its name in the configuration; a new message goes by `famille` unless told.
    #[arg(long)]
    plan: Option<String>,
    /// A field of the template, in Markdown, or `FIELD=@FILE`; as often as there are fields.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// Before all others, or not; the template's own by default.
    #[arg(long, value_parser = urgency)]
    urgency: Option<Urgency>,
    /// Before all others: the same as `--urgency urgent`.
    #[arg(long, conflicts_with = "urgency")]
    urgent: bool,
    /// Nothing leaves before; a few minutes after it is launched unless told.
    #[arg(long, value_name = "DATE TIME", value_parser = when::day)]
    starts: Option<TypedDate>,
    #[command(flatten)]
    when: when::When,
    /// Write text messages in the cheaper alphabet that was proposed (names stay as they are).
    #[arg(long)]
    plain_sms: bool,
    /// One question that it asks, answered from every channel; blank takes it out of a draft.
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
    /// What may be answered to it: oui-non (unless told) or 1-5.
    #[arg(long, value_name = "KIND", value_parser = answers)]
    answers: Option<AnswerKind>,
}

impl TypedMessage {
    /// A draft of this template that says what was typed.
    pub(super) fn draft(self, school: &School, template: String) -> anyhow::Result<Draft> {
        let blank = Draft { template, plan: USUAL_PLAN.to_owned(), ..Draft::default() };
        self.laid_over(school, blank)
    }

    /// A draft, changed where something was typed.
    pub(super) fn laid_over(self, school: &School, mut draft: Draft) -> anyhow::Result<Draft> {
        let starts_at = self.starts.map(|day| when::moment(school, day)).transpose()?;
        let terms = self.when.terms(school)?;
        draft.fields.extend(self.fields);
        let question = question(self.question.as_deref(), self.answers, draft.question.as_ref())?;
        Ok(Draft {
            audience: audience(self.to.unwrap_or(draft.audience), self.per)?,
            plan: self.plan.unwrap_or(draft.plan),
            urgency: self.urgency.or(self.urgent.then_some(Urgency::Urgent)).or(draft.urgency),
            plain_sms: self.plain_sms || draft.plain_sms,
            question,
            starts_at: starts_at.or(draft.starts_at),
            expires_at: terms.expires_at.or(draft.expires_at),
            passes_hours: terms.passes_hours.or(draft.passes_hours),
            ..draft
        })
    }
}

/// The question that was typed, or the one that there was, with the answers that were typed.
fn question(
    typed: Option<&str>,
    answers: Option<AnswerKind>,
    before: Option<&Question>,
) -> anyhow::Result<Option<Question>> {
    let kind = answers.or(before.map(Question::answers)).unwrap_or_default();
    let text = match (typed, before) {
        (Some(typed), _) => typed.trim(),
        (None, Some(before)) => before.text(),
        (None, None) if answers.is_some() => {
            return Err(UsedWrongly("say what is asked: --question \"…\"".to_owned()).into());
        }
        (None, None) => return Ok(None),
    };
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(Question::new(text, kind).map_err(|bad| UsedWrongly(bad.to_string()))?))
}

/// The audience as typed, or with the unit that was asked for beside it.
fn audience(typed: String, per: Option<Unit>) -> Result<String, RuleError> {
    Ok(match per {
        None => typed,
        unit => typed.parse::<Rule>()?.per(unit).to_string(),
    })
}

/// A field as typed: `NAME=VALUE`, or `NAME=@FILE`.
pub(super) fn field(typed: &str) -> Result<(String, String), String> {
    let (name, value) = typed
        .split_once('=')
        .ok_or_else(|| format!("\"{typed}\" is no field; write NAME=VALUE, or NAME=@FILE"))?;
    let value = text(value)
        .map_err(|fault| format!("{value}: {fault}; write @@ for a text that begins with @"))?;
    Ok((name.to_owned(), value))
}

/// No text that a family reads is longer, in bytes; a file that is, is not the one that was meant.
const LONGEST: u64 = 64 * 1024;

/// A file that no text can be taken from.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadText {
    #[error("the file cannot be read ({0})")]
    Unreadable(io::Error),
    #[error("the file is longer than 64 KiB")]
    TooLong,
    #[error("the file is no text in UTF-8")]
    NotText,
}

/// A text as typed, or what stands in the file whose name follows an `@`; `@@` is the sign itself.
pub(super) fn text(typed: &str) -> Result<String, BadText> {
    match typed.strip_prefix('@') {
        None => Ok(typed.to_owned()),
        Some(rest) if rest.starts_with('@') => Ok(rest.to_owned()),
        Some(path) => read(Path::new(path)),
    }
}

fn read(path: &Path) -> Result<String, BadText> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(BadText::Unreadable)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(BadText::Unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(BadText::TooLong);
    }
    let text = String::from_utf8(bytes).map_err(|_| BadText::NotText)?;
    // What a Windows editor puts before a text is no letter of it.
    Ok(text.trim_start_matches('\u{FEFF}').trim_end().to_owned())
}

fn answers(word: &str) -> Result<AnswerKind, String> {
    AnswerKind::from_word(word)
        .ok_or_else(|| format!("\"{word}\" are no answers; there are: oui-non, 1-5"))
}

pub(super) fn urgency(word: &str) -> Result<Urgency, String> {
    match word {
        "urgent" => Ok(Urgency::Urgent),
        "reply" => Ok(Urgency::Reply),
        "bulk" => Ok(Urgency::Bulk),
        other => Err(format!("\"{other}\" is no urgency; there are: urgent, reply, bulk")),
    }
}
