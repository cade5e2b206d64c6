//! An e-mail of a few words to somebody of the school, outside the queue.

use super::frame::escaped;
use crate::delivery::Content;

/// The e-mail of this subject that says this, in one paragraph.
#[must_use]
pub fn short_email(subject: String, text: &str) -> Content {
    let html = format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body><main><p>{}</p></main></body></html>",
        escaped(&subject),
        escaped(text)
    );
    Content::Email { subject, text: text.to_owned(), html }
}
