//! `chappe serve`

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
