//! Commands: one file each. They parse, call one function of the flow, and present.
//!
//! Exit codes: 0 done, 1 failed, 2 used wrongly.

mod accounts;
mod answers;
mod asker;
mod attendance;
mod audience;
mod backup;
mod calls;
mod cards;
mod channel;
mod child;
mod contacts;
mod context;
mod control;
mod correct;
mod counted;
mod demo;
mod doctor;
mod documents;
mod dossier;
mod drafts;
mod handouts;
mod hold;
mod import;
mod inbox;
mod init;
mod journal;
mod keyboard;
mod letters;
mod lists;
mod migrate;
mod output;
mod people;
mod progress;
mod refusals;
mod restore;
mod send;
mod serve;
mod show;
mod slips;
mod sms_advice;
mod status;
mod templates;
mod terminal;
mod typed;
mod watch;
mod when;
mod who;
mod works;
mod written;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use context::Context;

use crate::message::MessageState;
use crate::render::documents as fit;
use crate::render::press;
use crate::scan;

/// How long the end of a command waits for what still runs beside it.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// A low-tech multichannel messaging gateway for French schools.
#[derive(Debug, Parser)]
#[command(name = "chappe", version, about)]
struct Arguments {
    /// The configuration file.
    #[arg(long, global = true, default_value = "chappe.toml", value_name = "FILE")]
    config: PathBuf,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show it all at work, with a fictional school and stand-ins for every service.
    Demo(demo::Arguments),
    /// Write a configuration to begin with.
    Init(init::Arguments),
    /// Read the school's files: SIECLE, STS, ONDE, AAF, an ENT's CSVs, any table or workbook.
    Import(import::Arguments),
    /// Say whom an audience concerns.
    Audience(audience::Arguments),
    /// Save audiences and pupils under a name.
    Lists(lists::Arguments),
    /// Show which ways to reach people work, and see to those that do not.
    Contacts(contacts::Arguments),
    /// Show a person and all that went to them; note what no file says: how a home is connected, a court
    /// ruling.
    People(people::Arguments),
    /// Hand out lists of names, each copy numbered and logged.
    Handouts(handouts::Arguments),
    /// Say who signs in to the school's pages, what they may, and let them in.
    Accounts(accounts::Arguments),
    /// Say who asked for what.
    Journal(journal::Arguments),
    /// Launch a message.
    Send(send::Arguments),
    /// List what is written and not sent yet; show, change, send or discard it.
    Drafts(drafts::Arguments),
    /// Hold back what has not left of a message.
    Pause(control::Arguments),
    /// Let a paused message go on.
    Resume(control::Arguments),
    /// Stop a message: what has not left never leaves.
    Cancel(control::Arguments),
    /// Send a message again, corrected, to exactly those who had it.
    Correct(correct::Arguments),
    /// Send a message again to those whom it did not reach, where they can be reached now.
    Retry(correct::Retry),
    /// Say which channels are open; close one, open it again.
    Channel(channel::Arguments),
    /// Run the daemon.
    Serve,
    /// Say where messages stand.
    Status(status::Arguments),
    /// Say what a message says on every channel, for whom it was, and who launched it.
    Show(show::Arguments),
    /// Say who answered what to a message that asks something, and who has not; note an answer.
    Answers(answers::Arguments),
    /// Take in reply slips that came back, by the references on them or off a scan.
    Slips(slips::Arguments),
    /// Follow a message until every addressee is reached or on a list.
    Watch(watch::Arguments),
    /// Keep what teachers leave for their pupils, to be printed behind the letters of a week.
    Documents(documents::Arguments),
    /// Say what pupils gave back of the work on documents and what is missing; lay it out as PDFs.
    Works(works::Arguments),
    /// Print the letters that wait, and say what became of them.
    Letters(letters::Arguments),
    /// List whom to ring, on screen or as sheets to be ticked, and say what it gave.
    Calls(calls::Arguments),
    /// List what is to be published by hand (PRONOTE, École Directe, Skolengo), and say what became of it.
    Cards(cards::Arguments),
    /// List what waits for a person: what families wrote, those whom nothing reached; see to it.
    Inbox(inbox::Arguments),
    /// Send nothing until it is released.
    Hold(hold::HoldArguments),
    /// Show what a hold keeps back, and let it leave.
    Release(hold::ReleaseArguments),
    /// Copy the database into a file, while the daemon works.
    Backup(backup::Arguments),
    /// Put a backup in the place of the database, on hold.
    Restore(restore::Arguments),
    /// Move the school into a `PostgreSQL` database, with all that is half done.
    Migrate(migrate::Arguments),
    /// Check the message templates.
    Templates(templates::Arguments),
    /// Check the configuration, the database and every provider; sends nothing.
    Doctor,
    /// Print one batch of letters; what the daemon starts for itself.
    #[command(hide = true)]
    Press,
    /// Read the codes of one scan; what the daemon starts for itself.
    #[command(hide = true)]
    Scanner,
    /// Make one document fit for paper; what the daemon starts for itself.
    #[command(hide = true)]
    Fit,
}

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    crate::crash::arm();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return used_wrongly(&error),
    };
    match arguments.command {
        Command::Press => return child::run(press::run_child),
        Command::Scanner => return child::run(scan::run_child),
        Command::Fit => return child::run(fit::run_child),
        _ => {}
    }
    let context = Context::new(arguments.config, arguments.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return context.fail(&anyhow::Error::from(error)),
    };
    let done = runtime.block_on(execute(arguments.command, &context));
    // A disk or a name server that does not answer keeps nobody from the end.
    runtime.shutdown_timeout(LAST_WAIT);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => context.fail(&error),
    }
}

/// Says how the command is used; help that was asked for is no failure.
fn used_wrongly(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        output::failure(error.to_string().trim_end());
    }
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

async fn execute(command: Command, context: &Context) -> anyhow::Result<()> {
    match command {
        Command::Demo(arguments) => demo::run(context, arguments).await,
        Command::Init(arguments) => init::run(context, &arguments),
        Command::Import(arguments) => import::run(context, arguments).await,
        Command::Audience(arguments) => audience::run(context, arguments).await,
        Command::Lists(arguments) => lists::run(context, arguments).await,
        Command::Contacts(arguments) => contacts::run(context, arguments).await,
        Command::Handouts(arguments) => handouts::run(context, arguments).await,
        Command::Accounts(arguments) => accounts::run(context, arguments).await,
        Command::Journal(arguments) => journal::run(context, arguments).await,
        Command::People(arguments) => people::run(context, arguments).await,
        Command::Send(arguments) => send::run(context, arguments).await,
        Command::Drafts(arguments) => drafts::run(context, arguments).await,
        Command::Pause(arguments) => control::run(context, arguments, MessageState::Paused).await,
        Command::Resume(arguments) => control::run(context, arguments, MessageState::Running).await,
        Command::Cancel(arguments) => {
            control::run(context, arguments, MessageState::Cancelled).await
        }
        Command::Correct(arguments) => correct::run(context, arguments).await,
        Command::Retry(arguments) => correct::retry(context, arguments).await,
        Command::Channel(arguments) => channel::run(context, arguments).await,
        Command::Serve => serve::run(context).await,
        Command::Status(arguments) => status::run(context, arguments).await,
        Command::Show(arguments) => show::run(context, arguments).await,
        Command::Answers(arguments) => answers::run(context, arguments).await,
        Command::Slips(arguments) => slips::run(context, arguments).await,
        Command::Watch(arguments) => watch::run(context, arguments).await,
        Command::Documents(arguments) => documents::run(context, arguments).await,
        Command::Works(arguments) => works::run(context, arguments).await,
        Command::Letters(arguments) => letters::run(context, arguments).await,
        Command::Calls(arguments) => calls::run(context, arguments).await,
        Command::Cards(arguments) => cards::run(context, arguments).await,
        Command::Inbox(arguments) => inbox::run(context, arguments).await,
        Command::Hold(arguments) => hold::hold(context, arguments).await,
        Command::Release(arguments) => hold::release(context, arguments).await,
        Command::Backup(arguments) => backup::run(context, arguments).await,
        Command::Restore(arguments) => restore::run(context, &arguments),
        Command::Migrate(arguments) => migrate::run(context, &arguments),
        Command::Templates(arguments) => templates::run(context, arguments),
        Command::Doctor => doctor::run(context).await,
        Command::Press | Command::Scanner | Command::Fit => Ok(()),
    }
}
