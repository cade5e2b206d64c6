//! What providers say later of what they took, and what people answer.

use crate::clock::Moment;
use crate::message::Proof;
use crate::people::ContactPoint;
use crate::phone_number::PhoneNumber;

/// What a provider says later about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which one.
    pub of: DeliveryName,
    /// What it says.
    pub verdict: Verdict,
    /// To whom it says that this went, where it tells. An answer to a call for several may list their ids without
    /// saying whose each is: then this does.
    pub to: Option<ContactPoint>,
}

/// The name by which a delivery is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryName {
    /// The provider's id of it, as it was in [`super::Accepted::provider_ref`].
    ByThem(String),
    /// Our reference, as it was in [`super::Envelope::reference`].
    ByUs(String),
}

impl Receipt {
    /// What the provider says of what has this id there.
    #[must_use]
    pub fn by_them(id: impl Into<String>, verdict: Verdict) -> Self {
        Self { of: DeliveryName::ByThem(id.into()), verdict, to: None }
    }
}

/// The word of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing new: ask again later.
    Pending,
    /// It went this far.
    Proven(Proof),
    /// It will not arrive; the provider's words.
    Undeliverable(String),
}

/// What a person answered by SMS.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The provider's id of it: the same reply is fetched again until it is kept.
    pub provider_ref: String,
    /// Whose number.
    pub from: PhoneNumber,
    /// Their words.
    pub text: String,
    /// When the provider got it.
    pub at: Moment,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({})", self.provider_ref)
    }
}

/// What came back in words: as what it came decides what is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyKind {
    /// Somebody wrote.
    Reply,
    /// A mail server wrote of a mail that it did not deliver, and of which nobody knows whether it is ours.
    Bounce,
    /// Somebody rang, or asks for a call.
    Call,
    /// Something on a reply slip that no program can do.
    Slip,
}

impl ReplyKind {
    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Bounce => "bounce",
            Self::Call => "call",
            Self::Slip => "slip",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Reply, Self::Bounce, Self::Call, Self::Slip]
            .into_iter()
            .find(|it| it.as_str() == word)
    }
}
