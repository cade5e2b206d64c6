//! `chappe serve`

use std::net::TcpListener;

use super::office::{Daemon, Office, small_school};

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
fn two_daemons_on_one_database_do_each_thing_once() {
    let office = Office::new();
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
fn whoever_waits_is_told_that_no_daemon_is_at_work() {
    const NOBODY: &str = "No daemon is at work";
    let office = Office::with_school();
    let message = office.send_to("familles classe:6A");
    let told = |arguments: &[&str]| office.run(arguments.iter().copied()).done();
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
