//! Ways to reach one person on one channel.

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::email_address::EmailAddress;
use crate::phone_number::PhoneNumber;

/// One way to reach one person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "channel", content = "value", rename_all = "lowercase")]
pub enum ContactPoint {
    /// The person's id in the ENT.
    Ent(Box<str>),
    /// An e-mail address.
    Email(EmailAddress),
    /// A number that takes text messages.
    Sms(PhoneNumber),
    /// A number to call.
    Phone(PhoneNumber),
    /// An address in a messenger.
    Chat(ChatAddress),
}

impl ContactPoint {
    /// The channel that uses it.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Ent(_) => Channel::Ent,
            Self::Email(_) => Channel::Email,
            Self::Sms(_) => Channel::Sms,
            Self::Phone(_) => Channel::Phone,
            Self::Chat(_) => Channel::Chat,
        }
    }

    /// What a telephone number is good for: calls, and text messages where it takes them.
    pub fn of_phone(number: &PhoneNumber) -> impl Iterator<Item = Self> + use<> {
        let sms = number.takes_sms().then(|| Self::Sms(number.clone()));
        sms.into_iter().chain([Self::Phone(number.clone())])
    }

    /// The contact point that the database keeps as channel and value. What it holds was checked
    /// at import; `None` when it no longer reads as an address.
    #[must_use]
    pub fn from_stored(channel: Channel, value: &str) -> Option<Self> {
        match channel {
            Channel::Ent => Some(Self::Ent(value.into())),
            Channel::Email => EmailAddress::parse(value).ok().map(Self::Email),
            Channel::Sms => PhoneNumber::from_e164(value).map(Self::Sms),
            Channel::Phone => PhoneNumber::from_e164(value).map(Self::Phone),
            Channel::Chat => ChatAddress::parse(value).ok().map(Self::Chat),
            Channel::Letter => None,
        }
    }

    /// As a person reads it; none for an account, whose id says nothing to anybody.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Ent(_) => None,
            Self::Email(address) => Some(address.as_str().to_owned()),
            Self::Sms(number) | Self::Phone(number) => Some(number.in_pairs()),
            Self::Chat(address) => Some(address.as_str().to_owned()),
        }
    }

    /// What a provider is given.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Ent(id) => id,
            Self::Email(address) => address.as_str(),
            Self::Sms(number) | Self::Phone(number) => number.as_str(),
            Self::Chat(address) => address.as_str(),
        }
    }
}

impl std::fmt::Debug for ContactPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContactPoint({}: …)", self.channel())
    }
}

/// What we know of a contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// Never used yet.
    Unverified,
    /// Its last use was proven.
    Working,
    /// Its last use failed, perhaps for a time.
    Failing,
    /// It does not exist, or no longer.
    Dead,
    /// The person asked not to be written to there.
    OptedOut,
}

impl ContactState {
    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Working => "working",
            Self::Failing => "failing",
            Self::Dead => "dead",
            Self::OptedOut => "opted_out",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Unverified, Self::Working, Self::Failing, Self::Dead, Self::OptedOut]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// Whether a message may leave by it.
    #[must_use]
    pub const fn is_usable(self) -> bool {
        !matches!(self, Self::Dead | Self::OptedOut)
    }
}
