//! The words of a message: what an SMS costs, French spacing, the small Markdown of the fields.
//! Pure: text in, text out.

pub mod markdown;
pub mod sms;
pub mod typography;
