//! `chappe inbox`

use super::office::{FIELDS, Office};

#[test]
fn what_waits_is_listed_given_settled_and_put_back() {
    let office = Office::with_school();
    let told = office.run(["inbox"]).done();
    assert!(told.contains("Nothing waits for a person."), "{told}");
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[[plans.adresse]]\nchannels = [\"email\"]\n"));
    let words = ["send", "fermeture", "--to", "familles", "--plan", "adresse", "--json"];
    let sent = office.run(words.into_iter().chain(FIELDS)).json();
    let code = sent["message"].as_str().unwrap().to_owned();
    let listed = office.run(["inbox", "--json", "--kind", "unreached", "--most", "2"]).json();
    let entries = listed["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "{listed}");
    assert_eq!(
        (&entries[0]["kind"], &entries[0]["message"]),
        (&"unreached".into(), &code.as_str().into())
    );
    let name = entries[0]["name"].as_str().unwrap();
    let total = listed["total"].as_u64().unwrap();
    let told = office.run(["inbox", "assign", name, "--to", "Mme Roy"]).done();
    assert!(told.contains(&format!("{name} is given to Mme Roy.")), "{told}");
    let told = office.run(["inbox", "--to", "mme roy"]).done();
    assert!(told.contains(name) && told.contains("given to Mme Roy"), "{told}");
    office.run(["inbox", "done", name, "appelée"]).done();
    let refused = office.run(["inbox", "done", name]).failed();
    assert!(refused.contains("to put it back: chappe inbox reopen"), "{refused}");
    assert_eq!(office.run(["inbox", "--json"]).json()["total"].as_u64(), Some(total - 1));
    let told = office.run(["inbox", "show", name]).done();
    assert!(told.contains(": appelée"), "{told}");
    office.run(["inbox", "reopen", name]).done();
    assert_eq!(office.run(["inbox", "--json"]).json()["total"].as_u64(), Some(total));
    let refused = office.run(["inbox", "done", "99"]).failed();
    assert!(refused.contains("`chappe inbox` lists them"), "{refused}");
    let refused = office.run(["inbox", "answer", name, "Bonjour"]).failed();
    assert!(refused.contains("cannot be answered from here"), "{refused}");
}

#[test]
fn what_is_attached_is_saved_as_it_came_over_nothing_and_the_journal_says_so() {
    let office = Office::new();
    let database = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    database
        .execute_batch(
            "INSERT INTO replies (id, school_id, provider, provider_ref, body, received_at, number, channel) \
             VALUES (x'00112233445566778899aabbccddeeff', '0319999Z', 'relay', 'x', 'Voici', 0, 1, 'email'); \
             INSERT INTO attachments (school_id, reply_id, number, name, octets, content) \
             VALUES ('0319999Z', x'00112233445566778899aabbccddeeff', 1, 'certificat.pdf', 3, x'414243')",
        )
        .unwrap();
    drop(database);
    let told = office.run(["inbox"]).done();
    assert!(told.contains("attached 1: certificat.pdf (3 bytes)"), "{told}");
    office.run(["inbox", "attachment", "1"]).done();
    assert_eq!(std::fs::read(office.path("certificat.pdf")).unwrap(), b"ABC");
    office.write("certificat.pdf", "mine");
    let refused = office.run(["inbox", "attachment", "1"]).failed();
    assert!(refused.contains("certificat.pdf"), "{refused}");
    assert_eq!(std::fs::read(office.path("certificat.pdf")).unwrap(), b"mine");
    let refused = office.run(["inbox", "attachment", "1", "2"]).failed();
    assert!(refused.contains("nothing attached under 2"), "{refused}");
    let journal = office.run(["journal", "--json"]).done();
    assert!(journal.contains("take_attachment"), "{journal}");
}
