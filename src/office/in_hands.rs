//! Whom people of the school must see to, over all messages: to call, unreached, uncertain.

use std::ops::Range;

use super::{School, ToSeeTo};
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, Progress};
use crate::delivery::{About, Recipient};
use crate::message::{Code, Message};
use crate::people::{SchoolId, Whom};
use crate::phone_number::PhoneNumber;
use crate::queue::as_carried;
use crate::render::TemplateError;
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
    /// The number to call.
    pub number: Option<PhoneNumber>,
    /// What is said on the telephone, where they are to be called and it can be made.
    pub script: Option<String>,
}

type InCharge = (Message, u32, Recipient, Progress);

/// Those of a range who stand in a state, of all messages; for whoever has to do with pupils of their own alone,
/// those who were told of one of these.
pub async fn in_hands(
    school: &School,
    whom: &Whom,
    state: AddresseeState,
    range: Range<usize>,
) -> Result<InHands, StoreError> {
    let (id, whom) = (school.queue.school().clone(), whom.clone());
    let read = move |tx: &Tx<'_>| match &whom {
        Whom::Everybody => found(tx, &id, state, &range),
        Whom::Own { .. } => found_for(tx, &id, &whom, state, &range),
    };
    let (total, found) = school.store().read(read).await?;
    let people = found.into_iter().map(|it| Charge::of(school, state, it)).collect();
    Ok(InHands { total, people })
}

fn found(
    tx: &Tx<'_>,
    school: &SchoolId,
    state: AddresseeState,
    range: &Range<usize>,
) -> Result<(usize, Vec<InCharge>), StoreError> {
    let (mut before, mut found) = (0, Vec::new());
    for (message, count) in addressees::messages_with(tx, school, state)? {
        let here = before..before + count;
        before = here.end;
        if here.start >= range.end || here.end <= range.start {
            continue;
        }
        let Some(message) = messages::by_id(tx, school, message)? else { continue };
        let mut those = addressees::in_state(tx, school, message.id, state)?;
        those.sort_by_cached_key(|(_, to)| to.filing());
        let skipped = range.start.saturating_sub(here.start);
        let most = range.end - here.start.max(range.start);
        for (id, to) in those.into_iter().skip(skipped).take(most) {
            if let Some(addressee) = addressees::load(tx, school, id)? {
                let progress = as_carried(tx, school, &addressee)?;
                found.push((message.clone(), addressee.number, to, progress));
            }
        }
    }
    Ok((before, found))
}

/// The same for somebody with pupils of their own, each copy looked at.
fn found_for(
    tx: &Tx<'_>,
    school: &SchoolId,
    whom: &Whom,
    state: AddresseeState,
    range: &Range<usize>,
) -> Result<(usize, Vec<InCharge>), StoreError> {
    let (total, mut all) = found(tx, school, state, &(0..usize::MAX))?;
    let is_theirs = |about: &About| whom.has(about.pupil.as_ref(), about.class.as_deref());
    all.retain(|(_, _, to, _)| to.about.iter().any(is_theirs));
    let theirs = all.len().min(total);
    Ok((theirs, all.into_iter().skip(range.start).take(range.len()).collect()))
}

impl Charge {
    fn of(
        school: &School,
        state: AddresseeState,
        (message, number, to, progress): InCharge,
    ) -> Self {
        let is_to_call = state == AddresseeState::OnCall;
        let script = is_to_call.then(|| script(school, &message, number, &to));
        Self {
            subject: school.subject(&message.template, &message.fields),
            launched_at: message.launched_at,
            message: message.code,
            who: ToSeeTo::of(state, &to, &progress),
            number: to.phone,
            script: script.and_then(Result::ok),
        }
    }
}

fn script(
    school: &School,
    message: &Message,
    number: u32,
    to: &Recipient,
) -> Result<String, TemplateError> {
    let reference = message.code.delivery(number, 0);
    school.renderer.prepared(message)?.phone(to, &reference)
}
