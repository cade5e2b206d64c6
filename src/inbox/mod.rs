//! The one entrance for every word that comes back: what became of what was sent, what people answered, whose
//! accounts an ENT has. Polled or pushed, it is written down here.

mod mails;
mod receipts;
mod replies;

use std::time::Duration;

use async_trait::async_trait;

use crate::channel::Channel;
use crate::clock::{Clock, Moment};
use crate::delivery::SealKey;
use crate::delivery::lifecycle::DeliveryState;
use crate::directory::{self, Linked, Listings};
use crate::providers::{Awaited, Inbox, ListedAccount, NotKept, Provider, Word};
use crate::queue::{Outcome, Queue};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx};

/// Receipts asked for at a time.
const ASKED_AT_ONCE: usize = 100;

/// Why a receipt is not taken yet.
const TOO_EARLY: &str = "it may be about something that is still being sent";

/// What a word says.
enum Interpretation {
    /// This, of a delivery.
    Delivery(Box<Outcome>),
    /// Perhaps something of a delivery of which the provider's id is not known yet.
    TooEarly,
    /// Nothing of a delivery.
    Nothing,
}

/// Where the words of one provider come in.
#[derive(Clone)]
pub struct Entrance {
    queue: Queue,
    clock: Clock,
    provider: String,
    channel: Channel,
    is_polled: bool,
    every: Duration,
    listings: Listings,
}

impl Entrance {
    /// The entrance of `provider`, which is asked `every` so often where it has to be.
    #[must_use]
    pub fn of(provider: &dyn Provider, queue: Queue, clock: Clock, every: Duration) -> Self {
        Self {
            queue,
            clock,
            provider: provider.name().to_owned(),
            channel: provider.channel(),
            is_polled: provider.receipts_are_polled(),
            every,
            listings: Listings::default(),
        }
    }

    /// The same, where the accounts that it brings stand beside those that other providers brought.
    #[must_use]
    pub fn beside(self, listings: Listings) -> Self {
        Self { listings, ..self }
    }

    /// Writes these words down, all or none, in one transaction; those that came too early.
    async fn write(&self, words: Vec<Word>) -> Result<Vec<Word>, StoreError> {
        let words = self.ours(words).await?;
        let has_mail = words.iter().any(|word| matches!(word, Word::Mail(_)));
        let key = if has_mail { Some(self.queue.seal_key().await?.clone()) } else { None };
        let (this, now) = (self.clone(), self.clock.now());
        let find = move |tx: &Tx<'_>| {
            let (mut outcomes, mut early) = (Vec::new(), Vec::new());
            for word in words {
                match this.meaning(tx, &word, key.as_ref(), now)? {
                    Interpretation::Delivery(outcome) => outcomes.push(*outcome),
                    Interpretation::TooEarly => early.push(word),
                    Interpretation::Nothing => {}
                }
            }
            Ok((outcomes, early))
        };
        self.queue.settle_found(find, now).await
    }

    /// What a word says of a delivery, if it does; what it says of anything else is written here.
    fn meaning(
        &self,
        tx: &Tx<'_>,
        word: &Word,
        key: Option<&SealKey>,
        now: Moment,
    ) -> Result<Interpretation, StoreError> {
        match (word, key) {
            (Word::Receipt(receipt), _) => return self.of_receipt(tx, receipt, now),
            (Word::Mail(mail), Some(key)) => return self.of_mail(tx, key, mail, now),
            (Word::Reply(reply), _) => return self.keep(tx, reply, now),
            (Word::Accounts(accounts), _) => self.link(tx, accounts, now)?,
            // Its key is read before the first of them.
            (Word::Mail(_), None) => {}
        }
        Ok(Interpretation::Nothing)
    }

    fn link(&self, tx: &Tx<'_>, accounts: &[ListedAccount], now: Moment) -> Result<(), StoreError> {
        let listing = self.listings.bring(&self.provider, accounts);
        let linked = directory::link_ent_accounts(tx, self.queue.school(), &listing, now)?;
        let Linked { linked, ambiguous, unknown, untied } = linked;
        tracing::info!(linked, ambiguous, unknown, untied, "ENT accounts are linked.");
        Ok(())
    }

    /// Each word by itself: one that cannot be written keeps no other out.
    async fn write_each(&self, words: Vec<Word>) -> Result<(), NotKept> {
        let mut left = NotKept { words: Vec::new(), reason: String::new() };
        for word in words {
            match self.write(vec![word.clone()]).await {
                Ok(early) if early.is_empty() => {}
                Ok(_) => left.add(word, TOO_EARLY),
                Err(error) => left.add(word, error.to_string()),
            }
        }
        if left.words.is_empty() { Ok(()) } else { Err(left) }
    }
}

#[async_trait]
impl Inbox for Entrance {
    fn every(&self) -> Duration {
        self.every
    }

    async fn awaited(&self) -> Result<Awaited, NotKept> {
        let now = self.clock.now();
        let (channel, carrier) = (self.channel, self.provider.as_str().into());
        let lease_ends = now + self.every;
        let claim = Claim { channel, carrier, now, lease_ends, most: ASKED_AT_ONCE };
        let awaited = self.queue.claim(DeliveryState::Accepted, claim).await;
        let awaited =
            awaited.map_err(|error| NotKept { words: Vec::new(), reason: error.to_string() })?;
        let may_be_more = awaited.len() == ASKED_AT_ONCE;
        let ids = awaited.into_iter().filter_map(|claimed| claimed.provider_ref).collect();
        Ok(Awaited { ids, may_be_more })
    }

    async fn take(&self, words: Vec<Word>) -> Result<(), NotKept> {
        if words.is_empty() {
            return Ok(());
        }
        match self.write(words.clone()).await {
            Ok(early) if early.is_empty() => Ok(()),
            Ok(early) => Err(NotKept { words: early, reason: TOO_EARLY.to_owned() }),
            Err(StoreError::Unreadable(_)) if words.len() > 1 => self.write_each(words).await,
            Err(error) => Err(NotKept { words, reason: error.to_string() }),
        }
    }
}
