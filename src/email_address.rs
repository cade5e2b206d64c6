//! E-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An address that an SMTP server can be given. `Debug` masks it: logs never hold one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(Box<str>);

/// A text that is no usable address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address")]
pub struct BadEmailAddress;

impl EmailAddress {
    /// Reads what was typed: one `@`, a dot in the domain, no blank, no control character, at most
    /// 254 octets (RFC 5321). The domain is lowered; the local part is kept as it is.
    pub fn parse(typed: &str) -> Result<Self, BadEmailAddress> {
        let trimmed = typed.trim();
        let (local, domain) = trimmed.rsplit_once('@').ok_or(BadEmailAddress)?;
        let domain = domain.to_lowercase();
        let labels_are_sound = domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        let local_is_sound = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        if !labels_are_sound || !domain.contains('.') || !local_is_sound || trimmed.len() > 254 {
            return Err(BadEmailAddress);
        }
        Ok(Self(format!("{local}@{domain}").into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}
