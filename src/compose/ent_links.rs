//! Whether the ENT has said yet who has an account there: without it families would be on paper while the
//! ENT has them.

use std::collections::BTreeSet;

use super::Draft;
use crate::audience::Chosen;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::PersonKey;
use crate::queue::Queue;
use crate::store::{StoreError, ent_lookups};

/// Those of a draft of whom the ENT was not asked yet whether they have an account. Launched, they go by
/// the next way at once, as if they had none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlinked {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
}

impl Unlinked {
    /// Whether most are: the ENT was never asked, or not since its people were imported.
    #[must_use]
    pub const fn are_most(self) -> bool {
        self.count * 2 > self.of
    }
}

/// Of how many of a draft it is not known yet whether they have an account in the ENT, where its plan uses
/// the ENT and nobody closed it.
pub async fn unlinked(queue: &Queue, draft: &Draft, now: Moment) -> Result<Unlinked, StoreError> {
    let of = draft.chosen.len();
    let uses_ent = draft.message.channels().contains(&Channel::Ent);
    let is_passed_over = draft.passed_over.contains(&Channel::Ent);
    let is_closed = queue.closings(now).await?.iter().any(|it| it.channel == Channel::Ent);
    if !uses_ent || is_passed_over || is_closed {
        return Ok(Unlinked { count: 0, of });
    }
    let school = queue.school().clone();
    let awaited = queue.store().read(move |tx| ent_lookups::awaited(tx, &school)).await?;
    let awaited: BTreeSet<PersonKey> = awaited.into_iter().collect();
    let is_awaited = |one: &&Chosen| awaited.contains(&one.person);
    Ok(Unlinked { count: draft.chosen.iter().filter(is_awaited).count(), of })
}
