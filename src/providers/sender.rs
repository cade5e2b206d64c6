//! As whom a provider writes, as whoever gets it sees.

use crate::email_address::EmailAddress;

/// As whom a provider writes; empty for what it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// By e-mail.
    Mail {
        /// The address.
        address: String,
        /// The name beside it.
        name: String,
        /// Where answers go; empty: to the address.
        answers: String,
    },
    /// By text message.
    Text {
        /// The name, declared at the operator; empty: a short number, to which one can answer.
        name: String,
    },
}

/// What of a sender cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSender {
    /// It is no e-mail address.
    #[error("from: this is no e-mail address")]
    Address,
    /// Answers would go to no e-mail address.
    #[error("reply_to: this is no e-mail address")]
    Answers,
    /// It is no name that an operator takes.
    #[error("sender: at most 11 letters, digits and spaces")]
    Name,
}

impl Sender {
    /// Refused: what no mailbox and no telephone would show.
    pub fn check(&self) -> Result<(), BadSender> {
        let is_address = |it: &str| EmailAddress::parse(it).is_ok();
        match self {
            Self::Mail { address, .. } if !is_address(address) => Err(BadSender::Address),
            Self::Mail { answers, .. } if !answers.is_empty() && !is_address(answers) => {
                Err(BadSender::Answers)
            }
            Self::Text { name } if !name.is_empty() && !is_name_of_text(name) => {
                Err(BadSender::Name)
            }
            Self::Mail { .. } | Self::Text { .. } => Ok(()),
        }
    }
}

/// Whether an operator takes this name for the sender of a text message.
pub(super) fn is_name_of_text(name: &str) -> bool {
    (1..=11).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
}
