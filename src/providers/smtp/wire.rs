//! The stream below one SMTP dialogue: it gathers what is said until an answer is awaited.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// From this size on, what was gathered leaves without waiting for more.
const ENOUGH: usize = 64 * 1024;

/// Gathers writes and lets them go at the next read. lettre flushes every line, and the end of a
/// message apart from its body: one system call and one packet each. It also tells whether all
/// that was said has left, which decides between "not sent" and "nobody knows".
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    peer: SocketAddr,
    gathered: Vec<u8>,
    left: usize,
    departure: Departure,
}

/// Whether everything that was said on a wire has left this process.
#[derive(Debug, Clone)]
pub(super) struct Departure(Arc<AtomicBool>);

impl Departure {
    /// Whether it has, down to the last octet.
    pub fn is_complete(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// A wire over `stream`, and the word on what has left it.
    pub fn over(stream: S, peer: SocketAddr) -> (Self, Departure) {
        let departure = Departure(Arc::new(AtomicBool::new(true)));
        let wire =
            Self { stream, peer, gathered: Vec::new(), left: 0, departure: departure.clone() };
        (wire, departure)
    }

    fn poll_let_go(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.gathered.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while let Some(rest) = self.gathered.get(self.left..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.left += written,
            }
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.gathered.clear();
        self.gathered.shrink_to(ENOUGH);
        self.left = 0;
        self.departure.0.store(true, Ordering::Release);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        said: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.gathered.len() >= ENOUGH {
            ready!(self.poll_let_go(cx))?;
        }
        self.departure.0.store(false, Ordering::Release);
        self.gathered.extend_from_slice(said);
        Poll::Ready(Ok(said.len()))
    }

    /// Does nothing: see the type.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_let_go(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        heard: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_let_go(cx))?;
        Pin::new(&mut self.stream).poll_read(cx, heard)
    }
}

impl<S> AsyncTokioStream for Wire<S>
where
    S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug,
{
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}
