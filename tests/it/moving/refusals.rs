//! A move that cannot be made changes nothing, and one that was interrupted is ended by the next.

use std::collections::BTreeMap;

use chappe::clock::Moment;
use chappe::people::{Pupil, PupilKey, SchoolId};
use chappe::store::{Store, pupils};

use super::{SCHOOL, count, in_file, on_server, without_the_move};
use crate::commands::office::{Answer, FOLDERS, Office, answer};
use crate::databases;

const FILE: &str = "chappe.sqlite3";

/// An office with a message that waits.
fn office() -> (Office, String) {
    let office = Office::with_school();
    let message = office.send_to("familles classe:6A");
    (office, message)
}

fn migrate(office: &Office, url: &str) -> Answer {
    office.run(["migrate", "--to", url, "--json"])
}

#[tokio::test]
async fn a_daemon_at_work_is_named_and_nothing_moves() {
    let (office, _) = office();
    let url = databases::empty_on_server();
    let daemon = office.serve();
    let refused = migrate(&office, &url).failed();
    assert!(refused.contains("stop the daemon"), "{refused}");
    assert!(!daemon.get("/healthz").contains("on hold"));
    assert_eq!(daemon.interrupt().0, Some(0));
    assert!(on_server(&url, &office.path(FILE), SCHOOL).await.is_empty());
    migrate(&office, &url).done();
}

#[tokio::test]
async fn a_database_that_knows_the_school_is_left_as_it_was() {
    let (office, _) = office();
    let url = databases::empty_on_server();
    let pupil = Pupil {
        key: PupilKey("siecle:1".to_owned()),
        family_name: "DURAND".to_owned(),
        usage_name: None,
        first_name: "Zoé".to_owned(),
        class: None,
        groups: Vec::new(),
        level: None,
        left_on: None,
    };
    let store = Store::connect(&url, None).unwrap();
    let school = SchoolId::parse(SCHOOL).unwrap();
    store.write(move |tx| pupils::put(tx, &school, &pupil)).await.unwrap();
    let before = in_file(&office.path(FILE), SCHOOL).await;
    let refused = migrate(&office, &url).failed_in_json();
    assert!(refused.contains("rows of this school already"), "{refused}");
    assert!(refused.contains("nothing was changed"), "{refused}");
    assert!(before == in_file(&office.path(FILE), SCHOOL).await);
    let there = on_server(&url, &office.path(FILE), SCHOOL).await;
    // The pupil, and that the directory was changed.
    assert_eq!(there.values().map(Vec::len).sum::<usize>(), 2, "{there:?}");
}

#[tokio::test]
async fn a_server_that_fails_in_the_middle_leaves_a_school_that_sends() {
    let (office, message) = office();
    let url = databases::empty_on_server();
    drop(Store::connect(&url, None).unwrap());
    databases::run_on(
        &url,
        "CREATE FUNCTION fail() RETURNS trigger AS \
         $$ BEGIN RAISE EXCEPTION 'no room for %', NEW.name; END $$ LANGUAGE plpgsql; \
         CREATE TRIGGER fail BEFORE INSERT ON persons EXECUTE FUNCTION fail();",
    );
    let before = in_file(&office.path(FILE), SCHOOL).await;
    let refused = migrate(&office, &url).failed();
    assert!(refused.contains("persons") && refused.contains("as before"), "{refused}");
    assert!(before == in_file(&office.path(FILE), SCHOOL).await);
    assert!(on_server(&url, &office.path(FILE), SCHOOL).await.is_empty());
    let daemon = office.serve();
    office.watched(&message);
    assert!(office.files_in("out/email") > 0);
    assert_eq!(daemon.interrupt().0, Some(0));
    databases::run_on(&url, "DROP TRIGGER fail ON persons");
    migrate(&office, &url).done();
}

#[tokio::test]
async fn a_move_that_died_at_any_step_is_ended_by_the_next() {
    for (point, left, arrived) in [
        ("move.before_departure", false, false),
        ("move.before_arrival", true, false),
        ("move.after_arrival", true, true),
    ] {
        let (office, _) = office();
        let (url, file) = (databases::empty_on_server(), office.path(FILE));
        let before = in_file(&file, SCHOOL).await;
        let mut dying = office.command(["migrate", "--to", &url]);
        assert_eq!(answer(dying.env("FAILPOINTS", format!("{point}=return"))).code, None);
        assert_eq!(in_file(&file, SCHOOL).await.contains_key("moves"), left, "{point}");
        let there = on_server(&url, &file, SCHOOL).await;
        assert_eq!(!there.is_empty(), arrived, "{point}");
        let released = office.run(["release", "--yes"]).failed();
        assert_eq!(released.contains("moved to"), left, "{point}: {released}");

        migrate(&office, &url).done();
        let there = on_server(&url, &file, SCHOOL).await;
        assert!(!there.contains_key("holds"), "{point}: the move's own hold came along");
        assert!(without_the_move(there) == without_the_move(before), "{point}");
    }
}

#[tokio::test]
async fn a_departure_without_an_arrival_is_taken_back_when_the_school_cannot_move_after_all() {
    let (office, message) = office();
    let (url, file) = (databases::empty_on_server(), office.path(FILE));
    let mut dying = office.command(["migrate", "--to", &url]);
    assert_eq!(answer(dying.env("FAILPOINTS", "move.before_arrival=return")).code, None);
    databases::run_on(&url, "DROP TABLE pupils CASCADE");
    assert!(migrate(&office, &url).failed().contains("pupils"));
    // Whether it arrived could not be told: it stays as it is.
    assert!(in_file(&file, SCHOOL).await.contains_key("moves"));
    databases::run_on(&url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    drop(Store::connect(&url, None).unwrap());
    databases::run_on(&url, "ALTER TABLE persons ADD CHECK (school_id = '')");
    let refused = migrate(&office, &url).failed();
    assert!(refused.contains("persons"), "{refused}");
    assert!(!refused.contains("DURAND") && !refused.contains("siecle:"), "{refused}");
    let _daemon = office.serve();
    office.watched(&message);
    // By whichever way: the patience of the first one may be over by now.
    assert!(office.files_in("out/email") + office.files_in("out/sms") > 0);
}

#[tokio::test]
async fn an_arrival_that_was_not_answered_for_sends_from_neither_until_the_next_run() {
    let (office, message) = office();
    let (url, file) = (databases::empty_on_server(), office.path(FILE));
    let before = in_file(&file, SCHOOL).await;
    drop(Store::connect(&url, None).unwrap());
    databases::run_on(
        &url,
        "CREATE FUNCTION hang_up() RETURNS trigger AS \
         $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$ \
         LANGUAGE plpgsql; \
         CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON moves DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION hang_up();",
    );
    let doubt = migrate(&office, &url).failed();
    assert!(doubt.contains("whether the school arrived is not known"), "{doubt}");
    assert!(office.run(["release", "--yes"]).failed().contains("moved to"));
    assert!(on_server(&url, &file, SCHOOL).await.is_empty());
    databases::run_on(&url, "DROP TRIGGER hang_up ON moves");
    migrate(&office, &url).done();
    assert!(without_the_move(on_server(&url, &file, SCHOOL).await) == without_the_move(before));
    assert!(office.run(["cancel", &message]).failed().contains("moved to"));
}

#[tokio::test]
async fn a_hold_that_stood_comes_along() {
    let (office, _) = office();
    let (url, file) = (databases::empty_on_server(), office.path(FILE));
    office.run(["hold", "--reason", "panne du fournisseur"]).done();
    let before = in_file(&file, SCHOOL).await;
    let mut dying = office.command(["migrate", "--to", &url]);
    assert_eq!(answer(dying.env("FAILPOINTS", "move.before_arrival=return")).code, None);
    migrate(&office, &url).done();
    let there = on_server(&url, &file, SCHOOL).await;
    assert_eq!(there["holds"], before["holds"]);
    assert!(office.run(["status"]).done().contains("moved to"));
}

#[tokio::test]
async fn the_line_that_is_shown_works_and_tells_no_password() {
    let (office, message) = office();
    let url = databases::empty_on_server();
    office.write("word", "geheim\n");
    let said = format!("{url}&password=geheim");
    let told = office.run(["migrate", "--to", &said, "--password-file", "word"]);
    assert!(!told.err.contains("geheim") && !told.out.contains("geheim"), "{told:?}");
    let told = told.done();
    let lines: Vec<&str> = told.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(lines.len(), 2, "{told}");
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[store]\n{}\n", lines.join("\n")));
    std::fs::remove_file(office.path(FILE)).unwrap();
    let _daemon = office.serve();
    office.watched(&message);
    assert!(office.files_in("out/email") > 0);
    assert!(office.run(["migrate", "--to", &url]).failed().contains("a server's already"));
}

#[test]
fn what_cannot_be_reached_is_named_without_user_or_password() {
    let (office, _) = office();
    let before = office.rows();
    let cases = [
        ("postgres://lehrer:geheim@127.0.0.1:1/chappe", "127.0.0.1:1/chappe"),
        ("postgres://lehrer:geheim@127.0.0.1:1", "--to"),
        ("postgres://lehrer:geheim@127.0.0.1:port/chappe", "--to"),
        ("lehrer:geheim", "--to"),
    ];
    for (url, named) in cases {
        let refused = migrate(&office, url).failed_in(&before, &office);
        assert!(refused.contains(named) && refused.contains("nothing was changed"), "{refused}");
        assert!(!refused.contains("lehrer") && !refused.contains("geheim"), "{refused}");
    }
    let empty = Office::without_database(FOLDERS);
    let refused = migrate(&empty, "postgres:///chappe").failed();
    assert!(refused.contains("no database stands") && !empty.path(FILE).exists(), "{refused}");
}

#[tokio::test]
async fn a_program_is_told_how_many_rows_of_each_table_moved() {
    let (office, _) = office();
    let url = databases::empty_on_server();
    let before = in_file(&office.path(FILE), SCHOOL).await;
    let told = migrate(&office, &url).json();
    let moved: BTreeMap<String, usize> = serde_json::from_value(told["moved"].clone()).unwrap();
    for (table, rows) in &before {
        assert_eq!(moved[table], rows.len(), "{table}");
    }
    assert_eq!(moved["pupils"], 60);
    let arrived = count(&url, "SELECT moved_at FROM moves").await;
    assert!(Moment(arrived) > Moment(0));
}
