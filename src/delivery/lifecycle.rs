//! The life of an addressee and its deliveries. Pure, total, and the only place where a state
//! changes; `src/ARCHITECTURE.md` has its picture.

use std::time::Duration;

use super::FailureKind;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Plan, Proof, Rung};

pub use super::conditions::Conditions;
pub use super::events::{CallStood, DeliveryEvent, Event};
pub use super::progress::{Delivery, Progress};
pub use super::states::{AddresseeState, DeliveryState};

/// So long after its lease ends what is waited for past its rung's patience: told apart by it from a patience that ends
/// by itself.
const PAST_THE_LEASE: Duration = Duration::from_millis(1);

/// Legs that a reference tells apart.
const MOST_LEGS: usize = 26;

/// What [`apply`] decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The addressee afterwards.
    pub after: Progress,
    /// Whether the event meant anything in that state.
    pub taken: bool,
}

/// An addressee at launch: on the first rung that can be used, or unreached.
#[must_use]
pub fn launch(reach: Vec<Channel>, conditions: &Conditions<'_>, now: Moment) -> Progress {
    let mut progress = gathered(reach);
    climb(&mut progress, 0, conditions, now);
    advance(&mut progress, conditions, now);
    progress
}

/// An addressee whose household has enough for this week: nothing leaves before the digest is made,
/// which then carries the message in place of deliveries of its own.
#[must_use]
pub fn gathered(reach: Vec<Channel>) -> Progress {
    Progress {
        state: AddresseeState::Waiting,
        rung: 0,
        climb_at: None,
        reach,
        deliveries: Vec::new(),
    }
}

/// What `event` makes of `before`.
#[must_use]
pub fn apply(
    before: &Progress,
    event: Event,
    conditions: &Conditions<'_>,
    now: Moment,
) -> Transition {
    let mut after = before.clone();
    let taken = match event {
        Event::Carried(state) => {
            let is_stopped = before.rung >= conditions.past_the_end();
            let taken = before.is_carried() && !is_stopped && before.state != state;
            let state = if taken { state } else { before.state };
            return Transition { after: Progress { state, ..after }, taken };
        }
        Event::Released { wave } => {
            let is_gathered = before.is_gathered();
            if is_gathered {
                climb(&mut after, 0, &Conditions { wave, ..*conditions }, now);
            }
            is_gathered
        }
        Event::Delivery(index, DeliveryEvent::Unpublished) => {
            unpublish(&mut after, index, conditions, now)
        }
        Event::Delivery(index, DeliveryEvent::Uncalled(stood)) => {
            uncall(&mut after, index, stood, conditions)
        }
        Event::Delivery(index, event) => {
            let taken = take(&mut after, index, event, conditions);
            if is_awaited_past_patience(before, index) && is_waiting(&after, index) {
                after.climb_at = Some(now);
                lose_patience(&mut after, conditions, now);
            }
            taken
        }
        Event::PatienceOver => lose_patience(&mut after, conditions, now),
        Event::ChannelClosed(channel) => {
            give_up(&mut after, FailureKind::Closed, |delivery| delivery.channel == channel)
        }
        Event::Expired => conditions.has_expired(now) && expire(&mut after),
        Event::Cancelled => cancel(&mut after, conditions),
        Event::Restricted => restrict(&mut after, conditions),
    };
    if !taken {
        return Transition { after: before.clone(), taken };
    }
    advance(&mut after, conditions, now);
    Transition { after, taken }
}

/// Changes the one delivery that `event` is about. Later truth wins over earlier, never the
/// other way round: see the table in the tests.
fn take(
    progress: &mut Progress,
    index: usize,
    event: DeliveryEvent,
    conditions: &Conditions<'_>,
) -> bool {
    use DeliveryState::{Accepted, Failed, Sending, Uncertain, Waiting, Withdrawn};
    let rung_in_use = progress.rung;
    let Some(delivery) = progress.deliveries.get_mut(index) else { return false };
    let still_wanted = delivery.rung == rung_in_use;
    let channel = delivery.channel;
    let next_try = |retry_at| conditions.retry(channel, retry_at).filter(|_| still_wanted);
    match (event, delivery.state) {
        (DeliveryEvent::Started { lease_ends }, Waiting) => delivery.move_to(Sending, lease_ends),
        (DeliveryEvent::Accepted { look_at }, Waiting | Sending | Uncertain | Withdrawn) => {
            delivery.proof = delivery.proof.max(Some(Proof::Accepted));
            delivery.move_to(Accepted, look_at);
        }
        (DeliveryEvent::Failed { kind, retry_at }, Sending) => {
            delivery.fail(kind, next_try(retry_at));
        }
        (DeliveryEvent::Parted { again_at }, Sending) => match next_try(Some(again_at)) {
            // Under another reference nobody could tell that it is the same.
            Some(again_at) if !delivery.may_have_left() => {
                delivery.move_to(Waiting, Some(again_at));
            }
            _ => delivery.leave_off(None),
        },
        (DeliveryEvent::UnknownAsk { ask_at }, Sending | Uncertain) => {
            delivery.lose_sight(Some(ask_at));
        }
        (DeliveryEvent::UnknownResend { retry_at }, Sending) => {
            delivery.tries += 1;
            // Once: two may have left by now.
            let retry_at = next_try(retry_at).filter(|_| !delivery.may_have_left());
            delivery.try_again_or(Uncertain, FailureKind::Uncertain, retry_at);
        }
        (DeliveryEvent::UnknownAwait, Sending | Uncertain) => delivery.lose_sight(None),
        (DeliveryEvent::UnknownAwait, Waiting) if delivery.may_have_left() => {
            delivery.move_to(Uncertain, None);
        }
        (DeliveryEvent::NeverArrived { retry_at }, Uncertain) => {
            delivery.tries += 1;
            let retry_at = next_try(retry_at);
            delivery.try_again_or(Failed, FailureKind::Unreachable, retry_at);
        }
        (DeliveryEvent::Unposted, Accepted) => return delivery.take_in_hand_again(),
        (DeliveryEvent::MessageLeft { again_at }, Sending) if channel == Channel::Phone => {
            let is_enough = conditions.is_enough(delivery.rung, Proof::Accepted);
            delivery.leave_message(next_try(again_at).filter(|_| !is_enough));
        }
        (DeliveryEvent::Pending { look_at }, Accepted) => delivery.due_at = Some(look_at),
        (DeliveryEvent::Proven(proof), _) if delivery.is_news(proof) => delivery.prove(proof),
        (DeliveryEvent::Undeliverable, Sending | Uncertain | Accepted) => {
            delivery.proof = None;
            delivery.failure = Some(FailureKind::BadAddress);
            delivery.move_to(Failed, None);
        }
        _ => return false,
    }
    true
}

/// What a person published waits for them again, with the rung's patience from now on; where the rung was
/// left meanwhile, or its channel closed, it waits no more.
fn unpublish(
    progress: &mut Progress,
    index: usize,
    conditions: &Conditions<'_>,
    now: Moment,
) -> bool {
    let (rung_in_use, rungs) = (progress.rung, conditions.plan.rungs());
    let delivery = progress.deliveries.get_mut(index);
    let Some(delivery) = delivery.filter(|it| it.state == DeliveryState::Accepted) else {
        return false;
    };
    delivery.proof = None;
    let rung = rungs.get(rung_in_use).filter(|_| delivery.rung == rung_in_use);
    match (rung, conditions.opening(delivery.channel, now)) {
        (Some(rung), Ok(opening)) => {
            delivery.move_to(DeliveryState::Waiting, Some(opening));
            progress.climb_at = Some(opening + rung.patience());
        }
        (_, opening) => delivery.leave_off(opening.err()),
    }
    true
}

/// What was said of a call is taken back: it is to be made as it was before. Not where something left because of
/// what was said, nor where a person stopped the message since.
fn uncall(
    progress: &mut Progress,
    index: usize,
    stood: CallStood,
    conditions: &Conditions<'_>,
) -> bool {
    use DeliveryState::{Accepted, Failed, Proven, Waiting, Withdrawn};
    let said = progress.deliveries.get(index).filter(|it| {
        it.channel == Channel::Phone && matches!(it.state, Waiting | Accepted | Failed | Proven)
    });
    let Some(rung) = said.map(|it| it.rung) else { return false };
    let later: Vec<usize> = (0..progress.deliveries.len())
        .filter(|other| progress.deliveries[*other].rung > rung)
        .collect();
    let has_left = |other: &usize| {
        let later = &progress.deliveries[*other];
        !matches!(later.state, Waiting | Withdrawn) || later.may_have_left()
    };
    let is_stopped = progress.rung >= conditions.past_the_end();
    // Each climbs anew as a leg of its own, and references tell so many apart.
    let is_full = progress.deliveries.len() + later.len() > MOST_LEGS;
    if is_stopped || is_full || later.iter().any(has_left) {
        return false;
    }
    for other in later {
        let later = &mut progress.deliveries[other];
        if later.state == Waiting {
            later.leave_off(None);
        }
    }
    progress.deliveries[index].call_again(stood);
    progress.rung = rung;
    progress.climb_at = None;
    true
}

/// The rung's time is up: leave it for the next one that can be used. An attempt under way is
/// waited for, so that nobody gets the same thing by two ways at once; people are never hurried. On
/// the last rung what still waits goes on trying: there is nothing better to do.
fn lose_patience(progress: &mut Progress, conditions: &Conditions<'_>, now: Moment) -> bool {
    if progress.climb_at.is_none_or(|at| at > now) {
        return false;
    }
    if progress.deliveries.iter().any(|d| d.rung == progress.rung && d.is_in_peoples_hands()) {
        progress.climb_at = None;
        return true;
    }
    let under_way = progress
        .deliveries
        .iter()
        .filter(|delivery| delivery.rung == progress.rung)
        .filter(|delivery| delivery.state == DeliveryState::Sending)
        .filter_map(|delivery| delivery.due_at)
        .max();
    if let Some(lease_ends) = under_way.filter(|lease_ends| *lease_ends > now) {
        progress.climb_at = Some(lease_ends + PAST_THE_LEASE);
        return true;
    }
    if let Some(again) = patience_after_sleep(progress, conditions, now) {
        progress.climb_at = Some(again);
        return true;
    }
    progress.climb_at = None;
    climb(progress, progress.rung + 1, conditions, now);
    true
}

/// Whether the rung's time was up while this attempt was under way, so that no more than its end was waited for.
fn is_awaited_past_patience(progress: &Progress, index: usize) -> bool {
    progress.deliveries.get(index).is_some_and(|delivery| {
        let lease_ends = delivery.due_at.filter(|_| delivery.state == DeliveryState::Sending);
        lease_ends.is_some_and(|at| progress.climb_at == Some(at + PAST_THE_LEASE))
    })
}

fn is_waiting(progress: &Progress, index: usize) -> bool {
    progress.deliveries.get(index).is_some_and(|it| it.state == DeliveryState::Waiting)
}

/// What was due and did not leave before its channel fell asleep has the rung's patience once more,
/// from the next opening on. Once only: its due time stays, and tells that it had that already.
fn patience_after_sleep(
    progress: &Progress,
    conditions: &Conditions<'_>,
    now: Moment,
) -> Option<Moment> {
    let patience = conditions.plan.rungs().get(progress.rung)?.patience();
    let climb_at = progress.climb_at?;
    let opening = |delivery: &Delivery| {
        let due_at = delivery.due_at.filter(|due| *due <= now && climb_at <= *due + patience)?;
        let opening = conditions.opening(delivery.channel, now.max(due_at)).ok()?;
        (opening > now).then_some(opening)
    };
    let waiting = progress.deliveries.iter().filter(|delivery| {
        delivery.rung == progress.rung && delivery.state == DeliveryState::Waiting
    });
    waiting.filter_map(opening).max().map(|opening| opening + patience)
}

/// Gives up what waits, and keeps the reason; what is under way is let to its end.
fn give_up(progress: &mut Progress, why: FailureKind, which: impl Fn(&Delivery) -> bool) -> bool {
    let mut some = false;
    for delivery in &mut progress.deliveries {
        if delivery.state == DeliveryState::Waiting && which(delivery) {
            delivery.leave_off(Some(why));
            some = true;
        }
    }
    some
}

/// What is stale does not leave, and nothing more is awaited for it.
fn expire(progress: &mut Progress) -> bool {
    let awaited = progress.climb_at.take().is_some() || progress.is_gathered();
    give_up(progress, FailureKind::Expired, |_| true) || awaited
}

/// Leaves the plan for good: what waits is withdrawn, and no rung is climbed any more.
fn cancel(progress: &mut Progress, conditions: &Conditions<'_>) -> bool {
    use AddresseeState::{Reached, Uncertain};
    let has_it = progress.is_carried() && matches!(progress.state, Reached | Uncertain);
    if progress.rung >= conditions.past_the_end() || has_it {
        return false;
    }
    withdraw(progress, |_| true);
    progress.rung = conditions.past_the_end();
    progress.climb_at = None;
    true
}

/// The same, because nothing may go to them any more: also what people have in hand and have not sent.
fn restrict(progress: &mut Progress, conditions: &Conditions<'_>) -> bool {
    let mut some = give_up(progress, FailureKind::Restricted, |_| true);
    for delivery in &mut progress.deliveries {
        if delivery.is_in_peoples_hands() {
            delivery.failure = Some(FailureKind::Restricted);
            delivery.move_to(DeliveryState::Withdrawn, None);
            some = true;
        }
    }
    cancel(progress, conditions) || some
}

/// Settles what follows from the deliveries: reached, still at work, next rung, or a list.
fn advance(progress: &mut Progress, conditions: &Conditions<'_>, now: Moment) {
    loop {
        if let Some(rung) = rung_that_reached(progress, conditions.plan) {
            progress.state = AddresseeState::Reached;
            progress.climb_at = None;
            withdraw(progress, |delivery| delivery.rung != rung);
            return;
        }
        if let Some(state) = state_at_work(progress) {
            progress.state = state;
            return;
        }
        if !climb(progress, progress.rung + 1, conditions, now) {
            progress.climb_at = None;
            note_passed_over(progress, conditions, now);
            progress.state = last_word(progress, conditions);
            return;
        }
    }
}

fn rung_that_reached(progress: &Progress, plan: &Plan) -> Option<usize> {
    let proven = progress.deliveries.iter().filter(|delivery| delivery.proves_enough(plan));
    proven.map(|delivery| delivery.rung).min()
}

/// The state of an addressee for whom something is still under way: a machine first, else the list
/// of the people who have it in hand.
fn state_at_work(progress: &Progress) -> Option<AddresseeState> {
    let mut on_list = None;
    for delivery in &progress.deliveries {
        let in_hand = matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Sending);
        let awaited = progress.climb_at.is_some()
            && delivery.rung == progress.rung
            && matches!(delivery.state, DeliveryState::Accepted | DeliveryState::Uncertain);
        match delivery.channel {
            Channel::Letter if in_hand => on_list = Some(AddresseeState::OnLetter),
            Channel::Phone if in_hand => on_list = Some(AddresseeState::OnCall),
            _ if in_hand || awaited => return Some(AddresseeState::Waiting),
            _ => {}
        }
    }
    on_list
}

/// Nothing is under way and no rung is left.
fn last_word(progress: &Progress, conditions: &Conditions<'_>) -> AddresseeState {
    let may_have_arrived = progress.deliveries.iter().any(|delivery| {
        matches!(delivery.state, DeliveryState::Accepted | DeliveryState::Uncertain)
    });
    if may_have_arrived {
        AddresseeState::Uncertain
    } else if progress.rung >= conditions.past_the_end() {
        AddresseeState::Cancelled
    } else {
        AddresseeState::Unreached
    }
}

/// Goes to the first rung from `from` on that the addressee can be reached by; `false` when there
/// is none.
fn climb(progress: &mut Progress, from: usize, conditions: &Conditions<'_>, now: Moment) -> bool {
    let ways = |(index, rung): (usize, &Rung)| {
        let usable = rung.channels.iter().filter(|channel| progress.may_take(index, **channel));
        let opens = usable.filter_map(|channel| {
            conditions.opening(*channel, now).ok().map(|opening| (*channel, opening))
        });
        let opens: Vec<(Channel, Moment)> = opens.collect();
        (!opens.is_empty()).then_some((index, opens))
    };
    let rungs = conditions.plan.rungs();
    let Some((index, ways)) = rungs.iter().enumerate().skip(from).find_map(ways) else {
        return false;
    };
    withdraw(progress, |_| true);
    // Patience counts from the moment when all of the rung's ways are open.
    let open = ways.iter().map(|(_, opening)| *opening).max().unwrap_or(now);
    let new = ways.into_iter().map(|(channel, opening)| Delivery {
        due_at: Some(opening),
        ..Delivery::waiting(channel, index)
    });
    progress.deliveries.extend(new);
    progress.rung = index;
    let rung = &rungs[index];
    progress.climb_at = (!rung.is_carried_by_people()).then(|| open + rung.patience());
    true
}

/// On the list that a human gets stands why a channel was no way: closed, or stale before it opened.
fn note_passed_over(progress: &mut Progress, conditions: &Conditions<'_>, now: Moment) {
    let rungs = conditions.plan.rungs().iter().enumerate().skip(progress.rung);
    for (index, rung) in rungs {
        for channel in &rung.channels {
            if !progress.may_take(index, *channel) {
                continue;
            }
            let Err(kind) = conditions.opening(*channel, now) else { continue };
            let is_told = progress.deliveries.iter().any(|known| known.failure == Some(kind));
            if kind == FailureKind::Expired && is_told {
                continue;
            }
            progress.deliveries.push(Delivery {
                state: DeliveryState::Withdrawn,
                failure: Some(kind),
                ..Delivery::waiting(*channel, index)
            });
        }
    }
}

/// What waits is not needed any more.
fn withdraw(progress: &mut Progress, which: impl Fn(&Delivery) -> bool) {
    for delivery in &mut progress.deliveries {
        if delivery.state == DeliveryState::Waiting && which(delivery) {
            delivery.leave_off(None);
        }
    }
}
