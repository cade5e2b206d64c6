//! What people read: their receipts, out of what is new in our rooms (`/sync`).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::lenient;
use super::super::polled::{RoundError, again};
use super::super::{Inbox, Provider, Word};
use super::homeserver::Homeserver;
use super::rooms;
use super::words::{self, encoded};
use crate::delivery::{Receipt, SendError, Verdict};
use crate::message::Proof;
use crate::stop::Stop;

/// Nothing but receipts.
const NOTHING_ELSE: &str = r#"{"presence":{"types":[]},"account_data":{"types":[]},"room":{
    "timeline":{"types":[]},"state":{"types":[]},"account_data":{"types":[]},
    "ephemeral":{"types":["m.receipt"]}}}"#;
/// The longest answer that is read, in octets: 20,000 rooms.
const LONGEST_SYNC: usize = 8 * 1024 * 1024;
/// Messages before the one that was read last, which were read with it.
const READ_WITH_IT: usize = 50;

/// Receipts, up to where we have them.
#[derive(Default)]
pub(super) struct Receipts {
    /// Where the homeserver goes on; from the start it tells the newest of every room.
    since: Mutex<Option<String>>,
}

#[derive(Deserialize)]
struct Sync {
    next_batch: String,
    #[serde(default)]
    rooms: SyncedRooms,
}

#[derive(Deserialize, Default)]
struct SyncedRooms {
    #[serde(default)]
    join: HashMap<String, SyncedRoom>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SyncedRoom {
    ephemeral: Events,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Events {
    events: Vec<Value>,
}

impl Receipts {
    /// Asks for them until `stop` is given.
    pub async fn listen(
        &self,
        provider: &dyn Provider,
        home: &Homeserver,
        inbox: &dyn Inbox,
        stop: &Stop,
    ) {
        again(stop, || async {
            if let Err(error) = self.fetch(home, inbox).await {
                tracing::warn!(provider = provider.name(), %error, "Cannot fetch receipts.");
            }
            inbox.every()
        })
        .await;
    }

    /// What was read since the last time; it is asked again what could not be written down.
    async fn fetch(&self, home: &Homeserver, inbox: &dyn Inbox) -> Result<(), RoundError> {
        let since = self.since().take();
        let since = since.map(|token| format!("&since={}", encoded(&token))).unwrap_or_default();
        let filter = encoded(NOTHING_ELSE);
        let path = format!("/sync?timeout=0&set_presence=offline&filter={filter}{since}");
        let sync: Sync = words::data(&home.get_for(&path, LONGEST_SYNC).await?)?;
        let mut read = Vec::new();
        if !sync.rooms.join.is_empty() {
            let persons = persons(&rooms::direct(home).await?);
            for (room, synced) in &sync.rooms.join {
                let Some(person) = persons.get(room) else { continue };
                for event in synced.ephemeral.events.iter().flat_map(|it| read_by(person, it)) {
                    read.extend(with_earlier(home, room, event).await?);
                }
            }
        }
        let word = |event| Word::Receipt(Receipt::by_them(event, Verdict::Proven(Proof::Read)));
        inbox.take(read.into_iter().map(word).collect()).await?;
        *self.since() = Some(sync.next_batch);
        Ok(())
    }

    fn since(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose room each is: somebody else whom they brought along reads for nobody but themselves.
fn persons(direct: &Map<String, Value>) -> HashMap<String, String> {
    let of = |(person, rooms): (&String, &Value)| {
        lenient::texts(rooms)
            .into_iter()
            .map(move |room| (room, person.clone()))
            .collect::<Vec<_>>()
    };
    direct.iter().flat_map(of).collect()
}

/// The events up to which `person` read, as a receipt tells.
fn read_by(person: &str, receipt: &Value) -> Vec<String> {
    let content = receipt.get("content").and_then(Value::as_object);
    let is_theirs = |kinds: &Value| kinds.get("m.read").and_then(|it| it.get(person)).is_some();
    let theirs = content.into_iter().flatten().filter(|(_, kinds)| is_theirs(kinds));
    theirs.map(|(event, _)| event.clone()).filter(|id| words::is_id('$', id)).collect()
}

/// An event that was read, and those of ours before it: whoever reads the last one has read them.
async fn with_earlier(
    home: &Homeserver,
    room: &str,
    event: String,
) -> Result<Vec<String>, SendError> {
    #[derive(Deserialize)]
    struct EventContext {
        #[serde(default)]
        events_before: Vec<Value>,
    }

    let (room, of) = (encoded(room), encoded(&event));
    let limit = 2 * READ_WITH_IT;
    let answer = home.get(&format!("/rooms/{room}/context/{of}?limit={limit}")).await?;
    // One that is gone from there is known by its name all the same.
    if matches!(answer.status, 403 | 404) {
        return Ok(vec![event]);
    }
    let EventContext { events_before } = words::data(&answer)?;
    let own = &home.own().await?.user_id;
    let is_ours = |it: &&Value| {
        it.get("sender").and_then(Value::as_str) == Some(own)
            && it.get("type").and_then(Value::as_str) == Some("m.room.message")
    };
    let earlier = events_before.iter().filter(is_ours).filter_map(|it| it.get("event_id"));
    Ok(earlier.filter_map(lenient::text).chain([event]).collect())
}
