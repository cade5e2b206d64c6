//! How a message came to its addressees, as time went by.

use super::School;
use crate::clock::Moment;
use crate::message::Message;
use crate::store::{StoreError, Tx, places};

/// As many steps as a picture shows.
const MOST_STEPS: usize = 120;

/// How many were reached by when, from the launch to the last; a step a moment at which it became more, and at most
/// 120. Whoever was reached and is no more (a letter that came back) is not counted.
pub async fn progress(
    school: &School,
    message: &Message,
) -> Result<Vec<(Moment, usize)>, StoreError> {
    let (id, of, since) = (school.queue.school().clone(), message.id, message.launched_at);
    let look = move |tx: &Tx<'_>| places::steps(tx, &id, of, since, MOST_STEPS);
    let mut steps = school.store().read(look).await?;
    let mut sum = 0;
    for (_, count) in &mut steps {
        sum += *count;
        *count = sum;
    }
    Ok(steps)
}
