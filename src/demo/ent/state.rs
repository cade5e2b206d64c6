//! What the ENT knows, and how it fares.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::timeline::Timeline;
use crate::clock::{Clock, Moment};

/// As whom an application acts that acts as itself: a user without name, school or rights.
pub(super) const SYSTEM_USER: &str = "OAuthSystemUser";
/// How many names an answer holds at most, where the operator did not say otherwise.
const MOST_NAMED: usize = 50;

/// An account of the ENT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntAccount {
    /// The id that messages are addressed to.
    pub id: String,
    /// The name that the ENT shows.
    pub display_name: String,
    /// `Relative`, `Student`, `Teacher` or `Personnel`.
    pub profile: String,
    /// Whether its owner ever opened it.
    pub active: bool,
    /// The names of the pupils whose guardian it is.
    pub children: Vec<String>,
}

/// How the ENT fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Well.
    Fine,
    /// Sessions are over quota: those there are end, and no new one is given (509).
    Quota509,
    /// Every address answers 200 with a page that asks for patience.
    HtmlPage,
    /// Requests are read and never answered.
    Silent,
    /// Messages are taken, but their sending is never answered.
    SilentOnceTaken,
    /// The front proxy answers 503.
    Unavailable503,
    /// The front proxy gives up on the servers behind it (504), which take every message all the same.
    TimesOut504,
}

/// A message that this ENT took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntMessage {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub from: String,
    /// The accounts that it was addressed to.
    pub to: Vec<String>,
    /// Whether none of them sees the others.
    pub is_hidden: bool,
    /// Subject line.
    pub subject: String,
    /// Body in HTML.
    pub body: String,
    /// Whether it may be answered.
    pub no_reply: bool,
    /// Whether its sender recalled it: its recipients see neither subject nor body any more.
    pub is_recalled: bool,
    pub(super) sent_at: Moment,
}

/// A token that was given.
pub(super) struct EntToken {
    pub token: String,
    /// As whom it acts.
    pub user: String,
    /// The modules that it may call.
    pub scope: String,
}

/// The ENT, as all its doors share it.
pub(super) type SharedEnt = Arc<Mutex<Ent>>;

/// What the ENT knows.
pub(super) struct Ent {
    pub accounts: Vec<EntAccount>,
    /// Ids of accounts that nobody of the school may write to.
    pub unseen: HashSet<String>,
    /// Who of the school may not write to whom.
    pub unseen_by: HashSet<(String, String)>,
    pub most_named: usize,
    /// For how many a message may be.
    pub most_addressed: usize,
    pub script: Vec<(Duration, Weather)>,
    pub by_hand: Option<Weather>,
    pub clock: Clock,
    pub started: Moment,
    pub sessions: Vec<EntToken>,
    pub tokens_given: usize,
    pub messages: Vec<EntMessage>,
    pub timeline: Timeline,
    pub kept_in: Option<PathBuf>,
    pub requests: Vec<String>,
}

impl Ent {
    pub fn new(accounts: Vec<EntAccount>, script: Vec<(Duration, Weather)>, clock: Clock) -> Self {
        Self {
            accounts,
            unseen: HashSet::new(),
            unseen_by: HashSet::new(),
            most_named: MOST_NAMED,
            most_addressed: usize::MAX,
            script,
            by_hand: None,
            started: clock.now(),
            clock,
            sessions: Vec::new(),
            tokens_given: 0,
            messages: Vec::new(),
            timeline: Timeline::default(),
            kept_in: None,
            requests: Vec::new(),
        }
    }

    pub fn weather(&self) -> Weather {
        let elapsed = self.clock.now().since(self.started);
        let scripted = self.script.iter().rev().find(|(from, _)| *from <= elapsed);
        self.by_hand.or(scripted.map(|(_, weather)| *weather)).unwrap_or(Weather::Fine)
    }

    /// The accounts that `sender` may write to: none for an application that acts as itself.
    pub fn seen_by<'a>(&'a self, sender: &str) -> impl Iterator<Item = &'a EntAccount> + use<'a> {
        let sees_none = sender == SYSTEM_USER;
        let hidden = self.unseen_by.iter().filter(|(from, _)| from == sender);
        let hidden: HashSet<&str> = hidden.map(|(_, id)| id.as_str()).collect();
        let is_hidden = move |id: &String| self.unseen.contains(id) || hidden.contains(id.as_str());
        self.accounts.iter().filter(move |it| !sees_none && !is_hidden(&it.id))
    }
}

pub(super) fn lock(ent: &SharedEnt) -> MutexGuard<'_, Ent> {
    ent.lock().unwrap_or_else(PoisonError::into_inner)
}
