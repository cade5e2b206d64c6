//! What time alone brings about: silences, what is stale; and the end of what people decided.

use crate::clock::Moment;
use crate::queue::Queue;
use crate::store::StoreError;

/// Addressees moved on in one transaction at most.
const AT_ONCE: usize = 500;

/// Moves on everybody whose patience is over, whose message is stale, whose channel is closed, or whose
/// digest is due; how many there were. What fails keeps none of the others from it.
pub async fn round(queue: &Queue, now: Moment) -> Result<usize, StoreError> {
    let decided = queue.decisions().carry_out_all(now).await;
    let gathered = queue.digests().make_due(now).await;
    let climbed = climb(queue, now).await;
    Ok(decided? + gathered? + climbed?)
}

async fn climb(queue: &Queue, now: Moment) -> Result<usize, StoreError> {
    let mut all = 0;
    loop {
        let climbed = queue.climb(now, AT_ONCE).await?;
        all += climbed;
        if climbed < AT_ONCE {
            return Ok(all);
        }
    }
}
