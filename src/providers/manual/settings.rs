//! Settings of a program of the school in which a person publishes.

use serde::Deserialize;

use super::Tool;
use crate::delivery::Readership;
use crate::settings::Pace;

/// A program that no other program may use: a person publishes there what its card says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualSettings {
    /// Which program: pronote, ecole-directe, skolengo or other.
    pub tool: Tool,
    /// As colleagues call it, where its own name does not do.
    #[serde(default)]
    pub name: Option<String>,
    /// Who reads there; everybody by default.
    #[serde(default)]
    pub readers: Readership,
    /// Nobody hurries a person.
    #[serde(skip)]
    pub(super) pace: Pace,
}
