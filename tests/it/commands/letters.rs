//! `chappe letters`

use super::office::Office;

#[test]
fn letters_are_printed_listed_and_said_to_be_posted() {
    let office = Office::with_school();
    assert!(office.run(["letters", "list"]).done().contains("No batch"));
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(super::office::FIELDS));
    let code = sent.json()["message"].as_str().unwrap().to_owned();
    let on_letter =
        office.run(["status", &code, "--json"]).json()["addressees"]["on_letter"].clone();
    assert!(on_letter.as_u64() > Some(5), "{on_letter}");

    let printed = office.run(["letters", "--json"]).json();
    let file = office.path(printed["file"].as_str().unwrap());
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF-"));
    assert_eq!(office.rights_of(printed["file"].as_str().unwrap()), 0o600);
    assert_eq!(printed["number"], 1);
    let list = office.run(["letters", "list", "--json"]).json();
    assert_eq!((&list["state"], &list["letters"]), (&"to post".into(), &printed["letters"]));
    assert!(office.run(["letters"]).done().contains("No letter waits."));

    assert_eq!(office.run(["letters", "posted", "1", "--json"]).json()["posted"], 1);
    let after = office.run(["status", &code, "--json"]).json();
    assert_eq!(after["addressees"]["reached"], on_letter);
    assert_eq!(after["addressees"]["on_letter"], 0);
}

#[test]
fn a_batch_that_does_not_exist_is_refused_and_the_list_is_named() {
    let office = Office::new();
    for arguments in [["letters", "posted", "7"], ["letters", "again", "7"]] {
        let told = office.run(arguments.into_iter().chain(["--json"])).failed_in_json();
        assert!(told.contains("no batch 7") && told.contains("chappe letters list"), "{told}");
    }
    assert_eq!(office.run(["letters", "posted", "seven"]).code, Some(2));
}

#[test]
fn a_letter_that_the_post_gives_back_takes_its_addressee_off_the_reached() {
    let office = Office::with_school();
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(super::office::FIELDS));
    let code = sent.json()["message"].as_str().unwrap().to_owned();
    office.run(["letters"]).done();
    let reference = format!("{code}-000A");
    let too_soon = office.run(["letters", "returned", &reference]).failed();
    assert!(too_soon.contains("its batch was posted"), "{too_soon}");
    office.run(["letters", "posted", "1"]).done();
    let reached = |office: &Office| {
        let status = office.run(["status", &code, "--json"]).json();
        status["addressees"]["reached"].as_u64().unwrap()
    };
    let before = reached(&office);
    let answer = office.run(["letters", "returned", &reference.to_lowercase(), "--json"]).json();
    assert_eq!(answer["returned"], 1);
    assert!(reached(&office) < before);
    let dead = office.run(["contacts", "list", "dead", "--json"]).json();
    assert!(dead.as_array().unwrap().iter().all(|line| line["channel"] == "letter"), "{dead}");
    assert!(!dead.as_array().unwrap().is_empty());
    assert_eq!(office.run(["letters", "returned", "nonsense"]).code, Some(2));
}

#[test]
fn printed_letters_of_a_cancelled_message_are_to_be_taken_out_and_not_printed_again() {
    let office = Office::with_school();
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(super::office::FIELDS));
    let code = sent.json()["message"].as_str().unwrap().to_owned();
    office.run(["hold", "--reason", "essai"]).done();
    let held_back = office.run(["letters", "--json"]).json();
    assert_eq!(held_back["why"], "on_hold");
    office.run(["release", "--yes"]).done();
    office.run(["letters"]).done();
    let told = office.run(["cancel", &code]).done();
    assert!(told.contains("printed and not posted, in batch 1"), "{told}");
    let told = office.run(["letters", "again", "1"]).failed();
    assert!(told.contains(&code) && told.contains("cancelled"), "{told}");
}
