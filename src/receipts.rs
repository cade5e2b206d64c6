//! What providers say later: receipts of what they accepted, and what people answered.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Moment;
use crate::crash;
use crate::delivery::lifecycle::{DeliveryState, Happening};
use crate::delivery::{Receipt, SendError, Verdict};
use crate::providers::Provider;
use crate::queue::{Claimed, Outcome, Queue};
use crate::store::StoreError;
use crate::store::deliveries::Claim;

/// Receipts asked for at a time.
const ASKED_AT_ONCE: usize = 100;
/// A receipt that did not come by then will not: operators give up after two days.
const AWAITED_FOR: Duration = Duration::from_hours(72);

/// What went wrong in a round; the next one makes up for it.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptsError {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The provider.
    #[error("{0}")]
    Provider(#[from] SendError),
}

/// Asks the provider for receipts that are due and writes them down; whether more may be due.
pub async fn round(
    queue: &Queue,
    provider: &dyn Provider,
    every: Duration,
    now: Moment,
) -> Result<bool, ReceiptsError> {
    let (channel, lease_ends) = (provider.channel(), now + every);
    let claim = Claim { channel, now, lease_ends, most: ASKED_AT_ONCE };
    let awaited = queue.claim(DeliveryState::Accepted, claim).await?;
    let may_be_more = awaited.len() == ASKED_AT_ONCE;
    let by_ref: HashMap<&str, &Claimed> = awaited
        .iter()
        .filter_map(|claimed| Some((claimed.provider_ref.as_deref()?, claimed)))
        .collect();
    if by_ref.is_empty() {
        return Ok(may_be_more);
    }
    let asked: Vec<String> = by_ref.keys().map(|key| (*key).to_owned()).collect();
    crash::point("provider.before_receipts");
    let receipts = provider.fetch_receipts(&asked).await?;
    crash::point("provider.after_receipts");
    let outcomes: Vec<Outcome> = receipts
        .iter()
        .filter_map(|receipt| {
            let claimed = by_ref.get(receipt.provider_ref.as_str())?;
            let happening = happening(claimed, receipt, now, every);
            Some(Outcome { due: claimed.due, happening, attempt: None, provider_ref: None })
        })
        .collect();
    queue.settle(outcomes, now).await?;
    Ok(may_be_more)
}

/// What a receipt means.
fn happening(claimed: &Claimed, receipt: &Receipt, now: Moment, every: Duration) -> Happening {
    let age = now.since(claimed.message.launched_at);
    match &receipt.verdict {
        Verdict::Proven(proof) => Happening::Proven(*proof),
        Verdict::Undeliverable(_) => Happening::Undeliverable,
        Verdict::Pending if age < AWAITED_FOR => {
            // Asked less and less often: a receipt that tarries will tarry.
            Happening::Pending { look_at: now + every.max(age / 4) }
        }
        Verdict::Pending => Happening::Pending { look_at: now + AWAITED_FOR },
    }
}
