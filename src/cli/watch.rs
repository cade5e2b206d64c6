//! `chappe watch`: a message, live, until nothing is left to a machine.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Instant;

use super::context::Context;
use super::progress::{ChannelLine, ProgressPicture, Scene};
use super::{attendance, output, status};
use crate::message::Message;
use crate::office::{self, ChannelStands, Follow, GateState, Overview, School, Snapshot};

/// How often the picture is drawn at most.
const EVERY: Duration = Duration::from_millis(500);
/// Looking takes a part of so many of the time at most: beside a large message the daemon goes first.
const SHARE: u32 = 10;

/// Arguments of `chappe watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message; the newest one without it.
    message: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.school()?;
    let message = match arguments.message {
        Some(code) => status::find(&school, &code).await?,
        None => status::newest(&school).await?.into_iter().next().context(status::NO_MESSAGE)?,
    };
    let last = follow(&school, &message, context.json).await?;
    if context.json {
        output::json(&last);
    } else {
        status::present(&school, &message).await?;
    }
    Ok(())
}

/// Shows the message live until every addressee is reached or on a list; where it stands then.
pub(super) async fn follow(
    school: &School,
    message: &Message,
    quiet: bool,
) -> anyhow::Result<Overview> {
    let (mut progress, mut follow) = (ProgressPicture::new(quiet), Follow::default());
    loop {
        let began = Instant::now();
        let seen = follow.look(school, message).await?;
        progress.show(&scene(school, &seen));
        if seen.overview.status.addressees.waiting == 0 {
            progress.end();
            let answers = office::answer_counts(school, message).await?;
            return Ok(Overview { answers, ..seen.overview });
        }
        tokio::time::sleep(EVERY.max(began.elapsed() * SHARE)).await;
    }
}

fn scene(school: &School, seen: &Snapshot) -> Scene {
    let status = &seen.overview.status;
    let lines = seen.channels.iter().map(|stands| ChannelLine {
        channel: stands.channel,
        rate: seen.rates.get(&stands.channel).copied().unwrap_or_default(),
        gate: gate(school, stands),
        count: status.channels.get(&stands.channel).cloned().unwrap_or_default(),
    });
    let nobody = status.addressees.waiting > 0 && !seen.somebody_is_at_work;
    let nobody = nobody.then(|| attendance::NOBODY.to_owned());
    let cards = seen.overview.cards.iter();
    let cards = cards.map(|card| format!("  {} : {}", card.card, card.in_french(school)));
    let waits = seen.overview.waits.iter().map(|wait| format!("  {}", wait.in_french(school)));
    Scene {
        lines: lines.collect(),
        addressees: status.addressees,
        levels: status.levels,
        notes: nobody.into_iter().chain(cards).chain(waits).collect(),
    }
}

/// `refusing, probe in 12 s`; why stands where it is told why they wait.
fn gate(school: &School, stands: &ChannelStands) -> String {
    let Some(state) = stands.breaker else { return String::new() };
    match stands.breaker_until.filter(|_| state == GateState::Refusing) {
        Some(until) => {
            let pause = until.since(school.clock.now()).as_secs();
            format!("{}, probe in {pause} s", state.as_str())
        }
        None => state.as_str().to_owned(),
    }
}
