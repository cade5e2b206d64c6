//! A draft leaves.

use super::draft::keep_among;
use super::{Among, Draft, Refusal, School};
use crate::audience::each_recipient;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Recipient;
use crate::message::{Message, Urgency};
use crate::people::Actor;
use crate::queue::{Queue, Take};
use crate::store::{StoreError, Tx};

/// Launches a draft: durable when it returns.
pub async fn launch(school: &School, actor: Actor, draft: Draft) -> Result<Message, Refusal> {
    let queue = &school.queue;
    let now = school.clock.now();
    let message = Message { launched_by: actor, ..timed(queue, draft.message, now)? };
    let Draft { mut chosen, among, passed_over, by_pupil, may_wait, .. } = draft;
    queue.store().has_room_for(chosen.len())?;
    let (this, launched) = (queue.clone(), message.clone());
    let recipients = move |tx: &Tx<'_>, take: &mut Take<'_>| {
        if let Some(among @ Among::Left { by, .. }) = &among {
            this.lock_retry(tx, by, &launched)?;
            chosen = keep_among(tx, &launched.school, among, chosen)?;
            if chosen.is_empty() {
                return Err(StoreError::Overtaken);
            }
        }
        each_recipient(tx, &launched.school, &chosen, |number, recipient| {
            take(number, as_it_is_used(recipient, &passed_over, by_pupil))
        })
    };
    if may_wait && !by_pupil {
        queue.launch_within_cap(message.clone(), recipients).await?;
    } else {
        queue.launch(message.clone(), recipients).await?;
    }
    Ok(message)
}

/// A recipient with the ways that are of use here.
pub(super) fn as_it_is_used(
    mut to: Recipient,
    passed_over: &[Channel],
    by_pupil: bool,
) -> Recipient {
    passed_over.iter().copied().for_each(|channel| to.forget(channel));
    to.forget_what_it_cannot_use();
    if by_pupil {
        to.send_by_pupil();
    }
    to
}

/// The message as it is launched now, if it may: a draft may have been looked at for a while.
pub(super) fn timed(queue: &Queue, mut message: Message, now: Moment) -> Result<Message, Refusal> {
    let timing = queue.timing();
    message.launched_at = now;
    message.terms.starts_at = timing.start(message.urgency, now);
    let starts_at = message.terms.starts_at.unwrap_or(now);
    if let Some(end) = message.terms.expires_at.filter(|end| *end <= starts_at) {
        return Err(Refusal::Stale(timing.hours.shown(end)));
    }
    if message.terms.passes_hours.is_some() && message.urgency != Urgency::Urgent {
        return Err(Refusal::NotUrgent);
    }
    let is_let_pass = message.urgency != Urgency::Urgent || message.terms.passes_hours.is_some();
    let opening = |channel: &Channel| (*channel, timing.hours.opening(*channel, now));
    let asleep = message.channels().iter().map(opening).find(|(_, opens)| *opens > now);
    match asleep.filter(|_| !is_let_pass) {
        None => Ok(message),
        Some((channel, opens)) => {
            Err(Refusal::QuietHours { channel, opens: timing.hours.shown(opens) })
        }
    }
}
