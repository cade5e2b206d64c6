//! What goes on and what waits for somebody, as one sees it on arriving.

use serde::Serialize;

use super::draft::DraftShown;
use super::{
    BatchState, Card, ChannelStands, Overview, School, Standstill, channels, draft, letter_batches,
    newest, overview, standstill,
};
use crate::store::StoreError;

/// How many messages back somebody looks for what is left to do.
const LOOKED_AT: usize = 12;

/// What goes on and what waits.
#[derive(Serialize)]
pub struct Today {
    /// Why nothing leaves at all.
    #[serde(skip)]
    pub standstill: Option<Standstill>,
    /// The newest messages, newest first.
    pub messages: Vec<Overview>,
    /// What waits for somebody, over those messages.
    pub to_do: ToDo,
    /// What is being written.
    pub drafts: Vec<DraftShown>,
    /// How the channels stand.
    pub channels: Vec<ChannelStands>,
    /// Whether a daemon is at work, without which nothing leaves.
    pub daemon_at_work: bool,
}

/// What waits for somebody.
#[derive(Debug, Default, Serialize)]
pub struct ToDo {
    /// Letters that nobody gathered yet.
    pub letters_to_print: usize,
    /// Batches that are printed, or were being printed, and not posted.
    pub batches_open: Vec<u32>,
    /// The letters in them.
    pub letters_to_post: usize,
    /// Addressees on the list of calls.
    pub calls: usize,
    /// Addressees whom nothing reached.
    pub unreached: usize,
    /// Addressees of whom nobody knows.
    pub uncertain: usize,
    /// Cards to publish.
    pub cards: Vec<Card>,
}

impl ToDo {
    /// Whether nothing waits for anybody.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.letters_to_print == 0
            && self.batches_open.is_empty()
            && self.calls == 0
            && self.unreached == 0
            && self.uncertain == 0
            && self.cards.is_empty()
    }
}

/// Looks at what goes on and what waits.
pub async fn today(school: &School) -> Result<Today, StoreError> {
    let mut messages = Vec::new();
    for message in newest(school, LOOKED_AT).await? {
        messages.push(overview(school, &message).await?);
    }
    let now = school.clock.now();
    Ok(Today {
        standstill: standstill(school).await?,
        to_do: to_do(school, &messages).await?,
        messages,
        drafts: draft::list(school).await?,
        channels: channels(school).await?,
        daemon_at_work: school.queue.attendance().is_anybody_at_work(now).await?,
    })
}

async fn to_do(school: &School, messages: &[Overview]) -> Result<ToDo, StoreError> {
    let batches = letter_batches(school).await?;
    let open: Vec<_> = batches.iter().filter(|it| it.state != BatchState::Posted).collect();
    let letters_to_post = open.iter().map(|it| it.letters).sum();
    let mut to_do = ToDo {
        batches_open: open.iter().map(|it| it.number).collect(),
        letters_to_post,
        ..ToDo::default()
    };
    for overview in messages {
        let all = overview.status.addressees;
        to_do.letters_to_print += all.on_letter;
        to_do.calls += all.on_call;
        to_do.unreached += all.unreached;
        to_do.uncertain += all.uncertain;
        to_do.cards.extend(overview.cards.iter().cloned());
    }
    to_do.letters_to_print = to_do.letters_to_print.saturating_sub(letters_to_post);
    Ok(to_do)
}
