//! A batch of letters on a printer of the network: given to it whole, as one job, and followed until it lies there.

use std::time::Duration;

use serde::Serialize;

use super::School;
use super::letters::{LettersRefusal, batch_file};
use crate::batches::sides_of;
use crate::paper_printer::{
    BadPrinterUrl, JobStands, PaperPrinter, PaperPrinterError, PaperPrinterState,
};
use crate::people::{Act, Actor};
use crate::render::letters::Sides;
use crate::store::{StoreError, Tx, journal};

/// How often a printer is asked how far it is.
const AGAIN: Duration = Duration::from_secs(2);

/// What is to be printed, and where.
#[derive(Debug, Clone)]
pub struct PaperOrder {
    /// The number of the batch.
    pub batch: u32,
    /// From which of its pages on; 1 for all of it.
    pub first_page: usize,
    /// The printer, as the configuration names it.
    pub printer: String,
}

/// A batch that was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperPrinted {
    /// The number of the batch.
    pub batch: u32,
    /// The printer.
    pub printer: String,
    /// The printer's number of the job.
    pub job: i32,
}

/// What a printer says while it prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperProgress {
    /// The printer's number of the job.
    pub job: i32,
    /// Whether it stands still, and somebody has to see to it.
    pub is_stopped: bool,
    /// What it complains of, in its own words: `media-empty-error`.
    pub hindrances: Vec<String>,
}

/// Why a batch is not printed there.
#[derive(Debug, thiserror::Error)]
pub enum PaperRefusal {
    /// The configuration names no such printer.
    #[error("there is no printer \"{name}\"; there are: {known}")]
    NoSuchPrinter {
        /// What was asked for.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// The configuration says nowhere where it is.
    #[error("printer \"{name}\": {why}")]
    BadUrl {
        /// The printer.
        name: String,
        /// What is wrong with its address.
        why: BadPrinterUrl,
    },
    /// There is no such batch, or it is not printed into a file yet.
    #[error("{0}")]
    Letters(#[from] LettersRefusal),
    /// The printer stands still, so that nothing was sent.
    #[error("the printer stands still ({0}); nothing was sent")]
    StandsStill(String),
    /// It does not take the job.
    #[error("{0}; nothing is printed")]
    Printer(#[source] PaperPrinterError),
    /// It has the job, and nobody knows how far it is.
    #[error("{why}; the printer has job {job}, look at what lies there")]
    Lost {
        /// The printer's number of the job.
        job: i32,
        /// What it says, if anything.
        #[source]
        why: PaperPrinterError,
    },
    /// The job came to nothing: somebody, or the printer, gave it up.
    #[error(
        "the printer gave up job {0}; look at what lies there, and print on from the page after it"
    )]
    GivenUp(i32),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Gives a batch to a printer and waits until all of it is printed; `progress` hears what the printer says. A printer
/// that stops in the middle keeps the job, and goes on with it.
pub async fn print_on_paper(
    school: &School,
    actor: Actor,
    order: PaperOrder,
    mut progress: impl FnMut(&PaperProgress),
) -> Result<PaperPrinted, PaperRefusal> {
    let PaperOrder { batch, first_page, printer: name } = order;
    let printer = printer(school, &name)?;
    let file = batch_file(school, batch, first_page).await?;
    let stands = printer.look().await.map_err(PaperRefusal::Printer)?;
    if stands.state == PaperPrinterState::Stopped || !stands.is_accepting {
        return Err(PaperRefusal::StandsStill(told(&stands.hindrances())));
    }
    let is_two_sided = sides_of(&file.name) == Sides::Two;
    let sent = printer.print(&stands, &file.name, file.content, is_two_sided).await;
    let job = sent.map_err(PaperRefusal::Printer)?;
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let about = batch.to_string();
    school
        .store()
        .write(move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::PrintOnPaper, &about))
        .await?;
    follow(&printer, job, &mut progress).await?;
    Ok(PaperPrinted { batch, printer: name, job })
}

async fn follow(
    printer: &PaperPrinter,
    job: i32,
    progress: &mut impl FnMut(&PaperProgress),
) -> Result<(), PaperRefusal> {
    let lost = |why| PaperRefusal::Lost { job, why };
    loop {
        let is_stopped = match printer.job(job).await.map_err(lost)? {
            JobStands::Printed => return Ok(()),
            JobStands::GivenUp => return Err(PaperRefusal::GivenUp(job)),
            JobStands::Stopped => true,
            JobStands::UnderWay => false,
        };
        // A job says nothing of why it stands: its printer does.
        let stands = printer.look().await.map_err(lost)?;
        progress(&PaperProgress {
            job,
            is_stopped: is_stopped || stands.state == PaperPrinterState::Stopped,
            hindrances: stands.hindrances().into_iter().map(str::to_owned).collect(),
        });
        tokio::time::sleep(AGAIN).await;
    }
}

fn printer(school: &School, name: &str) -> Result<PaperPrinter, PaperRefusal> {
    let printers = &school.config.printers;
    let name = name.to_owned();
    let Some(settings) = printers.get(&name) else {
        let known: Vec<&str> = printers.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(PaperRefusal::NoSuchPrinter { name, known });
    };
    PaperPrinter::new(settings).map_err(|why| PaperRefusal::BadUrl { name, why })
}

fn told(hindrances: &[&str]) -> String {
    if hindrances.is_empty() { "it does not say why".to_owned() } else { hindrances.join(", ") }
}
