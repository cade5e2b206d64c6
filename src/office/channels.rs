//! Which channels are open; a person closes one, and opens it again.

use serde::Serialize;

use super::School;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::{Actor, By};
use crate::store::StoreError;
use crate::store::closings::Closing;
use crate::store::daemons::IdleProvider;
use crate::store::gates::{self, GateState, KeptGate};

/// How a channel stands, or one of its providers where several serve it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelStands {
    /// Which.
    pub channel: Channel,
    /// Why it is closed; `None` while it is open.
    pub closing: Option<Closed>,
    /// Whether nobody closed it.
    pub open: bool,
    /// Which provider of the configuration carries it; `None` for none, or for people.
    pub provider: Option<String>,
    /// Whether its provider is used, once it was.
    pub breaker: Option<GateState>,
    /// When the next message tries its provider, while that refuses.
    pub breaker_until: Option<Moment>,
    /// Why its provider refuses, in French.
    pub breaker_reason: Option<String>,
    /// When its quiet hours end, while they last.
    pub quiet_until: Option<Moment>,
    /// Its provider, where no daemon at work can use it.
    pub idle: Option<IdleProvider>,
}

/// What somebody decided about a closed channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// When it opens by itself; `None` for never.
    pub until: Option<Moment>,
    /// Why, in the words of the office.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// Since when.
    pub since: Moment,
}

/// What is to be closed.
#[derive(Debug, Clone)]
pub struct Close {
    /// Which channel.
    pub channel: Channel,
    /// When it opens by itself; `None` for never.
    pub until: Option<Moment>,
    /// Why: families and colleagues will ask.
    pub reason: String,
    /// Who says so.
    pub by: String,
}

/// A channel was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelClosed {
    /// Which.
    pub closed: Channel,
    /// When it opens by itself.
    pub until: Option<Moment>,
    /// How many addressees went on to their next way.
    pub moved_on: usize,
}

/// A channel was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChannelOpened {
    /// Which.
    pub opened: Channel,
    /// Whether somebody had closed it.
    pub was_closed: bool,
    /// Whether its provider refused, and is tried by the next message that falls to it.
    pub probed: bool,
}

/// Why a channel stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChannelRefusal {
    /// It would be open again before it is closed.
    #[error("{0} is past; nothing was closed")]
    Past(String),
    /// Nobody closed it, and its provider takes what it is given.
    #[error("{0} was open")]
    WasOpen(Channel),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// How every channel stands: once for each of its providers, the preferred one first.
pub async fn channels(school: &School) -> Result<Vec<ChannelStands>, StoreError> {
    let now = school.clock.now();
    let closings = school.queue.decisions().closings(now).await?;
    let id = school.queue.school().clone();
    let gates = school.store().read(move |tx| gates::all(tx, &id)).await?;
    let idle = school.queue.attendance().idle_providers(now).await?;
    let of_provider = |channel, provider: Option<&str>| {
        let idle = idle.iter().find(|one| Some(one.provider.as_str()) == provider).cloned();
        let closing = closings.iter().find(|closing| closing.channel == channel);
        let gate = gates.iter().find(|gate| Some(gate.provider.as_str()) == provider);
        let provider = provider.map(str::to_owned);
        ChannelStands { provider, idle, ..channel_stands(school, channel, closing, gate, now) }
    };
    let stands = |channel| {
        let routes = school.config.routes(channel);
        let mut names: Vec<_> = routes.into_iter().map(|(name, _)| Some(name)).collect();
        names.extend(names.is_empty().then_some(None));
        names.into_iter().map(move |name| of_provider(channel, name)).collect::<Vec<_>>()
    };
    Ok(Channel::ALL.into_iter().flat_map(stands).collect())
}

fn channel_stands(
    school: &School,
    channel: Channel,
    closing: Option<&Closing>,
    gate: Option<&KeptGate>,
    now: Moment,
) -> ChannelStands {
    let opens = school.queue.timing().hours.opening(channel, now);
    ChannelStands {
        channel,
        closing: closing.map(|it| Closed {
            until: it.until,
            reason: it.reason.clone(),
            by: it.by.clone(),
            since: it.at,
        }),
        open: closing.is_none(),
        provider: None,
        breaker: gate.map(|gate| gate.state),
        breaker_until: gate.and_then(|gate| gate.until),
        breaker_reason: gate.filter(|it| !it.is_admitting()).map(|it| it.reason.clone()),
        quiet_until: (opens > now).then_some(opens),
        idle: None,
    }
}

/// Closes a channel: what waits there goes on to its next way.
pub async fn close_channel(
    school: &School,
    actor: Actor,
    close: Close,
) -> Result<ChannelClosed, ChannelRefusal> {
    let Close { channel, until, reason, by } = close;
    let at = school.clock.now();
    if let Some(until) = until.filter(|until| *until <= at) {
        return Err(ChannelRefusal::Past(school.queue.timing().hours.shown(until)));
    }
    let closing = Closing { channel, until, reason, by, at };
    let moved_on = school.queue.decisions().close(closing, actor).await?;
    Ok(ChannelClosed { closed: channel, until, moved_on })
}

/// Opens a channel for what is launched or falls back from now on, and ends the pause of its provider, where
/// that refuses.
pub async fn open_channel(
    school: &School,
    actor: Actor,
    channel: Channel,
) -> Result<ChannelOpened, ChannelRefusal> {
    let now = school.clock.now();
    let was_closed = school.queue.decisions().open(channel, By { actor, at: now }).await?;
    let probed = school.queue.decisions().probe_now(channel, now).await?;
    if !was_closed && !probed {
        return Err(ChannelRefusal::WasOpen(channel));
    }
    Ok(ChannelOpened { opened: channel, was_closed, probed })
}
