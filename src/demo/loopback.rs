//! HTTP on a free port of this machine.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A listener on a free port of this machine, and of no other.
pub(super) async fn listener() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// A running HTTP server; it stops when this is dropped.
pub(super) struct Loopback {
    _stop: oneshot::Sender<()>,
}

impl Loopback {
    /// Serves `router` on `listener`.
    pub fn run(listener: TcpListener, router: Router) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async {
            // Dropping the sender is the signal.
            let _ = stopped.await;
        };
        tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
            if let Err(error) = served {
                tracing::warn!(%error, "A stand-in stopped.");
            }
        });
        Self { _stop: stop }
    }
}
