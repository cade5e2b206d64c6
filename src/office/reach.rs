//! Where everybody whom a message is for would go, as the channels stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::departures::InWaves;
use super::expense::{Behind, Meter, Takes, any_reference};
use super::ready::as_it_is_used;
use super::{Ready, School, Unseen};
use crate::channel::Channel;
use crate::delivery::Recipient;
use crate::message::{Message, Plan};
use crate::people::PersonKey;
use crate::render::Prepared;
use crate::store::closings::Closing;
use crate::store::{StoreError, Tx, ent_lookups};

/// Where everybody would go.
#[derive(Default)]
pub(super) struct Reach {
    /// How many by which plan.
    pub(super) by_plan: BTreeMap<String, usize>,
    /// How many by which way first, of those that are open.
    pub(super) by_way: BTreeMap<Channel, usize>,
    /// Those of the ENT, level after level.
    pub(super) ent_waves: InWaves,
    /// Whom no way reaches that is open.
    pub(super) nobody_s: Vec<String>,
    /// How many of them have ways, all of which somebody closed.
    pub(super) shut_off: usize,
    /// Those who have another way than the ENT of their plan, and no account there.
    pub(super) unseen: Unseen,
}

/// Looks at everybody whom a message is for; where there are its texts, a meter counts what each of them takes.
pub(super) async fn reach(
    school: &School,
    ready: &Ready,
    prepared: Option<Arc<Prepared>>,
) -> Result<(Reach, Meter), StoreError> {
    let (message, chosen) = (ready.message.clone(), Arc::clone(&ready.chosen));
    let (passed_over, by_hand) = (ready.passed_over.clone(), ready.by_hand.clone());
    let (by_pupil, memory) = (ready.by_pupil, Arc::clone(&school.memory));
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    let (waves, sides) = (school.queue.timing().waves.clone(), school.config.letters.sides);
    let look = move |tx: &Tx<'_>| {
        let behind = match &prepared {
            Some(prepared) => Behind::read(tx, &message.school, prepared, sides)?,
            None => None,
        };
        let (mut found, mut meter) = (Reach::default(), Meter::new(behind.clone()));
        let reference = any_reference(&message);
        let awaited = ent_lookups::awaited(tx, &message.school)?;
        let awaited: BTreeSet<PersonKey> = awaited.into_iter().collect();
        memory.each_recipient(tx, &message.school, &chosen, |_, recipient| {
            let to = as_it_is_used(recipient, (&passed_over, &by_hand), by_pupil);
            let (plan, reach) = (message.plan_for(to.connectivity), to.reach());
            let ways = ways(plan, &reach);
            let open = open_of(&ways, &closings);
            if let Some(prepared) = &prepared {
                let takes = Takes::of(prepared, &reference, &to, (&reach, behind.as_deref()));
                meter.note(&to, &takes, plan, &open);
            }
            let may_be_unseen =
                !passed_over.contains(&Channel::Ent) && !awaited.contains(&to.person);
            if open.first() == Some(&Channel::Ent) {
                let after = waves.delay(&to.about, message.urgency);
                *found.ent_waves.entry(after).or_default() += 1;
            }
            found.note(&message, to, (&ways, &open), may_be_unseen);
            Ok(())
        })?;
        Ok((found, meter))
    };
    school.store().read(look).await
}

/// The ways of somebody's plan by which they can be written to, in its order.
pub(super) fn ways(plan: &Plan, reach: &[Channel]) -> Vec<Channel> {
    let mut ways = plan.channels();
    ways.retain(|way| reach.contains(way));
    ways
}

/// Those of some ways that nobody closed.
pub(super) fn open_of(ways: &[Channel], closings: &[Closing]) -> Vec<Channel> {
    let is_open = |way: &&Channel| !closings.iter().any(|it| it.channel == **way);
    ways.iter().filter(is_open).copied().collect()
}

impl Reach {
    /// One more, who has these ways, and of them these open ones.
    fn note(
        &mut self,
        message: &Message,
        to: Recipient,
        (ways, open): (&[Channel], &[Channel]),
        may_be_unseen: bool,
    ) {
        let plan = message.plan_for(to.connectivity);
        *self.by_plan.entry(plan.name.clone()).or_default() += 1;
        let Some(next) = open.first() else {
            self.shut_off += usize::from(!ways.is_empty());
            self.nobody_s.push(to.name);
            return;
        };
        *self.by_way.entry(*next).or_default() += 1;
        let uses_ent = plan.channels().contains(&Channel::Ent);
        if may_be_unseen && uses_ent && !ways.contains(&Channel::Ent) {
            self.unseen.note(*next);
        }
    }
}
