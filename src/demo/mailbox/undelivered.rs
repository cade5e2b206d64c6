//! A mail that was taken, and for which nobody is there.

/// A mail that nobody is there for.
pub(super) struct Undelivered {
    /// Who hears of it.
    pub return_path: String,
    /// By what who sent it knows it.
    pub envelope_id: Option<String>,
    /// Whom it was for.
    pub to: String,
    /// The mail itself.
    pub octets: Vec<u8>,
}
