//! What goes on and what waits for somebody, as one sees it on arriving.

use serde::Serialize;

use super::cards::awaited;
use super::draft::DraftShown;
use super::overview::why_they_wait;
use super::sent::listed;
use super::{
    AskedApproval, BatchState, Card, ChannelStands, EntryKind, School, SentListed, Wait, approvals,
    channels, count_inbox, count_to_call, draft, letter_batches,
};
use crate::accounts::Account;
use crate::clock::Moment;
use crate::message::Message;
use crate::people::Whom;
use crate::store::{StoreError, Tx, messages};

/// Of so many of those that go out it is told where they stand; the others are counted.
const TOLD: usize = 12;

/// What goes on and what waits.
#[derive(Serialize)]
pub struct Today {
    /// The newest message, then those that go out, then those that wait for their hour, each newest first.
    pub messages: Vec<Going>,
    /// Those that go out, or wait for their hour, and are not among these.
    pub others: OthersGoing,
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

/// How many messages there are beside those that are told of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OthersGoing {
    /// They go out.
    pub now: usize,
    /// They wait for their hour.
    pub later: usize,
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
    /// What families wrote, and nobody saw to.
    pub replies: usize,
    /// What else came back: calls that are asked for, slips, mails of servers.
    pub others: usize,
}

/// Looks at what goes on, and at what waits for somebody that this account may see to.
pub async fn today(school: &School, account: &Account) -> Result<Today, StoreError> {
    let now = school.clock.now();
    let mut approvals = approvals(school).await?;
    approvals.retain(|it| it.waits_for(account) || account.is(&it.asked_by));
    let (messages, others) = going(school, now).await?;
    Ok(Today {
        to_do: to_do(school, account).await?,
        messages,
        others,
        drafts: draft::list(school).await?,
        approvals,
        channels: channels(school).await?,
        daemon_at_work: school.queue.attendance().is_anybody_at_work(now).await?,
    })
}

/// The newest message, and those that are still on their way, however long ago they were launched; and how many more of
/// these there are.
async fn going(school: &School, now: Moment) -> Result<(Vec<Going>, OthersGoing), StoreError> {
    let id = school.queue.school().clone();
    let read =
        move |tx: &Tx<'_>| Ok((messages::newest(tx, &id, 1)?, messages::under_way(tx, &id)?));
    let (mut told, mut under_way) = school.store().read(read).await?;
    under_way.retain(|it| told.iter().all(|newest| newest.id != it.id));
    let is_later = |it: &Message| it.terms.starts_at > Some(now);
    under_way.sort_by_key(is_later);
    let others = under_way.split_off(under_way.len().min(TOLD - 1));
    told.extend(under_way);
    let later = others.iter().filter(|it| is_later(it)).count();
    let others = OthersGoing { now: others.len() - later, later };
    let mut going = Vec::with_capacity(told.len());
    for (message, sent) in told.iter().zip(listed(school, &told).await?) {
        let waits = why_they_wait(school, message, &sent.sum.addressees).await?;
        going.push(Going { sent, starts_at: message.terms.starts_at, waits });
    }
    Ok((going, others))
}

async fn to_do(school: &School, account: &Account) -> Result<ToDo, StoreError> {
    let whom = Whom::of(account);
    let waiting = count_inbox(school, &whom).await?;
    let of = |wanted| waiting.iter().filter(|(kind, _)| *kind == wanted).map(|(_, it)| it).sum();
    let people = ToDo {
        calls: count_to_call(school, &whom).await?,
        unreached: of(EntryKind::Unreached),
        uncertain: of(EntryKind::Uncertain),
        replies: of(EntryKind::Reply),
        others: of(EntryKind::Bounce) + of(EntryKind::Call) + of(EntryKind::Slip),
        ..ToDo::default()
    };
    // Letters and cards are nobody's who has pupils of their own alone.
    if whom != Whom::Everybody {
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
