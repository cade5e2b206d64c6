//! The words of a message: what an SMS costs, French typography and dates, the small Markdown of the fields.
//! Pure: text in, text out.

pub mod advice;
pub mod contact_details;
pub mod dates;
pub mod markdown;
pub mod sms;
pub mod titles;
pub mod typed_dates;
pub mod typography;
