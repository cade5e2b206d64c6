//! What left comes back to be seen to again, and what became of it is written down.

use std::collections::BTreeSet;

use super::in_hand::{self, Claimed, Outcome};
use super::transit::Transit;
use super::{Queue, poison};
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryState;
use crate::people::SchoolId;
use crate::store::deliveries::{self, Claim, Due};
use crate::store::{StoreError, Tx, attempts, together};

impl Queue {
    /// Takes due deliveries that left already, to see to them again; nobody else gets them before the
    /// lease ends. Those whose outcome is not known come with all whom the same call carried. What cannot be
    /// read ends there, and alone.
    pub async fn claim(
        &self,
        state: DeliveryState,
        claim: Claim,
    ) -> Result<Vec<Claimed>, StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| {
            let dues = deliveries::claim(tx, &this.school, state, &claim)?;
            let mut claimed = this.read_all(tx, dues, claim.now)?;
            if state == DeliveryState::Uncertain {
                let calls = claimed.iter().filter_map(|it| it.sent_as.clone());
                for sent_as in calls.collect::<BTreeSet<String>>() {
                    let rest = together::claim_uncertain(tx, &this.school, &claim, &sent_as)?;
                    claimed.extend(this.read_all(tx, rest, claim.now)?);
                }
            }
            Ok(claimed)
        };
        self.store.write(work).await
    }

    fn read_all(
        &self,
        tx: &Tx<'_>,
        dues: Vec<Due>,
        now: Moment,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut claimed = Vec::with_capacity(dues.len());
        for due in dues {
            match readable(self, tx, due) {
                Ok(readable) => claimed.push(readable),
                Err(StoreError::Unreadable(_)) => poison::set_aside(self, tx, &due, now)?,
                Err(error) => return Err(error),
            }
        }
        Ok(claimed)
    }

    /// Writes down what became of deliveries.
    pub async fn settle(&self, outcomes: Vec<Outcome>, now: Moment) -> Result<(), StoreError> {
        self.write_outcomes(outcomes, now, |_, _, _| Ok(true)).await
    }

    /// The same for what `find` reads in the transaction that writes it; what else it found.
    pub async fn settle_found<T: Send + 'static>(
        &self,
        find: impl FnOnce(&Tx<'_>) -> Result<(Vec<Outcome>, T), StoreError> + Send + 'static,
        now: Moment,
    ) -> Result<T, StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| {
            let (outcomes, rest) = find(tx)?;
            Ok((this.write_in(tx, outcomes, now, |_, _, _| Ok(true))?, rest))
        };
        let (is_new, rest) = self.store.write(work).await?;
        if is_new {
            self.wake();
        }
        Ok(rest)
    }

    /// The same, where nobody knows whether it was written before: what was must not be said of an
    /// attempt that began since. What never left is not repeated; its lease ends, as after a crash.
    pub async fn settle_if_news(
        &self,
        outcomes: Vec<Outcome>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let is_news = |tx: &Tx<'_>, school: &SchoolId, outcome: &Outcome| match &outcome.attempt {
            Some(attempt) => Ok(!attempts::is_noted(tx, school, outcome.due.id, attempt)?),
            None => Ok(false),
        };
        self.write_outcomes(outcomes, now, is_news).await
    }

    async fn write_outcomes(
        &self,
        outcomes: Vec<Outcome>,
        now: Moment,
        is_news: impl Fn(&Tx<'_>, &SchoolId, &Outcome) -> Result<bool, StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| this.write_in(tx, outcomes, now, is_news);
        if self.store.write(work).await? {
            self.wake();
        }
        Ok(())
    }

    /// Whether there is something new to send: a rung was climbed, or another provider has it now.
    fn write_in(
        &self,
        tx: &Tx<'_>,
        mut outcomes: Vec<Outcome>,
        now: Moment,
        is_news: impl Fn(&Tx<'_>, &SchoolId, &Outcome) -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        // Whoever else writes to several of these addressees comes to them in the same order: two that
        // waited for each other (a deadlock) would both lose their time.
        outcomes.sort_by_key(|outcome| outcome.due.addressee);
        let mut is_new = false;
        let openings = self.openings(tx, now)?;
        for outcome in &outcomes {
            if is_news(tx, &self.school, outcome)? {
                let message = self.message(tx, outcome.due.message)?;
                let transit = Transit::on(tx, &self.school, &openings, now);
                is_new |= transit.outcome(&message, outcome)?.climbed || outcome.given_to.is_some();
            }
        }
        Ok(is_new)
    }
}

fn readable(queue: &Queue, tx: &Tx<'_>, due: Due) -> Result<Claimed, StoreError> {
    let lost = || StoreError::Unreadable("a delivery without its addressee".to_owned());
    let in_hand = deliveries::in_hand(tx, &queue.school, &due)?.ok_or_else(lost)?;
    in_hand::with_message(queue, tx, due, in_hand)
}
