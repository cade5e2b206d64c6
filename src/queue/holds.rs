//! Holding a school's sending, and releasing it.

use std::collections::BTreeMap;

use super::Queue;
use super::transit::Transit;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Openings;
use crate::delivery::lifecycle::{AddresseeState, DeliveryEvent, Event};
use crate::people::{Act, By};
use crate::store::deliveries::Carrying;
use crate::store::holds::{self, Held, Hold};
use crate::store::{StoreError, Tx, digests, journal};

/// What becomes of deliveries that waited when a backup was taken, and may have left since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MayHaveLeft {
    /// They are sent: some may arrive twice.
    Send,
    /// They count as sent with a lost answer.
    Uncertain {
        /// Channels whose only provider can be asked by our reference, each with its name; on the others
        /// nothing is sent again: a receipt comes, or the rung's patience ends.
        asked: BTreeMap<Channel, String>,
    },
}

/// The hold of the school: while it stands nothing leaves.
#[derive(Clone, Copy)]
pub struct Holds<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// The hold of the school, if one stands.
    #[must_use]
    pub const fn holds(&self) -> Holds<'_> {
        Holds { queue: self }
    }
}

impl Holds<'_> {
    /// Stops all sending of the school until it is released. Receipts and questions go on.
    pub async fn put(self, reason: String, by: By) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        let write = move |tx: &Tx<'_>| {
            holds::put(tx, &school, &reason, by.at)?;
            journal::note(tx, &school, &by, Act::Hold, "")
        };
        self.queue.store.write(write).await
    }

    /// The hold that stands, if one does.
    pub async fn standing(self) -> Result<Option<Hold>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| holds::standing(tx, &school)).await
    }

    /// The hold, and what would leave without it; `old` = launched before this moment.
    pub async fn kept_back(
        self,
        old: Moment,
        now: Moment,
    ) -> Result<Option<(Hold, Vec<Held>)>, StoreError> {
        let school = self.queue.school.clone();
        self.queue
            .store
            .read(move |tx| {
                let Some(hold) = holds::standing(tx, &school)? else { return Ok(None) };
                let kept_back = holds::held(tx, &school, &hold, old, now)?;
                Ok(Some((hold, kept_back)))
            })
            .await
    }

    /// Lifts the hold. `false`: there was none.
    pub async fn release(self, may_have_left: MayHaveLeft, by: By) -> Result<bool, StoreError> {
        let this = self.queue.clone();
        let released = self
            .queue
            .store
            .write(move |tx| {
                let Some(hold) = holds::standing(tx, &this.school)? else { return Ok(false) };
                holds::lift(tx, &this.school, &hold, by.at)?;
                journal::note(tx, &this.school, &by, Act::Release, "")?;
                if let MayHaveLeft::Uncertain { asked } = &may_have_left {
                    this.count_as_sent(tx, &hold, asked, by.at)?;
                }
                Ok(true)
            })
            .await?;
        self.queue.wake();
        Ok(released)
    }
}

impl Queue {
    fn count_as_sent(
        &self,
        tx: &Tx<'_>,
        hold: &Hold,
        asked: &BTreeMap<Channel, String>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let openings = self.openings(tx, now)?;
        let by_machine = Channel::ALL.into_iter().filter(|it| !it.is_carried_by_people());
        for channel in by_machine {
            let carrier = asked.get(&channel).map(String::as_str);
            let begun = carrier.map(|carrier| Carrying { carrier, sent_as: None });
            let unknown = match carrier {
                Some(_) => DeliveryEvent::UnknownAsk { ask_at: now },
                None => DeliveryEvent::UnknownAwait,
            };
            for due in holds::may_have_left(tx, &self.school, hold, channel, now)? {
                let message = self.message(tx, due.message)?;
                for event in [DeliveryEvent::Started { lease_ends: None }, unknown] {
                    let transit = Transit::on(tx, &self.school, &openings, now);
                    transit.by(begun).delivery(&message, &due, event)?;
                }
            }
        }
        self.count_gathered_as_sent(tx, hold, &openings, now)
    }

    /// What was due for a digest since the backup may have left with one that is not known here.
    fn count_gathered_as_sent(
        &self,
        tx: &Tx<'_>,
        hold: &Hold,
        openings: &Openings,
        now: Moment,
    ) -> Result<(), StoreError> {
        let school = &self.school;
        for item in digests::may_have_left(tx, school, holds::in_the_backup(hold), now)? {
            let (message, id) = (self.message(tx, item.message)?, item.addressee);
            let event = Event::Carried(AddresseeState::Uncertain);
            digests::bind(tx, school, id, None)?;
            Transit::on(tx, school, openings, now).addressee(&message, id, event)?;
        }
        Ok(())
    }
}
