//! What goes on and what waits for somebody, as one sees it on arriving.

use std::collections::BTreeSet;

use serde::Serialize;

use super::cards::awaited;
use super::draft::DraftShown;
use super::overview::why_they_wait;
use super::sent::listed;
use super::{
    AskedApproval, BatchState, Card, ChannelStands, School, SentListed, Wait, approvals, channels,
    draft, in_hands, letter_batches, newest,
};
use crate::accounts::Account;
use crate::clock::Moment;
use crate::delivery::lifecycle::AddresseeState;
use crate::message::Message;
use crate::people::Whom;
use crate::store::{StoreError, Tx, addressees};

/// How many messages back somebody looks for what goes out.
const LOOKED_AT: usize = 12;

/// What goes on and what waits.
#[derive(Serialize)]
pub struct Today {
    /// The newest message, and those of the newest that go out, newest first.
    pub messages: Vec<Going>,
    /// What waits for somebody, of all messages.
    pub to_do: ToDo,
    /// What is being written.
    pub drafts: Vec<DraftShown>,
    /// The drafts for which a second person's yes is asked, or was refused: those that this account asked for, or may
    /// decide now.
    pub approvals: Vec<AskedApproval>,
    /// How the channels stand.
    pub channels: Vec<ChannelStands>,
    /// Whether a daemon is at work, without which nothing leaves.
    pub daemon_at_work: bool,
}

/// A message that goes out, or the newest one.
#[derive(Serialize)]
pub struct Going {
    /// As a list shows it.
    #[serde(flatten)]
    pub sent: SentListed,
    /// Nothing of it leaves before.
    pub starts_at: Option<Moment>,
    /// Why those wait who wait.
    pub waits: Vec<Wait>,
}

/// What waits for somebody.
#[derive(Debug, Default, Serialize)]
pub struct ToDo {
    /// Letters that were never printed.
    pub letters_to_print: usize,
    /// Batches that are printed and not posted.
    pub batches_to_post: usize,
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

/// Looks at what goes on, and at what waits for somebody that this account may see to.
pub async fn today(school: &School, account: &Account) -> Result<Today, StoreError> {
    let now = school.clock.now();
    let mut approvals = approvals(school).await?;
    approvals.retain(|it| it.waits_for(account) || account.is(&it.asked_by));
    Ok(Today {
        to_do: to_do(school, account).await?,
        messages: going(school).await?,
        drafts: draft::list(school).await?,
        approvals,
        channels: channels(school).await?,
        daemon_at_work: school.queue.attendance().is_anybody_at_work(now).await?,
    })
}

/// The newest message, and those of the newest that go out: where the others stand nobody asks.
async fn going(school: &School) -> Result<Vec<Going>, StoreError> {
    let id = school.queue.school().clone();
    let read = move |tx: &Tx<'_>| addressees::messages_with(tx, &id, AddresseeState::Waiting);
    let waiting: BTreeSet<_> =
        school.store().read(read).await?.into_iter().map(|it| it.0).collect();
    let newest = newest(school, LOOKED_AT).await?.into_iter().enumerate();
    let shown = newest.filter(|(newer, message)| *newer == 0 || waiting.contains(&message.id));
    let messages: Vec<Message> = shown.map(|(_, message)| message).collect();
    let mut going = Vec::with_capacity(messages.len());
    for (message, sent) in messages.iter().zip(listed(school, &messages).await?) {
        let waits = why_they_wait(school, message, &sent.sum.addressees).await?;
        going.push(Going { sent, starts_at: message.terms.starts_at, waits });
    }
    Ok(going)
}

async fn to_do(school: &School, account: &Account) -> Result<ToDo, StoreError> {
    let people = ToDo {
        calls: in_state(school, account, AddresseeState::OnCall).await?,
        unreached: in_state(school, account, AddresseeState::Unreached).await?,
        uncertain: in_state(school, account, AddresseeState::Uncertain).await?,
        ..ToDo::default()
    };
    // Letters and cards are nobody's who has pupils of their own alone.
    if Whom::of(account) != Whom::Everybody {
        return Ok(people);
    }
    let (batches, now) = (letter_batches(school).await?, school.clock.now());
    let at = |state| batches.iter().filter(move |it| it.state == state);
    let unprinted: usize = at(BatchState::ToPrint).map(|it| it.letters).sum();
    Ok(ToDo {
        letters_to_print: school.queue.letters().count_waiting(now).await? + unprinted,
        batches_to_post: at(BatchState::ToPost).count(),
        letters_to_post: at(BatchState::ToPost).map(|it| it.letters).sum(),
        cards: awaited(school).await?.into_iter().map(|(_, card)| card).collect(),
        ..people
    })
}

/// How many addressees whom this account may see to stand there.
async fn in_state(
    school: &School,
    account: &Account,
    state: AddresseeState,
) -> Result<usize, StoreError> {
    Ok(in_hands(school, &Whom::of(account), state, 0..0).await?.total)
}
