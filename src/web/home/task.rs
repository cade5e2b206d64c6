//! A line of what waits for somebody.

/// Something that waits for somebody.
pub(super) struct ToDoLine {
    /// Where it is seen to.
    pub(super) path: String,
    /// What it is.
    pub(super) words: String,
    /// What more there is to say; empty for nothing.
    pub(super) about: String,
    /// Whether it is to be seen to soon.
    pub(super) presses: bool,
}
