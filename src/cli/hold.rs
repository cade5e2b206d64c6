//! `chappe hold` and `chappe release`: nothing is sent in between.

use super::context::Context;
use super::{asker, output, when};
use crate::office::{self, KeptBack, KeptOnChannel, School, Standstill};
use crate::providers::Guard;
use crate::queue::MayHaveLeft;

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
    let school = context.school_to_change().await?;
    let held = office::hold(&school, asker::here(), arguments.reason).await?;
    context.answer(&held, |_| {
        output::line("On hold: nothing is sent until `chappe release --yes`.");
    });
    Ok(())
}

pub(super) async fn release(context: &Context, arguments: ReleaseArguments) -> anyhow::Result<()> {
    let school = context.school_to_change().await?;
    let may_have_left = if arguments.uncertain {
        MayHaveLeft::Uncertain { asked: office::can_be_asked(&school, Guard::Anywhere) }
    } else {
        MayHaveLeft::Send
    };
    let kept_back = if arguments.yes {
        office::release(&school, asker::here(), may_have_left).await?
    } else {
        office::kept_back(&school, &may_have_left).await?
    };
    context.answer(&kept_back, |it| present(&school, it));
    Ok(())
}

/// Two lines for whoever looks at a school of which nothing leaves; the second in the office's own language.
pub(super) async fn line_about(school: &School) -> anyhow::Result<Option<String>> {
    Ok(office::standstill(school).await?.map(|why| match why {
        Standstill::Moved { to } => format!("On hold for good: the school moved to {to}."),
        Standstill::Hold { since, reason } => {
            let since = when::shown(school, since);
            format!(
                "On hold since {since}: nothing is sent; `chappe release` shows what would leave.\n  {reason}"
            )
        }
    }))
}

fn present(school: &School, kept: &KeptBack) {
    output::line(format!("On hold since {}:\n  {}", when::shown(school, kept.since), kept.reason));
    let mut table = output::table(["channel", "waiting", "older than a day", "may have left"]);
    for (channel, KeptOnChannel { waiting, old, may_have_left }) in &kept.channels {
        let counts = [waiting, old, may_have_left].map(ToString::to_string);
        table.add_row([vec![channel.to_string()], counts.to_vec()].concat());
    }
    output::line(if kept.channels.is_empty() {
        "Nothing waits.".to_owned()
    } else {
        table.to_string()
    });
    if let Some(taken_at) = kept.backup_taken_at {
        output::line(format!(
            "The backup is of {}. What was launched later is not in it; what waited then may have \
             left since, and would leave a second time: --uncertain asks in place of sending.",
            when::shown(school, taken_at)
        ));
    }
    output::line(if kept.released {
        "Released: what waits leaves now."
    } else {
        "Nothing was released; say --yes to let it leave."
    });
}
