//! A message as a person publishes it by hand, for everybody who reads there: it names nobody.

use super::page::anybody;
use super::{Renderer, TemplateError};
use crate::delivery::Content;
use crate::message::Message;

/// What is copied into another program, as text and as what a rich editor takes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Posted {
    /// The title.
    pub subject: String,
    /// The words alone.
    pub text: String,
    /// The same with its headings, lists and links.
    pub html: String,
}

impl Renderer {
    /// The words of the ENT, for everybody.
    pub fn posted(&self, message: &Message) -> Result<Posted, TemplateError> {
        let (prepared, to) = (self.prepared(message)?, anybody());
        let reference = message.code.as_str();
        let text = prepared.ent_text(&to, reference)?;
        match prepared.ent(&to, reference)? {
            Content::Ent { subject, html } => Ok(Posted { subject, text, html }),
            _ => Err(prepared.no_channel("ent")),
        }
    }
}
