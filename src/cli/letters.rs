//! `chappe letters`: prints what waits, and takes down what people did with it.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::context::Context;
use super::counted::{bar, counted};
use super::{asker, output, status};
use crate::batches::PrintedBatch;
use crate::delivery::{LetterOrder, Piling};
use crate::message::Reference;
use crate::office::{
    self, LabelsRequest, LettersRequest, ListedBatch, PaperOrder, PaperProgress, PostedBatch,
    School,
};
use crate::private_file;
use crate::queue::HeldBack;
use crate::render::letters::LabelSheet;

/// Octets of the file that a partner sends back.
const LONGEST_WORD: u64 = 64 * 1024;

/// Arguments of `chappe letters`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only the letters of this message.
    #[arg(long)]
    message: Option<String>,
    /// How what waits is sorted: by class, by postcode, or by where it is fetched (pick-up); as the configuration says
    /// where nothing is said.
    #[arg(long, value_name = "ORDER", value_parser = order)]
    sort: Option<LetterOrder>,
    /// A sheet before each class or town, with what it holds; what is fetched always has one, with a list to be signed.
    #[arg(long)]
    separators: bool,
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
    /// Give a printed batch to a printer of the network, as the configuration names it, and follow it to its end.
    On {
        /// The printer.
        printer: String,
        /// The number of the batch.
        batch: u32,
        /// From which of its pages on: what is left to print after a jam.
        #[arg(long, value_name = "PAGE", default_value_t = 1)]
        from_page: usize,
    },
    /// Seal a printed batch for a partner who prints and posts it, as the configuration names them: a file that they
    /// alone can open (age).
    Seal {
        /// The partner.
        partner: String,
        /// The number of the batch.
        batch: u32,
        /// The folder where the file goes.
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        into: PathBuf,
    },
    /// List the batches.
    List,
    /// Write each pile of a printed batch (a class, a town, a place where letters are fetched) into a PDF of its own.
    Split {
        /// The number of the batch.
        batch: u32,
        /// The folder for them.
        #[arg(long, value_name = "FOLDER")]
        into: PathBuf,
    },
    /// Print address labels for the letters of a batch, in its order.
    Labels {
        /// The number of the batch.
        batch: u32,
        /// The sheets: 24 labels of 70 × 37 mm, 21 of 63.5 × 38.1 mm, or 14 of 99.1 × 38.1 mm.
        #[arg(long, value_name = "LABELS", default_value = "24")]
        sheet: LabelSheet,
        /// The label of the first sheet on which they begin: one that was begun is used up.
        #[arg(long, value_name = "LABEL", default_value_t = 1)]
        first: usize,
        /// The PDF to write; beside the letters where nothing is said.
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
    /// Say that a batch was posted or handed out: its addressees are reached.
    Posted {
        /// The number of the batch.
        #[arg(required_unless_present = "word")]
        batch: Option<u32>,
        /// The file that a partner sends back once they posted it, in the place of the number.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["batch", "undo"])]
        word: Option<PathBuf>,
        /// Take that back: its letters are to be posted again, and nobody is reached by them until then.
        #[arg(long)]
        undo: bool,
    },
    /// Say that letters were handed over one by one, as packets that are fetched: their addressees are reached.
    HandedOver {
        /// The references on the letters, typed or read off their codes.
        #[arg(required = true, value_name = "REFERENCE")]
        references: Vec<Reference>,
        /// To whom: whoever fetched them.
        #[arg(long, value_name = "NAME", default_value = "", value_parser = super::when::one_line)]
        to: String,
        /// Take that back: they are to be handed over again.
        #[arg(long, conflicts_with = "to")]
        undo: bool,
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
    if !matches!(command, Command::Print) && (arguments.sort.is_some() || arguments.separators) {
        bail!(
            "--sort and --separators are for what waits to be printed; a batch stays as it is sorted"
        );
    }
    let school = context.school_to(!matches!(command, Command::List)).await?;
    let message = match &arguments.message {
        Some(code) => Some(status::find(&school, code).await?.id),
        None => None,
    };
    match command {
        Command::Print => {
            let settings = &school.config.letters;
            let order = arguments.sort.unwrap_or(settings.sort);
            let separators = arguments.separators || settings.separators;
            let piling = Piling { order, separators };
            print(context, &school, LettersRequest { message, piling }).await
        }
        Command::Again { batch } => {
            let again = office::print_again(&school, batch, bar("letters", !context.json)).await?;
            context.answer(&again, present);
            Ok(())
        }
        Command::On { printer, batch, from_page } => {
            on_paper(context, &school, PaperOrder { batch, first_page: from_page, printer }).await
        }
        Command::List => list(context, &school).await,
        Command::Seal { partner, batch, into } => {
            seal(context, &school, (&partner, batch), &into).await
        }
        Command::Split { batch, into } => split(context, &school, batch, &into).await,
        Command::Labels { batch, sheet, first, into } => {
            labels(context, &school, LabelsRequest { batch, sheet, first }, into).await
        }
        Command::Posted { batch: Some(batch), undo, .. } => {
            posted(context, &school, batch, undo).await
        }
        Command::Posted { word, .. } => {
            posted_by_word(context, &school, &word.unwrap_or_default()).await
        }
        Command::HandedOver { references, to, undo } => {
            handed_over(context, &school, references, (&to, undo)).await
        }
        Command::Returned { references } => returned(context, &school, references).await,
    }
}

fn order(word: &str) -> Result<LetterOrder, String> {
    LetterOrder::from_word(word).ok_or_else(|| {
        let known = LetterOrder::ALL.map(LetterOrder::as_str).join(", ");
        format!("\"{word}\" is no order; there are: {known}")
    })
}

async fn print(context: &Context, school: &School, request: LettersRequest) -> anyhow::Result<()> {
    let message = request.message;
    let printed = print_waiting(school, request, !context.json).await?;
    for batch in &printed {
        context.answer(batch, present);
    }
    let held_back = office::letters_held_back(school, message).await?;
    if printed.is_empty() && held_back.is_empty() && !context.json {
        output::line("No letter waits.");
    }
    for (why, letters) in held_back {
        tell_of_held_back(context, school, &why, letters);
    }
    Ok(())
}

/// Gathers and prints what waits.
pub(super) async fn print_waiting(
    school: &School,
    request: LettersRequest,
    show: bool,
) -> anyhow::Result<Vec<PrintedBatch>> {
    Ok(office::print_letters(school, request, bar("letters", show)).await?)
}

async fn split(
    context: &Context,
    school: &School,
    number: u32,
    folder: &Path,
) -> anyhow::Result<()> {
    let split = office::split_batch(school, number, folder).await?;
    for part in &split {
        context.answer(part, |it| {
            output::line(format!(
                "{}: {}, {} on {}, in {}",
                it.pile.name,
                counted(it.pile.letters, "letter"),
                counted(it.pile.pages.unwrap_or_default(), "page"),
                counted(it.pile.sheets.unwrap_or_default(), "sheet"),
                it.file
            ));
        });
    }
    Ok(())
}

/// Labels that were printed into a file.
#[derive(Serialize)]
struct PrintedLabels {
    batch: u32,
    file: String,
}

async fn labels(
    context: &Context,
    school: &School,
    request: LabelsRequest,
    into: Option<PathBuf>,
) -> anyhow::Result<()> {
    let made = office::labels_of_batch(school, request).await?;
    let file = into.unwrap_or_else(|| school.letters_folder().join(&made.name));
    private_file::write(&file, &made.content)?;
    let printed = PrintedLabels { batch: request.batch, file: file.display().to_string() };
    context.answer(&printed, |it| {
        output::line(format!("The labels of batch {} are in {}.", it.batch, it.file));
        output::line("Print them at their own size: no scaling to the page.");
    });
    Ok(())
}

async fn on_paper(context: &Context, school: &School, order: PaperOrder) -> anyhow::Result<()> {
    let mut last = None;
    let tell = |progress: &PaperProgress| {
        if last.as_ref() != Some(progress) {
            let PaperProgress { job, is_stopped, hindrances } = progress;
            let stands = if *is_stopped { "stands still" } else { "is being printed" };
            let why = if hindrances.is_empty() {
                String::new()
            } else {
                format!(" ({})", hindrances.join(", "))
            };
            output::note(&format!("Job {job} {stands}{why}."));
            last = Some(progress.clone());
        }
    };
    let printed = office::print_on_paper(school, asker::here(), order, tell).await?;
    context.answer(&printed, |it| {
        output::line(format!("Batch {} is printed on {} (job {}).", it.batch, it.printer, it.job));
        output::line(format!("Once it is posted: chappe letters posted {}", it.batch));
    });
    Ok(())
}

fn present(batch: &PrintedBatch) {
    let separators = match batch.separators {
        0 => String::new(),
        some => format!(", {some} of them before piles"),
    };
    output::line(format!(
        "Batch {}: {}, {} on {} ({}{separators}), in {}",
        batch.number,
        counted(batch.letters, "letter"),
        counted(batch.pages, "page"),
        counted(batch.sheets, "sheet"),
        batch.sides.as_str(),
        batch.file.display()
    ));
    if let Some(list) = &batch.list {
        output::line(format!("  pages, weights and stamps of each: {}", list.display()));
    }
    for (reference, reason) in &batch.set_aside {
        output::line(format!("  not printed: {reference} — {reason}"));
    }
    output::line(format!("Once it is posted: chappe letters posted {}", batch.number));
}

/// Letters that are not printed now, and why, in our words.
#[derive(Serialize)]
struct HeldBackLetters {
    held_back: usize,
    why: &'static str,
    reason: String,
}

fn tell_of_held_back(context: &Context, school: &School, why: &HeldBack, letters: usize) {
    let (why, reason) = match why {
        HeldBack::OnHold => ("on_hold", "the school is on hold, until chappe release".to_owned()),
        HeldBack::Closed => {
            ("closed", "letters are closed, until chappe channel open letter".to_owned())
        }
        HeldBack::Paused(code) => {
            ("paused", format!("message {code} is paused, until chappe resume {code}"))
        }
        HeldBack::NotBefore(code, at) => {
            let at = school.queue.timing().hours.shown_to_the_second(*at);
            ("not_before", format!("message {code} can be undone until {at}"))
        }
    };
    context.answer(&HeldBackLetters { held_back: letters, why, reason }, |it| {
        output::line(format!("Held back: {}; {}.", counted(it.held_back, "letter"), it.reason));
    });
}

async fn list(context: &Context, school: &School) -> anyhow::Result<()> {
    let batches = office::letter_batches(school).await?;
    if batches.is_empty() && !context.json {
        output::line("No batch was printed yet; `chappe letters` prints what waits.");
    }
    for batch in &batches {
        context.answer(batch, present_listed);
    }
    Ok(())
}

fn present_listed(batch: &ListedBatch) {
    let sheets = batch.sheets.map_or_else(|| "? sheets".to_owned(), |it| counted(it, "sheet"));
    output::line(format!(
        "{:>4}  {:>13}  {sheets:>12}  {:<8}  {}",
        batch.number,
        counted(batch.letters, "letter"),
        batch.state.as_str(),
        batch.file.as_deref().unwrap_or_default()
    ));
}

/// What was written.
#[derive(Serialize)]
struct SealedFile<'a> {
    batch: u32,
    partner: &'a str,
    file: PathBuf,
}

async fn seal(
    context: &Context,
    school: &School,
    (partner, batch): (&str, u32),
    into: &Path,
) -> anyhow::Result<()> {
    let sealed = office::seal_batch(school, asker::here(), batch, partner).await?;
    let file = into.join(&sealed.name);
    let written = private_file::create_new(&file).and_then(|mut it| it.write_all(&sealed.octets));
    written.with_context(|| format!("cannot write {}", file.display()))?;
    context.answer(&SealedFile { batch, partner, file }, |it| {
        output::line(format!("Batch {batch} is sealed for {partner}: {}", it.file.display()));
        output::line("Once they send a-renvoyer.txt back: chappe letters posted --word FILE");
    });
    Ok(())
}

async fn posted_by_word(context: &Context, school: &School, file: &Path) -> anyhow::Result<()> {
    let said = std::fs::File::open(file).and_then(|it| {
        let mut said = Vec::new();
        it.take(LONGEST_WORD).read_to_end(&mut said).map(|_| said)
    });
    let said = said.with_context(|| format!("cannot read {}", file.display()))?;
    let said = String::from_utf8_lossy(&said);
    let noted = office::post_by_word(school, asker::here(), &said).await?;
    context.answer(&noted, present_posted);
    Ok(())
}

fn present_posted(noted: &PostedBatch) {
    let PostedBatch { number, letters, undone } = *noted;
    let is = if undone { "is to be posted again" } else { "is posted" };
    output::line(format!("Batch {number} {is}: {letters} letters."));
}

async fn posted(context: &Context, school: &School, number: u32, undo: bool) -> anyhow::Result<()> {
    let noted = if undo {
        office::take_back_posting(school, asker::here(), number).await?
    } else {
        office::post_letters(school, asker::here(), number).await?
    };
    context.answer(&noted, present_posted);
    Ok(())
}

async fn handed_over(
    context: &Context,
    school: &School,
    all: Vec<Reference>,
    (to, undo): (&str, bool),
) -> anyhow::Result<()> {
    let noted = if undo {
        office::take_back_handovers(school, asker::here(), all).await?
    } else {
        office::hand_over_letters(school, asker::here(), all, to).await?
    };
    context.answer(&noted, |it| {
        let letters = counted(it.handed_over, "letter");
        output::line(if undo {
            format!("{letters} to be handed over again.")
        } else {
            format!("{letters} handed over.")
        });
    });
    if !noted.unknown.is_empty() {
        let what = if undo { "that was handed over" } else { "that is printed" };
        bail!(
            "no letter {what} has the reference {}; the others were noted",
            noted.unknown.join(", ")
        );
    }
    Ok(())
}

async fn returned(context: &Context, school: &School, all: Vec<Reference>) -> anyhow::Result<()> {
    let noted = office::return_letters(school, asker::here(), all).await?;
    context.answer(&noted, |it| {
        output::line(format!(
            "{} letters came back; no other goes to those addresses.",
            it.returned
        ));
    });
    if !noted.unknown.is_empty() {
        bail!(
            "no letter that was posted has the reference {}; look at the letter again, or say first \
             that its batch was posted",
            noted.unknown.join(", ")
        );
    }
    Ok(())
}
