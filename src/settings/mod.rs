//! The words of a configuration that several rooms use: a span of time, a pace, a price, the place of a secret.

mod pace;
mod price;
mod secret;
mod span;

pub use pace::Pace;
pub use price::Price;
pub use secret::{SecretError, SecretPlace};
pub use span::Span;
