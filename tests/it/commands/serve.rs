//! `chappe serve`

use std::net::TcpListener;

use serde_json::Value;

use super::office::{Daemon, FIELDS, FOLDERS, Office, small_school};
use crate::databases;

#[test]
fn the_door_answers_and_ctrl_c_ends_it_gracefully() {
    let office = Office::new();
    let daemon = office.serve();
    assert!(daemon.get("/healthz").contains("200 OK"));
    let ready = daemon.get("/readyz");
    assert!(ready.contains("200 OK") && ready.ends_with("ready\n"), "{ready}");
    assert!(daemon.get("/nothing").contains("404"));
    assert_eq!(daemon.interrupt(), (Some(0), String::new()));
}

#[test]
fn two_daemons_on_one_server_do_each_thing_once() {
    let office = Office::without_database(&format!(
        "{FOLDERS}\n[store]\ndatabase = \"{}\"\n",
        databases::on_server()
    ));
    // Each writes where it alone writes: what both sent would stand in both.
    for name in ["one", "two"] {
        let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
        office.write(&format!("{name}.toml"), text.replace("out/", &format!("{name}/")));
    }
    office.import(&small_school());
    let serve = |config| Daemon::start(office.command(["serve", "--json", "--config", config]));
    let daemons = [serve("one.toml"), serve("two.toml")];
    let status = office.watched(&office.send_to("familles"));
    let all = &status["addressees"];
    assert!(all["reached"].as_u64() > Some(30) && all["uncertain"] == 0, "{status}");
    for daemon in daemons {
        assert_eq!(daemon.interrupt().0, Some(0));
    }
    let sent = |folder: &str| -> Vec<String> {
        let found = std::fs::read_dir(office.path(folder)).into_iter().flatten();
        found.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    };
    let mut seen = std::collections::HashSet::new();
    for folder in ["one/email", "two/email", "one/sms", "two/sms"] {
        for file in sent(folder) {
            assert!(seen.insert(file.clone()), "{file} left twice");
        }
    }
    assert!(seen.len() > 30, "{} left", seen.len());
}

#[test]
fn a_second_daemon_on_one_file_is_told_who_works_there_and_a_killed_one_blocks_nobody() {
    let office = Office::new();
    let first = office.serve();
    let told = office.run(["serve", "--json"]).failed_in_json();
    let who = format!("process {}, since ", first.id());
    assert!(told.contains("chappe.sqlite3 already") && told.contains(&who), "{told}");
    assert_eq!(first.interrupt().0, Some(0));
    // Dropped, the second is killed, as by a power cut.
    drop(office.serve());
    assert_eq!(office.serve().interrupt().0, Some(0));
}

#[test]
fn whoever_waits_is_told_that_no_daemon_is_at_work() {
    const NOBODY: &str = "No daemon is at work";
    let office = Office::with_school();
    let message = office.send_to("familles classe:6A");
    let told = |arguments: &[&str]| office.run(arguments.iter().copied()).out;
    assert!(told(&["status"]).contains(NOBODY));
    assert!(told(&["status", &message]).contains(NOBODY));
    assert!(told(&["doctor"]).contains("no daemon is at work"));
    let daemon = office.serve();
    assert!(!told(&["status"]).contains(NOBODY));
    assert!(!told(&["doctor"]).contains("no daemon is at work"));
    assert_eq!(daemon.interrupt().0, Some(0));
    assert!(told(&["status"]).contains(NOBODY));
    let daemon = office.serve();
    office.watched(&message);
    // One that was killed cannot say that it is gone: it is not heard of any more.
    drop(daemon);
    let file = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    assert_eq!(file.execute("UPDATE daemons SET seen_at = seen_at - 80000", []).unwrap(), 1);
    assert!(told(&["status"]).contains(NOBODY));
    assert!(!told(&["status", &message]).contains(NOBODY), "nobody waits any more");
}

#[test]
fn a_service_that_never_answers_keeps_the_daemon_no_longer_than_a_lease() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let office = Office::with_providers(&format!(
        "[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         from = \"secretariat@example.org\"\nanswer_limit = \"10min\"\n",
        silent.local_addr().unwrap().port()
    ));
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", text.replace("lease = \"4s\"", "lease = \"1s\""));
    office.import(&super::office::small_school());
    office.send_to("familles classe:6A");
    let daemon = Daemon::start(office.command(["serve", "--json"]));
    let asked = silent.accept().unwrap();
    let told = std::time::Instant::now();
    assert_eq!(daemon.terminate(), Some(0));
    assert!(told.elapsed().as_secs() < 10, "{:?}", told.elapsed());
    drop(asked);
}

#[test]
fn an_ent_that_never_answers_keeps_the_daemon_from_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let office = Office::with_providers(&format!(
        "[providers.ent.edifice]\nurl = \"http://{}\"\nclient_id = \"c\"\n\
         client_secret = {{ file = \"ent\" }}\ngrant = {{ kind = \"client_credentials\" }}\n\
         answer_limit = \"10min\"\n",
        silent.local_addr().unwrap()
    ));
    office.write("ent", "s3cr3t");
    let daemon = Daemon::start(office.command(["serve", "--json"]));
    let asked = silent.accept().unwrap();
    assert_eq!(daemon.terminate(), Some(0), "it asked who has an account there, and no more");
    drop(asked);
}

/// An office whose e-mails are to go by this relay, and text messages into a folder.
fn with_relay(settings: &str) -> Office {
    let relay = format!("[providers.relay.smtp]\nfrom = \"a@example.org\"\n{settings}\n");
    let (_, texts) = FOLDERS.split_once("\n\n").unwrap();
    let office = Office::with_providers(&format!("{texts}\n{relay}"));
    office.import(&small_school());
    office
}

#[test]
fn a_provider_that_cannot_be_used_stops_its_channel_and_not_the_daemon() {
    for (settings, why) in [
        (
            "host = \"127.0.0.1\"\nsecurity = \"none\"\nuser = \"a\"\npassword = { env = \"NO_SUCH\" }",
            "providers.relay.smtp.password cannot be read from the environment variable NO_SUCH",
        ),
        ("host = \"relay.example.org\"\nsecurity = \"none\"", "provider relay: security"),
    ] {
        let office = with_relay(settings);
        let daemon = office.serve();
        let ready = daemon.get("/readyz");
        assert!(ready.contains("503") && ready.contains("relay (email) cannot be used"), "{ready}");
        for command in ["channel", "status"] {
            let told = office.run([command]).done();
            assert!(told.contains("relay (email) is not used: ") && told.contains(why), "{told}");
        }
        let email = office.run(["channel", "--json"]).done();
        let email = email.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let email = email.into_iter().find(|one| one["channel"] == "email").unwrap();
        assert_eq!(email["idle"]["provider"], "relay");
        assert!(email["idle"]["reason"].as_str().unwrap().contains(why), "{email}");
        let doctor = office.run(["doctor"]);
        assert!(
            doctor.out.contains("FAIL relay (email): ") && doctor.out.contains(why),
            "{doctor:?}"
        );
        // What was to go by it goes on to the next way when its time is over.
        let status = office.watched(&office.send_to("familles classe:6A"));
        assert!(status["channels"]["sms"]["proven"].as_u64() > Some(0), "{status}");
        assert_eq!(daemon.interrupt().0, Some(0));
        assert!(!office.run(["status"]).done().contains("is not used"), "no daemon is at work");
    }
}

#[test]
fn who_sends_and_who_asks_is_told_that_a_channel_is_not_ready() {
    let office = with_relay(
        "host = \"127.0.0.1\"\nsecurity = \"none\"\nuser = \"a\"\npassword = { env = \"NO_SUCH\" }",
    );
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let slow = "[plans]\nslow = [{ channels = [\"email\"], patience = \"24h\" }]";
    office.write("chappe.toml", config.replace("[plans]", slow));
    let daemon = office.serve();
    let typed = ["send", "fermeture", "--to", "familles", "--plan", "slow"];
    let typed = typed.into_iter().chain(FIELDS);
    let shown = office.run(typed.clone().chain(["--dry-run", "--json"])).json();
    assert_eq!(shown["idle"], serde_json::json!(["email"]), "{shown}");
    let sent = office.run(typed.chain(["--json"])).json();
    let status = office.run(["status", sent["message"].as_str().unwrap()]).done();
    assert!(status.contains("que le service des courriels soit réglé"), "{status}");
    assert_eq!(daemon.interrupt().0, Some(0));
}

#[test]
fn a_secret_that_is_put_in_its_file_is_taken_up_by_the_daemon_at_work() {
    let ent = TcpListener::bind("127.0.0.1:0").unwrap();
    let office = Office::with_providers(&format!(
        "[providers.ent.edifice]\nurl = \"http://{}\"\nclient_id = \"c\"\n\
         client_secret = {{ file = \"ent\" }}\ngrant = {{ kind = \"client_credentials\" }}\n",
        ent.local_addr().unwrap()
    ));
    let daemon = office.serve();
    assert!(daemon.get("/readyz").contains("ent (ent) cannot be used"));
    office.write("ent", "s3cr3t");
    let asked = ent.accept().unwrap();
    let ready = daemon.get("/readyz");
    assert!(ready.ends_with("ready\n"), "{ready}");
    assert_eq!(daemon.interrupt().0, Some(0));
    drop(asked);
}
