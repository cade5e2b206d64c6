//! Whom a failure blames, by its code (RFC 3463) or else its words.
//!
//! | the code says | it blames |
//! |---|---|
//! | 5.1.x but 7 and 8; no code, and words of an unknown user | the address: nobody is there |
//! | x.7.x, 5.4.5, x.1.7, x.1.8, 5.5.x, 5.6.x, words of a policy or of what we may send | the sender: us |
//! | anything else: a full mailbox, a network, what took too long | the recipient, this time |

/// Whom a failure blames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BounceCause {
    /// Nobody is at that address.
    Address,
    /// The recipient's mailbox, or the way to it, this time.
    Recipient,
    /// Us: our account, our sender, what we wrote. It says nothing of the address.
    Sender,
}

impl BounceCause {
    /// Its word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Recipient => "recipient",
            Self::Sender => "sender",
        }
    }
}

/// A code: class, subject and detail.
pub(super) type BounceCode = (u16, u16, u16);

/// As servers say that nobody is there, where they give no code.
const UNKNOWN: [&str; 12] = [
    "no such user",
    "no such recipient",
    "no mailbox here",
    "user unknown",
    "unknown user",
    "unknown recipient",
    "unknown address",
    "does not exist",
    "doesn't exist",
    "no longer exists",
    "unrouteable address",
    "utilisateur inconnu",
];
/// As they say that it was for our sake.
const OURS: [&str; 14] = [
    "relay",
    "denied",
    "not permitted",
    "not allowed",
    "blocked",
    "blacklist",
    "policy",
    "spam",
    "sender",
    "sending limit",
    "sending quota",
    "daily",
    "hourly",
    "authenticat",
];

/// Whom it blames, by its code and by what was said.
pub(super) fn of(status: Option<BounceCode>, said: &str) -> BounceCause {
    let said = said.to_lowercase();
    // 5.0.0 says nothing: Exim and OpenSMTPD say it of all.
    let status = status.filter(|(_, subject, detail)| (*subject, *detail) != (0, 0));
    let code = status.or_else(|| said.split_whitespace().find_map(code));
    let says = |any: &[&str]| any.iter().any(|it| said.contains(it));
    match code {
        Some((_, 7, _) | (_, 1, 7 | 8) | (5, 4, 5) | (5, 5 | 6, _)) => BounceCause::Sender,
        // A general word about an address, which may be ours.
        Some((5, 1, 0)) | None if !says(&UNKNOWN) && says(&OURS) => BounceCause::Sender,
        Some((5, 1, _)) => BounceCause::Address,
        None if says(&UNKNOWN) => BounceCause::Address,
        Some(_) | None => BounceCause::Recipient,
    }
}

/// The code that a word is: `5.1.1`, also `(5.1.1)` or `#5.1.1`.
pub(super) fn code(word: &str) -> Option<BounceCode> {
    let word =
        word.split_whitespace().next()?.trim_matches(['(', ')', '#', '<', '>', ',', ';', ':']);
    let mut parts = word.split('.').map(|part| {
        let is_number = (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    });
    let code = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::{BounceCause, code, of};

    #[test]
    fn a_failure_blames_whom_its_code_says() {
        for (status, said, expected) in [
            ("5.1.1", "550 5.1.1 User unknown", BounceCause::Address),
            ("5.1.10", "null MX", BounceCause::Address),
            ("5.0.0", "550 5.1.1 <a@example.org> User unknown", BounceCause::Address),
            ("5.0.0", "550 No such user here", BounceCause::Address),
            ("5.0.0", "Unrouteable address", BounceCause::Address),
            ("5.2.2", "552 5.2.2 Mailbox is over quota", BounceCause::Recipient),
            ("5.0.0", "452 4.2.2 Mailbox full: retry timeout exceeded", BounceCause::Recipient),
            ("4.1.1", "450 4.1.1 not now", BounceCause::Recipient),
            ("4.4.1", "connect to example.org: timed out", BounceCause::Recipient),
            ("5.4.4", "Host or domain name not found", BounceCause::Recipient),
            ("5.0.0", "550 Mailbox disabled", BounceCause::Recipient),
            ("5.4.5", "550 5.4.5 Daily user sending limit exceeded", BounceCause::Sender),
            ("5.7.1", "554 5.7.1 Relay access denied", BounceCause::Sender),
            ("5.0.0", "554 Relay access denied", BounceCause::Sender),
            ("4.7.1", "450 4.7.1 later", BounceCause::Sender),
            ("5.1.8", "sender address rejected", BounceCause::Sender),
            ("5.0.0", "552 sending quota of the account", BounceCause::Sender),
        ] {
            assert_eq!(of(code(status), said), expected, "{status} {said}");
        }
    }

    #[test]
    fn only_three_small_numbers_are_a_code() {
        for word in ["", "5.1", "5.1.1.1", "192.0.2.1", "1.1.1", "5.1000.1", "5..1", "v5.1.1"] {
            assert_eq!(code(word), None, "{word}");
        }
        assert_eq!(code("(5.1.1)"), Some((5, 1, 1)));
        assert_eq!(code("4.4.7"), Some((4, 4, 7)));
    }
}
