//! What a draft would use by each of the plans among which it is chosen.

use std::collections::BTreeMap;

use super::expense::Meter;
use super::reach::reach;
use super::{Expense, Refusal, School, draft};
use crate::message::Draft;

/// What a draft would use by each plan that there is, as the channels stand; nothing as long as it is not complete
/// or means nobody.
pub async fn cost_by_plan(
    school: &School,
    kept: &Draft,
) -> Result<BTreeMap<String, Expense>, Refusal> {
    let mut costs = BTreeMap::new();
    for name in school.config.plan_names() {
        let draft = Draft { plan: name.to_owned(), ..kept.clone() };
        let request = draft::request(school, draft, true)?;
        let ready = match super::prepare(school, request).await {
            Ok(ready) => ready,
            Err(Refusal::Store(error)) => return Err(error.into()),
            // The last page says why.
            Err(_) => continue,
        };
        let meter = Meter::of(school, &ready)?;
        if let (_, Some(meter)) = reach(school, &ready, Some(meter)).await? {
            costs.insert(name.to_owned(), meter.total(school).await);
        }
    }
    Ok(costs)
}
