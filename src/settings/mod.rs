//! The words of a configuration that several rooms use: a span of time, a pace, the place of a secret.

mod pace;
mod secret;
mod span;

pub use pace::Pace;
pub use secret::{SecretError, SecretPlace};
pub use span::Span;
