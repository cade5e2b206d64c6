//! `chappe hold` and `chappe release`: nothing is sent in between.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::{asker, output, when};
use crate::app;
use crate::channel::Channel;
use crate::office::School;
use crate::providers::{Guard, WhenUnknown};
use crate::queue::MayHaveLeft;
use crate::store::holds::{Held, Hold};

/// A message that waits for longer may say what is no longer true.
const OLD: Duration = Duration::from_hours(24);

/// Arguments of `chappe hold`.
#[derive(Debug, clap::Args)]
pub(super) struct HoldArguments {
    /// Why, for the colleagues.
    #[arg(long, value_parser = when::said)]
    reason: String,
}

/// Arguments of `chappe release`.
#[derive(Debug, clap::Args)]
pub(super) struct ReleaseArguments {
    /// Let it leave; without it, what would leave is shown.
    #[arg(long)]
    yes: bool,
    /// After a restored backup: send nothing again that may have left since it was taken. Services
    /// that know our references are asked; on the others a receipt or the next way is awaited.
    #[arg(long)]
    uncertain: bool,
}

pub(super) async fn hold(context: &Context, arguments: HoldArguments) -> anyhow::Result<()> {
    let app = context.app_to_change().await?;
    app.queue.hold(arguments.reason, asker::by(&app)).await?;
    if context.json {
        output::json(&json!({ "on_hold": true }));
    } else {
        output::line("On hold: nothing is sent until `chappe release --yes`.");
    }
    Ok(())
}

pub(super) async fn release(context: &Context, arguments: ReleaseArguments) -> anyhow::Result<()> {
    let app = context.app_to_change().await?;
    let now = app.clock.now();
    let Some((hold, kept_back)) = app.queue.kept_back(now - OLD, now).await? else {
        bail!("nothing is on hold; `chappe status` shows where messages stand");
    };
    if arguments.uncertain && hold.as_of.is_none() {
        bail!("no backup was restored here: what waits has not left; leave --uncertain out");
    }
    if arguments.yes {
        let may_have_left = if arguments.uncertain {
            MayHaveLeft::Uncertain { asked: can_be_asked(&app)? }
        } else {
            MayHaveLeft::Send
        };
        app.queue.release(may_have_left, asker::by(&app)).await?;
    }
    present(context, &app, &hold, &kept_back, arguments.yes);
    Ok(())
}

/// One line for whoever looks at a school that is on hold.
pub(super) async fn line_about(app: &School) -> anyhow::Result<Option<String>> {
    if let Some(place) = app.queue.moved_to().await? {
        return Ok(Some(format!("On hold for good: the school moved to {place}.")));
    }
    let hold = app.queue.standing_hold().await?;
    Ok(hold.map(|hold| {
        let since = when::shown(app, hold.since);
        format!(
            "On hold since {since} ({}): nothing is sent; `chappe release` shows what would leave.",
            hold.reason
        )
    }))
}

/// The channels whose provider can be asked what became of a delivery.
fn can_be_asked(app: &School) -> anyhow::Result<BTreeSet<Channel>> {
    let providers = app::carriers(app, Guard::Anywhere)?;
    let askable = providers.iter().filter(|it| it.when_unknown() == WhenUnknown::Ask);
    Ok(askable.map(|provider| provider.channel()).collect())
}

fn present(context: &Context, app: &School, hold: &Hold, kept_back: &[Held], released: bool) {
    if context.json {
        let channels: serde_json::Map<String, serde_json::Value> = kept_back
            .iter()
            .map(|it| {
                let counts = json!({
                    "waiting": it.waiting, "old": it.old, "may_have_left": it.may_have_left
                });
                (it.channel.to_string(), counts)
            })
            .collect();
        output::json(&json!({
            "released": released,
            "reason": hold.reason,
            "since": hold.since,
            "backup_taken_at": hold.as_of,
            "channels": channels,
        }));
        return;
    }
    output::line(format!("On hold since {}: {}", when::shown(app, hold.since), hold.reason));
    let mut table = output::table(["channel", "waiting", "older than a day", "may have left"]);
    for it in kept_back {
        let counts = [it.waiting, it.old, it.may_have_left].map(|count| count.to_string());
        table.add_row([vec![it.channel.to_string()], counts.to_vec()].concat());
    }
    output::line(if kept_back.is_empty() {
        "Nothing waits.".to_owned()
    } else {
        table.to_string()
    });
    if let Some(as_of) = hold.as_of {
        output::line(format!(
            "The backup is of {}. What was launched later is not in it; what waited then may have \
             left since, and would leave a second time: --uncertain asks in place of sending.",
            when::shown(app, as_of)
        ));
    }
    output::line(if released {
        "Released: what waits leaves now."
    } else {
        "Nothing was released; say --yes to let it leave."
    });
}
