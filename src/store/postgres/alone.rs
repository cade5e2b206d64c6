//! One transaction at a time, for which the caller's thread stands still: on simulated time nothing else
//! happens meanwhile.

use std::sync::mpsc;

use super::Server;
use super::pool::{Job, READ, pool, ready, within};
use super::session::{ServerSession, WRITE};
use crate::clock::{Clock, Moment};
use crate::store::{IfMissing, StoreError, Tx};

/// One connection, and the clock of the simulation.
#[derive(Clone)]
pub(in crate::store) struct Alone {
    jobs: mpsc::SyncSender<Job>,
    clock: Clock,
}

impl Alone {
    pub(in crate::store) fn open(url: &str, clock: &Clock) -> Result<Self, StoreError> {
        let server = Server::of(url, None)?;
        drop(ready(&server, IfMissing::Make)?);
        Ok(Self { jobs: pool(&server, "alone", 1)?, clock: clock.clone() })
    }

    pub(in crate::store) fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.run(WRITE, work)
    }

    pub(in crate::store) fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.run(READ, work)
    }

    fn run<T, F>(&self, begin: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let now = self.clock.now();
        let (answer, answered) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |session| {
            let told = session.and_then(|session| tell(session, now).map(|()| session));
            let _ = answer.send(told.and_then(|session| within(session, begin, work)));
        });
        self.jobs.send(job).map_err(|_| StoreError::Closed)?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }
}

fn tell(session: &ServerSession, now: Moment) -> Result<(), StoreError> {
    session.script(&format!("SET simulated.now = '{}'", now.0))
}
