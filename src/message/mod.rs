//! What someone composed: fields, audience, plan, urgency. Never edited once sent.

mod answer;
mod asked_back;
mod draft;
mod plan;
mod proof;
mod question;
mod reference;
mod standing;
mod stop_word;
mod subject;
mod terms;
mod week;
mod work_code;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Actor, Connectivity, SchoolId};

pub use answer::{AnswerChoice, AnswerKind};
pub use asked_back::{AskedBack, WorkOn};
pub use draft::{Draft, DraftVersion, Follows};
pub use plan::{Plan, PlanError, PlansBeside, Rung};
pub use proof::Proof;
pub use question::{BadQuestion, Question};
pub(crate) use reference::base32;
pub use reference::{BadReference, Code, Reference, codes_in, references_in};
pub use standing::StandingDocument;
pub use stop_word::{asks_to_stop, stop_subject, stopped_by};
pub use subject::subject_key;
pub use terms::{MessageState, Override, Rectified, Terms};
pub use week::Week;
pub use work_code::{BadWorkCode, WorkPage};

/// The memo's fields and the template's own: name to Markdown.
pub type Fields = BTreeMap<String, String>;

/// The template of the message that holds what was over the load cap.
pub const DIGEST: &str = "recapitulatif";

/// The template that asks whether an address works, in its own words: the answer is yes or no.
pub const VERIFICATION: &str = "verification";

/// A launched message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: Id<Message>,
    /// Whose it is.
    pub school: SchoolId,
    /// The code that every copy carries, unique in the school.
    pub code: Code,
    /// The template that words it.
    pub template: String,
    /// What it says.
    pub fields: Fields,
    /// Whom it was for, as typed.
    pub audience: String,
    /// By which ways, frozen at launch.
    pub plan: Plan,
    /// The plans of households that cannot use all of those ways, frozen at launch.
    pub plans: BTreeMap<Connectivity, Plan>,
    /// How soon it must leave.
    pub urgency: Urgency,
    /// A person accepted that text messages leave in the cheaper alphabet.
    pub plain_sms: bool,
    /// What it asks, if it asks something.
    pub question: Option<Question>,
    /// When it was launched.
    pub launched_at: Moment,
    /// Who launched it.
    pub launched_by: Actor,
    /// When it may leave, and what it follows.
    pub terms: Terms,
}

/// The field that says what a message is about, in the templates that have one.
const SUBJECT: &str = "objet";

/// What a message is about, as its author wrote it; `None` where its template asks for no such field.
#[must_use]
pub fn subject(fields: &Fields) -> Option<&str> {
    fields.get(SUBJECT).map(String::as_str)
}

impl Message {
    /// Whether it holds other messages: what each copy says is what was gathered for its addressee.
    #[must_use]
    pub fn is_digest(&self) -> bool {
        self.template == DIGEST
    }

    /// What may be answered to it; `None` where nothing is asked.
    #[must_use]
    pub fn takes(&self) -> Option<AnswerKind> {
        let of_template = (self.template == VERIFICATION).then_some(AnswerKind::YesNo);
        self.question.as_ref().map(Question::answers).or(of_template)
    }

    /// The plan of an addressee whose household is so connected: its own, or the message's.
    #[must_use]
    pub fn plan_for(&self, connectivity: Option<Connectivity>) -> &Plan {
        connectivity.and_then(|kind| self.plans.get(&kind)).unwrap_or(&self.plan)
    }

    /// Whether it may leave in quiet hours: it is urgent, and somebody said why.
    #[must_use]
    pub fn passes_hours(&self) -> bool {
        self.urgency == Urgency::Urgent && self.terms.passes_hours.is_some()
    }

    /// Every channel of its plans, once, those of the usual plan first.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let mut channels = self.plan.channels();
        for channel in self.plans.values().flat_map(Plan::channels) {
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        channels
    }
}

/// How soon a message must leave: its lane in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Before all others.
    Urgent,
    /// An answer to someone who waits.
    Reply,
    /// The rest.
    Bulk,
}

impl Urgency {
    /// The word for it in configuration and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Reply => "reply",
            Self::Bulk => "bulk",
        }
    }

    /// The lane: lower leaves first.
    #[must_use]
    pub const fn lane(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Reply => 1,
            Self::Bulk => 2,
        }
    }

    /// The urgency of a lane, if it is one.
    #[must_use]
    pub const fn of_lane(lane: i64) -> Option<Self> {
        match lane {
            0 => Some(Self::Urgent),
            1 => Some(Self::Reply),
            2 => Some(Self::Bulk),
            _ => None,
        }
    }
}
