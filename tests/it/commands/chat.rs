//! The messenger of the staff, as the office uses it.

use super::office::{FIELDS, Office, small_school};

const CHATS: &str = r#"
[providers.tchap.folder]
channel = "chat"
path = "out/chat"
"#;

/// An office where staff are written to by the messenger first.
fn office() -> Office {
    let office = Office::with_providers(CHATS);
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let plan =
        "equipe = [{ channels = [\"chat\"], patience = \"2s\" }, { channels = [\"letter\"] }]";
    office.write("chappe.toml", config.replace("[plans]\n", &format!("[plans]\n{plan}\n")));
    office.import(&small_school());
    office
}

#[test]
fn an_announcement_to_staff_goes_to_the_messenger_of_whoever_has_one() {
    let office = office();
    let add = ["people", "add", "staff", "Inès", "Durand", "--civility", "Mme"];
    let chat = ["--chat", "@ines.durand:example.org"];
    office.run(add.into_iter().chain(chat)).done();
    let card = office.run(["people", "show", "@ines.durand:example.org", "--json"]).json();
    assert_eq!(card["name"], "Inès DURAND", "{card}");
    assert_eq!(card["contacts"][0]["channel"], "chat", "{card}");

    let daemon = office.serve();
    let announce = ["send", "annonce", "--to", "personnels", "--plan", "equipe", "--json"];
    let sent = office.run(announce.into_iter().chain(FIELDS)).json();
    let seen = office.watched(sent["message"].as_str().unwrap());
    drop(daemon);
    assert_eq!(seen["channels"]["chat"]["sent"], 1, "{seen}");
    // A chat says what the ENT would, and nothing of its markup in the plain form.
    let file = std::fs::read_dir(office.path("out/chat")).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.starts_with("Inès DURAND <@ines.durand:example.org>\n\nFermeture"), "{text}");
    assert!(text.contains("Le collège ferme demain."), "{text}");
}

#[test]
fn an_address_in_the_messenger_is_changed_and_taken_away() {
    let office = office();
    office.run(["people", "add", "staff", "Inès", "Durand", "--chat", "@ines:example.org"]).done();
    let chats = || {
        let listed = office.run(["contacts", "list", "all", "--to", "personnels", "--json"]).json();
        let lines = listed.as_array().unwrap().iter().filter(|line| line["channel"] == "chat");
        lines.map(|line| line["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(chats(), ["@ines:example.org"]);
    office.run(["people", "change", "Inès Durand", "--chat", "@i.durand:example.org"]).done();
    assert_eq!(chats(), ["@i.durand:example.org"]);
    office.run(["contacts", "correct", "Inès Durand", "--chat", ""]).done();
    assert!(chats().is_empty());
    let wrong = ["people", "change", "Inès Durand", "--chat", "ines@example.org"];
    assert!(office.run(wrong).failed().contains("@ines.durand:example.org"));
}
