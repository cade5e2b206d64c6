//! One call for several who are told the same: started together, settled one by one, uncertain together.

mod shared;
mod stand_in;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::{
    Accepted, Circular, Content, Envelope, FailureKind, Recipient, SendError, Verdicts,
};
use chappe::message::{Message, Terms, Urgency};
use chappe::people::ContactPoint;
use chappe::providers::{Health, Provider, WhenUnknown};
use chappe::queue::{self, Addressees, Queue};
use chappe::settings::{Pace, Span};
use tempfile::TempDir;
use tokio::time::Instant;

use super::pass;
use super::works::{Daemon, MORNING, Works, recipient};

/// What the ENT lets one sender do: it notifies once in three seconds.
const EVERY: Duration = Duration::from_millis(3_100);
const SLOW: Duration = Duration::from_secs(4);

/// One call: when, under which reference, and for whom.
#[derive(Debug, Clone)]
struct Call {
    at: Duration,
    reference: String,
    to: Vec<String>,
    html: String,
}

/// How a workspace fares.
#[derive(Debug, Default)]
struct Temper {
    /// Whom the sender does not see: a call that names one is refused whole.
    unseen: BTreeSet<String>,
    /// Who never opened their account.
    inactive: BTreeSet<String>,
    /// Whom a call leaves out for now.
    skips: BTreeSet<String>,
    /// A call takes longer than the span between two.
    slow: bool,
    /// Every call is refused so.
    refuses: Option<FailureKind>,
    /// It takes what comes, and no answer arrives.
    loses_answers: bool,
    /// It gets nothing, and no answer arrives.
    loses_calls: bool,
}

/// A workspace that takes several in one call.
struct Ent {
    began: Instant,
    most_together: usize,
    temper: Mutex<Temper>,
    calls: Mutex<Vec<Call>>,
    asked: Mutex<Vec<String>>,
    /// Who has which message, by its reference.
    inboxes: Mutex<BTreeMap<String, Vec<String>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ent {
    fn new(most_together: usize) -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            most_together,
            temper: Mutex::default(),
            calls: Mutex::default(),
            asked: Mutex::default(),
            inboxes: Mutex::default(),
        })
    }

    fn becomes(&self, temper: Temper) {
        *locked(&self.temper) = temper;
    }

    fn calls(&self) -> Vec<Call> {
        locked(&self.calls).clone()
    }

    /// How often each account has it.
    fn copies(&self) -> BTreeMap<String, usize> {
        let mut copies = BTreeMap::new();
        for account in locked(&self.inboxes).values().flatten() {
            *copies.entry(account.clone()).or_default() += 1;
        }
        copies
    }

    async fn take(&self, reference: &str, to: &[ContactPoint], content: &Content) -> Taken {
        let Content::Ent { html, .. } = content else { panic!("{content:?}") };
        let to: Vec<String> = to.iter().map(|it| it.value().to_owned()).collect();
        let at = self.began.elapsed();
        let (reference, html) = (reference.to_owned(), html.clone());
        locked(&self.calls).push(Call { at, reference: reference.clone(), to: to.clone(), html });
        let answers_after =
            if locked(&self.temper).slow { SLOW } else { Duration::from_millis(40) };
        tokio::time::sleep(answers_after).await;
        let temper = locked(&self.temper);
        if let Some(kind) = temper.refuses {
            return Err(SendError::new(kind, "test"));
        }
        if to.iter().any(|it| temper.unseen.contains(it)) {
            return Err(SendError::new(FailureKind::Refused, "somebody is not visible"));
        }
        let lost = Err(SendError::new(FailureKind::Uncertain, "no answer"));
        if temper.loses_calls {
            return lost;
        }
        let has_it = |it: &String| !temper.inactive.contains(it) && !temper.skips.contains(it);
        let has_it: Vec<bool> = to.iter().map(has_it).collect();
        let taken = to.into_iter().zip(&has_it).filter_map(|(it, has)| has.then_some(it));
        locked(&self.inboxes).entry(reference).or_default().extend(taken);
        if temper.loses_answers { lost } else { Ok(has_it) }
    }

    fn verdict(&self, reference: &str, to: &ContactPoint, has_it: bool) -> Verdict {
        let provider_ref = Some(format!("message-{reference}"));
        if has_it {
            return Ok(Accepted { provider_ref, ..Accepted::default() });
        }
        if locked(&self.temper).skips.contains(to.value()) {
            return Err(SendError::new(FailureKind::Deferred, "it went without this one"));
        }
        Err(SendError::new(FailureKind::BadAddress, "never activated"))
    }
}

type Verdict = Result<Accepted, SendError>;

/// Of each whether they have it, where the call went well.
type Taken = Result<Vec<bool>, SendError>;

#[async_trait]
impl Provider for Ent {
    fn name(&self) -> &'static str {
        "ent"
    }

    fn channel(&self) -> Channel {
        Channel::Ent
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Ask
    }

    fn most_together(&self) -> usize {
        self.most_together
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let Envelope { reference, to, content, .. } = envelope;
        let taken = self.take(reference, std::slice::from_ref(to), content).await?;
        self.verdict(reference, to, taken[0])
    }

    async fn send_together(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        let Circular { reference, to, content } = circular;
        let taken = self.take(reference, to, content).await?;
        let taken = to.iter().zip(taken);
        Ok(taken.map(|(to, has_it)| self.verdict(reference, to, has_it)).collect())
    }

    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let reference = &envelope.reference;
        locked(&self.asked).push(reference.clone());
        let has_it = locked(&self.inboxes).contains_key(reference);
        has_it.then(|| self.verdict(reference, &envelope.to, true)).transpose()
    }

    async fn ask_together(&self, circular: &Circular) -> Result<Option<Verdicts>, SendError> {
        let Circular { reference, to, .. } = circular;
        locked(&self.asked).push(reference.clone());
        let inboxes = locked(&self.inboxes);
        let found = inboxes.get(reference).map(|has| {
            let has_it = |it: &ContactPoint| has.iter().any(|has| has == it.value());
            to.iter().map(|it| self.verdict(reference, it, has_it(it))).collect()
        });
        Ok(found)
    }

    async fn check(&self) -> Result<Health, SendError> {
        Ok(Health::default())
    }
}

/// A school whose families are told the same.
struct Told {
    works: Works,
    queue: Queue,
    ent: Arc<Ent>,
    message: Message,
    daemon: Daemon,
    _folder: TempDir,
}

fn family(number: usize) -> Recipient {
    let mut to = recipient(number).unwrap();
    to.ent = Some(account(number));
    to
}

fn account(number: usize) -> String {
    format!("account-{number}")
}

fn accounts(numbers: &[usize]) -> BTreeSet<String> {
    numbers.iter().copied().map(account).collect()
}

fn works(folder: &TempDir) -> Works {
    let settings = [("DISPATCH__LOOK_EVERY", "1s")];
    Works::set(folder.path(), Clock::simulated(MORNING), &settings).unwrap()
}

fn every(span: Duration) -> Pace {
    Pace { every: Some(Span(span)), ..Pace::FREE }
}

impl Told {
    /// So many families, whose ENT fares so.
    async fn to(families: usize, ent: Arc<Ent>, pace: Pace) -> Self {
        Self::these((0..families).map(family).collect(), ent, pace).await
    }

    async fn these(families: Vec<Recipient>, ent: Arc<Ent>, pace: Pace) -> Self {
        let folder = TempDir::new().unwrap();
        let works = works(&folder);
        let queue = works.open().unwrap();
        let how = (Urgency::Bulk, Terms::default());
        let message = works.launch_to(how, &queue, Channel::Ent, families).await.unwrap();
        let daemon = works.start(&queue, &ent, &pace);
        Self { works, queue, ent, message, daemon, _folder: folder }
    }

    async fn addressees(&self) -> Addressees {
        let now = self.works.clock.now();
        queue::status(self.queue.store(), &self.message, now).await.unwrap().addressees
    }

    /// How many calls, for how many each.
    fn sizes(&self) -> Vec<usize> {
        self.ent.calls().iter().map(|call| call.to.len()).collect()
    }

    /// How many have it; nobody has it twice.
    fn told_once(&self) -> usize {
        let copies = self.ent.copies();
        assert!(copies.values().all(|count| *count == 1), "{copies:?}");
        copies.len()
    }
}

#[tokio::test(start_paused = true)]
async fn nine_hundred_families_take_eighteen_calls_of_one_a_notification() {
    let told = Told::to(900, Ent::new(50), every(EVERY)).await;
    pass(Duration::from_mins(1)).await;
    assert_eq!(told.sizes(), [50; 18]);
    let calls = told.ent.calls();
    for (one, next) in calls.iter().zip(calls.iter().skip(1)) {
        assert!(next.at >= one.at + Duration::from_secs(3), "{:?} {:?}", one.at, next.at);
    }
    assert_eq!((told.told_once(), told.addressees().await.reached), (900, 900));
    let references: BTreeSet<_> = calls.iter().map(|call| call.reference.clone()).collect();
    assert_eq!(references.len(), 18, "each call has its own");
    assert!(calls.iter().all(|call| call.html.contains(&call.reference)));
    told.daemon.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_pace_that_the_operator_changed_holds_from_the_next_call_on() {
    let told = Told::to(900, Ent::new(50), every(EVERY)).await;
    pass(Duration::from_secs(10)).await;
    told.daemon.stop().await.unwrap();
    let before = told.ent.calls().len();
    let slower = Duration::from_secs(20);
    let daemon = told.works.start(&told.queue, &told.ent, &every(slower));
    pass(Duration::from_mins(10)).await;
    daemon.stop().await.unwrap();
    let calls = told.ent.calls();
    assert!(before >= 3, "{before}");
    for (one, next) in calls.iter().zip(calls.iter().skip(1)).skip(before - 1) {
        assert!(next.at >= one.at + slower, "{:?} {:?}", one.at, next.at);
    }
    let copies = told.ent.copies();
    assert!(copies.len() == 900 && copies.values().all(|it| *it == 1), "{copies:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_call_is_followed_by_the_whole_span_counted_from_its_end() {
    let ent = Ent::new(50);
    ent.becomes(Temper { slow: true, ..Temper::default() });
    let told = Told::to(150, Arc::clone(&ent), Pace { at_once: 1, ..every(EVERY) }).await;
    pass(Duration::from_secs(30)).await;
    let calls = ent.calls();
    assert_eq!((calls.len(), told.told_once()), (3, 150));
    for (one, next) in calls.iter().zip(calls.iter().skip(1)) {
        assert!(next.at >= one.at + SLOW + Duration::from_secs(3), "{:?} {:?}", one.at, next.at);
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_not_in_a_call_that_is_found_goes_again() {
    let ent = Ent::new(50);
    ent.becomes(Temper { loses_answers: true, skips: accounts(&[5]), ..Temper::default() });
    let told = Told::to(20, Arc::clone(&ent), Pace::FREE).await;
    pass(Duration::from_secs(1)).await;
    ent.becomes(Temper { skips: accounts(&[5]), ..Temper::default() });
    pass(Duration::from_mins(3)).await;
    assert_eq!(told.addressees().await.reached, 19);
    ent.becomes(Temper::default());
    pass(Duration::from_hours(2)).await;
    assert_eq!((told.told_once(), told.addressees().await.reached), (20, 20));
}

#[tokio::test(start_paused = true)]
async fn without_a_rate_they_leave_together_just_so() {
    let told = Told::to(1_234, Ent::new(50), Pace::FREE).await;
    pass(Duration::from_secs(5)).await;
    assert!(told.sizes().len() <= 26, "{:?}", told.sizes());
    assert_eq!((told.told_once(), told.addressees().await.reached), (1_234, 1_234));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_takes_one_a_call_is_called_once_for_each() {
    let told = Told::to(60, Ent::new(1), Pace::FREE).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!((told.sizes(), told.told_once()), (vec![1; 60], 60));
}

#[tokio::test(start_paused = true)]
async fn who_never_opened_their_account_ends_alone_and_the_others_are_told() {
    let ent = Ent::new(50);
    ent.becomes(Temper { inactive: accounts(&[3, 4, 77]), ..Temper::default() });
    let told = Told::to(100, ent, Pace::FREE).await;
    pass(Duration::from_secs(5)).await;
    let found = told.addressees().await;
    assert_eq!((found.reached, found.unreached, told.told_once()), (97, 3, 97));
    assert_eq!(told.sizes(), [50, 50]);
}

#[tokio::test(start_paused = true)]
async fn one_who_is_not_visible_is_found_and_keeps_nobody_else_from_it() {
    let ent = Ent::new(50);
    ent.becomes(Temper { unseen: accounts(&[17]), ..Temper::default() });
    let told = Told::to(200, ent, Pace::FREE).await;
    pass(Duration::from_secs(30)).await;
    let found = told.addressees().await;
    assert_eq!((found.reached, found.unreached, told.told_once()), (199, 1, 199));
    let sizes = told.sizes();
    assert!(sizes.len() <= 4 + 2 * 6, "halved until the one is alone: {sizes:?}");
    let alone: Vec<_> = told.ent.calls().into_iter().filter(|it| it.to == [account(17)]).collect();
    assert_eq!(alone.len(), 1, "refused alone once, and not tried again");
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_to_all_stops_the_channel_after_few_calls() {
    let ent = Ent::new(50);
    ent.becomes(Temper { refuses: Some(FailureKind::Denied), ..Temper::default() });
    let told = Told::to(900, Arc::clone(&ent), every(EVERY)).await;
    pass(Duration::from_mins(30)).await;
    assert!(ent.calls().len() <= 40, "{:?}", told.sizes());
    assert_eq!(told.addressees().await.waiting, 900, "nobody is given up for our own fault");
    ent.becomes(Temper::default());
    pass(Duration::from_hours(2)).await;
    assert_eq!((told.told_once(), told.addressees().await.reached), (900, 900));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_once_and_settled_one_by_one() {
    let ent = Ent::new(50);
    let inactive = accounts(&[7, 9]);
    ent.becomes(Temper { loses_answers: true, inactive: inactive.clone(), ..Temper::default() });
    let told = Told::to(50, Arc::clone(&ent), Pace::FREE).await;
    pass(Duration::from_secs(1)).await;
    ent.becomes(Temper { inactive, ..Temper::default() });
    pass(Duration::from_hours(1)).await;
    let found = told.addressees().await;
    assert_eq!((found.reached, found.unreached, told.told_once()), (48, 2, 48));
    assert_eq!((told.sizes(), locked(&ent.asked).len()), (vec![50], 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_never_arrived_is_made_again_for_the_same_under_its_reference() {
    let ent = Ent::new(50);
    ent.becomes(Temper { loses_calls: true, ..Temper::default() });
    let told = Told::to(120, Arc::clone(&ent), Pace::FREE).await;
    pass(Duration::from_secs(1)).await;
    let first = ent.calls();
    ent.becomes(Temper::default());
    pass(Duration::from_hours(2)).await;
    assert_eq!((told.told_once(), told.addressees().await.reached), (120, 120));
    let whom = |call: &Call| call.to.iter().cloned().collect::<BTreeSet<_>>();
    for again in ent.calls().iter().skip(first.len()) {
        let before = first.iter().find(|it| it.reference == again.reference);
        assert_eq!(before.map(whom), Some(whom(again)), "{}", again.reference);
    }
}

#[tokio::test(start_paused = true)]
async fn two_who_read_one_account_are_one_in_a_call() {
    let mut all: Vec<Recipient> = (0..4).map(family).collect();
    all[3].ent = Some(account(0));
    let told = Told::these(all, Ent::new(50), Pace::FREE).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!((told.sizes(), told.told_once()), (vec![3], 3));
    assert_eq!(told.addressees().await.reached, 4);
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_dies_in_a_call_asks_for_all_whom_it_carried() {
    let ent = Ent::new(50);
    let told = Told::to(150, Arc::clone(&ent), every(EVERY)).await;
    pass(Duration::from_millis(3_130)).await;
    told.daemon.kill().await;
    let before = ent.calls().len();
    assert!(before >= 1);
    let daemon = told.works.start(&told.queue, &ent, &every(EVERY));
    pass(Duration::from_hours(1)).await;
    daemon.stop().await.unwrap();
    let copies = ent.copies();
    assert!(copies.len() == 150 && copies.values().all(|it| *it == 1), "{copies:?}");
    let now = told.works.clock.now();
    let status = queue::status(told.queue.store(), &told.message, now).await.unwrap();
    assert_eq!(status.addressees.reached, 150);
}
