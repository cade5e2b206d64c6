//! `[[plans.NAME]]`: one table a rung.

use serde::Deserialize;

use crate::channel::Channel;
use crate::message::{Proof, Rung};
use crate::settings::Span;

/// One rung of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RungSettings {
    /// Channels that are used together.
    pub channels: Vec<Channel>,
    /// The weakest proof that counts as reached.
    #[serde(default = "accepted")]
    pub enough: Proof,
    /// How long to wait for it before the next rung.
    #[serde(default = "patience")]
    pub patience: Span,
}

impl RungSettings {
    pub(super) fn to_rung(&self) -> Rung {
        Rung::new(self.channels.clone(), self.enough, self.patience.0)
    }
}

const fn accepted() -> Proof {
    Proof::Accepted
}

const fn patience() -> Span {
    Span::secs(3_600)
}
