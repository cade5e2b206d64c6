//! `chappe accounts`: who signs in to the school's pages.

mod changes;
mod letting_in;
mod line;

use super::context::Context;
use super::output;
use crate::office::{self, School};

/// Arguments of `chappe accounts`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the accounts (also without a subcommand).
    List,
    /// Add an account, and print a code with which its owner chooses a password.
    Add(changes::AddAccount),
    /// Change the name, the role, the rights, the classes of an account; what is not named stays.
    Rights(changes::ChangeRights),
    /// Let an account sign in no more: its sessions end.
    Disable {
        /// The login.
        login: String,
        /// Let it sign in again.
        #[arg(long)]
        undo: bool,
    },
    /// Print a code with which a password is chosen, good for a day: of this account, or of the first one.
    Code {
        /// The login; none while there is no account yet.
        login: Option<String>,
    },
    /// Give an account a password: typed without being shown, or read from a pipe.
    Password {
        /// The login.
        login: String,
    },
    /// Print what signs in to an account once, good for a quarter of an hour.
    Link {
        /// The login.
        login: String,
    },
    /// Ask an account for no code of its telephone any more: its owner lost it.
    ForgetTelephone {
        /// The login.
        login: String,
    },
    /// List where an account is signed in.
    Sessions {
        /// The login.
        login: String,
    },
    /// End the sessions of an account.
    Revoke {
        /// The login.
        login: String,
        /// Only this one, as `chappe accounts sessions` names it.
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::List);
    let looks = matches!(command, Command::List | Command::Sessions { .. });
    let school = &context.school_to(!looks).await?;
    match command {
        Command::List => list(context, school).await,
        Command::Add(new) => changes::add(context, school, new).await,
        Command::Rights(change) => changes::rights(context, school, change).await,
        Command::Disable { login, undo } => changes::disable(context, school, &login, undo).await,
        Command::Code { login } => letting_in::code(context, school, login).await,
        Command::Password { login } => letting_in::password(context, school, &login).await,
        Command::Link { login } => letting_in::link(context, school, &login).await,
        Command::ForgetTelephone { login } => {
            changes::forget_telephone(context, school, &login).await
        }
        Command::Sessions { login } => letting_in::sessions(context, school, &login).await,
        Command::Revoke { login, session } => {
            letting_in::revoke(context, school, &login, session).await
        }
    }
}

async fn list(context: &Context, school: &School) -> anyhow::Result<()> {
    let accounts = office::accounts(school).await?;
    if accounts.is_empty() && !context.json {
        output::line("There is no account; make the first one with: chappe accounts code");
    }
    for account in &accounts {
        context.answer(account, |it| output::line(line::shown(school, it)));
    }
    Ok(())
}
