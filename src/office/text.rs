//! What every message that somebody writes has: clean fields, an end, a code, and texts that are taken.

use super::Refusal;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Code, Fields, Message, Terms};
use crate::people::SchoolId;
use crate::plain_text;
use crate::render::{Prepared, TemplateInfo};
use crate::store::{Store, StoreError, messages};
use crate::wording::contact_details::ContactDetail;

/// Fields without what speaks to a machine instead of a reader: a web page or a chat leaves it in what is
/// copied from there.
pub(super) fn cleaned(fields: Fields) -> Fields {
    fields.into_iter().map(|(name, text)| (name, plain_text::cleaned(&text).into_owned())).collect()
}

/// The terms with the template's own expiry where none was asked for.
pub(super) fn with_expiry(terms: Terms, info: &TemplateInfo, now: Moment) -> Terms {
    let usual = || Some(terms.starts_at.unwrap_or(now) + info.expires_after?.0);
    Terms { expires_at: terms.expires_at.or_else(usual), ..terms }
}

/// What would be refused for all is known before anything leaves.
pub(super) fn check_sms(
    message: &Message,
    prepared: &Prepared,
    carried: &[Channel],
) -> Result<(), Refusal> {
    if !sends_sms(message) || !carried.contains(&Channel::Sms) {
        return Ok(());
    }
    let refused = prepared.refused_in_sms()?;
    if refused.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = refused.into_iter().map(ContactDetail::in_english).collect();
    Err(Refusal::RefusedInSms(named.join(" and ")))
}

/// Whether a plan of it has text messages.
pub(super) fn sends_sms(message: &Message) -> bool {
    message.channels().contains(&Channel::Sms)
}

/// A code that no message of the school has yet.
pub(super) async fn free_code(store: &Store, school: &SchoolId) -> Result<Code, StoreError> {
    loop {
        let code = Code::from_chance(fastrand::u32(..));
        let (school, wanted) = (school.clone(), code.clone());
        let taken =
            store.read(move |tx| messages::by_code(tx, &school, wanted.as_str())).await?.is_some();
        if !taken {
            return Ok(code);
        }
    }
}
