//! What is said of a message that was just launched.

use serde::Serialize;

use super::cards::cards_awaited;
use super::launch::may_meet_the_night;
use super::{Foreseen, School, Unlinked, Unseen, Waiting};
use crate::clock::Moment;
use crate::message::{Code, Message};
use crate::queue;
use crate::store::StoreError;

/// A message that was just launched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Launched {
    /// Its code.
    pub message: Code,
    /// To how many it goes.
    pub addressees: Foreseen,
    /// When it begins to leave: until then a cancellation reaches everybody. `None`: at once.
    pub starts_at: Option<Moment>,
    /// It is urgent, and what has not left when quiet hours begin waits for their end.
    pub may_meet_the_night: bool,
    /// Nothing leaves from then on.
    pub expires_at: Option<Moment>,
    /// Those whose household has enough for this week.
    pub digest: Waiting,
    /// Of how many the ENT has not said yet whether they have an account.
    pub ent_unknown: usize,
    /// Who has no account that the ENT shows to the one that sends.
    pub ent_unseen: Unseen,
    /// The cards that people are to publish for it.
    pub cards: Vec<String>,
    /// Whether a daemon is at work, without which nothing leaves.
    pub daemon_at_work: bool,
}

/// What is said of a message that was just launched; of whom the ENT had not said then, and who was not seen.
pub async fn launched(
    school: &School,
    message: &Message,
    (unlinked, ent_unseen): (Unlinked, Unseen),
) -> Result<Launched, StoreError> {
    let now = school.clock.now();
    let status = queue::status(school.store(), message, now).await?;
    let (addressees, digest) = (status.addressees, status.digest);
    Ok(Launched {
        message: message.code.clone(),
        addressees: Foreseen { total: addressees.total, out_of_reach: addressees.unreached },
        starts_at: message.terms.starts_at,
        may_meet_the_night: may_meet_the_night(school, message).await?,
        expires_at: message.terms.expires_at,
        digest: Waiting { waiting: digest.waiting, leaves_at: digest.leaves_at },
        ent_unknown: unlinked.count,
        ent_unseen,
        cards: cards_awaited(school, message).await?,
        daemon_at_work: school.queue.attendance().is_anybody_at_work(now).await?,
    })
}
