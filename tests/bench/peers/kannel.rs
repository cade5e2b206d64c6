//! A Kannel of its own: bearerbox with its spool store, smsbox, and the fake SMSC of its own tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use reqwest::Url;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::{LOOK_EVERY, START_LIMIT, free_port, program, wait_for};

/// Why there is no Kannel on this machine, in one line.
pub const MISSING: &str = "Kannel is missing: apt-get install kannel kannel-extras";

/// Whether Kannel and its fake SMSC are there.
pub fn is_there() -> bool {
    ["bearerbox", "smsbox"].into_iter().all(|name| program(name).is_some()) && fake_smsc().exists()
}

fn fake_smsc() -> PathBuf {
    PathBuf::from("/usr/lib/kannel/test/fakesmsc")
}

/// A running Kannel. It ends when this is dropped.
pub struct Kannel {
    sendsms: u16,
    admin: u16,
    _boxes: [Child; 3],
    _folder: TempDir,
}

impl Kannel {
    /// Starts one that spools what it accepts and hands it to the fake SMSC.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("spool"))?;
        let [admin, boxes, smsc, sendsms] =
            [free_port().await?, free_port().await?, free_port().await?, free_port().await?];
        let settings = folder.path().join("kannel.conf");
        fs::write(&settings, of_its_own(folder.path(), admin, boxes, smsc, sendsms))?;
        let bearerbox = start(&program("bearerbox").context(MISSING)?, |it| it.arg(&settings))?;
        wait_for(smsc).await?;
        // It would send up messages too, were it not told to send none.
        let fake = ["-H", "127.0.0.1", "-m", "0", "-r"];
        let fake_smsc =
            start(&fake_smsc(), |it| it.args(fake).arg(smsc.to_string()).arg("1 2 text none"))?;
        let smsbox = start(&program("smsbox").context(MISSING)?, |it| it.arg(&settings))?;
        wait_for(sendsms).await?;
        let kannel =
            Self { sendsms, admin, _boxes: [bearerbox, fake_smsc, smsbox], _folder: folder };
        kannel.is_ready().await?;
        Ok(kannel)
    }

    /// Both boxes and the SMSC know one another once a first message has gone through.
    async fn is_ready(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while !accept(self.sendsms, "ready").await? {
            if begun.elapsed() > START_LIMIT {
                bail!("Kannel accepts no message");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.has_sent(1, START_LIMIT).await
    }

    /// Has it accept this text so many times, over so many connections at once.
    pub async fn accept(&self, count: usize, at_once: usize, text: &str) -> anyhow::Result<()> {
        let mut clients = JoinSet::new();
        for client in 0..at_once {
            let (port, text) = (self.sendsms, text.to_owned());
            let share = count / at_once + usize::from(client < count % at_once);
            clients.spawn(async move {
                for _ in 0..share {
                    anyhow::ensure!(accept(port, &text).await?, "Kannel did not accept a message");
                }
                anyhow::Ok(())
            });
        }
        while let Some(client) = clients.join_next().await {
            client??;
        }
        Ok(())
    }

    /// How many the fake SMSC was handed since the start.
    pub async fn sent(&self) -> anyhow::Result<usize> {
        let status = get(self.admin, "/status.txt?password=bench").await?;
        // "SMS: received 0 (0 queued), sent 20001 (0 queued), store size 0"
        let line = status.lines().find(|line| line.starts_with("SMS:") && line.contains("store"));
        let sent =
            line.and_then(|line| line.split("sent ").nth(1)?.split(' ').next()?.parse().ok());
        sent.context("Kannel's status names no number of messages sent")
    }

    /// Waits until that are so many.
    pub async fn has_sent(&self, count: usize, at_most: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let sent = self.sent().await?;
            if sent >= count {
                return Ok(());
            }
            if begun.elapsed() > at_most {
                bail!("Kannel sent {sent} of {count} messages");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

fn start(
    program: &Path,
    arguments: impl FnOnce(&mut Command) -> &mut Command,
) -> anyhow::Result<Child> {
    let mut command = Command::new(program);
    // Fair to Kannel: it writes no log.
    command.args(["-v", "4"]).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    Ok(arguments(&mut command).spawn()?)
}

/// Whether it accepts one message.
async fn accept(port: u16, text: &str) -> anyhow::Result<bool> {
    let fields = [("username", "bench"), ("password", "bench"), ("from", "Chappe")];
    let fields = fields.into_iter().chain([("to", "0639980001"), ("text", text)]);
    let url = Url::parse_with_params("http://127.0.0.1/cgi-bin/sendsms", fields)?;
    let line = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    Ok(get(port, &line).await?.starts_with("HTTP/1.1 202"))
}

/// One request over a connection of its own: Kannel accepts more in a second so than over kept ones.
async fn get(port: u16, line: &str) -> anyhow::Result<String> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!("GET {line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn of_its_own(folder: &Path, admin: u16, boxes: u16, smsc: u16, sendsms: u16) -> String {
    let spool = folder.join("spool");
    let spool = spool.display();
    format!(
        "group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
store-type = spool
store-location = {spool}

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = bench
password = bench
max-messages = 9
concatenation = true
"
    )
}
