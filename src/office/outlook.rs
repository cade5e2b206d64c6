//! What would become of a message, were it launched now.

use std::collections::{BTreeMap, BTreeSet};

use super::launch::{as_it_is_used, said_already, timed};
use super::{Ready, Refusal, School};
use crate::audience::{Chosen, each_recipient};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Urgency;
use crate::people::PersonKey;
use crate::queue::Gathering;
use crate::store::{StoreError, Tx, ent_lookups};

/// What would become of a ready.
pub struct Outlook {
    /// Of whom the ENT was not asked yet.
    pub unlinked: Unlinked,
    /// Whom the load cap would keep waiting.
    pub gathering: Option<Gathering>,
    /// By which plans it goes to how many, and whom it does not reach.
    pub reach: Reach,
    /// When it begins to leave, or what would keep it from being launched.
    pub starts_at: Result<Moment, Refusal>,
}

/// By which plans a message goes to how many, and whom it does not reach.
#[derive(Default)]
pub struct Reach {
    /// How many go by which plan: a household's own where it cannot use all ways of the message's.
    pub by_plan: BTreeMap<String, usize>,
    /// The names of those whom no way of their plan reaches; launched, they are told of as unreached at once.
    pub out_of_reach: Vec<String>,
}

/// Those of a message of whom the ENT was not asked yet whether they have an account: without it families would
/// be on paper while the ENT has them. Launched, they go by the next way at once, as if they had none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlinked {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
}

impl Unlinked {
    /// Whether most are: the ENT was never asked, or not since its people were imported.
    #[must_use]
    pub const fn are_most(self) -> bool {
        self.count * 2 > self.of
    }
}

/// Looks ahead for a message; writes nothing.
pub async fn outlook(school: &School, ready: &Ready) -> Result<Outlook, Refusal> {
    Ok(Outlook {
        unlinked: unlinked(school, ready).await?,
        gathering: gathering(school, ready).await?,
        reach: reach(school, ready).await?,
        starts_at: start_of(school, ready).await?,
    })
}

/// Looks at everybody whom a message is for.
async fn reach(school: &School, ready: &Ready) -> Result<Reach, StoreError> {
    let (message, chosen) = (ready.message.clone(), ready.chosen.clone());
    let (passed_over, by_pupil) = (ready.passed_over.clone(), ready.by_pupil);
    let look = move |tx: &Tx<'_>| {
        let mut found = Reach::default();
        each_recipient(tx, &message.school, &chosen, |_, recipient| {
            let to = as_it_is_used(recipient, &passed_over, by_pupil);
            let reach = to.reach();
            let plan = message.plan_for(to.connectivity);
            if !plan.channels().iter().any(|channel| reach.contains(channel)) {
                found.out_of_reach.push(to.name);
            }
            *found.by_plan.entry(plan.name.clone()).or_default() += 1;
            Ok(())
        })?;
        Ok(found)
    };
    school.store().read(look).await
}

async fn start_of(school: &School, ready: &Ready) -> Result<Result<Moment, Refusal>, StoreError> {
    let now = school.clock.now();
    if let Some(refusal) = said_already(school, ready).await? {
        return Ok(Err(refusal));
    }
    let timed = timed(&school.queue, ready.message.clone(), now);
    Ok(timed.map(|message| message.terms.starts_at.unwrap_or(now)))
}

async fn gathering(school: &School, ready: &Ready) -> Result<Option<Gathering>, StoreError> {
    if !ready.may_wait || ready.by_pupil || ready.message.urgency == Urgency::Urgent {
        return Ok(None);
    }
    // What keeps it from being launched is told then.
    let timed = timed(&school.queue, ready.message.clone(), school.clock.now());
    let Ok(message) = timed else { return Ok(None) };
    let families = ready.chosen.iter().filter(|one| !one.about.is_empty());
    let persons = families.map(|one| one.person.clone()).collect();
    school.queue.digests().would_gather(message, persons).await
}

/// Of how many of a message it is not known yet whether they have an account in the ENT, where its plan uses
/// the ENT and nobody closed it.
pub async fn unlinked(school: &School, ready: &Ready) -> Result<Unlinked, StoreError> {
    let of = ready.chosen.len();
    let uses_ent = ready.message.channels().contains(&Channel::Ent);
    let is_passed_over = ready.passed_over.contains(&Channel::Ent);
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    let is_closed = closings.iter().any(|it| it.channel == Channel::Ent);
    if !uses_ent || is_passed_over || is_closed {
        return Ok(Unlinked { count: 0, of });
    }
    let id = school.queue.school().clone();
    let awaited = school.store().read(move |tx| ent_lookups::awaited(tx, &id)).await?;
    let awaited: BTreeSet<PersonKey> = awaited.into_iter().collect();
    let is_awaited = |one: &&Chosen| awaited.contains(&one.person);
    Ok(Unlinked { count: ready.chosen.iter().filter(is_awaited).count(), of })
}
