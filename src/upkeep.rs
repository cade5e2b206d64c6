//! What time alone brings about: silences.

use crate::clock::Moment;
use crate::queue::Queue;
use crate::store::StoreError;

/// Addressees moved on in one transaction at most.
const AT_ONCE: usize = 500;

/// Moves on everybody whose patience is over; how many there were.
pub async fn round(queue: &Queue, now: Moment) -> Result<usize, StoreError> {
    let mut moved = 0;
    loop {
        let climbed = queue.climb(now, AT_ONCE).await?;
        moved += climbed;
        if climbed < AT_ONCE {
            return Ok(moved);
        }
    }
}
