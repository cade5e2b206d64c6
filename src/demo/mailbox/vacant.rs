//! Mailboxes that nobody has any more, as a relay meets them: it takes a mail for one, hears from the next server that
//! nobody is there, and gives the mail back to who sent it, by LMTP (RFC 2033).

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::maildir::Mailbox;
use super::report;
use super::undelivered::Undelivered;

/// How soon it is tried again where nobody listens.
const AGAIN: Duration = Duration::from_millis(200);
/// How often: a mail server keeps nothing for ever.
const TRIES: usize = 100;

/// Mailboxes that nobody has any more.
pub struct Vacant {
    /// Their addresses.
    pub addresses: BTreeSet<String>,
    /// The socket where who sends takes what comes back.
    pub gives_back_at: PathBuf,
    /// How long it takes until a mail comes back.
    pub after: Duration,
    /// The folder where a copy of each report is kept.
    pub copies: PathBuf,
}

impl Vacant {
    /// Gives back each mail that comes, until the server stops.
    pub(super) async fn give_back(
        self,
        mut undelivered: UnboundedReceiver<Undelivered>,
        mailbox: Arc<Mailbox>,
    ) {
        let (this, mut under_way, mut number) = (Arc::new(self), JoinSet::new(), 0);
        while let Some(mail) = undelivered.recv().await {
            number += 1;
            let (this, mailbox) = (Arc::clone(&this), Arc::clone(&mailbox));
            under_way.spawn(async move {
                sleep(this.after).await;
                if let Err(error) = this.report(&mail, number).await {
                    tracing::warn!(%error, "A mail could not be given back.");
                }
                mailbox.lock().given_back += 1;
            });
            while under_way.try_join_next().is_some() {}
        }
    }

    async fn report(&self, mail: &Undelivered, number: usize) -> io::Result<()> {
        let report = report::of(mail, number);
        std::fs::write(self.copies.join(format!("{number:04}.eml")), &report)?;
        let mut tries = 1;
        while let Err(error) = hand_over(&self.gives_back_at, &mail.return_path, &report).await {
            if tries == TRIES {
                return Err(error);
            }
            tries += 1;
            sleep(AGAIN).await;
        }
        Ok(())
    }
}

/// One mail of nobody's, handed over; an error unless it was taken.
async fn hand_over(socket: &Path, to: &str, mail: &str) -> io::Result<()> {
    let mut stream = BufReader::new(UnixStream::connect(socket).await?);
    let data = format!("{}.", mail.replace("\r\n.", "\r\n.."));
    heard(&mut stream, "220").await?;
    for (said, expected) in [
        ("LHLO stand-in.example.org", "250"),
        ("MAIL FROM:<>", "250"),
        (&format!("RCPT TO:<{to}>"), "250"),
        ("DATA", "354"),
        (&data, "250"),
    ] {
        stream.write_all(format!("{said}\r\n").as_bytes()).await?;
        heard(&mut stream, expected).await?;
    }
    stream.write_all(b"QUIT\r\n").await
}

/// Reads an answer to its last line.
async fn heard(stream: &mut BufReader<UnixStream>, expected: &str) -> io::Result<()> {
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        if !line.starts_with(expected) {
            return Err(io::Error::other("it is not taken"));
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(());
        }
        line.clear();
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
