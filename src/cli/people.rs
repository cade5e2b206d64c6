//! `chappe people`: what the office notes of people by hand, beside what the files say.

mod add;
mod change;
mod home;
mod tie;

use super::context::Context;
use super::who::{self, Named};
use super::{asker, dossier, output};
use crate::office;

/// Arguments of `chappe people`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Note how a household is connected: it chooses the plan of its messages.
    Connect(home::Connect),
    /// Note that nothing about a pupil goes to one of their guardians; it holds at once, also for what is
    /// under way.
    Restrict(tie::Restrict),
    /// Say that addresses of a guardian may be used for a pupil, although somebody who must not hear of that
    /// pupil has them too.
    Trust(tie::Trust),
    /// Show a person, by their name or by a pupil's: children, ways to reach them and whether those work, what
    /// was noted by hand, and every message and answer.
    Show(Named),
    /// Lift a restriction.
    Lift(tie::Tie),
    /// Add a pupil, a guardian or a member of staff who is in no file yet; the file that brings them takes
    /// their place.
    #[command(subcommand)]
    Add(add::Add),
    /// Change an adult, or a pupil; it lies over every import, until the source says the same.
    Change(change::Changing),
    /// Take an adult out of the directory, or a pupil; a complete file that still holds them brings them back.
    Archive {
        #[command(flatten)]
        who: Named,
        /// It is a pupil.
        #[arg(long, conflicts_with = "pupil")]
        is_pupil: bool,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.school_to(!matches!(arguments.command, Command::Show(_))).await?;
    match arguments.command {
        Command::Connect(home) => home::run(context, &school, home).await,
        Command::Restrict(restrict) => tie::restrict(context, &school, restrict).await,
        Command::Trust(trust) => tie::trust(context, &school, trust).await,
        Command::Lift(tie) => tie::lift(context, &school, tie).await,
        Command::Change(change) => change::run(context, &school, change).await,
        Command::Add(add) => add::run(context, &school, add).await,
        Command::Show(who) => {
            for dossier in who::found(office::dossiers(&school, who.into()).await)? {
                dossier::present(context, &school, &dossier);
            }
            Ok(())
        }
        Command::Archive { who, is_pupil } => {
            let archived = office::archive(&school, asker::here(), &who.into(), is_pupil).await;
            context.answer(&who::found(archived)?, |it| {
                output::line(format!("{} is archived.", it.archived));
            });
            Ok(())
        }
    }
}
