//! What the office knows better than its source: kept beside the source's own word, put over it at every
//! import, and listed until the source says the same.

use super::{ContactPoint, PartCorrection, Person, PostalAddress, RecordPart};
use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::email_address::EmailAddress;
use crate::phone_number::PhoneNumber;

/// One contact of one person, or a part of their record, put right by hand.
#[derive(Clone, PartialEq, Eq)]
pub enum Correction {
    /// An e-mail address: what the source says, and what is right; `None` for none.
    Email {
        /// As the source says.
        was: Option<EmailAddress>,
        /// As it is.
        becomes: Option<EmailAddress>,
    },
    /// A telephone number, for calls and text messages alike.
    Phone {
        /// As the source says.
        was: Option<PhoneNumber>,
        /// As it is.
        becomes: Option<PhoneNumber>,
    },
    /// An address in a messenger; no source tells of one.
    Chat {
        /// As the office had it.
        was: Option<ChatAddress>,
        /// As it is.
        becomes: Option<ChatAddress>,
    },
    /// The postal address, whatever the source says.
    Post(PostalAddress),
    /// A part of the record itself.
    Part(PartCorrection),
}

impl Correction {
    /// The channel of the contact; none for a part of the record.
    #[must_use]
    pub const fn channel(&self) -> Option<Channel> {
        match self {
            Self::Email { .. } => Some(Channel::Email),
            Self::Phone { .. } => Some(Channel::Phone),
            Self::Chat { .. } => Some(Channel::Chat),
            Self::Post(_) => Some(Channel::Letter),
            Self::Part(_) => None,
        }
    }

    /// The part of the record; none for a contact.
    #[must_use]
    pub const fn part(&self) -> Option<RecordPart> {
        match self {
            Self::Part(correction) => Some(correction.part),
            _ => None,
        }
    }

    /// What it is of: the word in the database.
    #[must_use]
    pub const fn of(&self) -> &'static str {
        match self {
            Self::Email { .. } => Channel::Email.as_str(),
            Self::Phone { .. } => Channel::Phone.as_str(),
            Self::Chat { .. } => Channel::Chat.as_str(),
            Self::Post(_) => Channel::Letter.as_str(),
            Self::Part(correction) => correction.part.as_str(),
        }
    }

    /// Whether what the source says now needs no correction any more.
    #[must_use]
    pub fn is_fulfilled_by(&self, source: &Person) -> bool {
        match self {
            Self::Email { was, becomes } => {
                let has = |address: &EmailAddress| {
                    source.contact_points.contains(&ContactPoint::Email(address.clone()))
                };
                was.as_ref().is_none_or(|was| !has(was)) && becomes.as_ref().is_none_or(has)
            }
            Self::Phone { was, becomes } => {
                let has = |number: &PhoneNumber| {
                    source.contact_points.contains(&ContactPoint::Phone(number.clone()))
                };
                was.as_ref().is_none_or(|was| !has(was)) && becomes.as_ref().is_none_or(has)
            }
            Self::Chat { .. } => false,
            Self::Post(address) => source.postal_address.as_ref() == Some(address),
            Self::Part(correction) => correction.is_fulfilled_by(source),
        }
    }

    /// Puts the correction over what the source says; what is right comes first on its channel.
    pub fn apply(&self, person: &mut Person) {
        let points = &mut person.contact_points;
        match self {
            Self::Email { was, becomes } => {
                points.retain(|point| {
                    !matches!(point, ContactPoint::Email(address)
                        if [was, becomes].iter().any(|one| one.as_ref() == Some(address)))
                });
                points.splice(0..0, becomes.clone().map(ContactPoint::Email));
            }
            Self::Phone { was, becomes } => {
                points.retain(|point| {
                    !matches!(point, ContactPoint::Phone(number) | ContactPoint::Sms(number)
                        if [was, becomes].iter().any(|one| one.as_ref() == Some(number)))
                });
                points.splice(0..0, becomes.iter().flat_map(ContactPoint::of_phone));
            }
            Self::Chat { was, becomes } => {
                points.retain(|point| {
                    !matches!(point, ContactPoint::Chat(address)
                        if [was, becomes].iter().any(|one| one.as_ref() == Some(address)))
                });
                points.splice(0..0, becomes.clone().map(ContactPoint::Chat));
            }
            Self::Post(address) => person.postal_address = Some(address.clone()),
            Self::Part(correction) => correction.apply(person),
        }
    }

    /// This correction and a later one of the same contact, as one; `None` when they are of different ones.
    #[must_use]
    pub fn followed_by(&self, later: &Self) -> Option<(Self, Self)> {
        let both = match (self, later) {
            (
                Self::Email { was, becomes: Some(first) },
                Self::Email { was: Some(second), becomes },
            ) if first == second => Self::Email { was: was.clone(), becomes: becomes.clone() },
            (
                Self::Phone { was, becomes: Some(first) },
                Self::Phone { was: Some(second), becomes },
            ) if first == second => Self::Phone { was: was.clone(), becomes: becomes.clone() },
            (
                Self::Chat { was, becomes: Some(first) },
                Self::Chat { was: Some(second), becomes },
            ) if first == second => Self::Chat { was: was.clone(), becomes: becomes.clone() },
            (Self::Part(first), Self::Part(second)) => Self::Part(first.followed_by(second)?),
            _ => return None,
        };
        Some((self.clone(), both))
    }

    /// Whether it changes nothing: what was put right is as the source says again.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        match self {
            Self::Email { was, becomes } => was == becomes,
            Self::Phone { was, becomes } => was == becomes,
            Self::Chat { was, becomes } => was == becomes,
            Self::Post(_) => false,
            Self::Part(correction) => correction.says_nothing(),
        }
    }

    /// What the source says, as the office reads it; empty for nothing.
    #[must_use]
    pub fn was(&self) -> &str {
        match self {
            Self::Email { was, .. } => was.as_ref().map_or("", EmailAddress::as_str),
            Self::Phone { was, .. } => was.as_ref().map_or("", PhoneNumber::as_str),
            Self::Chat { was, .. } => was.as_ref().map_or("", ChatAddress::as_str),
            Self::Post(_) => "",
            Self::Part(correction) => &correction.was,
        }
    }

    /// What is right, as the office reads it; empty for nothing.
    #[must_use]
    pub fn becomes(&self) -> String {
        match self {
            Self::Email { becomes, .. } => {
                becomes.as_ref().map_or("", EmailAddress::as_str).to_owned()
            }
            Self::Phone { becomes, .. } => {
                becomes.as_ref().map_or("", PhoneNumber::as_str).to_owned()
            }
            Self::Chat { becomes, .. } => {
                becomes.as_ref().map_or("", ChatAddress::as_str).to_owned()
            }
            Self::Post(address) => address.in_one_line(),
            Self::Part(correction) => correction.becomes.clone(),
        }
    }
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Correction({})", self.of())
    }
}
