//! A mail server of this machine hands over what comes back: we listen at a loopback address, or at a socket.

use std::net::SocketAddr;
use std::os::unix::fs::FileTypeExt as _;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpListener, UnixListener, UnixStream};

use super::super::polled::again;
use super::super::{BadSettings, Inbox};
use super::line::Line;
use super::lmtp_dialogue::LmtpDialogue;
use super::settings::LmtpSettings;
use crate::stop::Stop;

/// Dialogues at a time; who comes beyond waits.
const MOST: usize = 20;
/// How soon it is tried again to listen where that failed.
const AGAIN: Duration = Duration::from_secs(5);

/// Where we listen.
pub(in super::super) struct Lmtp {
    place: LmtpPlace,
}

enum LmtpPlace {
    Address(SocketAddr),
    Socket(PathBuf),
}

enum Listener {
    Address(TcpListener),
    Socket(UnixListener),
}

impl Lmtp {
    /// Where to listen, after `settings`.
    pub fn new(provider: &str, settings: &LmtpSettings) -> Result<Self, BadSettings> {
        let bad = |problem| BadSettings::new(provider, "mailbox.lmtp", problem);
        let place = match (&settings.address, &settings.socket) {
            (Some(address), None) => {
                let address: Option<SocketAddr> = address.parse().ok();
                let own = address.filter(|it| it.ip().is_loopback());
                // Whoever reaches it is believed to be the mail server.
                LmtpPlace::Address(
                    own.ok_or_else(|| bad("address is not one of this machine's own"))?,
                )
            }
            (None, Some(socket)) => LmtpPlace::Socket(socket.clone()),
            _ => return Err(bad("needs an address, or a socket")),
        };
        Ok(Self { place })
    }

    /// What it is, in English and in French.
    pub fn told(&self) -> (String, String) {
        let place = match &self.place {
            LmtpPlace::Address(address) => address.to_string(),
            LmtpPlace::Socket(path) => path.display().to_string(),
        };
        (format!("mail handed over at {place}"), format!("courrier remis à {place}"))
    }

    /// Takes what is handed over until `stop` is given.
    pub async fn listen(&self, provider: &str, inbox: &dyn Inbox, stop: &Stop) {
        again(stop, || async {
            if let Err(error) = self.serve(provider, inbox).await {
                tracing::warn!(provider, %error, "Cannot listen for the mail server.");
            }
            AGAIN
        })
        .await;
    }

    async fn serve(&self, provider: &str, inbox: &dyn Inbox) -> std::io::Result<()> {
        let listener = self.bind().await?;
        let mut dialogues = FuturesUnordered::new();
        loop {
            tokio::select! {
                link = listener.next(), if dialogues.len() < MOST => {
                    dialogues.push(LmtpDialogue::over(link?, provider, inbox).lead());
                }
                // However one ended: what was not answered comes again.
                Some(_) = dialogues.next() => {}
            }
        }
    }

    async fn bind(&self) -> std::io::Result<Listener> {
        Ok(match &self.place {
            LmtpPlace::Address(address) => Listener::Address(TcpListener::bind(address).await?),
            LmtpPlace::Socket(path) => {
                // One at which nobody listens any more is in the way; any other file is somebody's.
                let is_socket = std::fs::metadata(path).is_ok_and(|it| it.file_type().is_socket());
                if is_socket && UnixStream::connect(path).await.is_err() {
                    std::fs::remove_file(path)?;
                }
                Listener::Socket(UnixListener::bind(path)?)
            }
        })
    }
}

impl Listener {
    async fn next(&self) -> std::io::Result<Box<dyn Line>> {
        Ok(match self {
            Self::Address(listener) => Box::new(listener.accept().await?.0),
            Self::Socket(listener) => Box::new(listener.accept().await?.0),
        })
    }
}
