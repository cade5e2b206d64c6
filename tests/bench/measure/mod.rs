//! What the benches share: how much they measure, in which process, and how they show it.

use std::fmt::Display;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};
use comfy_table::{CellAlignment, Table, presets};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Asks for the size that is quick enough for every change: `CHAPPE_BENCH=small`.
const SIZE: &str = "CHAPPE_BENCH";
/// The first argument of a child, before its part, its folder and its count.
const PART: &str = "part";

/// Which process this is. What is measured runs in a child, so that its memory is its own.
pub enum Role {
    /// Prepares, starts the others, shows their figures.
    Parent {
        /// How much to measure.
        count: usize,
    },
    /// Does one part of the work and says its figures.
    Child {
        /// Which part.
        part: String,
        /// Where it finds what the parts before it left.
        folder: PathBuf,
        /// How much to measure.
        count: usize,
    },
}

impl Role {
    /// Reads the command line: `cargo bench --bench NAME -- 5000` measures 5,000.
    pub fn of_this_process(usual: usize, small: usize) -> anyhow::Result<Self> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        if let [first, part, folder, count] = arguments.as_slice()
            && first == PART
        {
            let (part, folder) = (part.clone(), PathBuf::from(folder));
            return Ok(Self::Child { part, folder, count: count.parse()? });
        }
        let count = match std::env::var(SIZE).as_deref() {
            _ if arguments.iter().any(|it| it.parse::<usize>().is_ok()) => {
                arguments.iter().find_map(|it| it.parse().ok()).unwrap_or(usual)
            }
            Ok("small") => small,
            Ok(other) => bail!("{SIZE}={other} means nothing; the one other size is small"),
            Err(_) => usual,
        };
        Ok(Self::Parent { count })
    }
}

/// Runs one part in a child of its own; the figures that it says.
pub fn in_child<F: DeserializeOwned>(part: &str, folder: &Path, count: usize) -> anyhow::Result<F> {
    let output = Command::new(std::env::current_exe()?)
        .args([PART, part])
        .arg(folder)
        .arg(count.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the part \"{part}\" ended with {}", output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("the figures of \"{part}\""))
}

/// Says a child's figures to its parent.
pub fn say(figures: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(std::io::stdout(), figures)?;
    Ok(())
}

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Used {
    /// From its beginning to its end.
    pub seconds: f64,
    /// Of all cores together.
    pub processor_seconds: f64,
    /// Bytes sent to the disk.
    pub written_bytes: f64,
    /// The most memory that the process ever held, in megabytes.
    pub peak_memory_mb: f64,
}

/// Measures what this process uses.
pub struct Meter {
    begun: Instant,
    processor_seconds: f64,
    written_bytes: f64,
}

impl Meter {
    /// Measures from now on.
    pub fn start() -> anyhow::Result<Self> {
        let (processor_seconds, written_bytes) = (processor_seconds()?, written_bytes()?);
        Ok(Self { begun: Instant::now(), processor_seconds, written_bytes })
    }

    /// What was used since the start.
    pub fn read(&self) -> anyhow::Result<Used> {
        Ok(Used {
            seconds: self.begun.elapsed().as_secs_f64(),
            processor_seconds: processor_seconds()? - self.processor_seconds,
            written_bytes: written_bytes()? - self.written_bytes,
            peak_memory_mb: peak_memory_mb()?,
        })
    }
}

fn peak_memory_mb() -> anyhow::Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = kilobytes.and_then(|rest| rest.split_whitespace().next());
    let kilobytes: f64 = kilobytes.context("/proc/self/status names no VmHWM")?.parse()?;
    Ok(kilobytes * 1_024.0 / 1e6)
}

fn processor_seconds() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in brackets, and may hold blanks.
    let after_name = stat.rsplit(')').next().context("/proc/self/stat is empty")?;
    let of_user_and_system = after_name.split_whitespace().skip(11).take(2);
    // Linux shows hundredths of a second on every machine.
    let ticks = of_user_and_system.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

fn written_bytes() -> anyhow::Result<f64> {
    let io = fs::read_to_string("/proc/self/io")?;
    let bytes = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    Ok(bytes.context("/proc/self/io names no write_bytes")?.trim().parse()?)
}

/// How many there were in a second.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds.max(1e-9)
}

/// Writes a line to the terminal or the pipe.
pub fn line(text: impl Display) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// Plain text in columns: the first to the left, the others to the right.
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(head).add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    line(table)
}
