//! Who looks at what, and what they are shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::super::fault::Fault;
use crate::accounts::Account;
use crate::id::Id;
use crate::stop::Stop;

/// Streams at once, so that most connections are left to whoever asks for a page.
const MOST: usize = 600;
/// … of one account: what a few browsers that it is signed in to hold.
const MOST_OF_ACCOUNT: usize = 12;
/// Of the time that passes, one part at most in so many is spent on looking at all that is looked at.
const ONE_IN: u32 = 20;
/// Before something is looked at again that could not be.
const AFTER_A_FAULT: Duration = Duration::from_secs(5);

/// What is seen at one moment; without parts before it was looked at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LiveView {
    /// What changes of the page.
    pub(crate) parts: Vec<LivePart>,
    /// The same in a sentence, for whoever listens.
    pub(crate) said: String,
}

/// A part of a page, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LivePart {
    /// The id of its element.
    pub(crate) id: &'static str,
    /// What the element holds.
    pub(crate) html: String,
}

/// What somebody may look at as it changes.
pub(crate) trait Watched: Send + 'static {
    /// How it stands now, and how long it is believed at least.
    fn look(&mut self) -> impl Future<Output = Result<(LiveView, Duration), Fault>> + Send;
}

/// What each who looks at one thing sees.
type ViewSender = watch::Sender<Arc<LiveView>>;

/// What somebody looks at. Clones share it.
#[derive(Clone)]
pub(crate) struct Hub {
    looks: Arc<Mutex<Looks>>,
    stop: Stop,
}

#[derive(Default)]
struct Looks {
    shown: HashMap<String, ViewSender>,
    streams: HashMap<Id<Account>, usize>,
}

/// A place before something that is shown; given up when it is dropped.
pub(super) struct LivePlace {
    /// What is seen from there.
    pub(super) view: watch::Receiver<Arc<LiveView>>,
    hub: Hub,
    account: Id<Account>,
}

/// Something that is being shown, for as long as somebody looks.
struct Showing {
    hub: Hub,
    what: String,
    sender: ViewSender,
}

impl Hub {
    /// Nobody looks yet; nobody does once `stop` is given.
    pub(crate) fn new(stop: Stop) -> Self {
        Self { looks: Arc::default(), stop }
    }

    /// The end of the daemon.
    pub(super) const fn stop(&self) -> &Stop {
        &self.stop
    }

    /// A place for an account before what is called so, which is shown from now on where nobody looked yet; `None`
    /// where too many look.
    pub(super) fn look(
        &self,
        account: Id<Account>,
        what: String,
        watched: impl Watched,
    ) -> Option<LivePlace> {
        let mut looks = self.looks();
        if !looks.lets_in(account) {
            return None;
        }
        let mut view = match looks.shown.get(&what) {
            Some(sender) => sender.subscribe(),
            None => self.begin(&mut looks, what, watched),
        };
        // Whoever comes later sees at once what the others see.
        view.mark_changed();
        Some(LivePlace { view, hub: self.clone(), account })
    }

    fn begin(
        &self,
        looks: &mut Looks,
        what: String,
        watched: impl Watched,
    ) -> watch::Receiver<Arc<LiveView>> {
        let (sender, view) = watch::channel(Arc::default());
        looks.shown.insert(what.clone(), sender.clone());
        let showing = Showing { hub: self.clone(), what, sender };
        tokio::spawn(showing.show(watched));
        view
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Looks {
    fn lets_in(&mut self, account: Id<Account>) -> bool {
        let all: usize = self.streams.values().sum();
        let own = self.streams.entry(account).or_default();
        let may = all < MOST && *own < MOST_OF_ACCOUNT;
        *own += usize::from(may);
        may
    }

    /// How much is shown at once.
    fn beside(&self) -> u32 {
        u32::try_from(self.shown.len()).unwrap_or(u32::MAX)
    }

    fn leaves(&mut self, account: Id<Account>) {
        if let Some(own) = self.streams.get_mut(&account) {
            *own = own.saturating_sub(1);
        }
        self.streams.retain(|_, own| *own > 0);
    }
}

impl Drop for LivePlace {
    fn drop(&mut self) {
        self.hub.looks().leaves(self.account);
    }
}

impl Showing {
    async fn show(self, mut watched: impl Watched) {
        while self.is_wanted() {
            let began = Instant::now();
            let pause = match watched.look().await {
                Ok((view, pause)) => {
                    self.sender.send_if_modified(|shown| replace(shown, view));
                    pause
                }
                Err(fault) => {
                    fault.log();
                    AFTER_A_FAULT
                }
            };
            let spared = began.elapsed() * ONE_IN * self.hub.looks().beside();
            self.hub.stop.pause(pause.max(spared)).await;
        }
    }

    /// `false` once nobody looks. Whoever comes takes the same lock: they find it shown, or show it anew.
    fn is_wanted(&self) -> bool {
        let mut looks = self.hub.looks();
        let is_wanted = self.sender.receiver_count() > 0 && !self.hub.stop.is_given();
        if !is_wanted {
            self.give_up(&mut looks);
        }
        is_wanted
    }

    fn give_up(&self, looks: &mut Looks) {
        if looks.shown.get(&self.what).is_some_and(|sender| sender.same_channel(&self.sender)) {
            looks.shown.remove(&self.what);
        }
    }
}

/// Whatever ended it, the next who looks has it shown anew.
impl Drop for Showing {
    fn drop(&mut self) {
        self.give_up(&mut self.hub.looks());
    }
}

/// Whether what is shown is something else now.
fn replace(shown: &mut Arc<LiveView>, view: LiveView) -> bool {
    let is_new = **shown != view;
    if is_new {
        *shown = Arc::new(view);
    }
    is_new
}
