//! Where a message stands: numbers that add up.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState};
use crate::id::Id;
use crate::message::{Message, MessageState, Proof};
use crate::people::SchoolId;
use crate::store::addressees::StandingCount;
use crate::store::deliveries::Tally;
use crate::store::{Store, StoreError, Tx, addressees, controls, deliveries, digests};

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Its code.
    pub message: String,
    /// Whether it runs.
    pub state: MessageState,
    /// Its addressees, each in exactly one place.
    pub addressees: Addressees,
    /// Those reached, by the best proof that we hold: `reached` is counted by what the plan asks for, and says
    /// no more than this.
    pub levels: Levels,
    /// Its deliveries, by channel of its plan.
    pub channels: BTreeMap<Channel, ChannelCount>,
    /// Its part in digests.
    pub digest: DigestCount,
    /// From launch to the last addressee that left the machine's hands, or to now.
    pub seconds: f64,
}

/// Addressees whom a digest concerns, wherever they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DigestCount {
    /// Their household has enough for this week: they wait for the digest.
    pub waiting: usize,
    /// When the first digest that they wait for leaves.
    pub leaves_at: Option<Moment>,
    /// A digest carries the message to them: they stand as it stands.
    pub carried: usize,
}

/// Addressees by where they stand. The parts add up to `total`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Addressees {
    /// All.
    pub total: usize,
    /// Reached, with enough proof.
    pub reached: usize,
    /// A machine is still at work.
    pub waiting: usize,
    /// On the list of letters.
    pub on_letter: usize,
    /// On the list of calls.
    pub on_call: usize,
    /// Every way failed.
    pub unreached: usize,
    /// Every way is used up, and one may have arrived.
    pub uncertain: usize,
    /// A person stopped the message before it left for them.
    pub cancelled: usize,
}

/// Addressees who were reached, each by the best proof held. The parts add up to `reached`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Levels {
    /// A provider has it, or people posted it: nobody knows whether it arrived.
    pub handed_over: usize,
    /// It arrived.
    pub arrived: usize,
    /// It was opened.
    pub seen: usize,
    /// They answered.
    pub answered: usize,
}

/// Deliveries of one channel. `sent` holds `proven`; nothing else overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ChannelCount {
    /// Will leave by this channel.
    pub waiting: usize,
    /// Handed over: the provider has it, or people have posted it.
    pub sent: usize,
    /// Among those sent: with the proof that the plan asks for.
    pub proven: usize,
    /// Will not arrive this way.
    pub failed: usize,
    /// May have left, or not.
    pub uncertain: usize,
    /// No longer needed; never left.
    pub withdrawn: usize,
    /// Among those sent: by the best proof held.
    pub by_proof: BTreeMap<Proof, usize>,
}

/// Where a message stands, in a line: it is counted without a look at any delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Whether it runs.
    pub state: MessageState,
    /// Its addressees, each in exactly one place.
    pub addressees: Addressees,
    /// Those reached, by the best proof held.
    pub levels: Levels,
}

impl Status {
    /// Whether nobody moved between these two looks at a message.
    #[must_use]
    pub fn stands_as(&self, other: &Self) -> bool {
        self.state == other.state
            && self.addressees == other.addressees
            && self.levels == other.levels
            && self.channels == other.channels
            && self.digest == other.digest
    }
}

/// Counts where a message stands.
pub async fn status(store: &Store, message: &Message, now: Moment) -> Result<Status, StoreError> {
    let message = message.clone();
    store.read(move |tx| count(tx, &message, now)).await
}

/// Counts where each of these messages stands.
pub async fn sums(store: &Store, messages: &[Message]) -> Result<Vec<Sum>, StoreError> {
    let of: Vec<_> = messages.iter().map(|it| (it.school.clone(), it.id)).collect();
    let all =
        move |tx: &Tx<'_>| of.iter().map(|(school, id)| Ok(sum(tx, school, *id)?.0)).collect();
    store.read(all).await
}

fn count(tx: &Tx<'_>, message: &Message, now: Moment) -> Result<Status, StoreError> {
    let (school, id) = (&message.school, message.id);
    let (Sum { state, addressees, levels }, last) = sum(tx, school, id)?;
    let tallies = deliveries::tally(tx, school, id, !message.plans.is_empty())?;
    let digest = digests::count(tx, school, id)?;
    let until = last.filter(|_| addressees.waiting == 0).unwrap_or(now);
    Ok(Status {
        message: message.code.to_string(),
        state,
        addressees,
        levels,
        channels: count_channels(message, &tallies),
        digest: DigestCount {
            waiting: digest.waiting,
            leaves_at: digest.due_at,
            carried: digest.carried,
        },
        seconds: until.since(message.launched_at).as_secs_f64(),
    })
}

/// Where a message stands, and when the last of its addressees left the machine's hands.
fn sum(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<(Sum, Option<Moment>), StoreError> {
    let standings = addressees::count(tx, school, message)?;
    let control = controls::of(tx, school, message)?;
    let sum = Sum {
        state: control.map_or(MessageState::Running, |control| control.state),
        addressees: count_addressees(&standings),
        levels: count_levels(&standings),
    };
    Ok((sum, standings.iter().filter_map(|it| it.last_settled_at).max()))
}

fn count_addressees(standings: &[StandingCount]) -> Addressees {
    let mut all = Addressees::default();
    for StandingCount { state, count, .. } in standings {
        all.total += count;
        *match state {
            AddresseeState::Waiting => &mut all.waiting,
            AddresseeState::Reached => &mut all.reached,
            AddresseeState::OnLetter => &mut all.on_letter,
            AddresseeState::OnCall => &mut all.on_call,
            AddresseeState::Unreached => &mut all.unreached,
            AddresseeState::Uncertain => &mut all.uncertain,
            AddresseeState::Cancelled => &mut all.cancelled,
        } += count;
    }
    all
}

fn count_levels(standings: &[StandingCount]) -> Levels {
    let mut levels = Levels::default();
    for it in standings.iter().filter(|it| it.state == AddresseeState::Reached) {
        *match it.reached_by {
            None | Some(Proof::Accepted) => &mut levels.handed_over,
            Some(Proof::Delivered) => &mut levels.arrived,
            Some(Proof::Read) => &mut levels.seen,
            Some(Proof::Acknowledged) => &mut levels.answered,
        } += it.count;
    }
    levels
}

fn count_channels(message: &Message, tallies: &[Tally]) -> BTreeMap<Channel, ChannelCount> {
    let channels = message.channels().into_iter();
    let mut counts: BTreeMap<Channel, ChannelCount> =
        channels.map(|channel| (channel, ChannelCount::default())).collect();
    for tally in tallies {
        let channel = counts.entry(tally.channel).or_default();
        match tally.state {
            DeliveryState::Waiting | DeliveryState::Sending => channel.waiting += tally.count,
            DeliveryState::Uncertain => channel.uncertain += tally.count,
            DeliveryState::Failed => channel.failed += tally.count,
            DeliveryState::Withdrawn => channel.withdrawn += tally.count,
            DeliveryState::Accepted | DeliveryState::Proven => {
                channel.sent += tally.count;
                let rung = message.plan_for(tally.connectivity).rungs().get(tally.rung);
                if rung.is_some_and(|rung| tally.proof >= Some(rung.enough)) {
                    channel.proven += tally.count;
                }
                if let Some(proof) = tally.proof {
                    *channel.by_proof.entry(proof).or_default() += tally.count;
                }
            }
        }
    }
    counts
}
