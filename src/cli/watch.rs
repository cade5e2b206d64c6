//! `chappe watch`: a message, live, until nothing is left to a machine.

use std::time::Duration;

use anyhow::Context as _;

use super::context::Context;
use super::progress::{Line, Progress, Scene};
use super::{attendance, output, status};
use crate::clock::Moment;
use crate::message::Message;
use crate::office::School;
use crate::queue::{self, Status};
use crate::store::gates;

/// How often the picture is drawn.
const EVERY: Duration = Duration::from_millis(500);

/// Arguments of `chappe watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message; the newest one without it.
    message: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app()?;
    let message = match arguments.message {
        Some(code) => status::find(&app, &code).await?,
        None => status::newest(&app).await?.into_iter().next().context(status::NO_MESSAGE)?,
    };
    let last = follow(&app, &message, context.json).await?;
    if context.json {
        output::json(&last);
    } else {
        status::present(&app, &message, &last).await?;
    }
    Ok(())
}

/// Shows the message live until every addressee is reached or on a list; where it stands then.
pub(super) async fn follow(app: &School, message: &Message, quiet: bool) -> anyhow::Result<Status> {
    let mut progress = Progress::new(quiet);
    let mut before: Option<(Status, Moment)> = None;
    loop {
        let now = app.clock.now();
        let status = queue::status(app.store(), message, now).await?;
        progress.show(&scene(app, message, &status, before.as_ref(), now).await?);
        if status.addressees.waiting == 0 {
            progress.end();
            return Ok(status);
        }
        before = Some((status, now));
        tokio::time::sleep(EVERY).await;
    }
}

async fn scene(
    app: &School,
    message: &Message,
    status: &Status,
    before: Option<&(Status, Moment)>,
    now: Moment,
) -> anyhow::Result<Scene> {
    let school = app.queue.school().clone();
    let gates = app.store().read(move |tx| gates::all(tx, &school)).await?;
    let lines = message.channels().into_iter().map(|channel| {
        let count = status.channels.get(&channel).cloned().unwrap_or_default();
        let gate = gates.iter().find(|gate| gate.channel == channel);
        Line {
            channel,
            rate: before.map_or(0.0, |(before, at)| rate(before, status, channel, now.since(*at))),
            gate: gate.map_or_else(String::new, |gate| match gate.until {
                Some(until) if gate.state == "refusing" => {
                    let seconds = until.since(now).as_secs();
                    format!("{} ({}), probe in {seconds} s", gate.state, gate.reason)
                }
                _ => gate.state.clone(),
            }),
            count,
        }
    });
    let waits = status.addressees.waiting > 0;
    let note = if waits { attendance::line_about(app).await? } else { None };
    Ok(Scene { lines: lines.collect(), addressees: status.addressees, levels: status.levels, note })
}

/// Messages handed over a second on a channel, since the picture before.
fn rate(
    before: &Status,
    after: &Status,
    channel: crate::channel::Channel,
    elapsed: Duration,
) -> f64 {
    let sent = |status: &Status| status.channels.get(&channel).map_or(0, |count| count.sent);
    let more = sent(after).saturating_sub(sent(before));
    #[expect(clippy::cast_precision_loss, reason = "a rate for the eye")]
    let more = more as f64;
    more / elapsed.as_secs_f64().max(0.001)
}
