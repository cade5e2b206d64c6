//! What a provider is handed for one attempt, and what it answers.

use super::SendError;
use crate::people::ContactPoint;

/// One message, ready for one address on one channel.
#[derive(Clone)]
pub struct Envelope {
    /// Our reference for the delivery: the same at every attempt, unique, letters and digits and
    /// `-` only. Providers are given it as their client reference; e-mail as its Message-ID,
    /// under its seal where it has one.
    pub reference: String,
    /// The reference under the school's seal, where what comes back may name it by that: nobody makes one up.
    pub sealed: Option<String>,
    /// Where to.
    pub to: ContactPoint,
    /// How the recipient is called, for the address field: `Inès DURAND`; empty where several share it.
    pub name: String,
    /// What it says.
    pub content: Content,
    /// Whether people are to answer it: then it does not say that a machine wrote it, which keeps answering machines
    /// silent, and people too.
    pub awaits_answer: bool,
    /// Whether it offers a way to ask for no more by its channel, as a button of the program that shows it: not what is
    /// urgent, nor what asks for an answer.
    pub offers_stop: bool,
}

impl Envelope {
    /// One outside the queue: of no delivery, so that it goes under no seal, and offers and awaits nothing.
    #[must_use]
    pub fn by_itself(
        reference: String,
        (to, name): (ContactPoint, String),
        content: Content,
    ) -> Self {
        let (awaits_answer, offers_stop) = (false, false);
        Self { reference, sealed: None, to, name, content, awaits_answer, offers_stop }
    }
}

/// One text for several, who are handed it in one call and do not see each other.
#[derive(Clone)]
pub struct Circular {
    /// Our reference for the call: the same when it is made again for what is left of the same recipients, and
    /// no delivery's own. Letters, digits and `-` only.
    pub reference: String,
    /// Where to, nobody twice.
    pub to: Vec<ContactPoint>,
    /// What it says: the same to all of them, so it names nobody.
    pub content: Content,
}

/// What became of a [`Circular`] for each of its recipients, in their order.
pub type Verdicts = Vec<Result<Accepted, SendError>>;

/// A rendered message, in the form of its channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// For the digital workspace.
    Ent {
        /// Subject line.
        subject: String,
        /// Body in HTML.
        html: String,
    },
    /// For e-mail: both bodies say the same.
    Email {
        /// Subject line.
        subject: String,
        /// Plain body.
        text: String,
        /// HTML body.
        html: String,
    },
    /// For a messenger: both bodies say the same.
    Chat {
        /// Subject line; it is a part of neither body.
        subject: String,
        /// Plain body.
        text: String,
        /// Body in HTML.
        html: String,
    },
    /// For a telephone.
    Sms {
        /// The whole text; never cut.
        text: String,
        /// What providers count: GSM-7 or UCS-2 segments.
        segments: u32,
    },
}

impl Content {
    /// What a provider counts: segments of an SMS, one for anything else.
    #[must_use]
    pub fn units(&self) -> u32 {
        match self {
            Self::Sms { segments, .. } => *segments,
            Self::Ent { .. } | Self::Email { .. } | Self::Chat { .. } => 1,
        }
    }
}

/// The provider has it. It is no word about arrival.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accepted {
    /// The provider's own id, where receipts will name it.
    pub provider_ref: Option<String>,
    /// What it answered, in its words, without any address: for the log and for the office.
    pub answer: String,
    /// They have it, and whether its recipient ever opened their account is not known: it may reach nobody.
    pub may_reach_nobody: bool,
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({})", self.reference)
    }
}

impl std::fmt::Debug for Circular {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Circular({}, {} recipients)", self.reference, self.to.len())
    }
}
