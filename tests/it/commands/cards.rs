//! `chappe cards`

use super::answers;
use super::office::{FIELDS, Office};

/// PRONOTE alone, and a plan that begins there.
fn with_pronote() -> Office {
    let office = Office::with_school();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let config = config.replace(
        "{ channels = [\"email\"], patience = \"2s\" },",
        "{ channels = [\"ent\"], patience = \"1h\" },",
    );
    office.write(
        "chappe.toml",
        format!("{config}\n[providers.pronote.manual]\ntool = \"pronote\"\n"),
    );
    office
}

fn send(office: &Office) -> String {
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--json"];
    let sent = office.run(arguments.into_iter().chain(FIELDS)).json();
    sent["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_card_is_listed_shown_assigned_published_and_taken_back() {
    let office = with_pronote();
    assert!(office.run(["cards"]).done().contains("No card yet"));
    let code = send(&office);
    let card = format!("{code}/pronote");
    let us = whoami::username().unwrap_or_default();
    let holds = |name: &str, answer: &serde_json::Value| {
        let words =
            [(card.as_str(), "[card]"), (code.as_str(), "[message]"), (us.as_str(), "[us]")];
        answers::holds_but_for(name, answer, &words);
    };

    let listed = office.run(["cards", "--json"]).json();
    holds("cards", &listed);
    let waiting = listed["waiting"].as_u64().unwrap();
    assert!(waiting > 5, "{listed}");
    let told = office.run(["cards", "show", &code]).done();
    assert!(told.contains("Destinataires : Responsables\nClasses : 6A\n"), "{told}");
    assert!(told.contains("Le collège ferme demain."), "{told}");
    let text = office.run(["cards", "show", &code, "--text"]).done();
    assert!(text.starts_with("Ce qui change") && text.contains(&code), "{text}");
    let html = office.run(["cards", "show", &code, "--html"]).done();
    assert!(html.contains("<strong>demain</strong>"), "{html}");
    let shown = office.run(["cards", "show", &card, "--json"]).json();
    let people = shown["destination"]["people"].as_array().unwrap();
    assert_eq!(u64::try_from(people.len()).unwrap(), waiting);

    let assigned = office.run(["cards", "assign", &code, "Sylvie", "--json"]).json();
    assert_eq!(assigned["assigned_to"], "Sylvie");
    let told = office.run(["status"]).done();
    assert!(told.contains("1 carte à publier dans PRONOTE depuis"), "{told}");
    let status = office.run(["status", &code]).done();
    assert!(
        status.contains("attendent d’être prévenues par une publication dans PRONOTE"),
        "{status}"
    );

    let published = office.run(["cards", "published", &code, "--by", "Sylvie", "--json"]).json();
    holds("cards_published", &published);
    assert_eq!(published["addressees"], waiting);
    let before = office.rows();
    let twice =
        office.run(["cards", "published", &code, "--by", "Luc"]).failed_in(&before, &office);
    assert!(twice.contains("by Sylvie") && twice.contains("cards take-back"), "{twice}");
    let odd = office.run(["cards", "published", &code, "--at", "2020-01-01 08:15"]).failed();
    assert!(odd.contains("no hour at which"), "{odd}");

    let taken_back = office.run(["cards", "take-back", &code, "--json"]).json();
    holds("cards_take_back", &taken_back);
    let none = office.run(["cards", "take-back", &code]).failed();
    assert!(none.contains("nobody said that card"), "{none}");
    let unknown = office.run(["cards", "show", "0000"]).failed();
    assert!(unknown.contains("there is no card 0000; `chappe cards` lists them"), "{unknown}");
    let acts = office.run(["journal", "--json"]).done();
    for act in ["assign_card", "publish", "unpublish"] {
        assert!(acts.contains(&format!("\"{act}\"")), "{act}: {acts}");
    }
}

#[test]
fn nobody_calls_pronote_and_the_doctor_says_who_publishes() {
    let office = with_pronote();
    let told = office.run(["doctor"]).out;
    assert!(
        told.contains("pronote (ent): nothing is called: a person publishes in PRONOTE"),
        "{told}"
    );
    assert!(office.run(["channel", "list"]).done().contains("pronote, by hand"));
}
