//! `chappe contacts`: which ways to reach people work, and what is done about those that do not.

mod correct;
mod list;

use super::context::Context;
use super::terminal::Consent;
use super::who::{self, Named};
use super::{asker, output, send};
use crate::channel::Channel;
use crate::directory::ContactList;
use crate::office::{self, Campaign, ContactCounts};

/// Arguments of `chappe contacts`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Count each list (also without a subcommand).
    Count,
    /// Show a list: all, never-verified, failing, dead, missing, to-correct.
    List(list::List),
    /// Put a contact right by hand; it survives every import, until the source says the same.
    Correct(correct::Correct),
    /// Write to somebody again by a way where they, or somebody in their name, asked for no more messages.
    UndoStop(UndoStop),
    /// Send a short message that asks for an answer to those on a list (never-verified by default).
    Verify(TypedCampaign),
    /// Print a sheet for the family to correct, for those on a list (missing by default).
    Slips(TypedCampaign),
}

/// Arguments of `chappe contacts undo-stop`.
#[derive(Debug, clap::Args)]
struct UndoStop {
    /// Whose.
    #[command(flatten)]
    who: Named,
    /// Only by this channel: sms, email, chat; by all of them unless told.
    #[arg(long)]
    channel: Option<Channel>,
}

/// Arguments of `chappe contacts verify` and `chappe contacts slips`.
#[derive(Debug, clap::Args)]
struct TypedCampaign {
    /// To whom: those on this list.
    #[arg(long, value_parser = list)]
    list: Option<ContactList>,
    /// Only of this audience.
    #[arg(long, value_name = "AUDIENCE", default_value = "familles")]
    to: String,
    /// The day by which an answer is asked for, as it is to be read.
    #[arg(long, value_name = "DAY")]
    before: Option<String>,
    #[command(flatten)]
    consent: Consent,
}

impl TypedCampaign {
    /// The campaign, and whether it is only looked at, asked about, or done.
    fn apart(self) -> (Campaign, Consent) {
        let Self { list, to, before, consent } = self;
        (Campaign { list, audience: to, before }, consent)
    }
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::Count);
    let school = context.school_to(!matches!(command, Command::Count | Command::List(_))).await?;
    match command {
        Command::Count => context.answer(&office::count_contacts(&school).await?, present),
        Command::List(wanted) => list::run(context, &school, wanted).await?,
        Command::Correct(correct) => correct::run(context, &school, correct).await?,
        Command::UndoStop(UndoStop { who, channel }) => {
            let undone = office::undo_stop(&school, asker::here(), &who.into(), channel).await;
            context.answer(&who::found(undone)?, |undone| {
                output::line(format!("They are written to again by {} ways.", undone.ways));
            });
        }
        Command::Verify(typed) => {
            let (campaign, consent) = typed.apart();
            let ready = office::prepare_verification(&school, campaign).await?;
            send::launch_with(context, &school, ready, &consent).await?;
        }
        Command::Slips(typed) => {
            let (campaign, consent) = typed.apart();
            let ready = office::prepare_slips(&school, campaign).await?;
            send::launch_with(context, &school, ready, &consent).await?;
        }
    }
    Ok(())
}

fn present(ContactCounts(counts): &ContactCounts) {
    for (list, count) in counts {
        output::line(format!("{count:>6}  {}", list.as_str()));
    }
}

/// A list by its word.
fn list(word: &str) -> Result<ContactList, String> {
    ContactList::from_word(word).ok_or_else(|| {
        let known = ContactList::ALL.map(ContactList::as_str).join(", ");
        format!("\"{word}\" is no list; there are: {known}")
    })
}
