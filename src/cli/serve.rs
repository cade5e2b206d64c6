//! `chappe serve`: the daemon, until it is told to stop.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::context::{Context, start_logs};
use super::output;
use crate::app::Daemon;
use crate::providers::Guard;

pub(super) async fn run(context: &Context) -> anyhow::Result<()> {
    start_logs(true);
    let app = Arc::new(context.app()?);
    let daemon = Daemon::start(app, Guard::Anywhere).await?;
    if context.json {
        output::json(&json!({ "listening": daemon.address }));
    } else {
        output::line(format!("Chappe is at work; http://{}/healthz answers.", daemon.address));
    }
    told_to_stop().await?;
    daemon.stop().await;
    Ok(())
}

/// Waits for Ctrl-C, or for the service manager.
pub(super) async fn told_to_stop() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot hear the stop signal")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot hear Ctrl-C")?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
