//! `chappe letters`: prints what waits, and takes down what people did with it.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::context::Context;
use super::{asker, output, status, when};
use crate::batches::{self, PrintedBatch, Printer};
use crate::id::Id;
use crate::message::{Message, MessageState, Reference};
use crate::office::School;
use crate::queue::HeldBack;
use crate::store::batches::Batch;

/// Arguments of `chappe letters`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only the letters of this message.
    #[arg(long)]
    message: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Gather and print what waits (also without a subcommand).
    Print,
    /// Print a batch again: the same letters, the same references.
    Again {
        /// The number of the batch.
        batch: u32,
    },
    /// List the batches.
    List,
    /// Say that a batch was posted or handed out: its addressees are reached.
    Posted {
        /// The number of the batch.
        batch: u32,
    },
    /// Say that the post gave letters back: their addressees go on to their next way.
    Returned {
        /// The references on the letters.
        #[arg(required = true, value_name = "REFERENCE")]
        references: Vec<Reference>,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::Print);
    let app = context.app_to(!matches!(command, Command::List)).await?;
    let message = match &arguments.message {
        Some(code) => Some(status::find(&app, code).await?.id),
        None => None,
    };
    match command {
        Command::Print => {
            let printed = print_waiting(&app, message, !context.json).await?;
            for batch in &printed {
                present(context, batch);
            }
            let held_back = app.queue.letters().held_back(message, app.clock.now()).await?;
            if printed.is_empty() && held_back.is_empty() && !context.json {
                output::line("No letter waits.");
            }
            tell_of_held_back(context, &app, held_back);
            Ok(())
        }
        Command::Again { batch } => {
            let batch = find(&app, batch).await?;
            check_not_cancelled(&app, &batch).await?;
            let press = app.press()?;
            let folder = app.letters_folder();
            let printer = printer(&app, &press, &folder);
            let mut bar = bar(!context.json);
            let again = printer.print(&batch, app.clock.now(), &mut bar).await?;
            present(context, &again);
            Ok(())
        }
        Command::List => list(context, &app).await,
        Command::Posted { batch } => posted(context, &app, batch).await,
        Command::Returned { references } => returned(context, &app, references).await,
    }
}

/// Gathers and prints what waits.
pub(super) async fn print_waiting(
    app: &School,
    message: Option<Id<Message>>,
    show: bool,
) -> anyhow::Result<Vec<PrintedBatch>> {
    let press = app.press()?;
    let folder = app.letters_folder();
    let printer = printer(app, &press, &folder);
    Ok(printer.print_waiting(message, app.clock.now(), bar(show)).await?)
}

fn printer<'a>(
    app: &'a School,
    press: &'a crate::render::press::Press,
    folder: &'a PathBuf,
) -> Printer<'a> {
    let (queue, renderer) = (&app.queue, app.renderer.as_ref());
    let sides = app.config.letters.sides;
    Printer { queue, renderer, press, folder, day: app.today(), sides }
}

/// A progress bar that hears how many letters of how many are done.
fn bar(show: bool) -> impl FnMut(usize, usize) {
    let bar = if show { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("letters {bar:30} {pos}/{len}") {
        bar.set_style(style);
    }
    move |done, total| {
        bar.set_length(u64::try_from(total).unwrap_or(0));
        bar.set_position(u64::try_from(done).unwrap_or(0));
        if done == total {
            bar.finish_and_clear();
        }
    }
}

fn present(context: &Context, batch: &PrintedBatch) {
    if context.json {
        output::json(batch);
        return;
    }
    output::line(format!(
        "Batch {}: {} letters, {} pages on {} sheets ({}), in {}",
        batch.number,
        batch.letters,
        batch.pages,
        batch.sheets,
        batch.sides.as_str(),
        batch.file.display()
    ));
    for (reference, reason) in &batch.set_aside {
        output::line(format!("  not printed: {reference} — {reason}"));
    }
    output::line(format!("Once it is posted: chappe letters posted {}", batch.number));
}

fn tell_of_held_back(context: &Context, app: &School, held_back: Vec<(HeldBack, usize)>) {
    for (why, letters) in held_back {
        let (word, reason) = match why {
            HeldBack::OnHold => {
                ("on_hold", "the school is on hold, until chappe release".to_owned())
            }
            HeldBack::Closed => {
                ("closed", "letters are closed, until chappe channel open letter".to_owned())
            }
            HeldBack::Paused(code) => {
                ("paused", format!("message {code} is paused, until chappe resume {code}"))
            }
            HeldBack::NotBefore(code, at) => {
                let at = when::shown(app, at);
                ("not_before", format!("message {code} can be undone until {at}"))
            }
        };
        if context.json {
            output::json(&json!({ "held_back": letters, "why": word, "reason": reason }));
        } else {
            output::line(format!("{letters} letters are held back: {reason}."));
        }
    }
}

/// The letters of a cancelled message are not printed again.
async fn check_not_cancelled(app: &School, batch: &Batch) -> anyhow::Result<()> {
    for letter in app.queue.letters().of(batch.id).await? {
        let control = app.queue.decisions().of(letter.message.id).await?;
        if control.is_some_and(|control| control.state == MessageState::Cancelled) {
            bail!(
                "batch {} holds letters of message {}, which is cancelled; nothing was printed",
                batch.number,
                letter.message.code
            );
        }
    }
    Ok(())
}

async fn list(context: &Context, app: &School) -> anyhow::Result<()> {
    let batches = app.queue.letters().batches().await?;
    if batches.is_empty() && !context.json {
        output::line("No batch was printed yet; `chappe letters` prints what waits.");
    }
    for batch in batches {
        let sheets = batches::sheets(&batch);
        let state = match (batch.pages, batch.posted_at) {
            (None, _) => "to print",
            (Some(_), None) => "to post",
            (Some(_), Some(_)) => "posted",
        };
        if context.json {
            output::json(&json!({
                "number": batch.number,
                "letters": batch.letters,
                "pages": batch.pages,
                "sheets": sheets,
                "state": state,
                "file": batch.file,
            }));
        } else {
            let file = batch.file.unwrap_or_default();
            let sheets = sheets.map_or_else(|| "?".to_owned(), |sheets| sheets.to_string());
            output::line(format!(
                "{:>4}  {:>5} letters  {sheets:>5} sheets  {state:<8}  {file}",
                batch.number, batch.letters
            ));
        }
    }
    Ok(())
}

async fn posted(context: &Context, app: &School, number: u32) -> anyhow::Result<()> {
    let batch = find(app, number).await?;
    if batch.pages.is_none() {
        bail!("batch {number} is not printed yet; print it with `chappe letters`");
    }
    if let Some(at) = batch.posted_at {
        bail!("batch {number} was posted on {} already; nothing was changed", when::shown(app, at));
    }
    app.queue.letters().mark_posted(&batch, asker::by(app)).await?;
    if context.json {
        output::json(&json!({ "posted": number, "letters": batch.letters }));
    } else {
        output::line(format!("Batch {number} is posted: {} letters.", batch.letters));
    }
    Ok(())
}

async fn returned(context: &Context, app: &School, all: Vec<Reference>) -> anyhow::Result<()> {
    let mut unknown = Vec::new();
    let mut noted = 0;
    for reference in all {
        let printed = reference.code.delivery(reference.addressee, reference.leg);
        if app.queue.letters().mark_returned(reference, asker::by(app)).await? {
            noted += 1;
        } else {
            unknown.push(printed);
        }
    }
    if context.json {
        output::json(&json!({ "returned": noted, "unknown": unknown }));
    } else {
        output::line(format!("{noted} letters came back; no other goes to those addresses."));
    }
    if !unknown.is_empty() {
        bail!(
            "no letter that was posted has the reference {}; look at the letter again, or say first \
             that its batch was posted",
            unknown.join(", ")
        );
    }
    Ok(())
}

async fn find(app: &School, number: u32) -> anyhow::Result<Batch> {
    let batches = app.queue.letters().batches().await?;
    batches
        .into_iter()
        .find(|batch| batch.number == number)
        .with_context(|| format!("there is no batch {number}; `chappe letters list` shows them"))
}
