//! A message leaves.

use std::time::Duration;

use super::ready::{as_it_is_used, keep_among};
use super::{Among, Ready, Refusal, School, draft, needs_approval, within};
use crate::audience::each_recipient;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Message, MessageState, Urgency};
use crate::people::Actor;
use crate::queue::Take;
use crate::store::{StoreError, Tx, controls, messages};

/// Within which the same text for the same audience is a slip of the finger.
const A_DAY: Duration = Duration::from_hours(24);

/// Launches a message: durable when it returns, and the draft that it comes from is gone. Refused where a second person
/// says yes first, and where the same was launched within a day, unless the request says that it is meant.
pub async fn launch(school: &School, actor: Actor, ready: Ready) -> Result<Message, Refusal> {
    if let Some(at) = ready.draft {
        draft::check_kept(school, at).await?;
    }
    needs_approval::check_needs_none(school, &actor, ready.chosen.len(), ready.message.urgency)?;
    let draft = ready.draft;
    if let Some(refusal) = said_already(school, &ready).await? {
        // What said the same may be this very draft, launched this moment.
        if let Some(at) = draft {
            draft::check_kept(school, at).await?;
        }
        return Err(refusal);
    }
    let launched = launch_at_once(school, actor, ready).await;
    if let (Some(at), Err(Refusal::Store(StoreError::Overtaken))) = (draft, &launched) {
        draft::check_kept(school, at).await?;
    }
    launched
}

/// Launches what was looked at, and needs no yes or has it. Refused where it goes beyond those with whom the actor has to do.
pub(super) async fn launch_at_once(
    school: &School,
    actor: Actor,
    ready: Ready,
) -> Result<Message, Refusal> {
    within::check(&within::whom_of(school, &actor).await?, &ready.chosen)?;
    let queue = &school.queue;
    let now = school.clock.now();
    let message = Message { launched_by: actor, ..timed(school, ready.message, now).await? };
    let Ready {
        mut chosen,
        among,
        passed_over,
        by_hand,
        by_pupil,
        may_wait,
        again,
        draft,
        approved,
        ..
    } = ready;
    queue.store().has_room_for(chosen.len())?;
    let (this, launched) = (queue.clone(), message.clone());
    let recipients = move |tx: &Tx<'_>, take: &mut Take<'_>| {
        if let Some(at) = draft {
            draft::take(tx, at, &launched)?;
            needs_approval::take(tx, at, &launched, approved.as_ref())?;
        }
        // Two who ask at once do not both get it.
        if !again && same_as(tx, &launched)?.is_some() {
            return Err(StoreError::Overtaken);
        }
        if let Some(among @ Among::Left { by, .. }) = &among {
            this.corrections().lock_retry(tx, by, &launched)?;
            chosen = keep_among(tx, &launched.school, among, chosen.to_vec())?.into();
            if chosen.is_empty() {
                return Err(StoreError::Overtaken);
            }
        }
        each_recipient(tx, &launched.school, &chosen, |number, recipient| {
            take(number, as_it_is_used(recipient, (&passed_over, &by_hand), by_pupil))
        })
    };
    if may_wait && !by_pupil {
        queue.launch_within_cap(message.clone(), recipients).await?;
    } else {
        queue.launch(message.clone(), recipients).await?;
    }
    Ok(message)
}

/// Why a message is a slip of the finger: the same went to the same audience within a day.
pub(super) async fn said_already(
    school: &School,
    ready: &Ready,
) -> Result<Option<Refusal>, StoreError> {
    if ready.again {
        return Ok(None);
    }
    let message = Message { launched_at: school.clock.now(), ..ready.message.clone() };
    let same = school.store().read(move |tx| same_as(tx, &message)).await?;
    Ok(same.map(|same| {
        let at = school.queue.timing().hours.shown(same.launched_at);
        Refusal::SentAlready { code: same.code, at }
    }))
}

fn same_as(tx: &Tx<'_>, message: &Message) -> Result<Option<Message>, StoreError> {
    let since = message.launched_at - A_DAY;
    for other in messages::launched_since(tx, &message.school, since)? {
        let is_same = other.id != message.id
            && other.template == message.template
            && other.fields == message.fields
            && other.audience == message.audience
            && other.question == message.question;
        if !is_same {
            continue;
        }
        let control = controls::of(tx, &message.school, other.id)?;
        if control.is_none_or(|control| control.state != MessageState::Cancelled) {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// The message as it is launched now, if it may: it may have been looked at for a while.
pub(super) async fn timed(
    school: &School,
    mut message: Message,
    now: Moment,
) -> Result<Message, Refusal> {
    let timing = school.queue.timing();
    message.launched_at = now;
    let asked = message.terms.starts_at;
    if let Some(past) = asked.filter(|at| *at <= now) {
        return Err(Refusal::StartPast(timing.hours.shown(past)));
    }
    // Whatever was asked, it can be undone for a while.
    message.terms.starts_at = asked.max(timing.start(message.urgency, now));
    let starts_at = message.terms.starts_at.unwrap_or(now);
    if let Some(end) = message.terms.expires_at.filter(|end| *end <= starts_at) {
        return Err(Refusal::Stale(timing.hours.shown(end)));
    }
    if message.terms.passes_hours.is_some() && message.urgency != Urgency::Urgent {
        return Err(Refusal::NotUrgent);
    }
    if message.urgency != Urgency::Urgent || message.terms.passes_hours.is_some() {
        return Ok(message);
    }
    let leaves = asked.unwrap_or(now);
    let opening = |channel: &Channel| (*channel, timing.hours.opening(*channel, leaves));
    let used = used_now(school, &message).await?;
    match used.iter().map(opening).find(|(_, opens)| *opens > leaves) {
        None => Ok(message),
        Some((channel, opens)) => {
            Err(Refusal::QuietHours { channel, opens: timing.hours.shown(opens) })
        }
    }
}

/// When a message begins to leave, where somebody chose a later hour than the first that there was.
#[must_use]
pub fn chosen_start(school: &School, message: &Message) -> Option<Moment> {
    let first = school.queue.timing().start(message.urgency, message.launched_at);
    message.terms.starts_at.filter(|at| Some(*at) > first)
}

/// Whether a message is urgent and some of it may still be on its way when quiet hours begin.
pub(super) async fn may_meet_the_night(
    school: &School,
    message: &Message,
) -> Result<bool, StoreError> {
    if message.urgency != Urgency::Urgent || message.passes_hours() {
        return Ok(false);
    }
    let hours = &school.queue.timing().hours;
    let used = used_now(school, message).await?;
    Ok(used.into_iter().any(|channel| hours.of(channel).is_some()))
}

/// The channels of a message that are of use now: somebody can carry on them, and nobody closed them. The
/// others bind it to nothing.
async fn used_now(school: &School, message: &Message) -> Result<Vec<Channel>, StoreError> {
    let now = school.clock.now();
    let idle = school.queue.attendance().idle_providers(now).await?;
    let carried = school.carried_without(&idle);
    let closings = school.queue.decisions().closings(now).await?;
    let is_used = |channel: &Channel| {
        let is_carried = channel.is_carried_by_people() || carried.contains(channel);
        is_carried && !closings.iter().any(|closing| closing.channel == *channel)
    };
    Ok(message.channels().into_iter().filter(is_used).collect())
}
