//! `chappe pause`, `chappe resume`, `chappe cancel`: what people decide about a message on its way.

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::{output, status};
use crate::message::{Message, MessageState};
use crate::queue::{self, Status};

/// Arguments of all three.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message.
    message: String,
    /// Who decides.
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
}

pub(super) async fn run(
    context: &Context,
    arguments: Arguments,
    wanted: MessageState,
) -> anyhow::Result<()> {
    let app = context.app()?;
    let message = status::find(&app, &arguments.message).await?;
    let decided = app.queue.decide(message.id, wanted, arguments.by, app.clock.now()).await?;
    if !decided {
        let found = app.queue.control(message.id).await?;
        let state = found.map_or(MessageState::Running, |control| control.state);
        bail!("message {} is {} already", message.code, state.as_str());
    }
    let now = queue::status(app.store(), &message, app.clock.now()).await?;
    if context.json {
        output::json(&json!({
            "message": message.code,
            "state": wanted,
            "addressees": now.addressees,
            "nobody_got_it": nobody_got_it(&now),
        }));
    } else {
        present(&message, wanted, &now);
    }
    Ok(())
}

/// A cancellation came before anything left.
fn nobody_got_it(status: &Status) -> bool {
    status.addressees.cancelled == status.addressees.total
}

fn present(message: &Message, wanted: MessageState, status: &Status) {
    let (code, all) = (&message.code, status.addressees);
    match wanted {
        MessageState::Paused => {
            output::line(format!("Message {code} is paused; {} still wait for it.", all.waiting));
            output::line(format!("Let it go on with: chappe resume {code}"));
        }
        MessageState::Running => output::line(format!("Message {code} is on its way again.")),
        MessageState::Cancelled if nobody_got_it(status) => {
            output::line(format!("Message {code} is cancelled. Nobody got it."));
        }
        MessageState::Cancelled => {
            output::line(format!("Message {code} is cancelled for {} addressees.", all.cancelled));
            output::line(format!(
                "{} have it, or may have it. What is under way is let to its end.",
                all.total - all.cancelled - all.unreached
            ));
            output::line(format!("Write to exactly those with: chappe correct {code}"));
        }
    }
}
