//! A message is paused, goes on, or is cancelled.

use serde::Serialize;

use super::{School, cards_published};
use crate::message::{Code, Message, MessageState};
use crate::people::{Actor, By};
use crate::queue::{self, Addressees};
use crate::store::StoreError;

/// What a decision came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Of which message.
    pub message: Code,
    /// How it stands now.
    pub state: MessageState,
    /// Where its addressees stand.
    pub addressees: Addressees,
    /// A cancellation came before anything left.
    pub nobody_got_it: bool,
    /// Letters of it that wait to be printed, and may not.
    pub letters_held_back: usize,
    /// Cards of it that are published, where it is cancelled: what stands there is to be removed.
    pub cards_published: Vec<String>,
    /// Letters of it that are printed and lie there.
    pub batches_to_post: Vec<LyingLetters>,
}

/// Printed letters of a message in a batch that nobody has posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LyingLetters {
    /// The number of the batch.
    pub batch: u32,
    /// How many.
    pub letters: usize,
}

/// Why a message stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum DecideRefusal {
    /// It is so already, or was cancelled.
    #[error("message {0} is {state} already", state = .1.as_str())]
    Already(Code, MessageState),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Brings a message into a state, at the word of `said_by`: nothing of it starts once this returned, unless it
/// runs.
pub async fn decide(
    school: &School,
    actor: Actor,
    message: &Message,
    state: MessageState,
    said_by: String,
) -> Result<Decided, DecideRefusal> {
    let (queue, now) = (&school.queue, school.clock.now());
    let by = By { actor, at: now };
    if !queue.decisions().decide(message, state, said_by, by).await? {
        let is =
            queue.decisions().of(message.id).await?.map_or(MessageState::Running, |it| it.state);
        return Err(DecideRefusal::Already(message.code.clone(), is));
    }
    let addressees = queue::status(queue.store(), message, school.clock.now()).await?.addressees;
    let held_back = queue.letters().held_back(Some(message.id), now).await?;
    let cards_published = match state {
        MessageState::Cancelled => cards_published(school, message).await?,
        MessageState::Running | MessageState::Paused => Vec::new(),
    };
    let lying = queue.letters().unposted(message.id).await?.into_iter();
    Ok(Decided {
        message: message.code.clone(),
        state,
        addressees,
        nobody_got_it: addressees.cancelled == addressees.total,
        cards_published,
        letters_held_back: held_back.into_iter().map(|(_, letters)| letters).sum(),
        batches_to_post: lying.map(|(batch, letters)| LyingLetters { batch, letters }).collect(),
    })
}
