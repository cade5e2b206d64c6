//! The same words again but for what changes, to exactly those who had them.

use super::launch::timed;
use super::text::{check_sms, cleaned, free_code, with_expiry};
use super::{Changes, Refusal, School};
use crate::channel::Channel;
use crate::id::Id;
use crate::message::{Message, Terms};
use crate::people::Actor;
use crate::queue::Corrected;
use crate::store::{StoreError, messages};

/// Makes the correction of a message. Nothing of it is kept yet.
pub async fn prepare_correction(
    school: &School,
    earlier: &Message,
    changes: Changes,
) -> Result<Message, Refusal> {
    if earlier.is_digest() {
        return Err(Refusal::Digest);
    }
    if let Some(by) = corrections(school, earlier).await?.pop() {
        return Err(Refusal::Corrected(earlier.code.clone(), by.code));
    }
    let (queue, renderer, now) = (&school.queue, &school.renderer, school.clock.now());
    let mut fields = earlier.fields.clone();
    fields.extend(cleaned(changes.fields));
    let info = renderer.templates().info(&earlier.template)?;
    let terms = with_expiry(changes.terms, info, now);
    let urgency = changes.urgency.unwrap_or(earlier.urgency);
    let plans = if urgency == earlier.urgency {
        earlier.plans.clone()
    } else {
        changes.plans.of(&earlier.plan, urgency)
    };
    let message = Message {
        id: Id::new(now),
        code: free_code(school.store(), queue.school()).await?,
        fields,
        plans,
        urgency,
        launched_at: now,
        terms: Terms { corrects: Some(earlier.code.clone()), ..terms },
        ..earlier.clone()
    };
    // What a short number carries was looked at with the earlier text; what changes is looked at now.
    check_sms(&message, &*renderer.prepared(&message)?, &[Channel::Sms])?;
    if queue.corrections().would_concern(earlier.id).await? == Corrected::default() {
        return Err(Refusal::NobodyHadIt(earlier.code.clone()));
    }
    Ok(message)
}

/// Launches a correction: durable when it returns. Whom it goes to is settled in that moment.
pub async fn correct(
    school: &School,
    actor: Actor,
    earlier: &Message,
    correction: Message,
) -> Result<(Message, Corrected), Refusal> {
    let now = school.clock.now();
    let correction = Message { launched_by: actor, ..timed(school, correction, now).await? };
    let corrected = school.queue.corrections().launch(earlier.id, correction.clone()).await?;
    Ok((correction, corrected))
}

/// The corrections of a message, oldest first.
async fn corrections(school: &School, earlier: &Message) -> Result<Vec<Message>, StoreError> {
    let (id, code) = (school.queue.school().clone(), earlier.code.clone());
    school.store().read(move |tx| messages::corrections(tx, &id, &code)).await
}
