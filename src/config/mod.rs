//! The configuration: one file a section. Pure: somebody else reads the file and the environment.

mod pace;
mod secret;
mod span;

pub use pace::Pace;
pub use secret::SecretPlace;
pub use span::Span;
