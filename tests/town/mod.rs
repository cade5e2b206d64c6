//! A school with stand-ins for its services in this process, and the real program that is killed
//! (SIGKILL) in the middle of its work. Used by the tests and by the bench of kills.

pub mod settings;
pub mod verdict;

use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::Duration;

use chappe::app;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::demo::ent::{EntAccount, Weather};
use chappe::demo::school::{College, Size, fictional_college};
use chappe::demo::{ent, mailbox, sms_service, stage};
use chappe::directory::{self, Listing};
use chappe::import::{Covers, Reading};
use chappe::message::Message;
use chappe::office;
use chappe::people::{By, ContactPoint, SchoolYear, Standing};
use chappe::providers::ListedAccount;
use chappe::queue::{self, Status};
use chappe::store::messages;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use settings::{overrides, set, until, write_secrets};

// Why a thing of the town can be relied upon: it is ours, and new.
const STARTS: &str = "it starts";
const WRITABLE: &str = "it can be written";
const READABLE: &str = "it can be read";

/// A daemon is killed after so long in any case: it may be waiting for its next try.
const LONGEST_LIFE: Duration = Duration::from_secs(5);
const PROGRAM: &str = env!("CARGO_BIN_EXE_chappe");

/// How many the ENT is handed in one call, at most.
const MOST_TOGETHER: &str = "PROVIDERS__ENT__EDIFICE__MOST_TOGETHER";

const SETTINGS: [(&str, &str); 9] = [
    ("DISPATCH__LEASE", "2s"),
    ("DISPATCH__RETRY", "[\"500ms\", \"500ms\", \"1s\", \"1s\", \"2s\", \"2s\", \"4s\", \"4s\"]"),
    ("DISPATCH__RECEIPTS_EVERY", "500ms"),
    ("DISPATCH__LOOK_EVERY", "100ms"),
    ("BREAKER__FIRST_PAUSE", "500ms"),
    ("BREAKER__LONGEST_PAUSE", "1s"),
    ("BREAKER__SLOW_AFTER", "10s"),
    ("PROVIDERS__RELAY__SMTP__PACE", "{ at_once = 4 }"),
    (
        "PLANS__FAMILLE",
        "[{ channels = [\"ent\"], patience = \"30s\" }, \
          { channels = [\"email\", \"sms\"], patience = \"30s\" }, { channels = [\"letter\"] }]",
    ),
];

/// A school with its services, the real program at work between them.
pub struct Town {
    pub folder: TempDir,
    pub school: College,
    pub ent: ent::EntStandIn,
    pub mailbox: mailbox::MailStandIn,
    pub sms: sms_service::SmsStandIn,
    /// Accounts of the ENT that nobody ever opened, by their ids.
    pub never_opened: Vec<String>,
    pub settings: Vec<(String, String)>,
    pub app: office::School,
}

impl Town {
    /// A school of this size; `settings` are laid over its configuration: `DISPATCH__LEASE`, `2s`.
    pub async fn set(size: Size, settings: &[(&str, &str)]) -> Self {
        let overlaid = settings.iter();
        let folder = TempDir::new().expect("a temporary folder");
        let clock = Clock::system();
        let school = fictional_college(1_794, SchoolYear(2025), size);
        let accounts = accounts(&school);
        let never_opened =
            accounts.iter().filter(|it| !it.active).map(|it| it.id.clone()).collect();
        let ent = ent::EntStandIn::start(accounts, Vec::new(), clock.clone()).await;
        let mailbox = mailbox::MailStandIn::start(folder.path().join("Maildir")).await;
        let sms = sms_service::SmsStandIn::start(sms_service::Behaviour {
            log: folder.path().join("sms.jsonl"),
            receipt_after: Duration::from_millis(200),
            failing: Vec::new(),
            invalid: Vec::new(),
            replies: Vec::new(),
            credits: u32::MAX,
            clock: clock.clone(),
        })
        .await;
        let (ent, mailbox, sms) = (ent.expect(STARTS), mailbox.expect(STARTS), sms.expect(STARTS));
        write_secrets(folder.path());
        std::fs::write(folder.path().join("chappe.toml"), config::SHIPPED).expect(WRITABLE);
        let mut settings = overrides(&ent, &mailbox, &sms);
        settings.extend(SETTINGS.iter().chain(overlaid).map(|(key, value)| set(key, value)));
        let config =
            Config::read("chappe.toml", config::SHIPPED, settings.clone()).expect("sound settings");
        let app = app::build(config, folder.path(), clock).expect("it opens");
        enrol(&app, &school).await;
        Self { folder, school, ent, mailbox, sms, never_opened, settings, app }
    }

    pub fn program(&self, arguments: &[&str]) -> Command {
        let log = self.folder.path().join("stderr.jsonl");
        let log = OpenOptions::new().create(true).append(true).open(log).expect(WRITABLE);
        let mut program = Command::new(PROGRAM);
        program
            .arg("--config")
            .arg(self.folder.path().join("chappe.toml"))
            .args(arguments)
            .envs(self.settings.iter().cloned())
            .env("CHAPPE_LOG", "chappe=trace,info")
            .stdout(Stdio::null())
            .stderr(Stdio::from(log))
            .kill_on_drop(true);
        program
    }

    pub fn daemon(&self) -> Child {
        self.program(&["serve"]).spawn().expect(STARTS)
    }

    /// Launches as a secretary does, by the command.
    pub async fn launch(&self) -> Message {
        let sent = self.send().stdout(Stdio::piped()).output().await.expect(STARTS);
        let answer: serde_json::Value = serde_json::from_slice(&sent.stdout).expect("JSON");
        let code = answer["message"].as_str().expect("a code").to_owned();
        let school = self.app.queue.school().clone();
        let found = self.app.store().read(move |tx| messages::by_code(tx, &school, &code)).await;
        found.expect(READABLE).expect("the message of the answer")
    }

    /// The command that launches an announcement to all families.
    pub fn send(&self) -> Command {
        let fields: Vec<String> = stage::announcement(jiff::civil::date(2026, 11, 30))
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut arguments =
            vec!["send", "fermeture", "--to", "familles", "--plain-sms", "--again", "--json"];
        for field in &fields {
            arguments.extend(["--set", field]);
        }
        self.program(&arguments)
    }

    pub async fn status(&self, message: &Message) -> Status {
        let status = queue::status(self.app.store(), message, self.app.clock.now());
        status.await.expect(READABLE)
    }

    /// Nothing waits for a machine any more.
    pub async fn is_at_rest(&self, message: &Message) -> bool {
        self.status(message).await.addressees.waiting == 0
            && verdict::due_to_machines(self.app.store()).await == 0
    }

    /// How many messages lie at those whom they were sent to; one for several lies at each.
    pub fn taken(&self) -> usize {
        self.ent.delivered_and_notified().0 + self.mailbox.messages() + self.sms.taken()
    }

    /// A service that takes what it is given, and whose answers get lost.
    fn lose_answers(&self, which: u8, lost: bool) {
        match which {
            0 => {
                self.ent.set_weather(if lost { Weather::SilentOnceTaken } else { Weather::Fine });
            }
            1 => self.sms.fall_silent(lost),
            2 => self.mailbox.hang_up_after_data(lost),
            _ => {}
        }
    }

    /// Starts the daemon, lets it hand some messages over, `most` at most, and kills it: often while a
    /// service has a message whose answer did not come back. One life in two hands the ENT each alone.
    pub async fn cut_the_power(&self, message: &Message, rng: &mut fastrand::Rng, most: usize) {
        let mut program = self.program(&["serve"]);
        if rng.bool() {
            program.envs([set(MOST_TOGETHER, "1")]);
        }
        let mut daemon = program.spawn().expect(STARTS);
        let goal = self.taken() + rng.usize(0..=most);
        let far_enough = until(async || self.taken() >= goal || self.is_at_rest(message).await);
        let _ = tokio::time::timeout(LONGEST_LIFE, far_enough).await;
        let which = rng.u8(..4);
        self.lose_answers(which, true);
        let goal = self.taken() + 3;
        // At the end there may be fewer than three left to hand over.
        let some_are_lost = until(async || self.taken() >= goal);
        let _ = tokio::time::timeout(Duration::from_millis(500), some_are_lost).await;
        daemon.kill().await.expect("it is ours to end");
        self.lose_answers(which, false);
    }

    /// Starts the daemon, lets it come `far_enough`, and kills it while the ENT has a message whose answer
    /// did not come back; the ENT must still have messages to come.
    pub async fn cut_the_power_in_an_attempt(&self, far_enough: impl AsyncFnMut() -> bool) {
        let mut daemon = self.daemon();
        until(far_enough).await;
        self.ent.set_weather(Weather::SilentOnceTaken);
        let taken = self.ent.taken();
        until(async || self.ent.taken() > taken).await;
        daemon.kill().await.expect("it is ours to end");
        self.ent.set_weather(Weather::Fine);
    }

    /// No address and no name of a guardian stands in the log of all that ran.
    pub fn assert_nothing_leaked(&self) {
        let log = std::fs::read_to_string(self.folder.path().join("stderr.jsonl"));
        let log = log.expect(READABLE);
        assert!(log.contains("The daemon is at work."), "the log is no log: {log}");
        for person in &self.school.guardians {
            let points = person.contact_points.iter();
            let addresses = points.filter(|point| !matches!(point, ContactPoint::Ent(_)));
            for secret in addresses.map(ContactPoint::value) {
                assert!(!log.contains(secret), "{secret} stands in the log");
            }
            // Shorter names may be part of an English word.
            let name = person.family_name.to_uppercase();
            let is_telling = name.chars().count() > 4;
            assert!(!is_telling || !log.contains(&name), "{name} stands in the log");
        }
    }
}

/// Two guardians in three have an account; one account in six was never opened.
fn accounts(school: &College) -> Vec<EntAccount> {
    let with_account = school.guardians.iter().enumerate().filter(|(number, _)| number % 3 != 0);
    let accounts = with_account.map(|(number, person)| EntAccount {
        id: format!("ent-{number}"),
        display_name: person.display_name(),
        profile: "Relative".to_owned(),
        active: number % 6 != 5,
        children: Vec::new(),
    });
    accounts.collect()
}

async fn enrol(app: &office::School, school: &College) {
    let reading = Reading {
        pupils: school.pupils.clone(),
        persons: school.guardians.clone(),
        guardianships: school.guardianships.clone(),
        covers: Covers { pupils: true, guardians: true, staff: true },
        ..Reading::default()
    };
    let (store, id, now) = (app.store(), app.queue.school(), app.clock.now());
    let diff = directory::diff(store, id, reading).await.expect(READABLE);
    directory::apply(store, id, &diff, By::program(now)).await.expect(WRITABLE);
    let accounts = accounts(school).into_iter().map(|it| ListedAccount {
        id: it.id,
        display_name: it.display_name,
        is_staff: false,
        pupils: it.children,
    });
    let (id, listing) = (id.clone(), Listing::whole(accounts.collect()));
    let linked = store.write(move |tx| directory::link_ent_accounts(tx, &id, &listing, now));
    linked.await.expect(WRITABLE);
}

/// Everybody who must get what families get: each legal representative, once.
pub fn representatives(school: &College) -> usize {
    let legal = school
        .guardianships
        .iter()
        .filter(|link| link.standing == Standing::LegalRepresentative)
        .map(|link| &link.person);
    legal.collect::<std::collections::BTreeSet<_>>().len()
}
