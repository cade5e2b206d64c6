//! The daemon: dispatchers, receipts, replies, patience, and the door.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{App, CarrierError};
use crate::channel::Channel;
use crate::directory::Linked;
use crate::dispatch::Dispatcher;
use crate::id::Id;
use crate::providers::{Guard, Provider};
use crate::queue::SAID_EVERY;
use crate::receipts::ReceiptsError;
use crate::stop::{self, Stop, Stopper};
use crate::store::{StoreError, daemons};
use crate::{desk, http, receipts, upkeep};

/// How often an ENT is asked for its accounts, once it answered.
const ACCOUNTS_EVERY: Duration = Duration::from_hours(1);
/// How soon it is asked again when it did not.
const ACCOUNTS_AGAIN: Duration = Duration::from_mins(1);

/// Why the daemon did not start. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens there, or the address is not this machine's.
    #[error(
        "cannot listen on {address}: {reason}; another chappe may be running there: stop it, or \
         set another address under [http] listen"
    )]
    Listen {
        /// The address of the configuration.
        address: SocketAddr,
        /// The system's words.
        reason: io::Error,
    },
    /// A provider cannot be made ready.
    #[error(transparent)]
    Carrier(#[from] CarrierError),
    /// The database, or the school is no longer there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A daemon at work. Dropping it stops it without waiting.
pub struct Daemon {
    /// Where it listens.
    pub address: SocketAddr,
    stopper: Stopper,
    work: JoinSet<()>,
}

impl Daemon {
    /// Starts everything that `app` has the configuration for.
    pub async fn start(app: Arc<App>, guard: Guard) -> Result<Self, ServeError> {
        app.queue.check_not_moved().await?;
        let address = app.config.http.listen;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|reason| ServeError::Listen { address, reason })?;
        let address = listener.local_addr().unwrap_or(address);
        let providers = app.providers(guard)?;
        let (stopper, stop) = stop::channel();
        let mut work = at_work(&app, &providers, &stop);
        let attendance = Attendance::begin(&app).await;
        work.spawn(attendance.keep(Arc::clone(&app), stop.clone()));
        work.spawn(http::serve(listener, app.queue.clone(), stop));
        tracing::info!(%address, "The daemon is at work.");
        Ok(Self { address, stopper, work })
    }

    /// Stops: nothing new starts, and what is under way is let to its end.
    pub async fn stop(mut self) {
        self.stopper.stop();
        while self.work.join_next().await.is_some() {}
        tracing::info!("The daemon has stopped.");
    }
}

/// Everything that the daemon does by itself, without its door; it ends when `stop` is given.
#[must_use]
pub fn at_work(app: &Arc<App>, providers: &[Arc<dyn Provider>], stop: &Stop) -> JoinSet<()> {
    let mut work = JoinSet::new();
    for provider in providers {
        start_provider(app, provider, stop, &mut work);
    }
    work.spawn(keep_up(Arc::clone(app), stop.clone()));
    work
}

fn start_provider(
    app: &Arc<App>,
    provider: &Arc<dyn Provider>,
    stop: &Stop,
    work: &mut JoinSet<()>,
) {
    let settings = app.config.providers.get(provider.name());
    let pace = settings.map(crate::config::ProviderSettings::pace).cloned().unwrap_or_default();
    let dispatcher = Dispatcher::new(
        app.queue.clone(),
        Arc::clone(provider),
        Arc::clone(&app.renderer),
        pace,
        &app.config,
        app.clock.clone(),
    );
    work.spawn(dispatcher.run(stop.clone()));
    work.spawn(listen_to(Arc::clone(app), Arc::clone(provider), stop.clone()));
    if provider.channel() == Channel::Ent {
        work.spawn(link_accounts(Arc::clone(app), Arc::clone(provider), stop.clone()));
    }
}

/// What the provider says later: receipts and replies.
async fn listen_to(app: Arc<App>, provider: Arc<dyn Provider>, stop: Stop) {
    let every = app.config.dispatch.receipts_every.0;
    while !stop.is_given() {
        if provider.receipts_are_polled() {
            if let Err(error) = fetch_receipts(&app, provider.as_ref(), &stop).await {
                tracing::warn!(provider = provider.name(), %error, "Cannot fetch receipts.");
            }
            let (school, now) = (app.queue.school(), app.clock.now());
            let replies = desk::fetch_replies(app.store(), school, provider.as_ref(), now).await;
            if let Err(error) = replies {
                tracing::warn!(provider = provider.name(), %error, "Cannot fetch replies.");
            }
        }
        pause(every, &stop).await;
    }
}

/// All receipts that are due.
async fn fetch_receipts(
    app: &App,
    provider: &dyn Provider,
    stop: &Stop,
) -> Result<(), ReceiptsError> {
    let every = app.config.dispatch.receipts_every.0;
    while !stop.is_given() {
        if !receipts::round(&app.queue, provider, every, app.clock.now()).await? {
            break;
        }
    }
    Ok(())
}

/// That a daemon is at work, as the office is told.
struct Attendance(Id<daemons::Daemon>);

impl Attendance {
    async fn begin(app: &App) -> Self {
        let attendance = Self(Id::new(app.clock.now()));
        attendance.say(app).await;
        attendance
    }

    async fn keep(self, app: Arc<App>, stop: Stop) {
        while !stop.is_given() {
            pause(SAID_EVERY, &stop).await;
            self.say(&app).await;
        }
        if let Err(error) = app.queue.leaves_work(self.0).await {
            tracing::warn!(%error, "Cannot say that this daemon has stopped.");
        }
    }

    async fn say(&self, app: &App) {
        if let Err(error) = app.queue.is_at_work(self.0, app.clock.now()).await {
            tracing::warn!(%error, "Cannot say that this daemon is at work.");
        }
    }
}

/// Patience that ends.
async fn keep_up(app: Arc<App>, stop: Stop) {
    while !stop.is_given() {
        if let Err(error) = upkeep::round(&app.queue, app.clock.now()).await {
            tracing::error!(%error, "Cannot move on those whose patience is over.");
        }
        pause(app.config.dispatch.look_every.0, &stop).await;
    }
}

/// Whose ENT account is whose: asked for every now and then, since imports bring new people.
async fn link_accounts(app: Arc<App>, provider: Arc<dyn Provider>, stop: Stop) {
    while !stop.is_given() {
        let next = match app.link_accounts(provider.as_ref()).await {
            Ok(Linked { linked, ambiguous, unknown }) => {
                tracing::info!(linked, ambiguous, unknown, "ENT accounts are linked.");
                ACCOUNTS_EVERY
            }
            Err(error) => {
                tracing::warn!(provider = provider.name(), %error, "Cannot link ENT accounts.");
                ACCOUNTS_AGAIN
            }
        };
        pause(next, &stop).await;
    }
}

async fn pause(length: Duration, stop: &Stop) {
    tokio::select! {
        biased;
        () = tokio::time::sleep(length) => {}
        () = stop.given() => {}
    }
}
