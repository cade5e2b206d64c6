//! Connections: a few at a time, and none that only holds its place. Whoever knocks without end keeps others
//! from the door, never the daemon from its work.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::errors::DoorError;
use super::greeting::{Greeted, SecureDoor};
use super::paced::Paced;
use crate::stop::Stop;

/// Connections at once; the next ones wait outside. A page that follows what happens holds one.
const MOST_CONNECTIONS: usize = 1_024;
/// How long a connection may take for the head of its next request.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// How large that head may be, in octets.
const HEAD_SIZE: usize = 16 * 1024;
/// How large the body of a request may be, in octets.
const BODY_SIZE: usize = 64 * 1024;
/// How long a request may take in all, from its head to its answer.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
/// How long a request under way may go on once the daemon is told to stop.
const END_LIMIT: Duration = Duration::from_secs(2);
/// When nobody can be let in, for want of descriptors, the wait before trying again.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers whoever comes until `stop` is given, and then for two seconds at most, by TLS where the door is a secure
/// one: what programs ask, and the pages, which hold their own limits and answer what nobody else does.
pub async fn serve(
    listener: TcpListener,
    secure: Option<SecureDoor>,
    programs: Router,
    pages: Option<Router>,
    stop: Stop,
) {
    let router = match pages {
        Some(pages) => within_limits(programs).merge(pages),
        None => within_limits(programs.fallback(async || DoorError::NothingThere)),
    };
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut inside = JoinSet::new();
    while !stop.is_given() {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
            let (stream, peer) = listener.accept().await?;
            Ok((stream, Peer(peer), place))
        };
        let next: io::Result<_> = tokio::select! {
            biased;
            () = stop.given() => break,
            next = next => next,
        };
        match next {
            Ok((stream, peer, place)) => {
                let (secure, router, stop) = (secure.clone(), router.clone(), stop.clone());
                inside.spawn(async move {
                    answer(stream, peer, secure, router, stop).await;
                    drop(place);
                });
            }
            Err(error) if is_of_one_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "Nobody can be let in for now.");
                tokio::select! {
                    biased;
                    () = stop.given() => break,
                    () = sleep(PAUSE) => {}
                }
            }
        }
        while inside.try_join_next().is_some() {}
    }
    drop(listener);
    let all_gone = async { while inside.join_next().await.is_some() {} };
    // Those who are still there by then are cut off with the set.
    let _ = timeout(END_LIMIT, all_gone).await;
}

/// Who is at the other end of a connection: a browser, or a proxy before it.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What programs ask is small, and answered within ten seconds.
fn within_limits(router: Router) -> Router {
    router.layer(DefaultBodyLimit::max(BODY_SIZE)).layer(middleware::from_fn(in_time))
}

/// An answer, or a refusal once it has taken too long.
async fn in_time(request: Request, next: Next) -> Response {
    let answer = timeout(REQUEST_LIMIT, next.run(request)).await;
    answer.unwrap_or_else(|_| DoorError::TooSlow.into_response())
}

/// Whoever came at a door. Who does not understand us, or not in time, is nobody else's matter.
async fn answer(
    stream: TcpStream,
    peer: Peer,
    secure: Option<SecureDoor>,
    router: Router,
    stop: Stop,
) {
    let Some(door) = secure else {
        return converse(Paced::new(stream), peer, router, stop).await;
    };
    match door.greet(stream).await {
        Ok(Greeted::Secure(stream)) => converse(stream, peer, router, stop).await,
        Ok(Greeted::Plain(stream)) => converse(stream, peer, door.elsewhere(), stop).await,
        Err(_) => {}
    }
}

/// What one connection asks, request after request. What it does wrong ends it.
async fn converse<S>(stream: S, peer: Peer, router: Router, stop: Stop)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let router = TowerToHyperService::new(router);
    let answered = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_LIMIT)
            .max_buf_size(HEAD_SIZE)
            .serve_connection(TokioIo::new(stream), answered)
    );
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        () = stop.given() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
