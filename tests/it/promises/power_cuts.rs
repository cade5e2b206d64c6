//! The real program, killed (SIGKILL) again and again in the middle of its work.

use std::collections::{BTreeMap, HashMap};
use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::Duration;

use chappe::app::App;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::delivery::lifecycle::Delivery;
use chappe::demo::ent::{EntAccount, Weather};
use chappe::demo::school::{School, Size, fictional_college};
use chappe::demo::{ent, mailbox, sms_service};
use chappe::directory;
use chappe::id::Id;
use chappe::import::{Covers, Reading};
use chappe::message::{Code, Message};
use chappe::people::{ContactPoint, SchoolYear, Standing};
use chappe::queue::{self, Status};
use chappe::store::{Store, messages};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::scene::{announcement, overrides, set, until, write_secrets};

/// How often the daemon is killed; `CHAPPE_KILL_ROUNDS` asks for more.
const KILLS: usize = 5;
/// Hand-overs of the whole message, roughly: kills are spread over them.
const HAND_OVERS: usize = 900;
const PROGRAM: &str = env!("CARGO_BIN_EXE_chappe");

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

/// A delivery that left, or may have.
struct HandOver {
    reference: String,
    channel: Channel,
    state: String,
    is_led: bool,
    outcomes: Vec<String>,
}

struct Town {
    folder: TempDir,
    school: School,
    ent: ent::StandIn,
    mailbox: mailbox::StandIn,
    sms: sms_service::StandIn,
    settings: Vec<(String, String)>,
    app: App,
}

impl Town {
    async fn set() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Clock::system();
        let school = fictional_college(1_794, SchoolYear(2025), Size { pupils: 380, classes: 12 });
        let ent = ent::StandIn::start(accounts(&school), Vec::new(), clock.clone()).await.unwrap();
        let mailbox = mailbox::StandIn::start(folder.path().join("Maildir")).await.unwrap();
        let sms = sms_service::StandIn::start(sms_service::Behaviour {
            log: folder.path().join("sms.jsonl"),
            receipt_after: Duration::from_millis(200),
            failing: Vec::new(),
            invalid: Vec::new(),
            replies: Vec::new(),
            credits: 10_000,
            clock: clock.clone(),
        })
        .await
        .unwrap();
        write_secrets(folder.path());
        std::fs::write(folder.path().join("chappe.toml"), config::SHIPPED).unwrap();
        let mut settings = overrides(&ent, &mailbox, &sms);
        settings.extend(SETTINGS.iter().map(|(key, value)| set(key, value)));
        let config = Config::read("chappe.toml", config::SHIPPED, settings.clone()).unwrap();
        let app = App::build(config, folder.path(), clock).unwrap();
        enrol(&app, &school).await;
        Self { folder, school, ent, mailbox, sms, settings, app }
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let log = self.folder.path().join("stderr.jsonl");
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
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

    fn daemon(&self) -> Child {
        self.program(&["serve"]).spawn().unwrap()
    }

    /// Launches as a secretary does, by the command.
    async fn launch(&self) -> Message {
        let fields: Vec<String> =
            announcement().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut arguments = vec!["send", "fermeture", "--to", "familles", "--plain-sms", "--json"];
        for field in &fields {
            arguments.extend(["--set", field]);
        }
        let sent = self.program(&arguments).stdout(Stdio::piped()).output().await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&sent.stdout).unwrap();
        let code = answer["message"].as_str().unwrap().to_owned();
        let school = self.app.queue.school().clone();
        let found = self.app.store().read(move |tx| messages::by_code(tx, &school, &code)).await;
        found.unwrap().unwrap()
    }

    async fn status(&self, message: &Message) -> Status {
        queue::status(self.app.store(), message, self.app.clock.now()).await.unwrap()
    }

    /// Nothing waits for a machine, or is unknown to it, any more.
    async fn is_at_rest(&self, message: &Message) -> bool {
        let status = self.status(message).await;
        let machines = status.channels.iter().filter(|(it, _)| !it.is_carried_by_people());
        status.addressees.waiting == 0
            && machines.map(|(_, count)| count.waiting + count.uncertain).sum::<usize>() == 0
    }

    /// Everything that the services hold.
    fn taken(&self) -> usize {
        self.ent.messages().len() + self.mailbox.messages() + self.sms.messages().len()
    }

    fn count(&self, channel: Channel, reference: &str) -> usize {
        match channel {
            Channel::Ent => self.ent.count(reference),
            Channel::Sms => self.sms.count(reference),
            Channel::Email => self.mailbox.count(&message_id(reference)),
            _ => 0,
        }
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

    /// Starts the daemon, lets it hand some messages over, and kills it: often while a service has
    /// a message whose answer did not come back.
    async fn cut_the_power(&self, message: &Message, rng: &mut fastrand::Rng, kills: usize) {
        let mut daemon = self.daemon();
        let goal = self.taken() + rng.usize(0..=2 * HAND_OVERS / (kills + 1));
        until(async || self.taken() >= goal || self.is_at_rest(message).await).await;
        let which = rng.u8(..4);
        self.lose_answers(which, true);
        let goal = self.taken() + 3;
        // At the end there may be fewer than three left to hand over.
        let some_are_lost = until(async || self.taken() >= goal);
        let _ = tokio::time::timeout(Duration::from_millis(500), some_are_lost).await;
        daemon.start_kill().unwrap();
        daemon.wait().await.unwrap();
        self.lose_answers(which, false);
    }
}

fn message_id(reference: &str) -> String {
    format!("<{reference}@claude-chappe.example.org>")
}

/// Two guardians in three have an account; one account in six was never opened.
fn accounts(school: &School) -> Vec<EntAccount> {
    let with_account = school.guardians.iter().enumerate().filter(|(number, _)| number % 3 != 0);
    let accounts = with_account.map(|(number, person)| EntAccount {
        id: format!("ent-{number}"),
        display_name: person.display_name(),
        profile: "Relative".to_owned(),
        active: number % 6 != 5,
    });
    accounts.collect()
}

async fn enrol(app: &App, school: &School) {
    let reading = Reading {
        pupils: school.pupils.clone(),
        persons: school.guardians.clone(),
        guardianships: school.guardianships.clone(),
        covers: Covers { pupils: true, guardians: true, staff: true },
        ..Reading::default()
    };
    let (store, id, now) = (app.store(), app.queue.school(), app.clock.now());
    let diff = directory::diff(store, id, reading).await.unwrap();
    directory::apply(store, id, &diff, now).await.unwrap();
    let accounts = accounts(school).into_iter().map(|it| (it.id, it.display_name));
    directory::link_ent_accounts(store, id, accounts.collect(), now).await.unwrap();
}

/// Everybody who must get what families get: each legal representative, once.
fn representatives(school: &School) -> usize {
    let legal = school
        .guardianships
        .iter()
        .filter(|link| link.standing == Standing::LegalRepresentative)
        .map(|link| &link.person);
    legal.collect::<std::collections::BTreeSet<_>>().len()
}

/// The outcomes of every delivery that was attempted, by its reference.
pub async fn outcomes(store: &Store) -> BTreeMap<String, Vec<String>> {
    let all = hand_overs(store).await.into_iter();
    all.filter(|it| !it.outcomes.is_empty()).map(|it| (it.reference, it.outcomes)).collect()
}

async fn hand_overs(store: &Store) -> Vec<HandOver> {
    let read = store.read(|tx| {
        let mut outcomes: HashMap<Id<Delivery>, Vec<String>> = HashMap::new();
        let in_order = "SELECT delivery_id, outcome FROM attempts ORDER BY started_at, ended_at";
        tx.each(in_order, &[], |row| {
            outcomes.entry(row.id(0)?).or_default().push(row.text(1)?);
            Ok(())
        })?;
        tx.query(
            "SELECT m.code, a.number, d.leg, d.channel, d.state, \
             CASE WHEN d.leader_id IS NULL THEN 0 ELSE 1 END, d.id \
             FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
             JOIN messages m ON m.id = d.message_id",
            &[],
            |row| {
                let code = Code::from_stored(row.text(0)?);
                Ok(HandOver {
                    reference: code.delivery(row.int(1)?.try_into().unwrap(), row.count(2)?),
                    channel: row.word(3, |word| word.parse().ok())?,
                    state: row.text(4)?,
                    is_led: row.int(5)? != 0,
                    outcomes: outcomes.remove(&row.id(6)?).unwrap_or_default(),
                })
            },
        )
    });
    read.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_is_killed_again_and_again_forgets_nobody_and_sends_nothing_twice() {
    let kills = std::env::var("CHAPPE_KILL_ROUNDS").ok().and_then(|it| it.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    let town = Town::set().await;
    let message = town.launch().await;
    let mut rng = fastrand::Rng::with_seed(1_871);
    for _ in 0..kills {
        town.cut_the_power(&message, &mut rng, kills).await;
    }
    let mut last = town.daemon();
    until(async || town.is_at_rest(&message).await).await;
    last.start_kill().unwrap();
    last.wait().await.unwrap();

    let status = town.status(&message).await;
    assert_eq!(status.addressees.total, representatives(&town.school), "{status:#?}");
    assert!(status.addressees.reached > 500, "{status:#?}");
    assert_eq!(status.addressees.uncertain, 0, "a service that can be asked was asked");

    let all = hand_overs(town.app.store()).await;
    let is_uncertain = |it: &&HandOver| it.outcomes.iter().any(|word| word == "uncertain");
    assert!(all.iter().any(|it| is_uncertain(&it)), "no kill hit an attempt: kill elsewhere");
    let mut accounted_for = 0;
    for it in &all {
        let count = town.count(it.channel, &it.reference);
        accounted_for += count;
        let HandOver { reference, state, outcomes, .. } = it;
        let what = format!("{reference} by {}: {count} times, {state}, {outcomes:?}", it.channel);
        let may_double = it.channel == Channel::Email && is_uncertain(&it);
        assert!(count <= 1 || may_double, "sent twice: {what}");
        assert!(count == 0 || !it.is_led, "sent by the side of another's: {what}");
        let has_left = ["accepted", "proven"].contains(&state.as_str());
        if has_left && !it.is_led && !it.channel.is_carried_by_people() {
            assert!(count >= 1, "said to have left, and did not: {what}");
        }
    }
    assert_eq!(accounted_for, town.taken(), "a service has a message of no delivery");
    town.assert_nothing_leaked();
}

impl Town {
    fn assert_nothing_leaked(&self) {
        let log = std::fs::read_to_string(self.folder.path().join("stderr.jsonl")).unwrap();
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
