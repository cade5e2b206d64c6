//! `chappe people restrict`, `lift` and `trust`: by which ties nothing may go.

use crate::audience::Spoilt;
use crate::channel::Channel;
use crate::cli::context::Context;
use crate::cli::who::{self, Beside};
use crate::cli::{asker, output, when};
use crate::directory::Who;
use crate::office::{self, RestrictRequest, Restricted, School};
use crate::people::Restriction;
use crate::queue::Withheld;
use crate::store::restrictions::Left;

/// Messages that had left before a restriction, on a screen.
const SHOWN: usize = 20;

/// A guardian and a pupil of theirs.
#[derive(Debug, clap::Args)]
pub(super) struct Tie {
    /// The guardian: a name as on the roll.
    who: String,
    /// The pupil.
    #[arg(long)]
    pupil: String,
    #[command(flatten)]
    beside: Beside,
}

impl From<Tie> for Who {
    fn from(Tie { who, pupil, beside }: Tie) -> Self {
        beside.of(who, pupil)
    }
}

/// Arguments of `chappe people restrict`.
#[derive(Debug, clap::Args)]
pub(super) struct Restrict {
    #[command(flatten)]
    tie: Tie,
    /// `court`: a ruling of which the school holds a copy; `objection`: an adult pupil's own.
    #[arg(long, value_parser = why)]
    why: Restriction,
    /// The day of the ruling and where its copy lies; never what it says.
    #[arg(long, default_value = "", value_parser = when::one_line)]
    note: String,
}

fn why(word: &str) -> Result<Restriction, String> {
    Restriction::from_word(word)
        .ok_or_else(|| format!("\"{word}\" is no reason; there are: court, objection"))
}

/// Arguments of `chappe people trust`.
#[derive(Debug, clap::Args)]
pub(super) struct Trust {
    #[command(flatten)]
    tie: Tie,
    /// Which addresses: `email`, `sms`, `phone`, `letter`, `chat`; may be said several times.
    #[arg(long = "channel", required = true)]
    channels: Vec<Channel>,
}

pub(super) async fn restrict(
    context: &Context,
    school: &School,
    Restrict { tie, why, note }: Restrict,
) -> anyhow::Result<()> {
    let request = RestrictRequest { who: tie.into(), why, note };
    let restricted = office::restrict(school, asker::here(), request).await;
    context.answer(&who::found(restricted)?, |it| present_restricted(school, it));
    Ok(())
}

pub(super) async fn lift(context: &Context, school: &School, tie: Tie) -> anyhow::Result<()> {
    let lifted = office::lift(school, asker::here(), &tie.into()).await;
    context.answer(&who::found(lifted)?, |it| {
        output::line(if it.lifted { "Lifted." } else { "There was no restriction." });
    });
    Ok(())
}

pub(super) async fn trust(
    context: &Context,
    school: &School,
    Trust { tie, channels }: Trust,
) -> anyhow::Result<()> {
    let trusted = office::trust(school, asker::here(), &tie.into(), &channels).await;
    context.answer(&who::found(trusted)?, |it| {
        let many = it.trusted;
        output::line(format!("{many} addresses may be used from the next message on."));
    });
    Ok(())
}

/// What a restriction withdrew, what had left, and whose addresses are not used for the pupil any more:
/// somebody may have to act on it.
fn present_restricted(
    school: &School,
    Restricted { withdrawn, left, read_there, not_used, pupil, .. }: &Restricted,
) {
    output::line("Noted; imports do not change it, and it holds for what is under way.");
    for Withheld { message, name, is_all, printed_in } in withdrawn {
        let what = if *is_all { "withdrawn" } else { "goes on with less" };
        output::line(format!("  {message} for {name}: {what}"));
        for batch in printed_in {
            output::line(format!("    a letter is printed in batch {batch}: take it out by hand"));
        }
    }
    for Left { message, channel, state, at, .. } in left.iter().take(SHOWN) {
        let when = at.map(|at| format!(" on {}", when::shown(school, at))).unwrap_or_default();
        let state = state.as_str();
        output::line(format!("  {message} had left before by {channel}{when} ({state})"));
    }
    if left.len() > SHOWN {
        output::line(format!("  and {} earlier ones; --json names all", left.len() - SHOWN));
    }
    for card in read_there {
        output::line(format!("  {} : {}", card.card, card.in_french(school)));
    }
    for spoilt in not_used {
        present_spoilt(pupil, spoilt);
    }
}

fn present_spoilt(pupil: &str, Spoilt { name, channels }: &Spoilt) {
    let ways: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
    output::line(format!(
        "  {name} gets nothing about {pupil} by {}: the restricted person has the same address; where they \
         do not read it: chappe people trust \"{name}\" --pupil \"{pupil}\" --channel {}",
        ways.join(", "),
        ways.join(" --channel ")
    ));
}
