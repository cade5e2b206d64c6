//! Addresses of people in a messenger: Matrix ids.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `@ines.durand:example.org`: a person on a Matrix homeserver. `Debug` masks it: logs never hold one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatAddress(Box<str>);

/// A text that is no Matrix id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an address like @ines.durand:example.org")]
pub struct BadChatAddress;

impl ChatAddress {
    /// Reads what was typed: `@`, a name in signs of ASCII, `:`, a server with or without its port, at most
    /// 255 octets (Matrix specification 1.16, appendix 4.2, with the names that older servers gave).
    pub fn parse(typed: &str) -> Result<Self, BadChatAddress> {
        let typed = typed.trim();
        let id = typed.strip_prefix('@').and_then(|rest| rest.split_once(':'));
        let (name, server) = id.ok_or(BadChatAddress)?;
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        let is_of_a_server = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        let is_server = server.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            && server.chars().all(is_of_a_server);
        if !is_name || !is_server || typed.len() > 255 {
            return Err(BadChatAddress);
        }
        Ok(Self(typed.into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the server: `ines.durand`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split(['@', ':']).nth(1).unwrap_or_default()
    }
}

impl fmt::Debug for ChatAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChatAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_server_is_an_address() {
        for typed in [
            "@ines.durand:example.org",
            " @ines.durand-ac-nice.fr:agent.education.example.org\n",
            "@Zoe=2FX/+1_2:example.org:8448",
            "@a:[2001:db8::1]:8448",
            "@b:192.0.2.1",
        ] {
            assert_eq!(ChatAddress::parse(typed).unwrap().as_str(), typed.trim(), "{typed}");
        }
        assert_eq!(ChatAddress::parse("@ines.durand:example.org").unwrap().name(), "ines.durand");
    }

    #[test]
    fn what_is_none_is_refused() {
        let long = format!("@{}:example.org", "a".repeat(250));
        for typed in [
            "",
            "ines.durand:example.org",
            "@ines.durand",
            "@:example.org",
            "@ines:",
            "@inès:example.org",
            "@ines durand:example.org",
            "@ines:example.org/x",
            "@ines:-example.org",
            "#salle:example.org",
            "ines@example.org",
            &long,
        ] {
            assert_eq!(ChatAddress::parse(typed), Err(BadChatAddress), "{typed}");
        }
    }
}
