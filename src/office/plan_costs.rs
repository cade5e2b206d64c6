//! What a draft would use by each of the plans among which it is chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expense::{Behind, Meter, Takes, any_reference};
use super::reach::{open_of, ways};
use super::ready::{PlanWays, as_it_is_used, plan_ways};
use super::{Expense, Ready, Refusal, School, draft};
use crate::channel::Channel;
use crate::message::{Draft, Message};
use crate::render::Prepared;
use crate::store::{StoreError, Tx};

/// A draft as it would go by one of the plans.
struct ByPlan {
    name: String,
    message: Message,
    prepared: Arc<Prepared>,
    passed_over: Vec<Channel>,
    meter: Meter,
}

/// What a draft would use by each plan that there is, as the channels stand; nothing as long as it is not complete
/// or means nobody.
pub async fn cost_by_plan(
    school: &School,
    kept: &Draft,
) -> Result<BTreeMap<String, Expense>, Refusal> {
    let mut costs = BTreeMap::new();
    let Some(ready) = ready(school, kept).await? else { return Ok(costs) };
    let mut by_plan = Vec::new();
    for name in school.config.plan_names() {
        by_plan.extend(with_meter(school, kept, &ready, name)?);
    }
    let reference = any_reference(&ready.message);
    for ByPlan { name, prepared, meter, .. } in metered(school, ready, by_plan).await? {
        costs.insert(name, meter.total(school, &prepared, &reference).await);
    }
    Ok(costs)
}

/// A draft made ready by the first plan by which it can leave. Whom it means is the same by all of them.
async fn ready(school: &School, kept: &Draft) -> Result<Option<Ready>, Refusal> {
    for name in school.config.plan_names() {
        match super::prepare(school, draft::request(school, by(kept, name), true)?).await {
            Ok(ready) => return Ok(Some(ready)),
            Err(Refusal::Store(error)) => return Err(error.into()),
            // The last page says why.
            Err(_) => {}
        }
    }
    Ok(None)
}

fn by(kept: &Draft, plan: &str) -> Draft {
    Draft { plan: plan.to_owned(), ..kept.clone() }
}

/// What is ready by one plan, as it would go by this one; `None` where it cannot.
fn with_meter(
    school: &School,
    kept: &Draft,
    ready: &Ready,
    plan: &str,
) -> Result<Option<ByPlan>, Refusal> {
    let request = draft::request(school, by(kept, plan), true)?;
    let plans = request.plans.of(&request.plan, ready.message.urgency);
    let message = Message { plan: request.plan, plans, ..ready.message.clone() };
    let Ok(PlanWays { prepared, passed_over, .. }) = plan_ways(school, &message) else {
        return Ok(None);
    };
    let (name, meter) = (plan.to_owned(), Meter::default());
    Ok(Some(ByPlan { name, message, prepared, passed_over, meter }))
}

/// Looks at everybody once, for all plans: the texts are the same by each, and so is what nobody carries.
async fn metered(
    school: &School,
    ready: Ready,
    mut by_plan: Vec<ByPlan>,
) -> Result<Vec<ByPlan>, StoreError> {
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    let (memory, sides) = (Arc::clone(&school.memory), school.config.letters.sides);
    let look = move |tx: &Tx<'_>| {
        let passed_over: BTreeSet<Channel> =
            by_plan.iter().flat_map(|it| it.passed_over.iter().copied()).collect();
        let passed_over: Vec<Channel> = passed_over.into_iter().collect();
        let reference = any_reference(&ready.message);
        let prepared = by_plan.first().map(|it| Arc::clone(&it.prepared));
        let Some(prepared) = prepared else { return Ok(by_plan) };
        let behind = Behind::read(tx, &ready.message.school, &prepared, sides)?;
        for ByPlan { meter, .. } in &mut by_plan {
            *meter = Meter::new(behind.clone());
        }
        memory.each_recipient(tx, &ready.message.school, &ready.chosen, |_, recipient| {
            let used = (passed_over.as_slice(), ready.by_hand.as_slice());
            let to = as_it_is_used(recipient, used, ready.by_pupil);
            let reach = to.reach();
            let takes = Takes::of(&prepared, &reference, &to, (&reach, behind.as_deref()));
            for ByPlan { message, meter, .. } in &mut by_plan {
                let plan = message.plan_for(to.connectivity);
                meter.note(&to, &takes, plan, &open_of(&ways(plan, &reach), &closings));
            }
            Ok(())
        })?;
        Ok(by_plan)
    };
    school.store().read(look).await
}
