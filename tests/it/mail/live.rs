//! A school, a relay and mailboxes, all of them real: what comes back is brought, read and believed where it may be.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chappe::app::Daemon;
use chappe::channel::Channel;
use chappe::delivery::lifecycle::AddresseeState;
use chappe::inbox::Entrance;
use chappe::message::Message;
use chappe::people::{ContactState, PersonKey};
use chappe::providers::{Awaited, Inbox, NotKept, Word};
use chappe::stop;
use chappe::store::{Tx, replies};

use super::servers::{self, Dovecot, Onward, Server, exim, free_port, opensmtpd, postfix};
use crate::promises::people::{People, Way};
use crate::promises::scene::Scene;
use crate::scripted::smtp::{self, Reply::Say};
use crate::town::settings::until;

const EMAIL: &str = "[{ channels = [\"email\"], patience = \"1h\" }]";
/// What the server behind a relay answers to whom.
const ANSWERS: [smtp::Rule; 5] = [
    ("RCPT TO:<inconnu@", Say("550 5.1.1 Recipient address rejected: User unknown")),
    ("RCPT TO:<complet@", Say("552 5.2.2 Mailbox is over quota")),
    ("RCPT TO:<attend@", Say("450 4.2.0 Recipient address rejected: Greylisted")),
    ("RCPT TO:<limite@", Say("550 5.4.5 Daily user sending limit exceeded")),
    ("RCPT TO:<relais@", Say("554 5.7.1 Relay access denied")),
];
const RETURN_PATH: (&str, &str) =
    ("PROVIDERS__RELAY__SMTP__RETURN_PATH", "retours@ecole.example.org");
const SUBADDRESSES: (&str, &str) = ("PROVIDERS__RELAY__SMTP__SUBADDRESSES", "true");

/// A school whose families have these addresses, one each, at work with these settings.
struct School {
    scene: Scene,
    families: Vec<PersonKey>,
    _daemon: Daemon,
}

impl School {
    async fn set(addresses: &[&'static str], relay: u16, mailbox: &str) -> Self {
        let (scene, families) = scene(addresses, relay, mailbox).await;
        let daemon = scene.start().await;
        Self { scene, families, _daemon: daemon }
    }

    /// Waits until every family stands as it is said here.
    async fn until(&self, message: &Message, expected: &[AddresseeState]) {
        let look = async || {
            let states = self.scene.states(message).await;
            self.families.iter().zip(expected).all(|(it, state)| states.get(it) == Some(state))
        };
        until(look).await;
    }

    async fn known(&self, address: &str) -> ContactState {
        known(&self.scene, address).await
    }
}

async fn scene(addresses: &[&'static str], relay: u16, mailbox: &str) -> (Scene, Vec<PersonKey>) {
    let mut people = People::none();
    let names = ["Alix ALPHA", "Bea BETA", "Cleo GAMMA", "Dan DELTA", "Eve EPSILON", "Fay ZETA"];
    let families = names.iter().zip(addresses);
    let families = families.map(|(name, address)| people.family(name, &[Way::Email(address)]));
    let families = families.collect();
    let (port, mailbox) = (relay.to_string(), mailbox.to_owned());
    let settings = [
        RETURN_PATH,
        SUBADDRESSES,
        ("PROVIDERS__RELAY__SMTP__PORT", port.as_str()),
        ("PROVIDERS__RELAY__SMTP__MAILBOX", mailbox.as_str()),
    ];
    let scene = Scene::set_with(people, EMAIL, &settings).await;
    std::fs::write(scene.folder.path().join("secrets/mailbox"), "secret").unwrap();
    (scene, families)
}

async fn known(scene: &Scene, address: &str) -> ContactState {
    let (school, address) = (scene.app.queue.school().clone(), address.to_owned());
    let read = move |tx: &Tx<'_>| {
        tx.query_one(
            "SELECT state FROM contact_points WHERE school_id = $1 AND value = $2",
            &[school.as_str().into(), (&address).into()],
            |row| row.word(0, ContactState::from_word),
        )
    };
    scene.app.store().read(read).await.unwrap().unwrap()
}

async fn shown(scene: &Scene) -> usize {
    let school = scene.app.queue.school().clone();
    scene.app.store().read(move |tx| replies::open(tx, &school)).await.unwrap().len()
}

fn by_lmtp(port: u16) -> String {
    format!("{{ lmtp = {{ address = \"127.0.0.1:{port}\" }} }}")
}

fn by_imap(port: u16) -> String {
    format!(
        "{{ imap = {{ host = \"127.0.0.1\", port = {port}, security = \"none\", user = \"retours\", \
         password = {{ file = \"secrets/mailbox\" }} }} }}"
    )
}

/// What becomes of mails that a relay took and that the server behind it refuses.
async fn bounces_come_back(relay: fn(Onward) -> Server) {
    let behind = smtp::start(ANSWERS.to_vec(), true, usize::MAX).await;
    let (back, out) = (free_port(), behind.address.port());
    let relay = relay(Onward { back, dovecot: out, out });
    let addresses = [
        "inconnu@familles.example.org",
        "complet@familles.example.org",
        "attend@familles.example.org",
        "limite@familles.example.org",
        "relais@familles.example.org",
        "bien@familles.example.org",
    ];
    let school = School::set(&addresses, relay.port, &by_lmtp(back)).await;
    let message = school.scene.launch().await;
    let mut expected = [AddresseeState::Unreached; 6];
    expected[5] = AddresseeState::Reached;
    school.until(&message, &expected).await;
    assert_eq!(school.known(addresses[0]).await, ContactState::Dead);
    for address in &addresses[1..] {
        assert_eq!(school.known(address).await, ContactState::Unverified, "{address}");
    }
    assert_eq!(shown(&school.scene).await, 0);
}

#[tokio::test]
async fn what_postfix_exim_and_opensmtpd_send_back_is_believed() {
    if servers::can_start() {
        tokio::join!(
            bounces_come_back(postfix),
            bounces_come_back(exim),
            bounces_come_back(opensmtpd)
        );
    }
}

/// A relay, and a Dovecot that has the mailbox of the school and those of families.
fn mailboxes(out: u16) -> (Server, Dovecot) {
    // Each has to know the other's port.
    let (lmtp, relay) = (free_port(), free_port());
    let dovecot = Dovecot::start_at(lmtp, relay);
    (servers::postfix_at(relay, Onward { back: lmtp, dovecot: lmtp, out }), dovecot)
}

#[tokio::test]
async fn a_mailbox_is_watched_and_emptied() {
    if !servers::can_start() {
        return;
    }
    let behind = smtp::start(ANSWERS.to_vec(), true, usize::MAX).await;
    let (relay, dovecot) = mailboxes(behind.address.port());
    let addresses = [
        "inconnu@dovecot.example.org",
        "plein@dovecot.example.org",
        "refus@dovecot.example.org",
        "absent@dovecot.example.org",
        "bien@dovecot.example.org",
    ];
    let school = School::set(&addresses, relay.port, &by_imap(dovecot.imap)).await;
    let message = school.scene.launch().await;
    let (lost, had) = (AddresseeState::Unreached, AddresseeState::Reached);
    // Pigeonhole rejects nothing that a machine sent, and does not say so.
    school.until(&message, &[lost, lost, had, had, had]).await;
    until(async || dovecot.lying("retours", Some("Lus")) == 2).await;
    assert_eq!(dovecot.lying("retours", None), 0);
    assert_eq!(school.known(addresses[0]).await, ContactState::Dead);
    for address in &addresses[1..] {
        assert_eq!(school.known(address).await, ContactState::Unverified, "{address}");
    }
    assert_eq!(shown(&school.scene).await, 0, "nobody is away for a machine's mail");
    let relay = school.scene.provider(Channel::Email);
    let health = relay.check().await.unwrap();
    assert!(health.summary.contains("INBOX, 0 to read"), "{}", health.summary);
}

#[tokio::test]
async fn what_awaits_an_answer_is_rejected_aloud_and_a_vacation_note_answers_nothing() {
    if !servers::can_start() {
        return;
    }
    let behind = smtp::start(ANSWERS.to_vec(), true, usize::MAX).await;
    let (relay, dovecot) = mailboxes(behind.address.port());
    let addresses = ["refus@dovecot.example.org", "absent@dovecot.example.org"];
    let (scene, families) = scene(&addresses, relay.port, &by_imap(dovecot.imap)).await;
    let email = scene.provider(Channel::Email);
    let message = scene.launch().await;
    scene.send_all(Channel::Email, email.as_ref(), true).await;
    let entrance = scene.inbox(email.as_ref());
    let (stopper, stop) = stop::channel();
    let both_are_read = async {
        until(async || dovecot.lying("retours", Some("Lus")) == 2).await;
        stopper.stop();
    };
    tokio::join!(email.listen(&entrance, stop), both_are_read);
    let states = scene.states(&message).await;
    assert_eq!(states[&families[0]], AddresseeState::Unreached);
    assert_eq!(states[&families[1]], AddresseeState::Reached);
    assert_eq!(known(&scene, addresses[0]).await, ContactState::Unverified);
    assert_eq!(shown(&scene).await, 0);
}

/// An inbox that keeps what it is brought, and then lets the mailbox die before it hears of that.
struct Deadly {
    entrance: Entrance,
    dovecot: Mutex<Dovecot>,
    taken: AtomicUsize,
    stopper: Mutex<Option<stop::Stopper>>,
}

#[async_trait]
impl Inbox for Deadly {
    fn every(&self) -> Duration {
        self.entrance.every()
    }

    async fn awaited(&self) -> Result<Awaited, NotKept> {
        self.entrance.awaited().await
    }

    async fn take(&self, words: Vec<Word>) -> Result<(), NotKept> {
        self.entrance.take(words).await?;
        if self.taken.fetch_add(1, Ordering::SeqCst) == 0 {
            let mut dovecot = self.dovecot.lock().unwrap();
            dovecot.die();
            dovecot.begin();
        } else if let Some(stopper) = self.stopper.lock().unwrap().take() {
            stopper.stop();
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_mailbox_that_dies_half_way_loses_and_doubles_nothing() {
    if !servers::can_start() {
        return;
    }
    let behind = smtp::start(ANSWERS.to_vec(), true, usize::MAX).await;
    let (relay, dovecot) = mailboxes(behind.address.port());
    let full = "plein@dovecot.example.org";
    let mailbox = by_imap(dovecot.imap);
    let (scene, families) = scene(&[full], relay.port, &mailbox).await;
    let email = scene.provider(Channel::Email);
    let message = scene.launch().await;
    scene.send_all(Channel::Email, email.as_ref(), false).await;
    until(async || dovecot.lying("retours", None) == 1).await;
    let (stopper, stop) = stop::channel();
    let deadly = Deadly {
        entrance: scene.inbox(email.as_ref()),
        dovecot: Mutex::new(dovecot),
        taken: AtomicUsize::new(0),
        stopper: Mutex::new(Some(stopper)),
    };
    email.listen(&deadly, stop).await;
    assert_eq!(deadly.taken.load(Ordering::SeqCst), 2, "it was brought again");
    assert_eq!(scene.states(&message).await[&families[0]], AddresseeState::Unreached);
    let count = |tx: &Tx<'_>| tx.query_one("SELECT COUNT(*) FROM bounces", &[], |row| row.count(0));
    assert_eq!(scene.app.store().read(count).await.unwrap(), Some(1));
}

/// An inbox while whose first words are kept another mail comes.
struct Busy {
    entrance: Entrance,
    /// Where new mails of the mailbox lie.
    new: PathBuf,
    has_come: AtomicBool,
}

#[async_trait]
impl Inbox for Busy {
    fn every(&self) -> Duration {
        self.entrance.every()
    }

    async fn awaited(&self) -> Result<Awaited, NotKept> {
        self.entrance.awaited().await
    }

    async fn take(&self, words: Vec<Word>) -> Result<(), NotKept> {
        if !self.has_come.swap(true, Ordering::SeqCst) {
            lay(&self.new, "second");
        }
        self.entrance.take(words).await
    }
}

/// Lays a mail of a stranger where new mails lie.
fn lay(new: &Path, name: &str) {
    let mail = format!("From: {name}@example.org\r\nSubject: Bonjour\r\n\r\nDe {name}\r\n");
    let beside = new.with_file_name("tmp").join(name);
    std::fs::write(&beside, mail).unwrap();
    let nobody = std::os::unix::fs::chown(&beside, Some(65_534), Some(65_534));
    nobody.unwrap();
    std::fs::rename(&beside, new.join(name)).unwrap();
}

#[tokio::test]
async fn a_mail_that_comes_while_another_is_read_is_read_at_once() {
    if !servers::can_start() {
        return;
    }
    let behind = smtp::start(ANSWERS.to_vec(), true, usize::MAX).await;
    let (relay, dovecot) = mailboxes(behind.address.port());
    let (scene, _) =
        scene(&["absent@dovecot.example.org"], relay.port, &by_imap(dovecot.imap)).await;
    let email = scene.provider(Channel::Email);
    scene.launch().await;
    scene.send_all(Channel::Email, email.as_ref(), true).await;
    let (stopper, stop) = stop::channel();
    until(async || dovecot.lying("retours", None) == 1).await;
    let new = dovecot.mailbox("retours").join("new");
    let busy =
        Busy { entrance: scene.inbox(email.as_ref()), new, has_come: AtomicBool::new(false) };
    let both_are_read = async {
        until(async || dovecot.lying("retours", Some("Lus")) == 2).await;
        stopper.stop();
    };
    tokio::join!(email.listen(&busy, stop), both_are_read);
    assert_eq!(shown(&scene).await, 1, "the stranger's");
}
