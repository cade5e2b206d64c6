//! Whether a database is made where none stands.

/// What to do where no database stands, or one that holds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// Make one.
    Make,
    /// Refuse: whoever asks about a school would take it for one that has nobody.
    Refuse,
}
