//! A message again, for those whom it did not reach.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ready::{keep_among, passed_over, within_reach};
use super::{Among, Ready, Refusal, Request, School};
use crate::audience::AudienceError;
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
        question: earlier.question.clone(),
        terms: Terms { retries: Some(earlier.code.clone()), ..terms },
        among: Some(Among::Left { by: Box::new(earlier.clone()), or_uncertain }),
        again: true,
    })
}

/// Of those whom a retry goes to, how many may have the message already.
pub async fn may_have_it(school: &School, ready: &Ready) -> Result<usize, StoreError> {
    let Some(Among::Left { by, or_uncertain: true }) = &ready.among else { return Ok(0) };
    let unreached = Among::Left { by: by.clone(), or_uncertain: false };
    let (id, chosen) = (school.queue.school().clone(), ready.chosen.to_vec());
    let left = move |tx: &Tx<'_>| Ok(keep_among(tx, &id, &unreached, chosen)?.len());
    let surely_left = school.store().read(left).await?;
    Ok(ready.chosen.len().saturating_sub(surely_left))
}

/// Whether somebody whom a message left can be tried again now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToTryAgain {
    /// Somebody whom nothing reached.
    pub unreached: bool,
    /// Somebody who may have it.
    pub uncertain: bool,
}

/// Looks whether somebody whom a message left can be tried again, by the ways to them that there are now.
pub async fn to_try_again(school: &School, message: &Message) -> Result<ToTryAgain, StoreError> {
    let (false, Ok(rule)) = (message.is_digest(), message.audience.parse()) else {
        return Ok(ToTryAgain::default());
    };
    let first = first_of(school, message.clone()).await?;
    let chosen = match school.find(&rule).await {
        Ok(selection) => selection.chosen,
        Err(AudienceError::Rule(_)) => return Ok(ToTryAgain::default()),
        Err(AudienceError::Store(error)) => return Err(error),
    };
    let (memory, passed_over) = (Arc::clone(&school.memory), passed_over(school, &first));
    let by_hand = school.queue.by_hand().to_vec();
    let look = move |tx: &Tx<'_>| {
        let ways = (passed_over.as_slice(), by_hand.as_slice());
        let many = |or_uncertain| {
            let left = Among::Left { by: Box::new(first.clone()), or_uncertain };
            let left = keep_among(tx, &first.school, &left, chosen.clone())?;
            Ok::<_, StoreError>(within_reach(tx, &memory, &first, ways, left)?.len())
        };
        let unreached = many(false)?;
        Ok(ToTryAgain { unreached: unreached > 0, uncertain: many(true)? > unreached })
    };
    school.store().read(look).await
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
