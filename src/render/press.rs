//! Printing in a child process ([`crate::confined`]), so that a leak or an oversized document hurts nobody else.

use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::letters::{self, LabelJob, LetterJob, LetterPlace, PagePicture, PageSpan, Unprintable};
use crate::confined::{self, Confined, ConfinedError};
use crate::crash;
use crate::private_file::{self, Over};

/// How long an answer without a file may take: somebody waits for it.
const PICTURE_LIMIT: Duration = Duration::from_secs(30);
/// The word by which the child is called.
pub const SUBCOMMAND: &str = "press";

/// Prints letters in a child process.
#[derive(Debug, Clone)]
pub struct Press {
    /// The program that knows the subcommand: this one.
    pub program: PathBuf,
    /// The address space of the child, in bytes. Setting 10,000 letters takes about 1 GiB of it.
    pub memory_limit: u64,
    /// How long a batch may take in all.
    pub time_limit: Duration,
}

/// A batch on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Pages of the PDF.
    pub pages: usize,
    /// Letters in it; when none could be printed there is no file.
    pub letters: usize,
    /// Where each of them stands.
    pub places: Vec<LetterPlace>,
    /// Where each pile of the job stands; `None` where none of its letters is printed.
    pub piles: Vec<Option<PageSpan>>,
    /// Those that could not be printed, and why.
    pub set_aside: Vec<Unprintable>,
    /// The most memory that the child held, in bytes, where the system tells.
    pub peak_memory: Option<u64>,
}

/// Why there is no batch.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The child could not be started or spoken to.
    #[error("the press cannot be run: {0}")]
    Run(#[from] io::Error),
    /// It took longer than it may.
    #[error("the press took longer than {} s", .0.as_secs())]
    TooSlow(Duration),
    /// It ended without an answer, most often for want of memory.
    #[error("the press ended without a result ({0})")]
    Died(String),
    /// It answered something else than agreed.
    #[error("the press gave an answer that is none")]
    Garbled,
    /// It said why it could not.
    #[error("the press could not print: {0}")]
    Refused(String),
}

/// What the child is told.
#[derive(Serialize, Deserialize)]
pub struct Order {
    /// The address space that it may use, in bytes.
    memory_limit: u64,
    /// The file to write, whole or not at all.
    part: PathBuf,
    work: PressWork,
}

/// What is asked of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PressWork {
    /// A file of these letters.
    Letters(LetterJob),
    /// A file of these labels.
    Labels(LabelJob),
    /// No file: a picture of the first page of the first letter.
    Picture(LetterJob),
    /// No file: how many pages each letter has.
    Lengths(LetterJob),
}

/// What the child says, one a line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PressAnswer {
    /// So many letters were worked on.
    Progress(usize),
    Printed(Printed),
    /// A file of so many sheets of labels.
    Labelled(usize),
    Drawn(PagePicture),
    Measured(Vec<usize>),
    Refused(String),
}

impl Press {
    /// Prints `job` into `output`, which appears whole or not at all. `progress` hears how many
    /// letters were worked on.
    pub async fn print(
        &self,
        job: &LetterJob,
        output: &Path,
        progress: impl FnMut(usize),
    ) -> Result<Printed, PressError> {
        let made = self.make_file(PressWork::Letters(job.clone()), output, progress, |answer| {
            let PressAnswer::Printed(printed) = answer else { return None };
            Some((printed.letters > 0, printed))
        });
        made.await
    }

    /// Prints labels into `output`, which appears whole or not at all; how many sheets they take.
    pub async fn labels(&self, job: &LabelJob, output: &Path) -> Result<usize, PressError> {
        let made = self.make_file(
            PressWork::Labels(job.clone()),
            output,
            |_| {},
            |answer| {
                let PressAnswer::Labelled(sheets) = answer else { return None };
                Some((sheets > 0, sheets))
            },
        );
        made.await
    }

    /// Has a file made; `read` says whether there is one, and what is told of it.
    async fn make_file<T>(
        &self,
        asked: PressWork,
        output: &Path,
        progress: impl FnMut(usize),
        read: impl FnOnce(PressAnswer) -> Option<(bool, T)>,
    ) -> Result<T, PressError> {
        let part = private_file::part_beside(output);
        let order = self.order(asked, part.clone());
        let work = async {
            let answer = self.talk(&order, progress).await?;
            read(answer).ok_or(PressError::Garbled)
        };
        let outcome = tokio::time::timeout(self.time_limit, work)
            .await
            .unwrap_or(Err(PressError::TooSlow(self.time_limit)));
        let placed = match outcome {
            Ok((true, told)) => {
                place(&part, output).map(|()| (true, told)).map_err(PressError::Run)
            }
            other => other,
        };
        if !placed.as_ref().is_ok_and(|(is_there, _)| *is_there) {
            // Nothing there is the usual case: the child writes last.
            let _ = std::fs::remove_file(&part);
        }
        placed.map(|(_, told)| told)
    }

    /// Draws the first page of the first letter of a job; no file is written.
    pub async fn picture(&self, job: &LetterJob) -> Result<PagePicture, PressError> {
        match self.answer_to(PressWork::Picture(job.clone())).await? {
            PressAnswer::Drawn(picture) => Ok(picture),
            _ => Err(PressError::Garbled),
        }
    }

    /// How many pages each letter of a job has; no file is written.
    pub async fn lengths(&self, job: &LetterJob) -> Result<Vec<usize>, PressError> {
        match self.answer_to(PressWork::Lengths(job.clone())).await? {
            PressAnswer::Measured(lengths) if lengths.len() == job.letters.len() => Ok(lengths),
            _ => Err(PressError::Garbled),
        }
    }

    /// Somebody waits for it.
    async fn answer_to(&self, asked: PressWork) -> Result<PressAnswer, PressError> {
        let order = self.order(asked, PathBuf::new());
        let answer = tokio::time::timeout(PICTURE_LIMIT, self.talk(&order, |_| {})).await;
        answer.unwrap_or(Err(PressError::TooSlow(PICTURE_LIMIT)))
    }

    fn order(&self, work: PressWork, part: PathBuf) -> Order {
        Order { memory_limit: self.memory_limit, part, work }
    }

    async fn talk(
        &self,
        order: &Order,
        mut progress: impl FnMut(usize),
    ) -> Result<PressAnswer, PressError> {
        let mut child = Confined::start(&self.program, SUBCOMMAND, order)?;
        loop {
            match child.answer().await? {
                PressAnswer::Progress(letters) => progress(letters),
                PressAnswer::Refused(reason) => return Err(PressError::Refused(reason)),
                done => return Ok(done),
            }
        }
    }
}

impl From<ConfinedError> for PressError {
    fn from(error: ConfinedError) -> Self {
        match error {
            ConfinedError::Run(error) => Self::Run(error),
            ConfinedError::Died(end) => Self::Died(end),
            ConfinedError::Garbled => Self::Garbled,
        }
    }
}

/// What the hidden subcommand does: reads an order, prints it, answers. `begin` is given the memory limit once
/// the order is read and the input is free: [`confined::limit_memory`], and [`confined::end_with`] the other end
/// of the input; a test that runs in its own process passes something milder.
pub fn run_child(
    input: impl BufRead,
    output: impl Write,
    begin: impl FnOnce(u64) -> io::Result<()>,
) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    let order = confined::order_line(input)?;
    let answer = match serde_json::from_slice::<Order>(&order) {
        Ok(order) => {
            begin(order.memory_limit)?;
            print_order(&order, &mut output).unwrap_or_else(PressAnswer::Refused)
        }
        Err(_) => PressAnswer::Refused("the order is not readable".into()),
    };
    confined::say(&mut output, &answer)
}

/// An order as [`run_child`] reads it.
pub fn order(job: LetterJob, part: PathBuf, memory_limit: u64) -> io::Result<Vec<u8>> {
    confined::line(&Order { memory_limit, part, work: PressWork::Letters(job) })
}

fn print_order(order: &Order, output: &mut impl Write) -> Result<PressAnswer, String> {
    match &order.work {
        PressWork::Letters(job) => print_letters(job, &order.part, output),
        PressWork::Labels(job) => {
            let (pdf, sheets) = letters::print_labels(job).map_err(|error| error.to_string())?;
            write_whole(&order.part, &pdf).map_err(|error| error.to_string())?;
            Ok(PressAnswer::Labelled(sheets))
        }
        PressWork::Picture(job) => {
            letters::picture(job).map(PressAnswer::Drawn).map_err(|error| error.to_string())
        }
        PressWork::Lengths(job) => {
            letters::lengths(job).map(PressAnswer::Measured).map_err(|error| error.to_string())
        }
    }
}

fn print_letters(
    job: &LetterJob,
    part: &Path,
    output: &mut impl Write,
) -> Result<PressAnswer, String> {
    let mut unheard = Ok(());
    let batch = letters::print(job, |done| {
        if unheard.is_ok() {
            unheard = confined::say(output, &PressAnswer::Progress(done));
        }
    })
    .map_err(|error| error.to_string())?;
    // Nobody listens any more: nobody waits for the file either.
    unheard.map_err(|error| error.to_string())?;
    if batch.letters > 0 {
        write_whole(part, &batch.pdf).map_err(|error| error.to_string())?;
    }
    Ok(PressAnswer::Printed(Printed {
        pages: batch.pages,
        letters: batch.letters,
        places: batch.places,
        piles: batch.piles,
        set_aside: batch.set_aside,
        peak_memory: peak_memory(),
    }))
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    crash::point("letters.before_write");
    private_file::write(path, bytes)?;
    crash::point("letters.after_write");
    Ok(())
}

/// Gives the finished file its name, for good: what is then noted as printed is there after a power
/// cut too.
fn place(part: &Path, output: &Path) -> io::Result<()> {
    Ok(private_file::put(part, output, Over::Whatever, "letters")?)
}

/// The high-water mark of this process (`VmHWM`), in bytes; Linux only.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
