//! What time alone brings about: silences, what is stale; and the end of what people decided.

use crate::clock::Moment;
use crate::queue::Queue;
use crate::store::StoreError;

/// Addressees moved on in one transaction at most.
const AT_ONCE: usize = 500;

/// Moves on everybody whose patience is over, whose message is stale, whose channel is closed, or whose
/// digest is due; how many there were.
pub async fn round(queue: &Queue, now: Moment) -> Result<usize, StoreError> {
    let mut moved = queue.carry_out_all(now).await?;
    moved += queue.make_digests(now).await?;
    loop {
        let climbed = queue.climb(now, AT_ONCE).await?;
        moved += climbed;
        if climbed < AT_ONCE {
            return Ok(moved);
        }
    }
}
