//! Settings change, and what goes on by the new ones waits on each channel for what is still under way there by the
//! former ones, since nothing may be called twice at once: so a provider that keeps a call open holds up nobody elsewhere.

use tokio::sync::watch;

use super::task::Task;
use crate::channel::Channel;

/// How many channels there are.
const CHANNELS: usize = Channel::ALL.len();

/// Where each channel's tasks stand in their line. Clones, and the tasks, keep their turn until all of them are gone.
#[derive(Clone)]
pub(super) struct Turns([ChannelTurn; CHANNELS]);

/// What a channel's tasks wait for; gone once all of it has ended.
#[derive(Clone)]
pub(super) struct Ends([watch::Receiver<()>; CHANNELS]);

/// The turn of one channel's tasks.
#[derive(Clone)]
pub(super) struct ChannelTurn {
    before: Option<watch::Receiver<()>>,
    own: watch::Sender<()>,
}

impl Turns {
    /// Of tasks that go on once these have ended.
    pub fn after(before: Option<&Ends>) -> Self {
        Self(std::array::from_fn(|at| ChannelTurn {
            before: before.map(|Ends(ends)| ends[at].clone()),
            own: watch::Sender::new(()),
        }))
    }

    /// The end of all that has these turns.
    pub fn ends(&self) -> Ends {
        Ends(self.0.each_ref().map(|turn| turn.own.subscribe()))
    }

    /// The turn on one channel.
    pub fn of(&self, channel: Channel) -> ChannelTurn {
        let at = Channel::ALL.iter().position(|it| *it == channel);
        self.0[at.unwrap_or_default()].clone()
    }
}

impl ChannelTurn {
    /// The same work, when its turn has come.
    pub fn taken_by(self, task: Task) -> Task {
        let Task { name, wakes_within, run } = task;
        let run = async move {
            let Self { before, own } = self;
            if let Some(mut before) = before {
                // Nothing is ever said: it ends.
                while before.changed().await.is_ok() {}
            }
            run.await;
            drop(own);
        };
        Task::new(name, wakes_within, run)
    }
}
