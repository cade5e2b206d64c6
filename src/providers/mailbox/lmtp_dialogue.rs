//! One dialogue of a mail server with us (LMTP, RFC 2033). Each mail is answered once for each of its recipients, and
//! "250" only once it is kept.

use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::time::timeout;

use super::super::{Inbox, Word};
use super::taking::take;
use crate::mail::{self, Arrival, LARGEST};

/// No command is longer (RFC 5321, 4.5.3.1.4, doubled for parameters).
const LONGEST_COMMAND: u64 = 1024 * 2;
/// No line of a mail is read further in one go.
const LONGEST_LINE: u64 = 64 * 1024;
/// Recipients of one mail.
const MOST_RECIPIENTS: usize = 100;
/// A mail that has more octets is refused; of one with fewer, the beginning is read.
const LARGEST_TAKEN: usize = 100 * 1024 * 1024;
/// How long the other side may be silent.
const SILENT: Duration = Duration::from_mins(5);

/// A dialogue, with what was said of the mail that is coming.
pub(super) struct LmtpDialogue<'a, S> {
    link: BufReader<S>,
    provider: &'a str,
    inbox: &'a dyn Inbox,
    return_path: Option<String>,
    to: Vec<String>,
}

/// How a mail ended.
enum MailEnd {
    /// With its last line; so many octets in all.
    Whole(Vec<u8>, usize),
    TooLarge,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin + Send> LmtpDialogue<'a, S> {
    /// A dialogue over this link.
    pub fn over(link: S, provider: &'a str, inbox: &'a dyn Inbox) -> Self {
        let (return_path, to) = (None, Vec::new());
        Self { link: BufReader::new(link), provider, inbox, return_path, to }
    }

    /// Leads it to its end.
    pub async fn lead(mut self) -> std::io::Result<()> {
        self.say("220 chappe LMTP").await?;
        while let Some(line) = self.command().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            match verb.to_ascii_uppercase().as_str() {
                "LHLO" => {
                    self.forget();
                    self.say(
                        "250-chappe\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME",
                    )
                    .await?;
                }
                "MAIL" => {
                    self.forget();
                    self.return_path = path(rest);
                    let answer = match self.return_path {
                        Some(_) => "250 2.1.0 ok",
                        None => "501 5.5.4 no path",
                    };
                    self.say(answer).await?;
                }
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.forget();
                    self.say("250 2.0.0 ok").await?;
                }
                "NOOP" => self.say("250 2.0.0 ok").await?,
                "QUIT" => return self.say("221 2.0.0 goodbye").await,
                _ => self.say("500 5.5.1 unknown").await?,
            }
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.return_path = None;
        self.to.clear();
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<()> {
        let answer = match path(rest).filter(|path| !path.is_empty()) {
            _ if self.return_path.is_none() => "503 5.5.1 MAIL first",
            _ if self.to.len() == MOST_RECIPIENTS => "452 4.5.3 too many",
            Some(path) => {
                self.to.push(path);
                "250 2.1.5 ok"
            }
            None => "501 5.5.4 no path",
        };
        self.say(answer).await
    }

    async fn data(&mut self) -> std::io::Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 go on").await?;
        let answer = match self.text().await? {
            MailEnd::TooLarge => "552 5.3.4 too large",
            MailEnd::Whole(raw, octets) => self.keep(&raw, octets).await,
        };
        for _ in 0..self.to.len() {
            self.say(answer).await?;
        }
        self.forget();
        Ok(())
    }

    /// Has it kept; what the other side is told of that.
    async fn keep(&self, raw: &[u8], octets: usize) -> &'static str {
        let return_path = self.return_path.as_deref();
        let mail = mail::read(raw, &Arrival { to: &self.to, return_path, octets });
        match take(self.inbox, vec![Word::Mail(Box::new(mail))]).await {
            Ok(()) => "250 2.0.0 kept",
            Err(error) => {
                let provider = self.provider;
                tracing::warn!(provider, %error, "What was handed over could not be kept.");
                "451 4.3.0 not now"
            }
        }
    }

    /// The mail, up to the line that ends it. Of what is larger than what is read of one, the rest is counted.
    async fn text(&mut self) -> std::io::Result<MailEnd> {
        let (mut raw, mut octets) = (Vec::new(), 0_usize);
        let (mut line, mut begins) = (Vec::new(), true);
        loop {
            line.clear();
            let mut part = (&mut self.link).take(LONGEST_LINE);
            if timeout(SILENT, part.read_until(b'\n', &mut line)).await?? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if begins && line == b".\r\n" {
                break;
            }
            let said = if begins { line.strip_prefix(b".").unwrap_or(&line) } else { &line[..] };
            octets = octets.saturating_add(said.len());
            let room = LARGEST.saturating_sub(raw.len());
            raw.extend_from_slice(said.get(..room).unwrap_or(said));
            begins = line.ends_with(b"\n");
        }
        Ok(if octets > LARGEST_TAKEN { MailEnd::TooLarge } else { MailEnd::Whole(raw, octets) })
    }

    /// The next command; none at the end.
    async fn command(&mut self) -> std::io::Result<Option<String>> {
        let mut line = Vec::new();
        let mut whole = (&mut self.link).take(LONGEST_COMMAND);
        timeout(SILENT, whole.read_until(b'\n', &mut line)).await??;
        if line.is_empty() {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    async fn say(&mut self, answer: &str) -> std::io::Result<()> {
        let line = format!("{answer}\r\n");
        timeout(SILENT, self.link.write_all(line.as_bytes())).await??;
        timeout(SILENT, self.link.flush()).await?
    }
}

/// The path of `FROM:<a@example.org> BODY=8BITMIME`; empty for nobody's.
fn path(rest: &str) -> Option<String> {
    let (_, after) = rest.split_once('<')?;
    let (path, _) = after.split_once('>')?;
    Some(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_path_stands_between_its_brackets() {
        for (rest, expected) in [
            ("FROM:<a@example.org> BODY=8BITMIME", Some("a@example.org")),
            ("FROM:<>", Some("")),
            ("TO: <a+b@example.org>", Some("a+b@example.org")),
            ("TO:a@example.org", None),
            ("", None),
        ] {
            assert_eq!(path(rest).as_deref(), expected, "{rest}");
        }
    }
}
