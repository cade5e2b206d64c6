//! The connection to a mailbox: in clear to this machine, or by TLS; each step within its time.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::super::masked::masked;
use super::line::Line;
use crate::delivery::{FailureKind, SendError};

/// A line that gives no more octets than a round may take: a server that is not what it should be fills no memory.
pub(super) struct ImapLink {
    line: Box<dyn Line>,
    left: usize,
}

/// How to reach the server.
pub(super) struct ImapAddress {
    pub host: String,
    pub port: u16,
    pub tls: Option<(TlsConnector, ServerName<'static>)>,
    pub answer_limit: Duration,
}

impl ImapAddress {
    /// A new connection.
    pub async fn connect(&self) -> Result<ImapLink, SendError> {
        let tcp = self.in_time(TcpStream::connect((self.host.as_str(), self.port))).await?;
        tcp.set_nodelay(true).map_err(|error| unreachable(&error))?;
        let line: Box<dyn Line> = match &self.tls {
            None => Box::new(tcp),
            Some((connector, server)) => {
                let shaken = connector.connect(server.clone(), tcp);
                Box::new(self.in_time(shaken).await?)
            }
        };
        Ok(ImapLink { line, left: 0 })
    }

    async fn in_time<T>(
        &self,
        step: impl Future<Output = std::io::Result<T>>,
    ) -> Result<T, SendError> {
        let done = timeout(self.answer_limit, step).await;
        let done =
            done.map_err(|_| SendError::new(FailureKind::Unreachable, "no answer in time"))?;
        done.map_err(|error| match error.kind() {
            // A certificate that is not trusted, or no TLS at all: it will not pass by itself.
            std::io::ErrorKind::InvalidData => {
                SendError::new(FailureKind::Misconfigured, masked(&error.to_string()))
            }
            _ => unreachable(&error),
        })
    }
}

fn unreachable(error: &std::io::Error) -> SendError {
    SendError::new(FailureKind::Unreachable, masked(&error.to_string()))
}

impl ImapLink {
    /// From now on it may give so many octets.
    pub fn allow(&mut self, octets: usize) {
        self.left = octets;
    }
}

impl fmt::Debug for ImapLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImapLink")
    }
}

impl AsyncRead for ImapLink {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.line).poll_read(context, into);
        let came = into.filled().len().saturating_sub(before);
        match self.left.checked_sub(came) {
            Some(left) => self.left = left,
            None => {
                return Poll::Ready(Err(std::io::Error::other("the mailbox's answer is too long")));
            }
        }
        polled
    }
}

impl AsyncWrite for ImapLink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.line).poll_write(context, octets)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(context)
    }
}

/// TLS to a server, by what the machine trusts and by `authority`.
pub(super) fn tls(
    host: &str,
    authority: Option<&std::path::Path>,
) -> Result<(TlsConnector, ServerName<'static>), (&'static str, String)> {
    let config = crate::tls::client_config(authority)
        .map_err(|problem| ("mailbox.imap.authority", problem))?;
    let server = ServerName::try_from(host.to_owned())
        .map_err(|error| ("mailbox.imap.host", error.to_string()))?;
    Ok((TlsConnector::from(Arc::new(config)), server))
}
