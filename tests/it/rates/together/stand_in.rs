//! The same on the demo's ENT, in real time: whom it does not tell, what it keeps from whom, and how many it takes.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::{About, Recipient};
use chappe::demo::ent::{EntAccount, EntStandIn, LOGIN, Weather};
use chappe::message::{Message, Terms, Urgency};
use chappe::providers::{Edifice, EdificeGrant, EdificeSettings, Guard, Provider};
use chappe::queue::{self, Queue, Status};
use chappe::settings::{Pace, SecretPlace, Span};
use tempfile::TempDir;

use super::super::works::{Daemon, MORNING, Works};
use super::{account, every, family};
use crate::providers::edifice;
use crate::town::settings::until;

/// A seventieth of what a real one takes, as is the pace.
const ANTI_FLOOD: Duration = Duration::from_millis(40);
const EVERY: Duration = Duration::from_millis(50);
/// Longer than any of these tests.
const FOR_EVER: Duration = Duration::from_hours(1);
const FAMILIES: usize = 900;
/// As many as the limit of names, among those of one call.
const UNOPENED: std::ops::Range<usize> = 100..150;
const HIDDEN: [usize; 3] = [17, 400, 899];
/// Another account of the school's.
const OTHER: &str = "vie-scolaire";
/// Two accounts of one ENT, as the configuration places them.
const TWO_SENDERS: [(&str, &str); 3] = [
    ("PROVIDERS__FIRST__FOLDER", "{ channel = \"ent\", path = \"drill\" }"),
    ("PROVIDERS__SECOND__FOLDER", "{ channel = \"ent\", path = \"drill\" }"),
    ("ROUTES__ENT", "[[\"first\", \"second\"], \"ent\"]"),
];

/// For answers that are lost.
const IN_HASTE: [(&str, &str); 4] = [
    ("BREAKER__FIRST_PAUSE", "100ms"),
    ("BREAKER__LONGEST_PAUSE", "200ms"),
    ("DISPATCH__LOOK_EVERY", "20ms"),
    ("DISPATCH__RECEIPTS_EVERY", "50ms"),
];

/// A school on the demo's ENT.
struct OnStage {
    ent: EntStandIn,
    works: Works,
    queue: Queue,
    message: Message,
    folder: TempDir,
}

fn paced() -> Pace {
    Pace { at_once: 1, ..every(EVERY) }
}

fn accounts(count: usize, unopened: &[usize]) -> Vec<EntAccount> {
    let one = |number: usize| EntAccount {
        id: account(number),
        display_name: format!("Alix DURAND {number}"),
        profile: "Relative".to_owned(),
        active: !unopened.contains(&number),
        children: Vec::new(),
    };
    (0..count).map(one).collect()
}

impl OnStage {
    async fn of(count: usize) -> Self {
        let folder = TempDir::new().unwrap();
        Self::set(folder, &[], (0..count).map(family).collect(), &[]).await
    }

    async fn set(
        folder: TempDir,
        settings: &[(&str, &str)],
        families: Vec<Recipient>,
        unopened: &[usize],
    ) -> Self {
        let works = Works::set(folder.path(), Clock::simulated(MORNING), settings).unwrap();
        let accounts = accounts(families.len(), unopened);
        let ent = EntStandIn::start(accounts, Vec::new(), works.clock.clone()).await.unwrap();
        let queue = works.open().unwrap();
        let how = (Urgency::Bulk, Terms::default());
        let message = works.launch_to(how, &queue, Channel::Ent, families).await.unwrap();
        Self { ent, works, queue, message, folder }
    }

    /// Our side of it, as this account of the school.
    fn sender(&self, name: &str, user: &str) -> Arc<dyn Provider> {
        let password = SecretPlace::Env("UNUSED".to_owned());
        let settings = EdificeSettings {
            grant: EdificeGrant::Password { user: user.to_owned(), password },
            answer_limit: Span::secs(30),
            ..edifice::settings(self.ent.url())
        };
        let (clock, guard) = (self.works.clock.clone(), Guard::LoopbackOnly);
        Arc::new(Edifice::new(name, &settings, edifice::secrets(), clock, guard).unwrap())
    }

    fn start(&self, pace: &Pace) -> Daemon {
        self.works.start_these(&self.queue, vec![self.sender("ent", LOGIN)], pace)
    }

    async fn status(&self) -> Status {
        let now = self.works.clock.now();
        queue::status(self.queue.store(), &self.message, now).await.unwrap()
    }

    /// Once nothing waits for a machine any more.
    async fn at_rest(&self) -> Status {
        until(async || self.status().await.addressees.waiting == 0).await;
        self.status().await
    }

    /// How many messages lie at each, and how many were told to them.
    fn copies(&self, number: usize) -> (usize, usize) {
        let id = account(number);
        (self.ent.in_inbox(&id), self.ent.notified(&id))
    }
}

#[tokio::test]
async fn nine_hundred_families_have_it_in_twenty_calls_at_most_and_each_is_notified_once() {
    let (folder, families) = (TempDir::new().unwrap(), (0..FAMILIES).map(family).collect());
    let unopened: Vec<usize> = UNOPENED.collect();
    let stage = OnStage::set(folder, &[], families, &unopened).await;
    stage.ent.set_anti_flood(ANTI_FLOOD);
    for hidden in HIDDEN {
        stage.ent.hide(&account(hidden));
    }
    let daemon = stage.start(&paced());
    let Status { addressees, levels, .. } = stage.at_rest().await;
    daemon.stop().await.unwrap();
    assert!(stage.ent.taken() <= 20, "{}", stage.ent.taken());
    for number in 0..FAMILIES {
        let once = usize::from(!HIDDEN.contains(&number));
        assert_eq!(stage.copies(number), (once, once), "{number}");
    }
    let lost = UNOPENED.len() + HIDDEN.len();
    assert_eq!((addressees.reached, addressees.unreached), (FAMILIES - lost, lost));
    assert_eq!(levels.handed_over, addressees.reached);
}

#[tokio::test]
async fn a_pace_that_is_wrong_shows_on_the_ent_and_nobody_counts_as_more_than_handed_over() {
    let stage = OnStage::of(200).await;
    stage.ent.set_anti_flood(FOR_EVER);
    let daemon = stage.start(&Pace { every: None, ..paced() });
    let Status { addressees, levels, .. } = stage.at_rest().await;
    daemon.stop().await.unwrap();
    assert_eq!(stage.ent.delivered_and_notified(), (200, 50), "of the first call alone");
    // No answer tells: what is known is that it lies there.
    assert_eq!((addressees.reached, levels.handed_over, stage.ent.taken()), (200, 200, 4));
    assert_eq!((levels.arrived, levels.seen), (0, 0));
}

/// The shipped announcement, with the child's name in what the ENT gets.
fn names_the_child() -> TempDir {
    let folder = TempDir::new().unwrap();
    let template = folder.path().join("templates/fermeture");
    fs::create_dir_all(&template).unwrap();
    let shipped = include_str!("../../../../message-templates/fermeture/about.toml");
    let channels = r#"channels = ["ent", "email", "sms", "phone", "letter"]"#;
    let about = shipped.replace("together = [\"ent\"]\n", "");
    let about = about.replace(channels, "channels = [\"ent\"]");
    fs::write(template.join("about.toml"), about).unwrap();
    fs::write(template.join("subject.hbs"), "{{objet}}").unwrap();
    let text = "{{ce_qui_change}}{{#if concerne}} Pour {{concerne}}.{{/if}} {{reference}}";
    fs::write(template.join("ent.hbs"), text).unwrap();
    folder
}

fn with_a_child(number: usize) -> Recipient {
    let name = format!("Zoé DURAND{number}");
    let about = vec![About { pupil: None, name, class: Some("6A".to_owned()), level: None }];
    Recipient { about, ..family(number) }
}

#[tokio::test]
async fn a_text_that_names_the_child_goes_alone_and_at_its_pace_each_is_notified() {
    let unpaced = Pace { every: None, ..paced() };
    for (pace, anti_flood, notified) in [(paced(), ANTI_FLOOD, 12), (unpaced, FOR_EVER, 1)] {
        let families = (0..12).map(with_a_child).collect();
        let settings = [("TEMPLATES__FOLDER", "templates")];
        let stage = OnStage::set(names_the_child(), &settings, families, &[]).await;
        assert_eq!(stage.sender("ent", LOGIN).most_together(), 50);
        stage.ent.set_anti_flood(anti_flood);
        let daemon = stage.start(&pace);
        assert_eq!(stage.at_rest().await.addressees.reached, 12);
        daemon.stop().await.unwrap();
        assert_eq!(stage.ent.delivered_and_notified(), (12, notified));
        for message in stage.ent.messages() {
            let [to] = message.to.as_slice() else { panic!("{:?}", message.to) };
            let number = to.strip_prefix("account-").unwrap();
            assert!(message.body.contains(&format!("DURAND{number}")), "{to}: {}", message.body);
            assert_eq!(message.body.matches("DURAND").count(), 1, "their own child alone");
        }
        drop(stage.folder);
    }
}

#[tokio::test]
async fn an_ent_that_refuses_by_size_has_it_from_smaller_calls_and_nobody_twice() {
    let stage = OnStage::of(120).await;
    stage.ent.take_at_most(20);
    let daemon = stage.start(&paced());
    assert_eq!(stage.at_rest().await.addressees.reached, 120);
    daemon.stop().await.unwrap();
    let messages = stage.ent.messages();
    assert!((0..120).all(|number| stage.copies(number).0 == 1));
    assert!(messages.iter().all(|it| it.to.len() <= 20));
    let sends = stage.ent.requests().iter().filter(|it| it.ends_with("/send")).count();
    let refused = sends - messages.len();
    assert!((1..=5).contains(&refused), "it learns how many are too many: {refused}");
}

#[tokio::test]
async fn whom_one_sender_does_not_see_has_it_from_another_of_the_same_ent() {
    let (folder, families) = (TempDir::new().unwrap(), (0..60).map(family).collect());
    let stage = OnStage::set(folder, &TWO_SENDERS, families, &[]).await;
    for number in 0..60 {
        let from = if number % 2 == 0 { LOGIN } else { OTHER };
        stage.ent.hide_from(from, &account(number));
    }
    stage.ent.hide(&account(31));
    let senders = vec![stage.sender("first", LOGIN), stage.sender("second", OTHER)];
    let daemon = stage.works.start_these(&stage.queue, senders, &Pace { at_once: 1, ..Pace::FREE });
    let found = stage.at_rest().await.addressees;
    daemon.stop().await.unwrap();
    assert_eq!((found.reached, found.unreached), (59, 1));
    assert!((0..60).all(|number| stage.copies(number).0 == usize::from(number != 31)));
    for message in stage.ent.messages() {
        let seen = usize::from(message.from == LOGIN);
        let expected = |to: &String| (0..60).any(|it| it % 2 == seen && account(it) == *to);
        assert!(message.to.iter().all(expected), "{}: {:?}", message.from, message.to);
    }
    let senders: BTreeSet<String> = stage.ent.messages().into_iter().map(|it| it.from).collect();
    assert_eq!(senders.len(), 2);
}

#[tokio::test]
async fn who_may_never_have_opened_their_account_is_not_reached_where_the_answer_is_lost() {
    for together in [1, 50] {
        let (folder, families) = (TempDir::new().unwrap(), (0..6).map(family).collect());
        let stage = OnStage::set(folder, &IN_HASTE, families, &[2, 3]).await;
        let settings = EdificeSettings {
            most_together: together,
            answer_limit: Span::millis(300),
            ..edifice::settings(stage.ent.url())
        };
        let (clock, guard) = (stage.works.clock.clone(), Guard::LoopbackOnly);
        let ours = Edifice::new("ent", &settings, edifice::secrets(), clock, guard).unwrap();
        stage.ent.set_weather(Weather::SilentOnceTaken);
        let ours: Arc<dyn Provider> = Arc::new(ours);
        let pace = Pace { at_once: 6, ..Pace::FREE };
        let daemon = stage.works.start_these(&stage.queue, vec![ours], &pace);
        until(async || stage.ent.delivered_and_notified().0 == 6).await;
        until(async || stage.status().await.channels[&Channel::Ent].uncertain == 6).await;
        stage.ent.set_weather(Weather::Fine);
        until(async || asked_for(&stage).await == 6).await;
        daemon.stop().await.unwrap();
        let found = stage.status().await;
        assert_eq!((found.addressees.reached, found.channels[&Channel::Ent].uncertain), (0, 6));
        assert!((0..6).all(|number| stage.copies(number).0 == 1), "nothing is sent again");
    }
}

/// How many were looked for in the outbox and found there.
async fn asked_for(stage: &OnStage) -> usize {
    let read = stage.queue.store().read(|tx| {
        let sql = "SELECT COUNT(*) FROM deliveries WHERE state = 'uncertain' AND due_at IS NULL";
        tx.query_one(sql, &[], |row| row.count(0))
    });
    read.await.unwrap().unwrap_or_default()
}
