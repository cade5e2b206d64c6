//! A stand-in for a mail server: it takes messages by SMTP and lays them in a Maildir; what is for nobody it gives back.

mod dialogue;
mod maildir;
mod report;
mod undelivered;
mod vacant;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{fs, io};

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use self::vacant::Vacant;

use self::maildir::Mailbox;
use super::loopback;

/// A running mail server; it stops when this is dropped, its dialogues with it.
pub struct MailStandIn {
    address: SocketAddr,
    mailbox: Arc<Mailbox>,
    running: JoinSet<()>,
}

impl MailStandIn {
    /// A mail server that keeps its messages in the Maildir `folder`.
    pub async fn start(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        for part in ["tmp", "new", "cur"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let mailbox = Arc::new(Mailbox { folder, state: Mutex::default() });
        let (listener, address) = loopback::listener().await?;
        let mut running = JoinSet::new();
        running.spawn(accept(listener, Arc::clone(&mailbox)));
        Ok(Self { address, mailbox, running })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The Maildir.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.mailbox.folder
    }

    /// From now on this address does not exist here (550 5.1.1).
    pub fn refuse(&self, address: &str) {
        self.mailbox.lock().refused.insert(address.to_lowercase());
    }

    /// From now on nobody has these mailboxes any more. What is written there is taken, as a relay takes it, and given back
    /// later.
    pub fn vacate(&mut self, vacant: Vacant) -> io::Result<()> {
        fs::create_dir_all(&vacant.copies)?;
        let (returns, undelivered) = mpsc::unbounded_channel();
        let mut received = self.mailbox.lock();
        received.vacant = vacant.addresses.iter().map(|it| it.to_lowercase()).collect();
        received.returns = Some(returns);
        drop(received);
        self.running.spawn(vacant.give_back(undelivered, Arc::clone(&self.mailbox)));
        Ok(())
    }

    /// How many mails it took for mailboxes that nobody has.
    #[must_use]
    pub fn undeliverable(&self) -> usize {
        self.mailbox.lock().undeliverable
    }

    /// How many of these it has given back: who sent them has its report of each.
    #[must_use]
    pub fn given_back(&self) -> usize {
        self.mailbox.lock().given_back
    }

    /// Whether the server takes a message, and hangs up in place of saying so.
    pub fn hang_up_after_data(&self, hangs_up: bool) {
        self.mailbox.lock().hangs_up_after_data = hangs_up;
    }

    /// Whether the server offers to report what becomes of a message (DSN, RFC 3461).
    pub fn offer_reports(&self, offers: bool) {
        self.mailbox.lock().offers_reports = offers;
    }

    /// How often the message of this id (`<…@…>`), under its seal or without one, was taken by one and the same id.
    #[must_use]
    pub fn count(&self, message_id: &str) -> usize {
        let received = self.mailbox.lock();
        let those = received.by_message_id.get(message_id).into_iter().flatten();
        those.map(|(_, times)| *times).max().unwrap_or(0)
    }

    /// How many messages were taken.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.mailbox.lock().messages
    }

    /// How many dialogues were begun.
    #[must_use]
    pub fn dialogues(&self) -> usize {
        self.mailbox.lock().dialogues
    }

    /// Every command, in the order in which they came.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        self.mailbox.lock().commands.clone()
    }
}

async fn accept(listener: TcpListener, mailbox: Arc<Mailbox>) {
    let mut dialogues = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        // Answers are short: they must not wait for the network.
        let _ = stream.set_nodelay(true);
        mailbox.lock().dialogues += 1;
        let mailbox = Arc::clone(&mailbox);
        dialogues.spawn(async move {
            if let Err(error) = dialogue::hold(stream, &mailbox).await {
                tracing::debug!(%error, "A dialogue broke.");
            }
        });
        while dialogues.try_join_next().is_some() {}
    }
}
