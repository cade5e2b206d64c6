//! A connection whose other end must read what it asked for, however slowly its line carries it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long it may keep an answer waiting, whatever its size.
const GRACE: Duration = Duration::from_secs(10);
/// … and as long again as a line takes that carries this many octets a second: a bad one of a telephone.
const SLOWEST: u64 = 8 * 1024;

/// A connection that ends once its other end has kept what it is sent waiting for longer than all that it took
/// allows for.
pub(super) struct Paced<S> {
    stream: S,
    /// Octets that it took.
    taken: u64,
    /// How long it kept us waiting, before it does now.
    waited: Duration,
    /// Since when it does, and when that is too long.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Paced<S> {
    /// A connection that has taken nothing yet.
    pub(super) const fn new(stream: S) -> Self {
        Self { stream, taken: 0, waited: Duration::ZERO, waiting: None }
    }

    fn took(&mut self, octets: usize) {
        self.taken = self.taken.saturating_add(u64::try_from(octets).unwrap_or(u64::MAX));
        if let Some((since, _)) = self.waiting.take() {
            self.waited += since.elapsed();
        }
    }

    /// Ready once it keeps us waiting for too long.
    fn waits(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let allowed = GRACE + Duration::from_secs(self.taken / SLOWEST);
        let left = allowed.saturating_sub(self.waited);
        let begin = || (Instant::now(), Box::pin(sleep(left)));
        let (_, limit) = self.waiting.get_or_insert_with(begin);
        ready!(limit.as_mut().poll(context));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, octets) {
            Poll::Ready(Ok(written)) => {
                self.took(written);
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.waits(context).map(Err),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(context, pieces) {
            Poll::Ready(Ok(written)) => {
                self.took(written);
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.waits(context).map(Err),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

    use super::*;

    const PIPE: usize = 64 * 1024;
    const ANSWER: usize = 2_000_000;

    /// What a reader gets of an answer that takes this many octets of it a second, and how long it was let.
    async fn read_at(octets: usize) -> (usize, Duration) {
        let (ours, mut theirs): (DuplexStream, DuplexStream) = tokio::io::duplex(PIPE);
        let began = Instant::now();
        let sent = tokio::spawn(async move {
            let sent = Paced::new(ours).write_all(&vec![0; ANSWER]).await;
            (sent, began.elapsed())
        });
        let (mut read, mut buffer) = (0, vec![0; octets]);
        while let Ok(more @ 1..) = theirs.read(&mut buffer).await {
            read += more;
            sleep(Duration::from_secs(1)).await;
        }
        let (sent, took) = sent.await.unwrap();
        assert_eq!(sent.is_ok(), read == ANSWER);
        (read, took)
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_is_let_to_the_end_and_whoever_only_holds_a_place_is_not() {
        let (read, took) = read_at(9 * 1024).await;
        assert_eq!(read, ANSWER, "after {took:?}");
        let (read, took) = read_at(512).await;
        assert!(read < ANSWER && took < Duration::from_secs(30), "{read} in {took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_reads_nothing_is_given_a_time_that_grows_with_what_was_taken() {
        let (ours, _theirs) = tokio::io::duplex(PIPE);
        let began = Instant::now();
        assert!(Paced::new(ours).write_all(&vec![0; ANSWER]).await.is_err());
        assert_eq!(began.elapsed().as_secs(), 18, "10 s, and 8 for 64 KiB");
    }
}
