//! What a kind of provider says of itself, by its settings.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::{Guard, Provider, Sender};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::settings::{Pace, SecretError, SecretPlace};

/// A kind of provider: the settings of one.
pub(super) trait ProviderKind {
    /// The channel on which it carries.
    fn channel(&self) -> Channel;

    /// How fast it may be used.
    fn pace(&self) -> &Pace;

    /// How many may be handed the same text in one call, as [`Provider::most_together`] says.
    fn most_together(&self) -> usize {
        1
    }

    /// How long after a call it notifies nobody of another one; `None`: it notifies of each.
    fn notifies_after(&self) -> Option<Duration> {
        None
    }

    /// For how long after the sending it takes a message back, as [`Provider::recall`] does; `None`: it cannot.
    fn recalls_within(&self) -> Option<Duration> {
        None
    }

    /// Whether it tells the accounts that it sees, as [`Provider::fetch_accounts`] does.
    fn lists_accounts(&self) -> bool {
        false
    }

    /// Whether text messages leave by a short number of the provider.
    fn sends_by_short_number(&self) -> bool {
        false
    }

    /// Whether what people answer to its messages comes back by it.
    fn takes_replies(&self) -> bool {
        false
    }

    /// As whom it writes, where its settings say that and no program behind it does.
    fn sender(&self) -> Option<Sender> {
        None
    }

    /// Where it is called, where the settings name that: a host, or a URL.
    fn place(&self) -> Option<&str> {
        None
    }

    /// Where its secrets are, each with its key from the kind on: `smtp.password`.
    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)>;

    /// The provider; nothing is called yet.
    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError>;
}

/// Where a provider is built.
pub struct Site<'a> {
    /// The provider's name in the configuration: `relay`.
    pub name: &'a str,
    /// The folder that relative paths start from.
    pub folder: &'a Path,
    /// The time.
    pub clock: &'a Clock,
    /// Which hosts it may call.
    pub guard: Guard,
    /// Reads the secret of a key, whose place is given.
    pub read_secret: &'a dyn Fn(&str, &SecretPlace) -> Result<SecretString, SecretError>,
}

impl Site<'_> {
    /// The secret of `key`, which begins with the kind.
    pub(super) fn secret(
        &self,
        key: &str,
        place: &SecretPlace,
    ) -> Result<SecretString, SecretError> {
        (self.read_secret)(&key_of(self.name, key), place)
    }
}

/// The whole key of a provider's secret: `providers.relay.smtp.password`.
pub(super) fn key_of(name: &str, key: &str) -> String {
    format!("providers.{name}.{key}")
}

/// A provider of a configuration, made ready or not.
pub struct Carrier {
    /// Its name in the configuration: `relay`.
    pub name: String,
    /// Its kind: `smtp`.
    pub kind: &'static str,
    /// The channel on which it carries.
    pub channel: Channel,
    /// The provider, or why there is none.
    pub built: Result<Arc<dyn Provider>, CarrierError>,
}

impl Carrier {
    /// `relay (email)`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.channel)
    }
}

/// A provider that cannot be made ready. Nothing was started.
#[derive(Debug, thiserror::Error)]
pub enum CarrierError {
    /// A secret is missing.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// A person publishes there.
    #[error("nothing is called there: a person publishes")]
    ByHand,
    /// A setting does not fit.
    #[error("{0}")]
    Settings(#[from] BadSettings),
}

/// Settings that no provider can be built from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("provider {provider}: {key} {problem}")]
pub struct BadSettings {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The key to correct.
    pub key: &'static str,
    /// What is wrong with it; never a secret.
    pub problem: String,
}

impl BadSettings {
    pub(super) fn new(provider: &str, key: &'static str, problem: impl Into<String>) -> Self {
        Self { provider: provider.to_owned(), key, problem: problem.into() }
    }
}
