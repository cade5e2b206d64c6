//! What somebody writes and has not sent yet.

use serde::Serialize;

use super::{Fields, Override, Urgency};
use crate::clock::Moment;

/// What is to be sent, by names and rules: whom they mean, and by which ways, is found out when it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// Nothing leaves before; as soon as it can by default.
    pub starts_at: Option<Moment>,
    /// Nothing leaves from then on.
    pub expires_at: Option<Moment>,
    /// Who lets it pass quiet hours, and why.
    pub passes_hours: Option<Override>,
}

/// One state of a draft: each save makes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DraftVersion {
    /// Its number within the school.
    pub number: u32,
    /// How often it was saved.
    pub version: u32,
}
