//! `chappe serve`: the daemon, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde::Serialize;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::context::{Context, start_logs};
use super::{channel, output};
use crate::app::{Daemon, Ended};
use crate::providers::Guard;
use crate::store::daemons::IdleProvider;

/// A daemon that is at work.
#[derive(Serialize)]
struct AtWork<'a> {
    /// Where its door listens.
    listening: SocketAddr,
    /// What it cannot use.
    idle: &'a [IdleProvider],
}

pub(super) async fn run(context: &Context) -> anyhow::Result<()> {
    start_logs(true);
    // One that comes while the daemon starts must not end it in the middle of something.
    let mut signals = StopSignals::hear()?;
    let school = Arc::new(context.school()?);
    let daemon = Daemon::start(Arc::clone(&school), Guard::Anywhere).await?;
    if context.json {
        output::json(&AtWork { listening: daemon.address, idle: &daemon.idle });
    } else {
        output::line(format!("Chappe is at work; http://{}/healthz answers.", daemon.address));
        if let Some(pages) = &daemon.pages {
            output::line(format!("The pages are at {}", pages.origin()));
        }
        daemon.idle.iter().for_each(|idle| output::line(channel::idle_told(&school, idle)));
    }
    signals.told().await;
    stop(daemon).await
}

/// Stops gracefully, within a minute; told a second time, at once.
pub(super) async fn stop(daemon: Daemon) -> anyhow::Result<()> {
    tokio::select! {
        ended = daemon.stop() => match ended {
            Ended::AtRest => Ok(()),
            Ended::CutOff(limit) => bail!(
                "what was under way did not end within {} s and was cut off; it shows as uncertain, \
                 or is settled at the next start; the log says what held it up",
                limit.as_secs()
            ),
        },
        told = told_to_stop() => {
            told?;
            bail!(
                "told twice to stop, and ended at once; what was under way shows as uncertain, or \
                 is settled at the next start"
            )
        }
    }
}

/// Waits for Ctrl-C, or for the service manager.
pub(super) async fn told_to_stop() -> anyhow::Result<()> {
    StopSignals::hear()?.told().await;
    Ok(())
}

/// Ctrl-C and the service manager's signal, heard from the moment when this stands.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    fn hear() -> anyhow::Result<Self> {
        let hear = |kind| signal(kind).context("cannot hear the stop signal");
        let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
        Ok(Self { interrupt: hear(interrupt)?, terminate: hear(terminate)? })
    }

    async fn told(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
