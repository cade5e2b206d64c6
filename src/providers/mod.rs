//! Outside services and devices that carry messages. One folder a provider, with the same sections
//! in the same order: settings, `send`, what it says later, `check`, its words.
//!
//! | provider | channel | after an attempt of unknown outcome | what it says later |
//! |---|---|---|---|
//! | [`Edifice`] | ent | is asked: the outbox is searched for our reference, and does not tell who can read it | the accounts that it knows |
//! | [`Smtp`] | email | is sent again, once, with the same Message-ID | bounces and answers, where a mailbox is read |
//! | [`Ovh`] | sms | is asked: the messages that carry our reference as their tag | receipts and replies, polled |
//! | [`Matrix`] | chat | is sent again, once, as the same transaction: one message there | who read it, polled |
//! | [`StandardWebhook`] | ent, email, sms or chat | is sent again, once, with the same `webhook-id` | nothing |
//! | [`ManualSettings`] | ent | is never called: a person publishes there | nothing |
//! | [`Folder`] | ent, email, sms or chat | the same file again, once | nothing |
//!
//! # What every provider keeps to
//!
//! - [`Provider::send`] makes one attempt. Rates, retries and the breaker wrap it from outside.
//! - The verdict turns on one question: had the message left? No connection is `Unreachable`; a
//!   message that left without an answer is `Uncertain`; only a clear word makes it anything else.
//!   Nonsense (a page where data is due) is no clear word, nor is what a gateway says in the place
//!   of the server behind it.
//! - What matters in an answer is read, however the rest of it looks: a number between quotes is a
//!   number. An id that names no message for sure is none.
//! - A refusal blames one recipient, our account or the provider
//!   ([`FailureKind::blames`](crate::delivery::FailureKind::blames)): only the last two stop anybody else.
//! - No address, number, name or secret in an error, a log or an address that is called.
//! - It calls no host that its [`Guard`] does not allow, and follows no redirect.
//!
//! # Add a provider in four steps
//!
//! 1. **Its folder**, `providers/<name>/`. `settings.rs` is a struct, each field with its comment and its
//!    default; a secret is a [`SecretPlace`](crate::settings::SecretPlace). In `mod.rs`, `<Name>::new` checks
//!    all it can without calling anyone, `impl Kind` says on which channel it carries, how fast, where its
//!    secrets are and how it is built of them, and `impl Provider` is its life. Say in
//!    [`Provider::when_unknown`] what a lost answer means there, and write the table of its words as one
//!    `match` that ends in a [`FailureKind`]. What comes back it brings as it
//!    listens ([`Polled`], where it has to be asked again and again), or reads it out of what is pushed to
//!    `/hooks/NAME` ([`Provider::webhook`]): the same [`Word`]s.
//! 2. **Its name**: `mod <name>` below, a variant of [`ProviderSettings`] and the arm that the compiler then
//!    asks for, both in `registry.rs`. That is all the code; say it in the table above, and its keys in
//!    `config/chappe.toml`.
//! 3. **A stand-in** in `demo/<name>.rs` that speaks the real protocol on a loopback port.
//! 4. **A table of cases** in `tests/it/providers/<name>.rs`: the request that is expected, the
//!    answer that is given, the verdict that is expected, with the answers of a bad day too.

mod edifice;
mod folder;
mod guard;
mod http;
mod inbox;
mod kind;
mod lenient;
mod mailbox;
mod manual;
mod masked;
mod matrix;
mod ovh;
mod polled;
mod public_address;
mod registry;
mod sender;
mod smtp;
mod standard_webhook;
mod webhook;

pub use edifice::{Edifice, EdificeGrant, EdificeSecrets, EdificeSettings};
pub use folder::{Folder, FolderSettings};
pub use guard::{Guard, NotThisMachine};
pub(crate) use http::{Answer, Http, Limits};
pub use inbox::{Awaited, Inbox, NotKept, Word};
pub use kind::{BadSettings, Carrier, CarrierError, Site};
pub use mailbox::{ImapSecurity, ImapSettings, LmtpSettings, MailboxSettings};
pub use manual::{ManualSettings, Tool};
pub use matrix::{Matrix, MatrixSettings};
pub use ovh::{Ovh, OvhPriority, OvhSecrets, OvhSettings, signature};
pub use polled::{Polled, listen, listen_for_accounts};
pub use registry::ProviderSettings;
pub use sender::{BadSender, Sender};
pub use smtp::{Smtp, SmtpSecurity, SmtpSettings};
pub use standard_webhook::{StandardWebhook, StandardWebhookSettings};
pub use webhook::{Rejected, WebhookRequest};

use async_trait::async_trait;

use crate::channel::Channel;
use crate::delivery::{Accepted, Circular, Content, Envelope, FailureKind, SendError, Verdicts};
use crate::stop::Stop;

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
    /// `Ok(None)`: they never had it. Where they have it and do not tell whether it reaches anybody, as the lost
    /// answer would have, it says so ([`Accepted::may_reach_nobody`]). Only called where [`WhenUnknown::Ask`].
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let _ = envelope;
        Err(SendError::new(FailureKind::Uncertain, "cannot be asked"))
    }

    /// How many may be handed the same text in one call, hidden from each other; 1: each is sent their own.
    fn most_together(&self) -> usize {
        1
    }

    /// What a call that hands this to so many counts for in the provider's rates: one message, unless it says
    /// otherwise.
    fn units_together(&self, content: &Content, recipients: usize) -> u32 {
        let _ = recipients;
        content.units()
    }

    /// Hands one text over to several in one call, at most [`most_together`](Self::most_together). An error speaks
    /// of the whole call: nobody has it. One that blames a recipient is tried again with fewer, until the one
    /// to blame is alone.
    async fn send_together(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        let _ = circular;
        Err(SendError::new(FailureKind::Refused, "takes one recipient a call"))
    }

    /// The same as [`ask`](Self::ask), of a call for several.
    async fn ask_together(&self, circular: &Circular) -> Result<Option<Verdicts>, SendError> {
        let _ = circular;
        Err(SendError::new(FailureKind::Uncertain, "cannot be asked"))
    }

    /// Takes a message back from everybody whom it went to, by the provider's id of it
    /// ([`Accepted::provider_ref`]). `Ok`: nobody sees its text any more, whether it was this call that took it back
    /// or one before. `Refused`: not this message, for good. `Denied`: none of our account's. Anything else may be
    /// tried again. Only called where its settings say for how long it can
    /// ([`ProviderSettings::recalls_within`]).
    async fn recall(&self, provider_ref: &str) -> Result<(), SendError> {
        let _ = provider_ref;
        Err(SendError::new(FailureKind::Refused, "takes nothing back"))
    }

    /// Whether receipts have to be asked for: what the provider took is due again for that.
    fn receipts_are_polled(&self) -> bool {
        false
    }

    /// Brings what comes back until `stop` is given: by asking again and again ([`listen`]), or by a
    /// line that stays open. There is nothing to bring where nothing comes back, or where it is pushed.
    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        let _ = inbox;
        stop.given().await;
    }

    /// What was pushed to the door for it, once it is sure that this is its own: the same words as those
    /// that it brings by itself.
    fn webhook(&self, request: &WebhookRequest<'_>) -> Result<Vec<Word>, Rejected> {
        let _ = request;
        Err(Rejected::TakesNone)
    }

    /// The accounts that this provider knows, where it is a directory too (an ENT).
    async fn fetch_accounts(&self) -> Result<Vec<ListedAccount>, SendError> {
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
    /// A second copy does less harm than none: it is sent again, once.
    Resend,
    /// A receipt may still come; otherwise the next rung is climbed.
    AwaitReceipt,
}

/// The provider answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// One line for the technician: credit left, account name.
    pub summary: String,
    /// The same for who reads the pages.
    pub in_french: String,
}

/// One account in an ENT.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedAccount {
    /// The id that messages are addressed to.
    pub id: String,
    /// The name that the ENT shows: `Inès DURAND`.
    pub display_name: String,
    /// Whether it is a colleague's; a guardian's otherwise.
    pub is_staff: bool,
    /// The names of the pupils whose guardian it is, where the ENT tells them.
    pub pupils: Vec<String>,
}

impl std::fmt::Debug for ListedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ListedAccount({})", self.id)
    }
}
