//! Servers on loopback that say what a test tells them to, and envelopes to send to them.

pub mod http;
pub mod smtp;

use chappe::delivery::{Content, Envelope};
use chappe::email_address::EmailAddress;
use chappe::people::ContactPoint;
use chappe::phone_number::PhoneNumber;

/// What a server does in place of its usual answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Says this.
    Say(&'static str),
    /// Hangs up.
    HangUp,
    /// Says nothing, and keeps the line.
    Silence,
}

pub fn an_email() -> Envelope {
    Envelope {
        reference: "0199-ab".to_owned(),
        sealed: None,
        awaits_answer: false,
        offers_stop: false,
        to: ContactPoint::Email(EmailAddress::parse("ines.durand@example.org").unwrap()),
        name: "Inès DURAND".to_owned(),
        content: Content::Email {
            subject: "Rentrée décalée".to_owned(),
            text: "Bonjour,\n.\n.point en tête\nLe collège ouvre à 10 h.\n".to_owned(),
            html: "<p>Le collège ouvre à 10 h.</p>".to_owned(),
        },
    }
}

pub fn an_sms(text: &str) -> Envelope {
    Envelope {
        reference: "0199-cd".to_owned(),
        sealed: None,
        awaits_answer: false,
        offers_stop: false,
        to: ContactPoint::Sms(PhoneNumber::from_e164("+33639980001").unwrap()),
        name: "Inès DURAND".to_owned(),
        content: Content::Sms { text: text.to_owned(), segments: 1 },
    }
}

pub fn an_ent_message(account: &str) -> Envelope {
    Envelope {
        reference: "0199-ef".to_owned(),
        sealed: None,
        awaits_answer: false,
        offers_stop: false,
        to: ContactPoint::Ent(account.into()),
        name: "Inès DURAND".to_owned(),
        content: Content::Ent {
            subject: "Rentrée décalée".to_owned(),
            html: "<p>Le collège ouvre à 10 h.</p>".to_owned(),
        },
    }
}
