//! What somebody writes and has not sent yet.

use serde::{Deserialize, Serialize};

use super::{Code, Fields, Message, Override, Question, Urgency};
use crate::clock::Moment;

/// What is to be sent, by names and rules: whom they mean, and by which ways, is found out when it leaves. By default
/// nothing of it is written yet.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// The name of the template that words it.
    pub template: String,
    /// Its fields, in Markdown; some may be missing yet.
    pub fields: Fields,
    /// For whom, as typed.
    pub audience: String,
    /// The name of its plan in the configuration.
    pub plan: String,
    /// How soon; the template's own by default.
    pub urgency: Option<Urgency>,
    /// A person accepted that text messages leave in the cheaper alphabet.
    pub plain_sms: bool,
    /// What it asks, if it asks something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
    /// Nothing leaves before; as soon as it can by default.
    pub starts_at: Option<Moment>,
    /// Nothing leaves from then on.
    pub expires_at: Option<Moment>,
    /// Who lets it pass quiet hours, and why.
    pub passes_hours: Option<Override>,
    /// The message that it follows, and how; `None` for an announcement of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
}

impl Draft {
    /// What follows a message, with its text and to whom it went.
    #[must_use]
    pub fn following(message: &Message, follows: Follows) -> Self {
        Self {
            template: message.template.clone(),
            fields: message.fields.clone(),
            audience: message.audience.clone(),
            plan: message.plan.name.clone(),
            urgency: Some(message.urgency),
            plain_sms: message.plain_sms,
            question: message.question.clone(),
            starts_at: None,
            expires_at: None,
            passes_hours: None,
            follows: Some(follows),
        }
    }
}

/// How a draft follows a message: whom it goes to, and by which ways, that message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Follows {
    /// It puts its text right.
    Corrects {
        /// The message.
        message: Code,
        /// What changed, as the author says it; worked out from the fields by default.
        what: Option<String>,
    },
    /// It tries it again, with this very text.
    Retries {
        /// The message.
        message: Code,
        /// Also for those whom it may have reached.
        or_uncertain: bool,
    },
}

impl Follows {
    /// The message that is followed.
    #[must_use]
    pub const fn message(&self) -> &Code {
        match self {
            Self::Corrects { message, .. } | Self::Retries { message, .. } => message,
        }
    }

    /// Whether both put the same message right, or both try the same one again.
    #[must_use]
    pub fn is_the_same_as(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.message() == other.message()
    }
}

/// One state of a draft: each save makes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DraftVersion {
    /// Its number within the school.
    pub number: u32,
    /// How often it was saved.
    pub version: u32,
}
