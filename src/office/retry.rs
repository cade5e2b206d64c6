//! A message again, for those whom it did not reach.

use std::collections::BTreeSet;

use super::{Among, Refusal, Request, School};
use crate::message::{Code, Message, PlansBeside, Terms};
use crate::people::PersonKey;
use crate::store::{StoreError, Tx, addressees, controls, messages};

/// The request that tries a message again for those whom it left unreached, where they can be reached
/// now; with its newest correction, where there is one. `or_uncertain`: also for those who may have it.
pub async fn again(
    school: &School,
    earlier: &Message,
    or_uncertain: bool,
    terms: Terms,
) -> Result<Request, Refusal> {
    if earlier.is_digest() {
        return Err(Refusal::Digest);
    }
    // Nobody is tried by two of them.
    let earlier = &first_of(school, earlier.clone()).await?;
    let (id, of) = (school.queue.school().clone(), earlier.clone());
    let look = move |tx: &Tx<'_>| {
        let copies = controls::left_by(tx, &id, &of, or_uncertain)?;
        Ok((copies.has_any_left(), messages::newest_text(tx, &id, &of)?))
    };
    let (any, newest) = school.store().read(look).await?;
    if !any {
        return Err(Refusal::NobodyLeft(earlier.code.clone()));
    }
    Ok(Request {
        template: earlier.template.clone(),
        fields: newest.fields,
        audience: earlier.audience.clone(),
        plan: earlier.plan.clone(),
        plans: PlansBeside::frozen(&earlier.plans),
        urgency: Some(earlier.urgency),
        plain_sms: earlier.plain_sms,
        terms: Terms { retries: Some(earlier.code.clone()), ..terms },
        among: Some(Among::Left { by: Box::new(earlier.clone()), or_uncertain }),
        again: true,
    })
}

/// The message that this one tries again, which stands for it; itself where it tries none.
pub async fn first_of(school: &School, message: Message) -> Result<Message, StoreError> {
    let Some(code) = message.terms.retries.clone() else { return Ok(message) };
    let id = school.queue.school().clone();
    let first = school.store().read(move |tx| messages::by_code(tx, &id, code.as_str())).await?;
    Ok(first.unwrap_or(message))
}

/// The messages that tried this one again, oldest first.
pub async fn retried_by(school: &School, message: &Message) -> Result<Vec<Code>, StoreError> {
    let (id, code) = (school.queue.school().clone(), message.code.clone());
    let retries = school.store().read(move |tx| messages::retries(tx, &id, &code)).await?;
    Ok(retries.into_iter().map(|retry| retry.code).collect())
}

/// Those whom a message of this template has not reached yet, and may still.
pub(super) async fn still_waiting(
    school: &School,
    template: &'static str,
) -> Result<BTreeSet<PersonKey>, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx| addressees::waiting_for(tx, &id, template)).await
}
