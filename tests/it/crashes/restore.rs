//! A backup taken while the daemon sends, put back: it starts on hold, and what leaves after the
//! release is what should.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chappe::app;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::demo::school::Size;
use chappe::office::School;
use chappe::people::By;
use chappe::queue::MayHaveLeft;
use chappe::store::deliveries::Claim;
use serde_json::Value;

use crate::commands::office::Office;
use crate::town::Town;
use crate::town::settings::{set, until};
use crate::town::verdict::{HandOver, due_to_machines, hand_overs};

const AT_ONCE: (&str, &str) = (
    "PLANS__FAMILLE",
    "[{ channels = [\"ent\", \"sms\"], patience = \"30s\" }, { channels = [\"letter\"] }]",
);
/// So that the backup is taken long before the last one has left.
const UNHURRIED: [(&str, &str); 3] = [
    ("PROVIDERS__SMS__OVH__PACE", "{ per_second = 40, at_once = 4 }"),
    ("PROVIDERS__ENT__EDIFICE__PACE", "{ every = \"0s\", per_second = 10, at_once = 4 }"),
    ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "4"),
];
const RESTORED: &str = "restored.sqlite3";

/// A town whose daemon was backed up in the middle of its work, and went on to the end.
struct Restored {
    town: Town,
    /// The backup at work beside the town's own database.
    app: School,
}

impl Restored {
    async fn set() -> Self {
        let settings = [AT_ONCE, ("DISPATCH__RECEIPTS_EVERY", "50ms")];
        let settings: Vec<_> = UNHURRIED.into_iter().chain(settings).collect();
        let town = Town::set(Size { pupils: 60, classes: 4 }, &settings).await;
        let message = town.launch().await;
        let mut daemon = town.daemon();
        until(async || town.taken() >= 20).await;
        let file = town.folder.path().join("backup.sqlite3");
        let name = file.to_str().unwrap();
        let backup = ["backup", name];
        assert!(town.program(&backup).status().await.unwrap().success());
        until(async || town.is_at_rest(&message).await).await;
        daemon.kill().await.unwrap();
        assert!(!town.program(&backup).status().await.unwrap().success(), "overwritten");

        let place = set("STORE__DATABASE", RESTORED);
        let restored = town.program(&["restore", name]).envs([place.clone()]).status().await;
        assert!(restored.unwrap().success());
        let settings = town.settings.iter().cloned().chain([place]);
        let config = Config::read("chappe.toml", config::SHIPPED, settings).unwrap();
        let app = app::build(config, town.folder.path(), Clock::system()).unwrap();
        Self { town, app }
    }

    fn program(&self, arguments: &[&str]) -> tokio::process::Command {
        let mut program = self.town.program(arguments);
        program.envs([set("STORE__DATABASE", RESTORED)]);
        program
    }

    async fn release(&self, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = ["release", "--json"].iter().chain(arguments).copied().collect();
        let mut program = self.program(&arguments);
        let answer = program.stdout(std::process::Stdio::piped()).output().await.unwrap();
        serde_json::from_slice(&answer.stdout).unwrap()
    }

    async fn is_at_rest(&self) -> bool {
        due_to_machines(self.app.store()).await == 0
    }

    /// What the backup knows to have left.
    async fn known_to_have_left(&self) -> Vec<HandOver> {
        let all = hand_overs(self.app.store()).await.into_iter();
        let left = all.filter(|it| it.state == "accepted" || it.state == "proven");
        left.filter(|it| !it.is_led).collect()
    }
}

/// How many deliveries of all channels are counted under this name.
fn total(shown: &Value, name: &str) -> u64 {
    let channels = shown["channels"].as_object().unwrap().values();
    channels.map(|counts| counts[name].as_u64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_under_load_starts_on_hold_and_asks_in_place_of_sending_twice() {
    let restored = Restored::set().await;
    let (town, queue) = (&restored.town, &restored.app.queue);
    let before = town.taken();
    let shown = restored.release(&[]).await;
    assert_eq!(shown["released"], false, "{shown}");
    assert!(total(&shown, "waiting") > 0, "the backup came too late to test anything: {shown}");
    assert_eq!(total(&shown, "may_have_left"), total(&shown, "waiting"), "{shown}");
    assert_eq!(total(&shown, "old"), 0, "{shown}");

    // No dispatcher gets anything, and a daemon that works on it sends nothing.
    let now = restored.app.clock.now();
    for channel in [Channel::Ent, Channel::Email, Channel::Sms] {
        let lease = now + Duration::from_mins(1);
        let claim =
            Claim { channel, carrier: channel.as_str().into(), now, lease_ends: lease, most: 100 };
        assert!(queue.start(claim).await.unwrap().is_empty(), "{channel}");
    }
    let mut daemon = restored.program(&["serve"]).spawn().unwrap();
    let looked = town.sms.requests().len();
    until(async || town.sms.requests().len() > looked + 10).await;
    assert_eq!(town.taken(), before, "sent while on hold");

    let released = restored.release(&["--yes", "--uncertain"]).await;
    assert_eq!(released["released"], true, "{released}");
    until(async || restored.is_at_rest().await).await;
    daemon.kill().await.unwrap();
    assert_eq!(town.taken(), before, "all had left, and something left again");
    assert_eq!(queue.holds().standing().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_had_left_before_the_backup_does_not_leave_again_and_the_rest_is_told() {
    let restored = Restored::set().await;
    let before = restored.town.taken();
    let left = restored.known_to_have_left().await;
    let shown = restored.release(&["--yes"]).await;
    let mut daemon = restored.program(&["serve"]).spawn().unwrap();
    until(async || restored.is_at_rest().await).await;
    daemon.kill().await.unwrap();
    assert!(left.len() > 10, "{}", left.len());
    assert!(left.iter().any(HandOver::went_together), "none left together");
    let arrivals = restored.town.arrivals();
    for it in &left {
        assert_eq!(it.count(&arrivals), 1, "{} by {}", it.reference, it.channel);
    }
    let again = restored.town.taken() - before;
    let told = usize::try_from(total(&shown, "may_have_left")).unwrap();
    assert!((1..=told).contains(&again), "{again} left again, {told} were told");
}

#[tokio::test]
async fn a_hold_stops_the_clock_of_everybodys_patience() {
    let town = Town::set(Size { pupils: 12, classes: 2 }, &[]).await;
    let message = town.launch().await;
    let (queue, launched) = (&town.app.queue, message.launched_at);
    queue.holds().put("coupure".to_owned(), By::program(launched)).await.unwrap();
    let a_day_later = launched + Duration::from_hours(24);
    assert_eq!(queue.climb(a_day_later, 1_000).await.unwrap(), 0, "late while on hold");
    assert!(queue.holds().release(MayHaveLeft::Send, By::program(a_day_later)).await.unwrap());
    assert_eq!(queue.climb(a_day_later, 1_000).await.unwrap(), 0, "late at once");
    let patience_over = a_day_later + Duration::from_secs(31);
    assert!(queue.climb(patience_over, 1_000).await.unwrap() > 0, "never late again");
    assert!(
        !queue.holds().release(MayHaveLeft::Send, By::program(a_day_later)).await.unwrap(),
        "nothing to release"
    );
}

#[test]
fn an_office_on_hold_is_told_everywhere_and_sends_after_the_release() {
    let office = Office::with_school();
    office.run(["hold", "--reason", "panne du fournisseur"]).done();
    let code = office.send_to("familles classe:6A");
    let daemon = office.serve();
    assert!(daemon.get("/healthz").contains("on hold"), "{}", daemon.get("/healthz"));
    for told in [["status"].as_slice(), &["status", &code], &["doctor"]] {
        let told = office.run(told.iter().copied()).out;
        assert!(told.to_lowercase().contains("on hold"), "{told}");
    }
    let shown = office.run(["release"]).done();
    assert!(shown.contains("panne du fournisseur") && shown.contains("--yes"), "{shown}");
    let refused = office.run(["release", "--uncertain", "--yes"]).failed();
    assert!(refused.contains("no backup was restored"), "{refused}");
    assert_eq!(office.files_in("out/email"), 0);
    office.run(["release", "--yes"]).done();
    let status = office.watched(&code);
    assert!(office.files_in("out/email") > 0, "{status}");
    assert!(!daemon.get("/healthz").contains("on hold"));
    assert!(office.run(["release"]).failed().contains("nothing is on hold"));
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        names.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_restore_replaces_nothing_unasked_and_keeps_what_it_replaces() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::with_school();
    office.send_to("familles");
    let before = office.rows();
    office.run(["backup", "copy.sqlite3"]).done();
    let mode = office.path("copy.sqlite3").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "others may read it");
    assert!(office.run(["backup", "copy.sqlite3"]).failed().contains("stands already"));
    office.send_to("familles classe:6A");
    let standing = office.rows();

    let refused = office.run(["restore", "copy.sqlite3"]).failed_in(&standing, &office);
    assert!(refused.contains("--replace"), "{refused}");
    let daemon = office.serve();
    let refused = office.run(["restore", "copy.sqlite3", "--replace"]).failed();
    assert!(refused.contains("stop the daemon"), "{refused}");
    assert_eq!(daemon.interrupt().0, Some(0));
    let later = office.rows();

    let answer = office.run(["restore", "copy.sqlite3", "--replace", "--json"]).json();
    let kept = PathBuf::from(answer["kept"].as_str().unwrap());
    assert!(before == office.rows(), "the backup has other rows");
    std::fs::remove_file(office.path("chappe.sqlite3")).unwrap();
    std::fs::rename(office.path("").join(kept), office.path("chappe.sqlite3")).unwrap();
    assert!(later == office.rows(), "what was replaced is not what was kept");
    let left = names_in(&office.path(""));
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
}

#[test]
fn what_is_no_sound_backup_is_not_restored() {
    let office = Office::with_school();
    office.send_to("familles");
    office.run(["backup", "copy.sqlite3"]).done();
    let before = office.rows();
    let mut torn = std::fs::read(office.path("copy.sqlite3")).unwrap();
    let middle = torn.len() / 2;
    torn[8_192..middle].fill(0xAA);
    office.write("torn.sqlite3", torn);
    office.write("letter.txt", "Bonjour");
    let other = rusqlite::Connection::open(office.path("other.sqlite3")).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(other);
    for name in ["torn.sqlite3", "letter.txt", "other.sqlite3", "missing.sqlite3"] {
        let answer = office.run(["restore", name, "--replace"]);
        let refused = answer.failed_in(&before, &office);
        assert!(refused.contains("nothing was changed"), "{name}: {refused}");
    }
}
