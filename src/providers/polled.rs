//! Providers that are asked: again and again, at a pace, until the end.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::future;

use super::{Awaited, Inbox, NotKept, Provider, Word};
use crate::crash;
use crate::delivery::{DeliveryName, Receipt, Reply, SendError};
use crate::stop::Stop;

/// How much longer than its pace a pause may last, by chance: those who started together do not ask together.
const JITTER: f64 = 0.1;
/// How often an ENT is asked for its accounts, once it answered: imports bring new people.
const ACCOUNTS_EVERY: Duration = Duration::from_hours(1);
/// How soon it is asked again when it did not.
const ACCOUNTS_AGAIN: Duration = Duration::from_mins(1);

/// A provider that has to be asked what came back.
#[async_trait]
pub trait Polled: Provider {
    /// Fetches receipts of what was accepted, by the provider's ids.
    async fn fetch_receipts(&self, awaited: &[String]) -> Result<Vec<Receipt>, SendError>;

    /// Fetches a few of what people answered, newest first. The same reply may come again until
    /// [`Polled::note_seen_to`] is told of it, and after a restart.
    async fn fetch_replies(&self) -> Result<Vec<Reply>, SendError>;

    /// These replies were seen to: others come in their place.
    fn note_seen_to(&self, replies: &[Reply]);
}

/// Why a round brought nothing, or not all; the next one makes up for it.
#[derive(Debug, thiserror::Error)]
pub(super) enum RoundError {
    /// The provider's.
    #[error("{0}")]
    Provider(#[from] SendError),
    /// Ours.
    #[error("{0}")]
    Inbox(#[from] NotKept),
}

/// Asks for receipts and for replies until `stop` is given, each at a pace of its own: replies may be very
/// many, and no receipt waits for them.
pub async fn listen(provider: &dyn Polled, inbox: &dyn Inbox, stop: &Stop) {
    let receipts = again(stop, || async {
        if let Err(error) = fetch_receipts(provider, inbox).await {
            tracing::warn!(provider = provider.name(), %error, "Cannot fetch receipts.");
        }
        inbox.every()
    });
    let replies = again(stop, || async {
        if let Err(error) = fetch_replies(provider, inbox).await {
            tracing::warn!(provider = provider.name(), %error, "Cannot fetch replies.");
        }
        inbox.every()
    });
    future::join(receipts, replies).await;
}

/// Asks an ENT whose accounts it has, until `stop` is given.
pub async fn listen_for_accounts(ent: &dyn Provider, inbox: &dyn Inbox, stop: &Stop) {
    again(stop, || async {
        match fetch_accounts(ent, inbox).await {
            Ok(()) => ACCOUNTS_EVERY,
            Err(error) => {
                tracing::warn!(provider = ent.name(), %error, "Cannot link ENT accounts.");
                ACCOUNTS_AGAIN
            }
        }
    })
    .await;
}

/// All receipts that are due.
async fn fetch_receipts(provider: &dyn Polled, inbox: &dyn Inbox) -> Result<(), RoundError> {
    loop {
        let Awaited { ids, may_be_more } = inbox.awaited().await?;
        if !ids.is_empty() {
            crash::point("provider.before_receipts");
            let receipts = provider.fetch_receipts(&ids).await?;
            crash::point("provider.after_receipts");
            let is_asked =
                |it: &Receipt| matches!(&it.of, DeliveryName::ByThem(id) if ids.contains(id));
            let receipts = receipts.into_iter().filter(is_asked);
            inbox.take(receipts.map(Word::Receipt).collect()).await?;
        }
        if !may_be_more {
            return Ok(());
        }
    }
}

async fn fetch_replies(provider: &dyn Polled, inbox: &dyn Inbox) -> Result<(), RoundError> {
    let replies = provider.fetch_replies().await?;
    let words = replies.iter().cloned().map(Word::Reply).collect();
    let Err(not_kept) = inbox.take(words).await else {
        provider.note_seen_to(&replies);
        return Ok(());
    };
    // Those come again; the others make room.
    let kept = |reply: &Reply| !not_kept.words.contains(&Word::Reply(reply.clone()));
    provider.note_seen_to(&replies.into_iter().filter(kept).collect::<Vec<_>>());
    Err(not_kept.into())
}

async fn fetch_accounts(ent: &dyn Provider, inbox: &dyn Inbox) -> Result<(), RoundError> {
    let accounts = ent.fetch_accounts().await?;
    Ok(inbox.take(vec![Word::Accounts(accounts)]).await?)
}

/// Round after round until `stop` is given, with the pause after each that it asks for. What is under way by
/// then is given up: whatever is not known is asked again after the next start.
pub(super) async fn again<Round: Future<Output = Duration>>(
    stop: &Stop,
    round: impl Fn() -> Round,
) {
    while !stop.is_given() {
        let round_and_pause = async {
            let pause = round().await;
            tokio::time::sleep(pause.mul_f64(1.0 + fastrand::f64() * JITTER)).await;
        };
        tokio::select! {
            biased; // the same every time: a simulation replays
            () = stop.given() => {}
            () = round_and_pause => {}
        }
    }
}
