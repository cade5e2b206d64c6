//! Why nobody is known.

/// Why somebody is not known. It holds nothing of theirs, and no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The provider does not answer, or not as one: what is wrong.
    #[error("the OpenID provider does not answer: {0}")]
    NoAnswer(String),
    /// The provider refuses what we send: its word for it (RFC 6749, 5.2).
    #[error("the OpenID provider refuses: {0}")]
    Refused(String),
    /// A token that is not believed: why.
    #[error("what the OpenID provider says is not believed: {0}")]
    NotBelieved(&'static str),
    /// The settings ask for more than the provider vouches for.
    #[error("the OpenID provider did not make as sure of the person as acr_values asks")]
    TooWeak,
}
