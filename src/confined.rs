//! Work in a child process, so that a leak, a crash or a hostile file hurts nobody else: the child has a memory
//! limit of its own, and whoever asks keeps a wall clock over it.
//!
//! The child is this program under a hidden word. It reads one order in JSON, on one line, from its standard
//! input and answers on its standard output, one JSON object a line. Nothing of our environment is given to it,
//! and when the other end of its input closes, whoever asked is gone, and it ends too.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::Stdio;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::crash;

/// Enough for a thread that waits.
const SMALL_STACK: usize = 64 * 1024;

/// A child at work.
pub struct Confined {
    child: Child,
    answers: Lines<BufReader<ChildStdout>>,
    /// Gives it its order, and keeps its input open until it has answered.
    _order: JoinHandle<ChildStdin>,
}

/// Why a child gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ConfinedError {
    /// It could not be started or spoken to.
    #[error("it cannot be run: {0}")]
    Run(#[from] io::Error),
    /// It ended without an answer, most often for want of memory.
    #[error("it ended without a result ({0})")]
    Died(String),
    /// It answered something else than agreed.
    #[error("it gave an answer that is none")]
    Garbled,
}

impl Confined {
    /// Starts `program` under its hidden word, with an order.
    pub fn start(
        program: &Path,
        word: &str,
        order: &impl Serialize,
    ) -> Result<Self, ConfinedError> {
        let order = line(order)?;
        let mut child = Command::new(program)
            .arg(word)
            // Secrets may stand in it, and the work needs nothing of it.
            .env_clear()
            .envs(crash::armed())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ConfinedError::Garbled);
        };
        let tell = tokio::spawn(async move {
            // A child that died does not read; what it did says more than the broken pipe.
            let _ = stdin.write_all(&order).await;
            stdin
        });
        Ok(Self { child, answers: BufReader::new(stdout).lines(), _order: tell })
    }

    /// Its next answer.
    pub async fn answer<A: DeserializeOwned>(&mut self) -> Result<A, ConfinedError> {
        match self.answers.next_line().await? {
            Some(line) => serde_json::from_str(&line).map_err(|_| ConfinedError::Garbled),
            None => Err(ConfinedError::Died(self.end().await)),
        }
    }

    async fn end(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => status.to_string(),
            Err(error) => error.kind().to_string(),
        }
    }
}

impl std::fmt::Debug for Confined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Confined({:?})", self.child.id())
    }
}

/// An order as a child reads it: JSON has no line break of its own.
pub fn line(order: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    Ok(line)
}

/// What stands on the first line of a child's input: its order.
pub fn order_line(mut input: impl BufRead) -> io::Result<Vec<u8>> {
    let mut order = Vec::new();
    input.read_until(b'\n', &mut order)?;
    Ok(order)
}

/// Says one answer.
pub fn say(output: &mut impl Write, answer: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, answer)?;
    output.write_all(b"\n")?;
    output.flush()
}

/// Limits the address space of this process.
pub fn limit_memory(bytes: u64) -> io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes)
}

/// Ends this process as soon as `input` does.
pub fn end_with(mut input: impl Read + Send + 'static) -> io::Result<()> {
    let watch = move || {
        // Nothing more is said there: whatever this is, it is the end.
        let _ = input.read(&mut [0]);
        std::process::exit(1);
    };
    std::thread::Builder::new().stack_size(SMALL_STACK).spawn(watch).map(drop)
}
