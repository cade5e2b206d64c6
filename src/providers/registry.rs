//! Every kind of provider, in one list. What differs from kind to kind, the kind says itself (`kind`).

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::edifice::EdificeSettings;
use super::folder::FolderSettings;
use super::kind::{CarrierError, ProviderKind, Site, key_of};
use super::manual::ManualSettings;
use super::matrix::MatrixSettings;
use super::ovh::OvhSettings;
use super::smtp::SmtpSettings;
use super::standard_webhook::StandardWebhookSettings;
use super::{Provider, Sender};
use crate::channel::Channel;
use crate::settings::{Pace, SecretPlace};

/// `[providers.NAME.KIND]`: one provider; its kind decides what it takes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::large_enum_variant, reason = "read once; there are a handful")]
pub enum ProviderSettings {
    /// E-mail by an SMTP relay.
    Smtp(SmtpSettings),
    /// SMS by `OVHcloud`.
    Ovh(OvhSettings),
    /// An Edifice ENT (ONE, NEO).
    Edifice(EdificeSettings),
    /// A Matrix homeserver (Tchap).
    Matrix(MatrixSettings),
    /// Any other system, by webhooks.
    Webhook(StandardWebhookSettings),
    /// A program in which a person publishes.
    Manual(ManualSettings),
    /// Files in a folder, for drills.
    Folder(FolderSettings),
}

impl ProviderSettings {
    fn kind(&self) -> &dyn ProviderKind {
        match self {
            Self::Smtp(settings) => settings,
            Self::Ovh(settings) => settings,
            Self::Edifice(settings) => settings,
            Self::Matrix(settings) => settings,
            Self::Webhook(settings) => settings,
            Self::Manual(settings) => settings,
            Self::Folder(settings) => settings,
        }
    }

    /// What its kind is called in a configuration: `smtp`.
    #[must_use]
    pub const fn name_of_kind(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "smtp",
            Self::Ovh(_) => "ovh",
            Self::Edifice(_) => "edifice",
            Self::Matrix(_) => "matrix",
            Self::Webhook(_) => "webhook",
            Self::Manual(_) => "manual",
            Self::Folder(_) => "folder",
        }
    }

    /// What people call its kind.
    #[must_use]
    pub const fn in_french(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "relais de courriel (SMTP)",
            Self::Ovh(_) => "SMS par OVHcloud",
            Self::Edifice(_) => "ENT Edifice (ONE, NEO)",
            Self::Matrix(_) => "messagerie Matrix (Tchap)",
            Self::Webhook(_) => "autre logiciel, par webhook",
            Self::Manual(_) => "publié à la main",
            Self::Folder(_) => "dossier d’essai : rien ne part",
        }
    }

    /// Where a person publishes, and nothing is called; `None` for a provider that is.
    #[must_use]
    pub const fn by_hand(&self) -> Option<&ManualSettings> {
        match self {
            Self::Manual(settings) => Some(settings),
            _ => None,
        }
    }

    /// The channel on which it carries.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.kind().channel()
    }

    /// How fast it may be used.
    #[must_use]
    pub fn pace(&self) -> &Pace {
        self.kind().pace()
    }

    /// How many may be handed the same text in one call.
    #[must_use]
    pub fn most_together(&self) -> usize {
        self.kind().most_together()
    }

    /// How long after a call it notifies nobody of another one; `None`: it notifies of each.
    #[must_use]
    pub fn notifies_after(&self) -> Option<Duration> {
        self.kind().notifies_after()
    }

    /// For how long after the sending it takes a message back; `None`: it cannot.
    #[must_use]
    pub fn recalls_within(&self) -> Option<Duration> {
        self.kind().recalls_within()
    }

    /// Whether it tells the accounts that it sees, as an ENT does.
    #[must_use]
    pub fn lists_accounts(&self) -> bool {
        self.kind().lists_accounts()
    }

    /// Whether text messages leave by a short number of the provider: no sender is declared there.
    #[must_use]
    pub fn sends_by_short_number(&self) -> bool {
        self.kind().sends_by_short_number()
    }

    /// Whether what people answer to its messages comes to the school.
    #[must_use]
    pub fn takes_replies(&self) -> bool {
        self.kind().takes_replies()
    }

    /// As whom it writes, where its settings say that and no program behind it does.
    #[must_use]
    pub fn sender(&self) -> Option<Sender> {
        self.kind().sender()
    }

    /// Where it is called, where the settings name that: a host, or a URL.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.kind().place()
    }

    /// Where the secrets of the provider of this name are, each with its whole key.
    #[must_use]
    pub fn secrets(&self, name: &str) -> Vec<(String, &SecretPlace)> {
        let secrets = self.kind().secrets().into_iter();
        secrets.map(|(key, place)| (key_of(name, key), place)).collect()
    }

    /// The provider, built there; its secrets are read now, and nothing is called yet.
    pub fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        self.kind().build(site)
    }
}
