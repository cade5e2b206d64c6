//! A town whose daemon died in the middle of its work moves, and a daemon on the server ends it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use chappe::app;
use chappe::channel::Channel;
use chappe::config::{self, Config};
use chappe::demo::school::{Size, fictional_college};
use chappe::import::{Covers, Reading};
use chappe::message::Message;
use chappe::people::{By, SchoolId, SchoolYear};
use chappe::store::Store;
use chappe::store::deliveries::Claim;
use chappe::{directory, queue};
use serde_json::Value;

use super::{SCHOOL, accounts, in_file, on_server, without_the_move};
use crate::databases;
use crate::town::settings::{set, until};
use crate::town::{Town, representatives};

const FILE: &str = "chappe.sqlite3";
const OTHER: &str = "0310053P";
/// A text message has a limit of the school's own, so that there is a ledger to bring along; the ENT has
/// one so that it is not through before the daemon dies, however busy the machine is.
const SETTINGS: [(&str, &str); 4] = [
    ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "7"),
    (
        "PLANS__FAMILLE",
        "[{ channels = [\"ent\"], patience = \"30s\" }, \
          { channels = [\"email\", \"sms\"], patience = \"30s\" }, { channels = [\"letter\"] }]",
    ),
    ("PROVIDERS__SMS__OVH__PACE", "{ per_second = 200, at_once = 4 }"),
    ("PROVIDERS__ENT__EDIFICE__PACE", "{ every = \"0s\", per_second = 4, at_once = 4 }"),
];

/// A town of which some is sent, some was under way when its daemon was killed, and some waits.
struct HalfSent {
    town: Town,
    message: Message,
    file: PathBuf,
    url: String,
}

impl HalfSent {
    async fn set() -> Self {
        let town = Town::set(Size { pupils: 160, classes: 6 }, &SETTINGS).await;
        let message = town.launch().await;
        town.cut_the_power_in_an_attempt(async || {
            let states = states(&town).await;
            ["waiting", "accepted", "proven"].iter().all(|it| states.iter().any(|is| is == it))
        })
        .await;
        town.app.queue.letters().gather(None, town.app.clock.now()).await.unwrap();
        enrol_another(town.app.store()).await;
        let file = town.folder.path().join(FILE);
        Self { town, message, file, url: databases::empty_on_server() }
    }

    /// A command on the file, whatever the town works with.
    fn in_file(&self, arguments: &[&str]) -> tokio::process::Command {
        let mut program = self.town.program(arguments);
        program.envs([set("STORE__DATABASE", FILE)]);
        program
    }

    /// Commands that would change what is kept in the file say where the school is; others answer.
    async fn assert_it_is_only_looked_at(&self) {
        let code = self.message.code.as_str();
        let changes: [&[&str]; 9] = [
            &["import", "eleves.csv", "--yes"],
            &["channel", "close", "ent", "--reason", "essai"],
            &["people", "lift", "Inès DURAND", "--pupil", "Zoé DURAND"],
            &["lists", "save", "essai", "familles"],
            &["handouts", "make", "familles", "--for", "essai", "--csv", "essai.csv"],
            &["letters"],
            &["hold", "--reason", "essai"],
            &["cancel", code],
            &["retry", code],
        ];
        for arguments in changes {
            let mut command = self.in_file(arguments);
            let answer = command.arg("--json").stdout(Stdio::piped()).output().await.unwrap();
            let said = String::from_utf8_lossy(&answer.stdout);
            assert!(!answer.status.success() && said.contains("moved to"), "{arguments:?}: {said}");
        }
        let looks: [&[&str]; 5] =
            [&["status", code], &["contacts"], &["channel"], &["lists"], &["letters", "list"]];
        for arguments in looks {
            assert!(self.in_file(arguments).status().await.unwrap().success(), "{arguments:?}");
        }
    }

    async fn migrate(&self) -> Value {
        let mut migrate = self.in_file(&["migrate", "--to", &self.url, "--json"]);
        let answer = migrate.stdout(Stdio::piped()).output().await.unwrap();
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stdout));
        serde_json::from_slice(&answer.stdout).unwrap()
    }
}

/// The states that deliveries are in.
async fn states(town: &Town) -> Vec<String> {
    let sql = "SELECT DISTINCT state FROM deliveries";
    let read = town.app.store().read(move |tx| tx.query(sql, &[], |row| row.text(0)));
    read.await.unwrap()
}

/// How many of those nobody knows about could have been told in another way than by the ENT, whose answer was
/// lost: whoever has a next rung climbs, and only who has none stays uncertain.
async fn uncertain_with_another_way(town: &Town) -> usize {
    let sql = "SELECT COUNT(*) FROM addressees WHERE state = 'uncertain' AND reach <> 'ent'";
    let read = town.app.store().read(move |tx| tx.query(sql, &[], |row| row.count(0)));
    read.await.unwrap()[0]
}

impl Town {
    /// Works with another database from now on, and so does every program that it starts.
    fn use_database(&mut self, database: &str) {
        self.settings.push(set("STORE__DATABASE", database));
        let config = Config::read("chappe.toml", config::SHIPPED, self.settings.clone()).unwrap();
        self.app = app::build(config, self.folder.path(), self.app.clock.clone()).unwrap();
    }
}

async fn enrol_another(store: &Store) {
    let school = fictional_college(7, SchoolYear(2025), Size { pupils: 12, classes: 2 });
    let reading = Reading {
        pupils: school.pupils,
        persons: school.guardians,
        guardianships: school.guardianships,
        covers: Covers { pupils: true, guardians: true, staff: true },
        ..Reading::default()
    };
    let (id, now) = (SchoolId::parse(OTHER).unwrap(), chappe::clock::Clock::system().now());
    let diff = directory::diff(store, &id, reading).await.unwrap();
    directory::apply(store, &id, &diff, By::program(now)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_that_moves_half_way_loses_nobody_and_sends_nothing_twice() {
    let mut half = HalfSent::set().await;
    assert!(states(&half.town).await.iter().any(|it| it == "sending"), "nothing was under way");
    let known = without_the_move(in_file(&half.file, SCHOOL).await);
    let others = in_file(&half.file, OTHER).await;
    let rates = accounts(half.town.app.store()).await;
    assert!(rates.iter().any(|account| account.starts_with("0319999Z/sms")), "{rates:?}");
    // From here on nothing of this process works on the file.
    let url = half.url.clone();
    half.town.use_database(&url);
    let moved = half.migrate().await;

    let there = without_the_move(on_server(&half.url, &half.file, SCHOOL).await);
    assert!(known == there, "what arrived is not what left");
    assert_eq!(accounts(half.town.app.store()).await, rates);
    assert!(known == without_the_move(in_file(&half.file, SCHOOL).await), "the keepsake changed");
    for (table, rows) in &known {
        assert_eq!(moved["moved"][table], rows.len(), "{table}");
    }
    assert!(on_server(&half.url, &half.file, OTHER).await.is_empty(), "another school came along");
    assert!(others == in_file(&half.file, OTHER).await && !others.is_empty());

    let (town, message) = (&half.town, &half.message);
    let taken = town.taken();
    let mut daemon = town.daemon();
    until(async || town.is_at_rest(message).await).await;
    daemon.kill().await.unwrap();
    assert!(town.taken() > taken, "all had left before");
    let status = town.status(message).await;
    assert_eq!(status.addressees.total, representatives(&town.school), "{status:#?}");
    assert_eq!(uncertain_with_another_way(town).await, 0, "{status:#?}");
    let lost = status.channels[&Channel::Ent].uncertain;
    assert!(status.addressees.uncertain <= lost, "{status:#?}");
    let verdict = town.judge().await;
    assert!(verdict.uncertain > 0, "the kill hit no attempt");
    assert!(verdict.wrong.is_empty(), "{:#?}", verdict.wrong);
    town.assert_nothing_leaked();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_leaves_the_file_once_the_school_has_moved() {
    let mut half = HalfSent::set().await;
    let url = half.url.clone();
    half.town.use_database(&url);
    half.migrate().await;
    let taken = half.town.taken();
    let fields = ["--set", "objet=Essai"];
    let refused = [
        vec!["serve"],
        vec!["release", "--yes"],
        [["send", "annonce", "--to", "familles"].as_slice(), &fields].concat(),
        vec!["migrate", "--to", "postgres://elsewhere.example.org/chappe"],
    ];
    for arguments in refused {
        let ended = tokio::time::timeout(Duration::from_mins(1), half.in_file(&arguments).status());
        assert!(!ended.await.expect("it runs").unwrap().success(), "{arguments:?}");
    }
    half.assert_it_is_only_looked_at().await;
    // Not even a daemon of an older version, which knows of holds alone.
    let queue =
        queue::Queue::new(Store::open(&half.file).unwrap(), SchoolId::parse(SCHOOL).unwrap());
    let hold = queue.holds().standing().await.unwrap().expect("a hold");
    assert!(hold.reason.starts_with("déménagée vers /"), "{}", hold.reason);
    assert!(hold.reason.ends_with(&format!("/{}", database(&url))), "a user: {}", hold.reason);
    let now = half.town.app.clock.now();
    for channel in [Channel::Ent, Channel::Email, Channel::Sms] {
        let claim = Claim {
            channel,
            carrier: channel.as_str().into(),
            now,
            lease_ends: now + Duration::from_mins(1),
            most: 100,
        };
        assert!(queue.start(claim).await.unwrap().is_empty(), "{channel}");
    }
    assert_eq!(half.town.taken(), taken);
    drop(queue);
    let again = half.migrate().await;
    assert_eq!(again["database"].as_str().unwrap().split('/').next_back(), Some(database(&url)));
}

/// The name of a database in the URL of one of ours.
fn database(url: &str) -> &str {
    url.trim_start_matches("postgres:///").split('?').next().unwrap()
}
