//! Where the server is, and how to speak to it.

use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::StoreError;
use crate::tls;

/// After this long without an answer, a server is taken for gone; where nothing was asked, it is asked
/// for a sign of life then, and a few times more.
const PATIENCE: Duration = Duration::from_secs(10);
const ASKED_EVERY: Duration = Duration::from_secs(2);
const ASKED_TIMES: u32 = 3;
/// What need not be told.
const USUAL_PORT: u16 = 5432;

/// What carries the bytes of a connection until it ends.
pub(super) type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A server, and a database on it. No error names more of it than its host and the database.
#[derive(Clone)]
pub(in crate::store) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// The server of this URL. Over a network TLS is spoken, unless the URL says `sslmode=disable`.
    pub(in crate::store) fn of(
        url: &str,
        password: Option<&SecretString>,
    ) -> Result<Self, StoreError> {
        // The parser ends the password at its first `@`: the rest would stand in every error as a host.
        if !names_its_host(url) {
            return Err(StoreError::BadUrl);
        }
        // The parser's own words may quote the URL, and a password in it.
        let mut config: Config = url.parse().map_err(|_| StoreError::BadUrl)?;
        config.application_name("chappe").connect_timeout(PATIENCE).tcp_user_timeout(PATIENCE);
        config.keepalives_idle(PATIENCE).keepalives_interval(ASKED_EVERY);
        config.keepalives_retries(ASKED_TIMES);
        if let Some(password) = password {
            config.password(password.expose_secret());
        }
        let wants_tls = match config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Prefer => !config.get_hosts().iter().all(is_this_machine),
            _ => true,
        };
        let tls = if wants_tls {
            config.ssl_mode(SslMode::Require);
            let client = tls::client_config(None).map_err(StoreError::Refused)?;
            Some(MakeRustlsConnect::new(client))
        } else {
            config.ssl_mode(SslMode::Disable);
            None
        };
        Ok(Self { config, tls })
    }

    /// `chappe on db.example.org`: for people, without user or password.
    pub(super) fn label(&self) -> String {
        let host = self.config.get_hosts().first().map_or_else(String::new, |host| match host {
            Host::Tcp(name) => format!(" on {name}"),
            Host::Unix(folder) => format!(" at {}", folder.display()),
        });
        format!("{}{host}", self.config.get_dbname().unwrap_or("its user's database"))
    }

    /// `db.example.org/chappe`: the same, where the URL names its database.
    pub(in crate::store) fn place(&self) -> Option<String> {
        let host = self.config.get_hosts().first().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let port = self.config.get_ports().first().filter(|port| **port != USUAL_PORT);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}{port}/{}", host.unwrap_or_default(), self.config.get_dbname()?))
    }

    /// Connects; `hear` is told the payload of each notification.
    pub(super) async fn connect(
        &self,
        hear: impl Fn(&str) + Send + 'static,
    ) -> Result<(Client, Driver), StoreError> {
        let cannot = |error: tokio_postgres::Error| StoreError::on_connecting(self.label(), &error);
        match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(cannot)?;
                Ok((client, Box::pin(drive(connection, hear))))
            }
            Some(tls) => {
                let (client, connection) =
                    self.config.connect(tls.clone()).await.map_err(cannot)?;
                Ok((client, Box::pin(drive(connection, hear))))
            }
        }
    }
}

/// Whether nothing of the user and the password, which an `@` ends, can be taken for the host.
fn names_its_host(url: &str) -> bool {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    match rest.split_once('@') {
        Some((user, place)) => !user.contains(['/', '?', '#']) && !place.contains('@'),
        None => true,
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// Its end is told to whoever waits for an answer.
async fn drive<T: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Connection<Socket, T>,
    hear: impl Fn(&str),
) {
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message {
            hear(notification.payload());
        }
    }
}
