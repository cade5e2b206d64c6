//! What a message looks like before it leaves.

use std::collections::BTreeMap;

use super::{Refusal, School};
use crate::channel::Channel;
use crate::delivery::{Content, Recipient};
use crate::message::Message;
use crate::render::{Renderer, TemplateError};
use crate::store::{Tx, addressees};
use crate::wording::markdown;

/// The number of the addressee who is shown what they get.
const FIRST: u32 = 0;

/// What the first addressee of a message gets, or would get of another one that corrects it, on each channel
/// of its plan; none for a digest, which says something else to everybody.
pub(super) async fn texts_for_first_of(
    school: &School,
    earlier: &Message,
    message: &Message,
) -> Result<BTreeMap<Channel, String>, Refusal> {
    if message.is_digest() {
        return Ok(BTreeMap::new());
    }
    let (id, of) = (school.queue.school().clone(), earlier.id);
    let look = move |tx: &Tx<'_>| {
        let first = addressees::by_number(tx, &id, of, FIRST)?;
        Ok(first.map(|first| addressees::recipient(tx, &id, first)).transpose()?.flatten())
    };
    let Some(to) = school.store().read(look).await? else { return Ok(BTreeMap::new()) };
    let channels: Vec<Channel> = message.channels().into_iter().collect();
    let texts = first_preview(&school.renderer, message, &channels, &[to]).transpose()?;
    Ok(texts.unwrap_or_default().into_iter().collect())
}

/// Every channel that is carried, for the first recipient whose texts can be made: one with a name that
/// breaks them must not keep the message from all the others. `None`: there is no recipient.
pub(super) fn first_preview(
    renderer: &Renderer,
    message: &Message,
    carried: &[Channel],
    recipients: &[Recipient],
) -> Option<Result<Vec<(Channel, String)>, TemplateError>> {
    let reference = message.code.delivery(0, 0);
    let mut previews = recipients.iter().map(|to| {
        let channels = carried.iter();
        channels
            .map(|channel| Ok((*channel, preview(renderer, message, to, *channel, &reference)?)))
            .collect::<Result<Vec<_>, TemplateError>>()
    });
    let first = previews.next()?;
    Some(first.or_else(|fault| previews.find_map(Result::ok).ok_or(fault)))
}

/// What a channel carries, as text that a person can read over.
fn preview(
    renderer: &Renderer,
    message: &Message,
    to: &Recipient,
    channel: Channel,
    reference: &str,
) -> Result<String, TemplateError> {
    let prepared = renderer.prepared(message)?;
    // What a person publishes names nobody.
    if to.by_hand.contains(&channel) {
        let posted = renderer.posted(message)?;
        return Ok(format!("{}\n\n{}", posted.subject, posted.text));
    }
    Ok(match channel {
        Channel::Phone => prepared.phone(to, reference)?,
        Channel::Letter => {
            let letter = prepared.letter(to, reference)?;
            format!("Objet : {}\n\n{}", letter.subject, markdown::plain_of(&letter.body))
        }
        other => match renderer.content(message, to, other, reference)? {
            Content::Ent { subject, .. } => {
                format!("{subject}\n\n{}", prepared.ent_text(to, reference)?)
            }
            Content::Email { subject, text, .. } | Content::Chat { subject, text, .. } => {
                format!("{subject}\n\n{text}")
            }
            Content::Sms { text, segments } => format!("{text}\n({segments} SMS)"),
        },
    })
}
