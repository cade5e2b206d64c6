//! Who looks at what, and what they are shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::super::fault::Fault;
use crate::accounts::Account;
use crate::id::Id;
use crate::office::School;
use crate::stop::Stop;

/// Streams at once, so that most connections are left to whoever asks for a page.
const MOST: usize = 600;
/// … of one account: what a few browsers that it is signed in to hold.
const MOST_OF_ACCOUNT: usize = 12;
/// Of the time that passes, one part at most in so many is spent on looking at all that is looked at.
const ONE_IN: u32 = 40;
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
    /// How it stands now at the school, and how long it is believed at least.
    fn look(
        &mut self,
        school: &School,
    ) -> impl Future<Output = Result<(LiveView, Duration), Fault>> + Send;
}

/// What each who looks at one thing sees.
type ViewSender = watch::Sender<Arc<LiveView>>;

/// What somebody looks at. Clones share it.
#[derive(Clone)]
pub(crate) struct Hub {
    looks: Arc<Mutex<Looks>>,
    stop: Stop,
}

struct Looks {
    /// As its settings are now.
    school: Arc<School>,
    shown: HashMap<String, OnShow>,
    streams: HashMap<Id<Account>, usize>,
}

/// Something that is being shown, as those see it who come.
struct OnShow {
    sender: ViewSender,
    /// Whether somebody came since it was looked at last: their page may be newer than what the others see.
    is_awaited: bool,
    /// Has it looked at anew.
    wake: Arc<Notify>,
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
    wake: Arc<Notify>,
}

/// One look at what is shown.
struct BegunLook {
    school: Arc<School>,
    /// Whether all are shown it, also where nothing has changed: somebody came.
    is_awaited: bool,
}

impl Hub {
    /// Nobody looks yet; nobody does once `stop` is given.
    pub(crate) fn new(school: Arc<School>, stop: Stop) -> Self {
        let (shown, streams) = (HashMap::new(), HashMap::new());
        Self { looks: Arc::new(Mutex::new(Looks { school, shown, streams })), stop }
    }

    /// From now on what is shown is of the school as it is now.
    pub(crate) fn shows(&self, school: Arc<School>) {
        self.looks().school = school;
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
        let view = match looks.shown.get_mut(&what) {
            Some(shown) => shown.awaited(),
            None => self.begin(&mut looks, what, watched),
        };
        Some(LivePlace { view, hub: self.clone(), account })
    }

    fn begin(
        &self,
        looks: &mut Looks,
        what: String,
        watched: impl Watched,
    ) -> watch::Receiver<Arc<LiveView>> {
        let (sender, view) = watch::channel(Arc::default());
        let wake = Arc::new(Notify::new());
        let shown = OnShow { sender: sender.clone(), is_awaited: true, wake: Arc::clone(&wake) };
        looks.shown.insert(what.clone(), shown);
        let showing = Showing { hub: self.clone(), what, sender, wake };
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

impl OnShow {
    /// What somebody sees who comes: not what the others see, but how it is looked at next, which is at once.
    fn awaited(&mut self) -> watch::Receiver<Arc<LiveView>> {
        self.is_awaited = true;
        self.wake.notify_one();
        self.sender.subscribe()
    }
}

impl Drop for LivePlace {
    fn drop(&mut self) {
        self.hub.looks().leaves(self.account);
    }
}

impl Showing {
    async fn show(self, mut watched: impl Watched) {
        while let Some(look) = self.begin_look() {
            let began = Instant::now();
            let pause = match watched.look(&look.school).await {
                Ok((view, pause)) => {
                    let tell = |shown: &mut _| replace(shown, view) || look.is_awaited;
                    self.sender.send_if_modified(tell);
                    pause
                }
                Err(fault) => {
                    fault.log();
                    self.is_owed(&look);
                    AFTER_A_FAULT
                }
            };
            let spared = began.elapsed() * ONE_IN * self.hub.looks().beside();
            self.hub.stop.pause(spared).await;
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = self.hub.stop.pause(pause.saturating_sub(spared)) => {}
            }
        }
    }

    /// `None` once nobody looks. Whoever comes takes the same lock: they find it shown, or show it anew.
    fn begin_look(&self) -> Option<BegunLook> {
        let mut looks = self.hub.looks();
        if self.sender.receiver_count() == 0 || self.hub.stop.is_given() {
            self.give_up(&mut looks);
            return None;
        }
        let school = Arc::clone(&looks.school);
        let shown = looks.shown.get_mut(&self.what)?;
        Some(BegunLook { school, is_awaited: std::mem::take(&mut shown.is_awaited) })
    }

    /// Whoever came before a look that failed is shown the next one.
    fn is_owed(&self, look: &BegunLook) {
        let mut looks = self.hub.looks();
        if let Some(shown) = looks.shown.get_mut(&self.what) {
            shown.is_awaited |= look.is_awaited;
        }
    }

    fn give_up(&self, looks: &mut Looks) {
        if looks.shown.get(&self.what).is_some_and(|it| it.sender.same_channel(&self.sender)) {
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
