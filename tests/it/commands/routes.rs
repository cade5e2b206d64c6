//! Two providers of one channel, as a technician sets them up and sees them at work.

use super::office::{FIELDS, Office, small_school};

/// Nothing can be written below a file: the preferred one fails.
const TWO: &str = r#"
[providers.first.folder]
channel = "sms"
path = "a-file/first"

[providers.second.folder]
channel = "sms"
path = "out/second"

[routes]
sms = ["first", "second"]
"#;

#[test]
fn what_waits_on_one_that_fails_goes_by_the_next_and_is_seen_to_have() {
    let office = Office::with_providers(TWO);
    office.write("a-file", "");
    office.import(&small_school());
    let daemon = office.serve();
    let code = office.send_to("familles");
    let sent = office.watched(&code)["channels"]["sms"]["sent"].as_u64().unwrap();
    assert!(sent > 0 && office.files_in("out/second") > 0, "{sent}");
    let report = office.run(["status", &code, "--json"]).json();
    let carried = serde_json::json!([{ "channel": "sms", "carrier": "second", "count": sent }]);
    assert_eq!(report["carried"], carried);
    let told = office.run(["status", &code]).done();
    assert!(told.contains(&format!("sms: {sent} left by second.")), "{told}");
    let stands = office.run(["channel", "--json"]).done();
    let stands: Vec<serde_json::Value> =
        stands.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sms = stands.iter().filter(|it| it["channel"] == "sms");
    let sms: Vec<_> = sms.map(|it| (&it["provider"], &it["breaker"])).collect();
    assert_eq!(sms[1], (&"second".into(), &"admitting".into()));
    assert!(sms[0].0 == "first" && sms[0].1 != "admitting", "{sms:?}");
    let shown = office.run(["channel"]).done();
    assert!(shown.contains("sms, first : ") && !shown.contains("sms, second : "), "{shown}");
    drop(daemon);
    // Somebody with whom the first one was tried.
    let database = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    let tried = "SELECT a.person_key FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
                 WHERE d.failure = 'unreachable' AND d.state = 'accepted'";
    let who: String = database.query_row(tried, [], |row| row.get(0)).unwrap();
    let card = office.run(["people", "show", &who]).done();
    assert!(card.contains("sms by second: handed over"), "{card}");
}

/// Sends something that is not urgent to all.
fn announce(office: &Office) {
    let arguments = ["send", "annonce", "--to", "familles", "--again", "--json"];
    let sent = office.run(arguments.into_iter().chain(FIELDS)).json();
    office.watched(sent["message"].as_str().unwrap());
}

#[test]
fn one_that_was_mended_has_what_comes_next_without_a_word_from_anybody() {
    let office = Office::with_providers(TWO);
    let in_the_way = office.write("a-file", "");
    office.import(&small_school());
    let daemon = office.serve();
    announce(&office);
    std::fs::remove_file(in_the_way).unwrap();
    // One of what is not urgent is the probe, as the others leave, once the pause is over.
    for _ in 0..5 {
        if office.files_in("a-file/first") == 0 {
            announce(&office);
        }
    }
    let by_the_next = office.files_in("out/second");
    announce(&office);
    assert_eq!(office.files_in("out/second"), by_the_next);
    drop(daemon);
}

#[test]
fn an_order_that_cannot_be_is_refused_with_what_to_write() {
    let right = "sms = [\"first\", \"second\"]";
    for (wrong, why, line) in [
        ("sms = [\"first\", \"first\"]", "routes.sms names first twice", right),
        (
            "sms = [\"first\", \"third\"]",
            "routes.sms names third, which no [providers] table has",
            right,
        ),
        // Who comes first stays first.
        ("sms = [\"second\"]", "routes.sms leaves out first", "sms = [\"second\", \"first\"]"),
    ] {
        let office = Office::without_database(&TWO.replace(right, wrong));
        let told = office.run(["doctor"]).failed();
        assert!(told.contains(why) && told.contains(&format!("\n[routes]\n{line}\n")), "{told}");
        let mended = Office::without_database(&TWO.replace(right, line)).run(["doctor"]).out;
        assert!(mended.contains("first (sms): "), "{mended}");
    }
}
