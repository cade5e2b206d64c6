//! The load cap at a launch: who has enough for this week.

use std::collections::{HashMap, HashSet};

use super::Digests;
use crate::clock::Moment;
use crate::delivery::{Hours, Load, Recipient, Timing};
use crate::message::Message;
use crate::people::{Households, PersonKey, SchoolId};
use crate::store::{StoreError, Tx, digests, pupils};

/// Who would wait for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Gathering {
    /// How many addressees.
    pub addressees: usize,
    /// Until when.
    pub leaves_at: Moment,
}

/// What becomes of those who have enough for this week.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// They get it all the same.
    GetIt,
    /// It waits for their digest, as a whole.
    Wait,
}

/// Where the cap puts a recipient.
pub(super) struct LoadStanding {
    /// The household that the message counts for.
    pub household: String,
    /// It has enough: until then nothing leaves for it.
    pub until: Option<Moment>,
}

/// The cap, as it stands when a message is launched.
pub(super) struct Cap {
    homes: Homes,
    week: CountedWeek,
    /// When those who have enough get it; `None` when it waits for nobody.
    until: Option<Moment>,
}

/// The week for which a message counts, before it counts.
struct CountedWeek {
    /// Households that have enough.
    full: HashSet<String>,
    /// When the message begins to leave.
    leaves_at: Moment,
}

/// Households, each by the first key of those who live there.
struct Homes {
    households: Households,
    firsts: HashMap<usize, PersonKey>,
}

impl Digests<'_> {
    /// Whom of these the load cap would keep waiting, if the message were launched now.
    pub async fn would_gather(
        self,
        message: Message,
        persons: Vec<PersonKey>,
    ) -> Result<Option<Gathering>, StoreError> {
        let this = self.queue.clone();
        let look = move |tx: &Tx<'_>| {
            let Timing { load, hours, .. } = &*this.timing;
            let Some(week) = CountedWeek::of(tx, &message, &this.timing)? else { return Ok(None) };
            let until = load.waits_until(hours, &message);
            // Mostly nobody has enough: then nobody asks where anybody lives.
            let Some(leaves_at) = until.filter(|_| !week.full.is_empty()) else { return Ok(None) };
            let homes = Homes::read(tx, &message.school)?;
            let has_enough = |person: &&PersonKey| week.full.contains(&homes.of(person).0);
            let addressees = persons.iter().filter(has_enough).count();
            Ok((addressees > 0).then_some(Gathering { addressees, leaves_at }))
        };
        self.queue.store.read(look).await
    }
}

impl CountedWeek {
    /// `None` when the message does not count.
    fn of(tx: &Tx<'_>, message: &Message, timing: &Timing) -> Result<Option<Self>, StoreError> {
        let Timing { load, hours, .. } = timing;
        let leaves_at = begins_to_leave(message, hours);
        let monday = Load::week_of(hours, leaves_at);
        let Some(monday) = monday.filter(|_| load.counts(message)) else { return Ok(None) };
        let full = digests::full_households(tx, &message.school, monday, load.per_week)?;
        Ok(Some(Self { full: full.into_iter().collect(), leaves_at }))
    }
}

impl Cap {
    /// The cap on a message; `None` when it neither counts nor waits.
    pub(super) fn on(
        tx: &Tx<'_>,
        message: &Message,
        timing: &Timing,
        full: Full,
    ) -> Result<Option<Self>, StoreError> {
        let Some(week) = CountedWeek::of(tx, message, timing)? else { return Ok(None) };
        let until = timing.load.waits_until(&timing.hours, message);
        let until = until.filter(|_| full == Full::Wait);
        Ok(Some(Self { homes: Homes::read(tx, &message.school)?, week, until }))
    }

    /// When the message begins to leave: it counts for the week of then.
    pub(super) const fn leaves_at(&self) -> Moment {
        self.week.leaves_at
    }

    /// Where a recipient belongs; none for staff, who get what their service needs.
    pub(super) fn place(&self, recipient: &Recipient) -> Option<LoadStanding> {
        if recipient.about.is_empty() {
            return None;
        }
        let household = self.homes.of(&recipient.person).0.clone();
        let until = self.until.filter(|_| self.week.full.contains(&household));
        Some(LoadStanding { household, until })
    }
}

/// By the first of the first ways of its plan that is awake.
fn begins_to_leave(message: &Message, hours: &Hours) -> Moment {
    let starts_at = message.terms.starts_at.unwrap_or(message.launched_at);
    let first = message.plan.rungs().iter().take(1).flat_map(|rung| &rung.channels);
    hours.first_opening(first.copied(), starts_at)
}

impl Homes {
    fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let (mut households, mut keys) = (Households::default(), Vec::new());
        digests::each_place(tx, school, |person, place| {
            households.enter(&person, place);
            keys.push(person);
        })?;
        pupils::each_guardianship(tx, school, |tie| {
            households.tie(&tie);
            Ok(())
        })?;
        let mut firsts = HashMap::new();
        for person in keys {
            if let Some(number) = households.number_of(&person) {
                firsts.entry(number).or_insert(person);
            }
        }
        Ok(Self { households, firsts })
    }

    /// The first of those who live with a person.
    fn of<'p>(&'p self, person: &'p PersonKey) -> &'p PersonKey {
        let number = self.households.number_of(person);
        number.and_then(|number| self.firsts.get(&number)).unwrap_or(person)
    }
}
