//! A program in which a person of the school publishes (PRONOTE, École Directe, Skolengo): it has no way in for
//! other programs, so that nothing is built and nothing is called. What waits for it stands on a card.

mod settings;
mod tool;

use std::sync::Arc;

pub use self::settings::ManualSettings;
pub use self::tool::Tool;

use super::Provider;
use super::kind::{CarrierError, ProviderKind, Site};
use crate::channel::Channel;
use crate::settings::{Pace, SecretPlace};

impl ManualSettings {
    /// The name of the program, as colleagues say it.
    #[must_use]
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(self.tool.in_french())
    }

    /// Where to click there, step by step: as the school noted it, or as far as it is known of the program.
    #[must_use]
    pub fn steps_there(&self) -> Vec<String> {
        if self.steps.is_empty() {
            return self.tool.steps().iter().map(|&step| step.to_owned()).collect();
        }
        self.steps.clone()
    }
}

impl ProviderKind for ManualSettings {
    fn channel(&self) -> Channel {
        Channel::Ent
    }

    /// Whoever publishes there reads them.
    fn takes_replies(&self) -> bool {
        true
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        Vec::new()
    }

    fn build(&self, _site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        Err(CarrierError::ByHand)
    }
}
