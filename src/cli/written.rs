//! What somebody types of a message: its fields, for whom, by which ways, when.

use super::when;
use crate::audience::{Rule, RuleError, Unit};
use crate::message::{Draft, Fields, Urgency};
use crate::office::School;

/// The plan of whoever names none.
const USUAL_PLAN: &str = "famille";

/// What is typed of it; what is not stays as it was.
#[derive(Debug, clap::Args)]
pub(super) struct Written {
    /// For whom: `familles`, `foyers niveau:6e`, `personnels`, `liste:voyage`.
    #[arg(long, value_name = "AUDIENCE")]
    pub(super) to: Option<String>,
    /// One copy for each guardian, household or pupil, whatever the audience says.
    #[arg(long, value_name = "UNIT", value_parser = super::audience::unit)]
    per: Option<Unit>,
    /// By which ways, by its name in the configuration; `famille` by default.
    #[arg(long)]
    plan: Option<String>,
    /// A field of the template, in Markdown; as often as there are fields.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// Before all others, or not; the template's own by default.
    #[arg(long, value_parser = urgency)]
    urgency: Option<Urgency>,
    /// Before all others: the same as `--urgency urgent`.
    #[arg(long, conflicts_with = "urgency")]
    urgent: bool,
    #[command(flatten)]
    when: when::When,
    /// Write text messages in the cheaper alphabet that was proposed (names stay as they are).
    #[arg(long)]
    plain_sms: bool,
}

impl Written {
    /// A draft of this template that says what was typed.
    pub(super) fn draft(self, app: &School, template: String) -> anyhow::Result<Draft> {
        let blank = Draft {
            template,
            fields: Fields::new(),
            audience: String::new(),
            plan: USUAL_PLAN.to_owned(),
            urgency: None,
            plain_sms: false,
            expires_at: None,
            passes_hours: None,
        };
        self.laid_over(app, blank)
    }

    /// A draft, changed where something was typed.
    pub(super) fn laid_over(self, app: &School, mut draft: Draft) -> anyhow::Result<Draft> {
        let terms = self.when.terms(app)?;
        draft.fields.extend(self.fields);
        Ok(Draft {
            audience: audience(self.to.unwrap_or(draft.audience), self.per)?,
            plan: self.plan.unwrap_or(draft.plan),
            urgency: self.urgency.or(self.urgent.then_some(Urgency::Urgent)).or(draft.urgency),
            plain_sms: self.plain_sms || draft.plain_sms,
            expires_at: terms.expires_at.or(draft.expires_at),
            passes_hours: terms.passes_hours.or(draft.passes_hours),
            ..draft
        })
    }
}

/// The audience as typed, or with the unit that was asked for beside it.
fn audience(typed: String, per: Option<Unit>) -> Result<String, RuleError> {
    Ok(match per {
        None => typed,
        unit => typed.parse::<Rule>()?.per(unit).to_string(),
    })
}

pub(super) fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("\"{text}\" is no field; write NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) fn urgency(word: &str) -> Result<Urgency, String> {
    match word {
        "urgent" => Ok(Urgency::Urgent),
        "reply" => Ok(Urgency::Reply),
        "bulk" => Ok(Urgency::Bulk),
        other => Err(format!("\"{other}\" is no urgency; there are: urgent, reply, bulk")),
    }
}
