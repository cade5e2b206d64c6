//! Settings of a program of the school in which a person publishes.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::Tool;
use crate::delivery::Readership;
use crate::plain_text::is_signal;
use crate::settings::Pace;

/// Steps that a card shows at most, and the longest, in characters.
const MOST_STEPS: usize = 12;
const LONGEST_STEP: usize = 200;

/// A program that no other program may use: a person publishes there what its card says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualSettings {
    /// Which program: pronote, ecole-directe, skolengo or other.
    pub tool: Tool,
    /// As colleagues call it, where its own name does not do.
    #[serde(default)]
    pub name: Option<String>,
    /// Where to click there, step by step, as the school noted it: at most twelve lines of at most 200 characters.
    /// Without it, what is known of the program ([`Tool::steps`]).
    #[serde(default, deserialize_with = "noted")]
    pub steps: Vec<String>,
    /// Who reads there; everybody by default.
    #[serde(default)]
    pub readers: Readership,
    /// Nobody hurries a person.
    #[serde(skip)]
    pub(super) pace: Pace,
}

fn noted<'de, D: Deserializer<'de>>(steps: D) -> Result<Vec<String>, D::Error> {
    let steps: Vec<String> = Vec::deserialize(steps)?;
    let is_line = |step: &String| {
        !step.trim().is_empty()
            && step.chars().count() <= LONGEST_STEP
            && !step.chars().any(|letter| letter.is_control() || is_signal(letter))
    };
    if steps.len() > MOST_STEPS || !steps.iter().all(is_line) {
        return Err(D::Error::custom("at most 12 lines, each of 1 to 200 characters"));
    }
    Ok(steps)
}
