//! `chappe pause`, `chappe resume`, `chappe cancel`: what people decide about a message on its way.

use super::context::Context;
use super::{asker, output, status};
use crate::message::MessageState;
use crate::office::{self, Decided};

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
    let school = context.school_to_change().await?;
    let message = status::find(&school, &arguments.message).await?;
    let said_by = asker::said_by(arguments.by);
    let decided = office::decide(&school, asker::here(), &message, wanted, said_by).await?;
    context.answer(&decided, present);
    Ok(())
}

fn present(decided: &Decided) {
    let (code, all) = (&decided.message, decided.addressees);
    match decided.state {
        MessageState::Paused => {
            output::line(format!("Message {code} is paused; {} still wait for it.", all.waiting));
            if decided.letters_held_back > 0 {
                let letters = decided.letters_held_back;
                output::line(format!("{letters} letters are held back too."));
            }
            output::line(format!("Let it go on with: chappe resume {code}"));
        }
        MessageState::Running => output::line(format!("Message {code} is on its way again.")),
        MessageState::Cancelled if decided.nobody_got_it => {
            output::line(format!("Message {code} is cancelled. Nobody got it."));
        }
        MessageState::Cancelled => {
            output::line(format!("Message {code} is cancelled for {} addressees.", all.cancelled));
            output::line(format!(
                "{} have it, or may have it. What is under way is let to its end.",
                all.total - all.cancelled - all.unreached
            ));
            for card in &decided.cards_published {
                output::line(format!("Card {card} is published: remove what stands there."));
            }
            for lying in &decided.batches_to_post {
                output::line(format!(
                    "{} letters are printed and not posted, in batch {}: take them out of it.",
                    lying.letters, lying.batch
                ));
            }
            output::line(format!("Write to exactly those with: chappe correct {code}"));
        }
    }
}
