//! What somebody asks the office to send.

use std::collections::BTreeSet;

use crate::message::{Fields, Message, Plan, PlansBeside, Question, Terms, Urgency};
use crate::people::PersonKey;

/// What someone asks for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The template that words it.
    pub template: String,
    /// Its fields, in Markdown.
    pub fields: Fields,
    /// For whom, as typed.
    pub audience: String,
    /// By which ways.
    pub plan: Plan,
    /// The plans of households that cannot use all of those ways.
    pub plans: PlansBeside,
    /// How soon; the template's own by default.
    pub urgency: Option<Urgency>,
    /// A person accepted that text messages leave in the cheaper alphabet.
    pub plain_sms: bool,
    /// What it asks, if it asks something.
    pub question: Option<Question>,
    /// When it may leave, and what it follows.
    pub terms: Terms,
    /// Only some of the audience; `None` for all of it.
    pub among: Option<Among>,
    /// Also where the same was launched within a day.
    pub again: bool,
}

/// Some of an audience.
#[derive(Debug, Clone)]
pub enum Among {
    /// These persons.
    Persons(BTreeSet<PersonKey>),
    /// Those whose copy of a message, and of all that tried it again, has not reached them.
    Left {
        /// The message that is tried again.
        by: Box<Message>,
        /// Also those whom it may have reached.
        or_uncertain: bool,
    },
}

/// What a correction changes.
#[derive(Debug, Clone, Default)]
pub struct Amendments {
    /// The fields that say something else now.
    pub fields: Fields,
    /// What changed, as its author says it; worked out from the fields by default.
    pub what_changed: Option<String>,
    /// How soon it must leave; as the earlier message by default.
    pub urgency: Option<Urgency>,
    /// The plans of households that cannot use all ways of the earlier message, for another urgency.
    pub plans: PlansBeside,
    /// When it may leave.
    pub terms: Terms,
}
