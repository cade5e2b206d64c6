//! The way in of a form with files, as wide as what is read of it. multer takes all that is ready before it looks at any
//! of it, and waits for the end of a field's head however long that is: a form that is all head, or a line that is faster
//! than the disk, would fill the memory.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use futures_util::Stream;

/// Octets that may come before something of them is read: a head, and what stands around it.
const MOST_AHEAD: usize = 1024 * 1024;

/// How many octets may still come before something is read; clones share it.
#[derive(Clone)]
pub(super) struct Ahead(Arc<AtomicUsize>);

impl Default for Ahead {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(MOST_AHEAD)))
    }
}

impl Ahead {
    /// The same request, whose body comes a piece at a time and never further ahead.
    pub(super) fn narrow(&self, request: Request) -> Request {
        let ahead = self.clone();
        request.map(|body| {
            Body::from_stream(NarrowBody { body: body.into_data_stream(), ahead, has_come: false })
        })
    }

    /// Something was read: as much may come again.
    pub(super) fn renew(&self) {
        self.0.store(MOST_AHEAD, Ordering::Relaxed);
    }

    fn take(&self, octets: usize) -> io::Result<()> {
        let left = self.0.load(Ordering::Relaxed).checked_sub(octets);
        let left = left.ok_or(io::ErrorKind::FileTooLarge)?;
        self.0.store(left, Ordering::Relaxed);
        Ok(())
    }
}

struct NarrowBody {
    body: BodyDataStream,
    ahead: Ahead,
    /// A piece has just come: what is behind it waits until somebody has looked at it.
    has_come: bool,
}

impl Stream for NarrowBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.has_come) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = ready!(Pin::new(&mut self.body).poll_next(context)) else {
            return Poll::Ready(None);
        };
        self.has_come = true;
        let piece = piece.map_err(io::Error::other);
        Poll::Ready(Some(piece.and_then(|piece| self.ahead.take(piece.len()).map(|()| piece))))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart};
    use futures_util::{StreamExt as _, stream};

    use super::*;

    /// A form that begins so and goes on without end, as fast as it is asked for.
    fn endless(begins: &'static [u8], ahead: &Ahead) -> Request {
        let pieces = stream::iter([begins]).chain(stream::repeat(&[b'a'; 4096][..]));
        let body = Body::from_stream(pieces.map(Ok::<_, Infallible>));
        let kind = "multipart/form-data; boundary=b";
        let request = Request::builder().header("content-type", kind);
        let mut request = request.body(body).unwrap();
        DefaultBodyLimit::disable().apply(&mut request);
        ahead.narrow(request)
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_not_waited_for() {
        let ahead = Ahead::default();
        let begins = b"--b\r\nContent-Disposition: form-data; name=\"";
        let mut form = Multipart::from_request(endless(begins, &ahead), &()).await.unwrap();
        assert!(form.next_field().await.is_err());
    }

    #[tokio::test]
    async fn a_file_that_is_read_comes_on_and_one_that_is_not_stays_out() {
        let ahead = Ahead::default();
        let begins = b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n";
        let mut form = Multipart::from_request(endless(begins, &ahead), &()).await.unwrap();
        let mut field = form.next_field().await.unwrap().unwrap();
        let mut read = 0;
        while read < 3 * MOST_AHEAD {
            let piece = field.chunk().await.unwrap().unwrap();
            assert!(piece.len() <= 2 * 4096, "{} at once", piece.len());
            read += piece.len();
            ahead.renew();
        }
        while let Ok(Some(piece)) = field.chunk().await {
            read += piece.len();
        }
        assert!(read <= 5 * MOST_AHEAD, "nobody said that more was read");
    }
}
