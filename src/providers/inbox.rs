//! Where a provider brings what comes back.

use std::time::Duration;

use async_trait::async_trait;

use super::ListedAccount;
use crate::delivery::{Receipt, Reply};
use crate::mail::Mail;

/// Anything that comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// What became of something that the provider took: it arrived, was read, bounced.
    Receipt(Receipt),
    /// What a person answered; a STOP too.
    Reply(Reply),
    /// A mail that came in: what became of another, or what somebody answered.
    Mail(Box<Mail>),
    /// Every account that an ENT knows.
    Accounts(Vec<ListedAccount>),
}

/// The one entrance for words, polled or pushed; one for each provider, whose words they are.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// How often the school wants to hear of what is under way.
    fn every(&self) -> Duration;

    /// What the provider took and whose receipt has to be asked for now. It is named again after
    /// [`Inbox::every`].
    async fn awaited(&self) -> Result<Awaited, NotKept>;

    /// Writes words down: they are durable when it returns. The same word again changes nothing, and none
    /// puts anything back. Those that could not be written must come again, the others need not.
    async fn take(&self, words: Vec<Word>) -> Result<(), NotKept>;
}

/// Deliveries whose receipt has to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// The provider's ids of them.
    pub ids: Vec<String>,
    /// Whether more may be due already.
    pub may_be_more: bool,
}

/// Words that could not be written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NotKept {
    /// Which.
    pub words: Vec<Word>,
    /// Why, without their content.
    pub reason: String,
}

impl NotKept {
    /// This one neither, for this reason.
    pub fn add(&mut self, word: Word, reason: impl Into<String>) {
        self.words.push(word);
        self.reason = reason.into();
    }
}
