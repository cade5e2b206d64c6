//! `chappe pause`, `chappe resume`, `chappe cancel`: what people decide about a message on its way.

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::{asker, output, status};
use crate::message::{Message, MessageState};
use crate::office::School;
use crate::queue::{self, Status};

/// Arguments of all three.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message.
    message: String,
    /// Who decides.
    #[arg(long, value_name = "NAME", default_value = "", value_parser = super::when::one_line)]
    by: String,
}

pub(super) async fn run(
    context: &Context,
    arguments: Arguments,
    wanted: MessageState,
) -> anyhow::Result<()> {
    let app = context.app_to_change().await?;
    let message = status::find(&app, &arguments.message).await?;
    let said_by = asker::said_by(arguments.by);
    let decided = app.queue.decide(&message, wanted, said_by, asker::by(&app)).await?;
    if !decided {
        let found = app.queue.control(message.id).await?;
        let state = found.map_or(MessageState::Running, |control| control.state);
        bail!("message {} is {} already", message.code, state.as_str());
    }
    let now = queue::status(app.store(), &message, app.clock.now()).await?;
    let letters = Letters::of(&app, &message).await?;
    if context.json {
        output::json(&json!({
            "message": message.code,
            "state": wanted,
            "addressees": now.addressees,
            "nobody_got_it": nobody_got_it(&now),
            "letters_held_back": letters.held_back,
            "batches_to_post": letters.to_post.iter().map(|(batch, _)| batch).collect::<Vec<_>>(),
        }));
    } else {
        present(&message, wanted, &now, &letters);
    }
    Ok(())
}

/// The letters of a message that people have to think of.
struct Letters {
    /// Those that wait to be printed, and may not.
    held_back: usize,
    /// Those that are printed and lie there: the batch, how many.
    to_post: Vec<(u32, usize)>,
}

impl Letters {
    async fn of(app: &School, message: &Message) -> anyhow::Result<Self> {
        let held_back = app.queue.letters_held_back(Some(message.id), app.clock.now()).await?;
        let held_back = held_back.into_iter().map(|(_, letters)| letters).sum();
        Ok(Self { held_back, to_post: app.queue.unposted(message.id).await? })
    }
}

/// A cancellation came before anything left.
fn nobody_got_it(status: &Status) -> bool {
    status.addressees.cancelled == status.addressees.total
}

fn present(message: &Message, wanted: MessageState, status: &Status, letters: &Letters) {
    let (code, all) = (&message.code, status.addressees);
    match wanted {
        MessageState::Paused => {
            output::line(format!("Message {code} is paused; {} still wait for it.", all.waiting));
            if letters.held_back > 0 {
                output::line(format!("{} letters are held back too.", letters.held_back));
            }
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
            for (batch, letters) in &letters.to_post {
                output::line(format!(
                    "{letters} letters are printed and not posted, in batch {batch}: take them out of it."
                ));
            }
            output::line(format!("Write to exactly those with: chappe correct {code}"));
        }
    }
}
