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
