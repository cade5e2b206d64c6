//! Who else queues messages: a whole Postfix between its own source and sink, and a whole Kannel before
//! its fake SMSC.

pub mod kannel;
mod postfix;

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdout, Command};

pub use kannel::Kannel;
pub use postfix::Postfix;

/// How often something that another process does is looked at.
pub const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long another process may take to start listening.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Why there is no peer on this machine, in one line.
pub const MISSING: &str = "Postfix's tools are missing: apt-get install postfix (no set-up needed)";

/// Whether smtp-sink and smtp-source are there.
pub fn are_there() -> bool {
    ["smtp-sink", "smtp-source", "postfix"].into_iter().all(|name| program(name).is_some())
}

/// Debian keeps them where only root looks.
fn program(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/sbin"].map(Into::into);
    let mut places = std::env::split_paths(&path).chain(usual).map(|folder| folder.join(name));
    places.find(|place| place.exists())
}

fn command(name: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(program(name).context(MISSING)?);
    command.kill_on_drop(true);
    Ok(command)
}

/// A mail server that counts what it takes, and throws it away. It ends when this is dropped.
pub struct Sink {
    /// Where it listens, on loopback.
    pub port: u16,
    counted: Arc<AtomicUsize>,
    _server: Child,
}

impl Sink {
    /// Starts one.
    pub async fn start() -> anyhow::Result<Self> {
        let port = free_port().await?;
        let mut command = command("smtp-sink")?;
        if is_root() {
            command.args(["-u", "nobody"]);
        }
        command.args(["-c", &format!("127.0.0.1:{port}"), "1024"]);
        let mut server = command.stdout(Stdio::piped()).spawn()?;
        let counted = Arc::new(AtomicUsize::new(0));
        let said = server.stdout.take().context("smtp-sink has no output")?;
        tokio::spawn(count(said, Arc::clone(&counted)));
        wait_for(port).await?;
        Ok(Self { port, counted, _server: server })
    }

    /// How many messages it took so far.
    pub fn counted(&self) -> usize {
        self.counted.load(Ordering::Acquire)
    }

    /// Waits until it took this many.
    pub async fn has_taken(&self, messages: usize, at_most: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        while self.counted() < messages {
            if begun.elapsed() > at_most {
                bail!("the sink took {} of {messages} messages", self.counted());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

/// Reads the counters that smtp-sink writes over one another: `sess=16 quit=0 mesg=1234`.
async fn count(mut said: ChildStdout, counted: Arc<AtomicUsize>) {
    let mut heard = Vec::new();
    let mut buffer = [0; 16 * 1_024];
    while let Ok(length @ 1..) = said.read(&mut buffer).await {
        heard.extend(buffer.iter().take(length));
        // What follows the last return may not be whole yet.
        let Some(end) = heard.iter().rposition(|byte| *byte == b'\r') else { continue };
        let rest = heard.split_off(end);
        let text = String::from_utf8_lossy(&heard);
        let last = text.rsplit('=').next().and_then(|number| number.trim().parse().ok());
        if let Some(messages) = last {
            counted.store(messages, Ordering::Release);
        }
        heard = rest;
    }
}

/// Sends as many messages as fast as it can: smtp-source, each connection kept open.
pub async fn send(
    messages: usize,
    connections: usize,
    bytes: usize,
    port: u16,
) -> anyhow::Result<()> {
    let status = command("smtp-source")?
        .args(["-d", "-s", &connections.to_string(), "-m", &messages.to_string()])
        .args(["-l", &bytes.to_string(), "-f", "from@example.org", "-t", "to@example.org"])
        .arg(format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .status()
        .await?;
    if !status.success() {
        bail!("smtp-source ended with {status}");
    }
    Ok(())
}

/// Whether this process may start a Postfix.
pub fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    uid.and_then(|ids| ids.split_whitespace().nth(1)) == Some("0")
}

/// Waits until the disk has what was written so far: whoever is measured next does not pay for it.
pub async fn rest() -> anyhow::Result<()> {
    if !Command::new("sync").status().await?.success() {
        bail!("sync failed");
    }
    Ok(())
}

async fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?.port())
}

async fn wait_for(port: u16) -> anyhow::Result<()> {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if begun.elapsed() > START_LIMIT {
            bail!("nobody listens on port {port}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
