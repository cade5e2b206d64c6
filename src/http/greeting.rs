//! TLS at a door: who speaks it is shown the school's certificate, who does not is told where to go.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::paced::Paced;
use crate::tls::Served;

/// How long two may take until they understand each other.
const GREETING_LIMIT: Duration = Duration::from_secs(5);
/// The first octet of whoever speaks TLS (RFC 8446, 5.1: a record of the handshake).
const HANDSHAKE: u8 = 22;

/// A door behind which TLS is spoken. Clones are the same.
#[derive(Clone)]
pub struct SecureDoor {
    config: Arc<ServerConfig>,
    origin: String,
}

/// Who came.
pub(super) enum Greeted {
    /// In TLS.
    Secure(Box<TlsStream<Paced<TcpStream>>>),
    /// In the clear.
    Plain(Paced<TcpStream>),
}

impl SecureDoor {
    /// Shows this certificate; whoever speaks plain HTTP is led to `origin` (`https://chappe.example.org`).
    pub fn new(served: &Served, origin: String) -> Result<Self, String> {
        Ok(Self { config: served.config()?, origin })
    }

    /// Greets whoever came; an error where they do not understand us in time.
    pub(super) async fn greet(&self, stream: TcpStream) -> io::Result<Greeted> {
        timeout(GREETING_LIMIT, self.greeted(stream)).await?
    }

    async fn greeted(&self, stream: TcpStream) -> io::Result<Greeted> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first != [HANDSHAKE] {
            return Ok(Greeted::Plain(Paced::new(stream)));
        }
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        let stream = acceptor.accept(Paced::new(stream)).await?;
        Ok(Greeted::Secure(Box::new(stream)))
    }

    /// What whoever speaks in the clear is told, whatever they ask.
    pub(super) fn elsewhere(&self) -> Router {
        let origin = self.origin.clone();
        Router::new().fallback(async move || {
            let told = format!("this address speaks TLS: {origin}/\n");
            (StatusCode::MOVED_PERMANENTLY, [(LOCATION, format!("{origin}/"))], told)
        })
    }
}
