//! Outside services and devices that carry messages. One file a provider, with the same sections
//! in the same order: what it is, its settings, `send`, what it says later, `check`, its words.

use async_trait::async_trait;

use crate::channel::Channel;
use crate::delivery::{Accepted, Envelope, Receipt, Reply, SendError};

/// A provider, in our words.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Its name in the configuration: `relay`.
    fn name(&self) -> &str;

    /// The channel on which it carries.
    fn channel(&self) -> Channel;

    /// What to do with an attempt whose outcome is not known.
    fn when_unknown(&self) -> WhenUnknown;

    /// Hands one message over. `Ok` = they have it, not that it arrived.
    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError>;

    /// Asks what became of an attempt whose answer was lost, by our reference.
    /// `Ok(None)`: they never had it. Only called where [`WhenUnknown::Ask`].
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let _ = envelope;
        Err(SendError::new(crate::delivery::FailureKind::Uncertain, "cannot be asked"))
    }

    /// Whether receipts have to be asked for, by [`Provider::fetch_receipts`].
    fn receipts_are_polled(&self) -> bool {
        false
    }

    /// Fetches receipts of what was accepted, by the provider's ids.
    async fn fetch_receipts(&self, awaited: &[String]) -> Result<Vec<Receipt>, SendError> {
        let _ = awaited;
        Ok(Vec::new())
    }

    /// Fetches what people answered. The same reply may come again until the provider forgets it.
    async fn fetch_replies(&self) -> Result<Vec<Reply>, SendError> {
        Ok(Vec::new())
    }

    /// The accounts that this provider knows, where it is a directory too (an ENT).
    async fn fetch_accounts(&self) -> Result<Vec<Account>, SendError> {
        Ok(Vec::new())
    }

    /// Address, credentials, credit; sends nothing.
    async fn check(&self) -> Result<Health, SendError>;
}

/// What to do when an attempt started and its outcome is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenUnknown {
    /// The provider can be asked by our reference.
    Ask,
    /// A second copy does no harm: it carries the same Message-ID.
    Resend,
    /// A receipt may still come; otherwise the next rung is climbed.
    AwaitReceipt,
}

/// The provider answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// One line for the office: credit left, account name.
    pub summary: String,
}

/// One account in an ENT.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The id that messages are addressed to.
    pub id: String,
    /// The name that the ENT shows: `Inès DURAND`.
    pub display_name: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.id)
    }
}
