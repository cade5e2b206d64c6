//! A stand-in for an Edifice ENT, with its bad days: what it keeps from whom, what it does not notify, whom it
//! does not name. As entcore 6.15 does it.

mod conversation;
mod door;
mod page;
mod state;
mod timeline;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

pub use self::door::PASSWORD;
pub use self::state::{EntAccount, EntMessage, Weather};

use self::state::{Ent, SharedEnt, lock};
use super::loopback::{self, Loopback};
use crate::clock::Clock;

/// The application's id that this ENT knows.
pub const CLIENT_ID: &str = "chappe";
/// The application's secret that this ENT knows.
pub const CLIENT_SECRET: &str = "ent-secret";
/// The login of the school's account; any other one is another account of the school, with the same password.
pub const LOGIN: &str = "secretariat";
/// A running ENT; it stops when this is dropped.
pub struct EntStandIn {
    url: String,
    ent: SharedEnt,
    _server: Loopback,
}

impl EntStandIn {
    /// An ENT with these accounts. Each line of `script` says from when on, after the start, the
    /// weather is such; before the first it is fine.
    pub async fn start(
        accounts: Vec<EntAccount>,
        script: Vec<(Duration, Weather)>,
        clock: Clock,
    ) -> io::Result<Self> {
        let ent = Arc::new(Mutex::new(Ent::new(accounts, script, clock)));
        let (listener, address) = loopback::listener().await?;
        let server = Loopback::run(listener, router(&ent));
        Ok(Self { url: format!("http://{address}"), ent, _server: server })
    }

    /// Its root.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on each message that is taken also lies in `folder`, as a page that shows what its reader
    /// sees: `message-1.html`.
    pub fn keep_in(&self, folder: PathBuf) -> io::Result<()> {
        fs::create_dir_all(&folder)?;
        lock(&self.ent).kept_in = Some(folder);
        Ok(())
    }

    /// Sets the weather by hand, whatever the script says.
    pub fn set_weather(&self, weather: Weather) {
        lock(&self.ent).by_hand = Some(weather);
    }

    /// Plays another script, from its beginning.
    pub fn play(&self, script: Vec<(Duration, Weather)>) {
        let mut ent = lock(&self.ent);
        ent.started = ent.clock.now();
        ent.script = script;
        ent.by_hand = None;
    }

    /// How the ENT fares now.
    #[must_use]
    pub fn weather(&self) -> Weather {
        lock(&self.ent).weather()
    }

    /// Ends every session: the next call is sent to log in.
    pub fn end_sessions(&self) {
        lock(&self.ent).sessions.clear();
    }

    /// From now on nobody of the school may write to this account.
    pub fn hide(&self, id: &str) {
        lock(&self.ent).unseen.insert(id.to_owned());
    }

    /// From now on this account of the school may not write to that one, whoever else may.
    pub fn hide_from(&self, sender: &str, id: &str) {
        lock(&self.ent).unseen_by.insert((sender.to_owned(), id.to_owned()));
    }

    /// The account is gone.
    pub fn remove(&self, id: &str) {
        lock(&self.ent).accounts.retain(|it| it.id != id);
    }

    /// From now on an answer names so many at most of those who never opened their account.
    pub fn name_at_most(&self, most: usize) {
        lock(&self.ent).most_named = most;
    }

    /// From now on the server before it takes no message for more than so many.
    pub fn take_at_most(&self, most: usize) {
        lock(&self.ent).most_addressed = most;
    }

    /// From now on nobody is told of a message that comes so soon after the last one of its sender; 3 s before.
    pub fn set_anti_flood(&self, within: Duration) {
        lock(&self.ent).timeline.anti_flood = within;
    }

    /// How many tokens were given.
    #[must_use]
    pub fn tokens_given(&self) -> usize {
        lock(&self.ent).tokens_given
    }

    /// Every message that was taken.
    #[must_use]
    pub fn messages(&self) -> Vec<EntMessage> {
        lock(&self.ent).messages.clone()
    }

    /// How many messages were taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        lock(&self.ent).messages.len()
    }

    /// How many messages hold `reference`.
    #[must_use]
    pub fn count(&self, reference: &str) -> usize {
        lock(&self.ent).messages.iter().filter(|message| message.body.contains(reference)).count()
    }

    /// How many messages lie in the inbox of an account.
    #[must_use]
    pub fn in_inbox(&self, id: &str) -> usize {
        lock(&self.ent).messages.iter().filter(|it| it.to.iter().any(|to| to == id)).count()
    }

    /// How many times an account was notified of a message: one that came too soon after another of its sender
    /// lies in the inbox, and nothing tells.
    #[must_use]
    pub fn notified(&self, id: &str) -> usize {
        lock(&self.ent).timeline.notified(id)
    }

    /// How many messages lie in inboxes, each counted in each, and of how many of them its reader was notified.
    #[must_use]
    pub fn delivered_and_notified(&self) -> (usize, usize) {
        let ent = lock(&self.ent);
        (ent.messages.iter().map(|it| it.to.len()).sum(), ent.timeline.all())
    }

    /// Every request: `POST /conversation/send`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.ent).requests.clone()
    }
}

fn router(ent: &SharedEnt) -> Router {
    Router::new()
        .route("/auth/oauth2/token", post(door::token))
        .route("/conversation/send", post(conversation::send))
        .route("/conversation/visible", get(conversation::visible))
        .route("/conversation/visibles", post(conversation::visible_among))
        .route("/communication/visible/search", get(conversation::search_visible))
        .route("/conversation/count/INBOX", get(conversation::count))
        .route("/conversation/api/folders/outbox/messages", get(conversation::search_outbox))
        .route("/conversation/api/messages/{id}", get(conversation::message))
        .route("/conversation/api/messages/{id}/recall", post(conversation::recall))
        .layer(from_fn_with_state(Arc::clone(ent), door::weather_first))
        .with_state(Arc::clone(ent))
}
