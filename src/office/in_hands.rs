//! Whom people of the school must see to, over all messages: to call, unreached, uncertain.

use std::ops::Range;

use super::{School, ToSeeTo};
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, Progress};
use crate::delivery::{About, Recipient};
use crate::id::Id;
use crate::message::{Code, Message};
use crate::people::{SchoolId, Whom};
use crate::queue::as_carried;
use crate::store::addressees::Addressee;
use crate::store::calls::{self, KeptOutcome};
use crate::store::{StoreError, Tx, addressees, messages};

/// Those who stand in a state.
pub struct InHands {
    /// How many there are.
    pub total: usize,
    /// Those who were asked for: of the newest message first, each by class and name.
    pub people: Vec<Charge>,
}

/// Somebody whom people must see to.
pub struct Charge {
    /// Of which message.
    pub message: Code,
    /// What it is about.
    pub subject: String,
    /// When it was launched.
    pub launched_at: Moment,
    /// Who, and what was tried.
    pub who: ToSeeTo,
}

type InCharge = (Message, Recipient, (Progress, Vec<KeptOutcome>));
type Charged = (Id<Addressee>, Recipient);

/// Those of a range who stand in a state, of all messages; for whoever has to do with pupils of their own alone,
/// those who were told of one of these.
pub async fn in_hands(
    school: &School,
    whom: &Whom,
    state: AddresseeState,
    range: Range<usize>,
) -> Result<InHands, StoreError> {
    let (id, whom, now) = (school.queue.school().clone(), whom.clone(), school.clock.now());
    let read = move |tx: &Tx<'_>| found(tx, &id, &whom, (state, now), &range);
    let (total, found) = school.store().read(read).await?;
    let people = found.into_iter().map(|it| Charge::of(school, state, it)).collect();
    Ok(InHands { total, people })
}

fn found(
    tx: &Tx<'_>,
    school: &SchoolId,
    whom: &Whom,
    (state, now): (AddresseeState, Moment),
    range: &Range<usize>,
) -> Result<(usize, Vec<InCharge>), StoreError> {
    let (mut before, mut found) = (0, Vec::new());
    for (message, all) in addressees::messages_with(tx, school, state)? {
        let Some(message) = messages::by_id(tx, school, message)? else { continue };
        // Nobody is called of what has yet to begin.
        if message.terms.starts_at.is_some_and(|at| at > now) {
            continue;
        }
        let theirs = theirs(tx, school, whom, (message.id, state))?;
        let here = before..before + theirs.as_ref().map_or(all, Vec::len);
        before = here.end;
        if here.start >= range.end || here.end <= range.start {
            continue;
        }
        let mut those = match theirs {
            Some(theirs) => theirs,
            None => addressees::in_state(tx, school, message.id, state)?,
        };
        those.sort_by_cached_key(|(_, to)| to.filing());
        let skipped = range.start.saturating_sub(here.start);
        let most = range.end - here.start.max(range.start);
        for (id, to) in those.into_iter().skip(skipped).take(most) {
            if let Some(addressee) = addressees::load(tx, school, id)? {
                let progress = as_carried(tx, school, &addressee)?;
                let called = calls::outcomes_for(tx, school, id)?;
                found.push((message.clone(), to, (progress, called)));
            }
        }
    }
    Ok((before, found))
}

/// Those of a message whose copy is about a pupil of somebody who has pupils of their own; `None` for everybody else,
/// who sees all.
fn theirs(
    tx: &Tx<'_>,
    school: &SchoolId,
    whom: &Whom,
    (message, state): (Id<Message>, AddresseeState),
) -> Result<Option<Vec<Charged>>, StoreError> {
    if *whom == Whom::Everybody {
        return Ok(None);
    }
    let is_theirs = |about: &About| whom.has(about.pupil.as_ref(), about.class.as_deref());
    let mut those = addressees::in_state(tx, school, message, state)?;
    those.retain(|(_, to)| to.about.iter().any(is_theirs));
    Ok(Some(those))
}

impl Charge {
    fn of(
        school: &School,
        state: AddresseeState,
        (message, to, (progress, called)): InCharge,
    ) -> Self {
        Self {
            subject: school.subject(&message.template, &message.fields),
            launched_at: message.launched_at,
            message: message.code,
            who: ToSeeTo::of(state, &to, &progress, &called),
        }
    }
}
