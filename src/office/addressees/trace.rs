//! What became of one addressee, as time went by.

use serde::Serialize;

use super::{School, in_french, is_of};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{About, AddresseePlace, Recipient};
use crate::email_address::EmailAddress;
use crate::message::{Code, Message};
use crate::people::{PersonKey, PostalAddress, Whom};
use crate::phone_number::PhoneNumber;
use crate::store::places::{self, Traced, TracedTry, TracedWay};
use crate::store::replies::{self, StandingReply};
use crate::store::{StoreError, Tx};

/// One addressee, and what happened.
#[derive(Serialize)]
pub struct AddresseeTrace {
    /// Its number within the message.
    pub number: u32,
    /// Their key in the directory; of the first of a household.
    pub person: PersonKey,
    /// Their name.
    pub name: String,
    /// The pupils for whom.
    pub about: Vec<String>,
    /// Where it stands.
    pub place: AddresseePlace,
    /// The digest that carries it.
    pub digest: Option<Code>,
    /// Each way: what stands at its end, and how it is, in French.
    pub ways: Vec<WayShown>,
    /// What happened, first what happened first.
    pub events: Vec<TraceEvent>,
}

/// One way of an addressee.
#[derive(Serialize)]
pub struct WayShown {
    /// By which channel.
    pub channel: Channel,
    /// The address or number as it was at launch.
    pub address: Option<String>,
    /// How it is: `courriel : arrivé`.
    pub told: String,
    /// When somebody looks at it next.
    pub due_at: Option<Moment>,
}

/// Something that happened.
#[derive(Serialize)]
pub struct TraceEvent {
    /// When.
    pub at: Moment,
    /// What.
    #[serde(flatten)]
    pub what: Happened,
}

/// What can happen to an addressee.
#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Happened {
    /// The message was launched.
    Launched,
    /// A way was tried.
    Tried {
        /// Which.
        channel: Channel,
        /// By which provider, as the configuration names it.
        provider: String,
        /// What it came to, in French.
        outcome: &'static str,
    },
    /// Their letter was printed with others.
    Gathered {
        /// The number of the batch.
        batch: u32,
    },
    /// People posted that batch, or handed it out.
    Posted {
        /// Its number.
        batch: u32,
    },
    /// They wrote to the school, about whatever it was.
    Wrote {
        /// Their words.
        body: String,
    },
    /// They came to stand where they stand.
    Settled(AddresseePlace),
}

/// The addressee of this number; `None` where there is none whom they may see.
pub async fn addressee(
    school: &School,
    message: &Message,
    number: u32,
    whom: &Whom,
) -> Result<Option<AddresseeTrace>, StoreError> {
    let (id, of) = (school.queue.school().clone(), message.id);
    let look = move |tx: &Tx<'_>| {
        let Some(traced) = places::trace(tx, &id, of, number)? else { return Ok(None) };
        let tries = places::tries(tx, &id, traced.id)?;
        let replies = replies::of_person(tx, &id, &traced.recipient.person)?;
        Ok(Some((traced, tries, replies)))
    };
    let found = school.store().read(look).await?;
    let found = found.filter(|(traced, ..)| is_of(whom, &traced.recipient.about));
    Ok(found.map(|(traced, tries, replies)| shown(message, traced, tries, replies)))
}

fn shown(
    message: &Message,
    traced: Traced,
    tries: Vec<TracedTry>,
    replies: Vec<StandingReply>,
) -> AddresseeTrace {
    let events = events(message, &traced, tries, replies);
    let Traced { number, recipient, place, digest, ways, .. } = traced;
    AddresseeTrace {
        number,
        about: recipient.about.iter().map(About::with_class).collect(),
        place,
        digest,
        ways: ways.iter().map(|way| way_shown(&recipient, way)).collect(),
        events,
        person: recipient.person,
        name: recipient.name,
    }
}

fn way_shown(to: &Recipient, way: &TracedWay) -> WayShown {
    let address = match way.channel {
        Channel::Email => to.email.as_ref().map(|it| EmailAddress::as_str(it).to_owned()),
        Channel::Sms => to.sms.as_ref().map(PhoneNumber::in_pairs),
        Channel::Phone => to.phone.as_ref().map(PhoneNumber::in_pairs),
        Channel::Letter => to.post.as_ref().map(PostalAddress::in_one_line),
        Channel::Ent | Channel::Chat => None,
    };
    WayShown { channel: way.channel, address, told: way.in_french(), due_at: way.due_at }
}

/// In the order of time. What they wrote is shown from the launch on, since most answers name no message.
fn events(
    message: &Message,
    traced: &Traced,
    tries: Vec<TracedTry>,
    replies: Vec<StandingReply>,
) -> Vec<TraceEvent> {
    let mut events = vec![TraceEvent { at: message.launched_at, what: Happened::Launched }];
    events.extend(tries.into_iter().map(tried));
    for batch in traced.ways.iter().filter_map(|way| way.batch) {
        let batch_is = batch.number;
        events.push(TraceEvent { at: batch.made_at, what: Happened::Gathered { batch: batch_is } });
        events.extend(
            batch.posted_at.map(|at| TraceEvent { at, what: Happened::Posted { batch: batch_is } }),
        );
    }
    let since = replies.into_iter().map(|it| it.reply);
    let since = since.filter(|it| it.received_at >= message.launched_at);
    events.extend(
        since.map(|it| TraceEvent { at: it.received_at, what: Happened::Wrote { body: it.body } }),
    );
    events.sort_by_key(|event| event.at);
    let settled = traced.settled_at.filter(|_| traced.place != AddresseePlace::Waiting);
    let last = |at| TraceEvent { at, what: Happened::Settled(traced.place) };
    let place = settled.map(|at| events.partition_point(|event| event.at <= at));
    if let (Some(at), Some(place)) = (settled, place) {
        events.insert(place, last(at));
    }
    events
}

fn tried(tried: TracedTry) -> TraceEvent {
    let TracedTry { channel, provider, ended_at, outcome, .. } = tried;
    let outcome = in_french::outcome(outcome);
    TraceEvent { at: ended_at, what: Happened::Tried { channel, provider, outcome } }
}
