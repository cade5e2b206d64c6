//! What a provider pushes, as it came in by the door.

/// What was posted to the door for one provider. It proves nothing of who did: that is for the provider to
/// tell, by a secret that it compares in constant time.
#[derive(Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// The part of the address after `?`, or nothing.
    pub query: &'a str,
    /// The headers whose values are text, their names in small letters.
    pub headers: &'a [(String, String)],
    /// The octets of the body.
    pub body: &'a [u8],
}

impl WebhookRequest<'_> {
    /// The first header of this name, in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for WebhookRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebhookRequest({} octets)", self.body.len())
    }
}

/// Why nothing is taken out of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The provider pushes nothing.
    #[error("nothing is pushed there")]
    TakesNone,
    /// It does not prove that it is the provider's.
    #[error("it does not prove whose it is")]
    Unproven,
    /// It is the provider's, and cannot be read.
    #[error("it cannot be read")]
    Unreadable,
}
