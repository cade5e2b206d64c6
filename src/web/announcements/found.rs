//! The announcement of an address.

use super::super::fault::Fault;
use super::super::visitor::Visitor;
use crate::message::Message;
use crate::office;

/// The announcement of this code.
pub(super) async fn message(visitor: &Visitor, code: &str) -> Result<Message, Fault> {
    office::message_of(visitor.school(), code).await?.ok_or(Fault::NothingThere)
}

/// The address of a list's pages, up to their number, which keeps what was asked of it.
pub(super) fn pages(path: &str, asked: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asked.iter().filter(|(_, value)| !value.is_empty()));
    query.append_pair("page", "");
    format!("{path}?{}", query.finish())
}
