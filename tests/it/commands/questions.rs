//! `chappe send --question`, `chappe answers`, `chappe slips`: what is asked, answered, and who has not answered.

use super::office::{FIELDS, Office};

const ASKED: &str = "Venez-vous à la réunion ?";

#[test]
fn what_is_asked_is_answered_counted_and_asked_again_of_those_who_have_not() {
    let office = Office::with_school();
    let question = ["--to", "familles classe:6A", "--question", ASKED, "--answers", "oui-non"];
    let words = ["send", "fermeture"].into_iter().chain(FIELDS).chain(question);
    let sent = office.run(words.chain(["--json"])).json();
    let code = sent["message"].as_str().unwrap().to_owned();
    let all = office.run(["answers", &code, "--json"]).json();
    assert_eq!(all["question"], ASKED);
    assert_eq!((&all["counts"]["oui"], &all["counts"]["non"]), (&0.into(), &0.into()));
    let asked = all["asked"].as_array().unwrap();
    assert_eq!(asked.len() as u64, all["silent"].as_u64().unwrap());
    let reference = |at: usize| asked[at]["reference"].as_str().unwrap().to_owned();
    let noted = office.run(["answers", "note", &reference(0), "OUI", "--by", "Sylvie"]).done();
    assert!(noted.contains(" answered oui."), "{noted}");
    let slips = office.run(["slips", &reference(1), "--answer", "non"]).done();
    assert!(slips.contains(" answered non."), "{slips}");
    let twice = office.run(["slips", &reference(1), "--answer", "non"]).done();
    assert!(twice.contains("nothing changed"), "{twice}");
    let shown = office.run(["answers", &code]).done();
    assert!(shown.contains("1 oui, 1 non") && shown.contains("typed by Sylvie"), "{shown}");
    assert!(office.run(["status", &code]).done().contains("Answers: 1 oui, 1 non"));
    let silent = office.run(["audience", &format!("n'ayant pas répondu {code}"), "--json"]).json();
    assert_eq!(silent["total"].as_u64().unwrap(), asked.len() as u64 - 2);
    office.run(["answers", &code, "--csv", "reponses.csv"]).done();
    let table = std::fs::read_to_string(office.path("reponses.csv")).unwrap();
    assert!(table.contains("\"Oui\"") && table.contains("\"Non\""), "{table}");
}

#[test]
fn what_is_typed_wrongly_is_refused_and_says_how_it_is_meant() {
    let office = Office::with_school();
    for (typed, told) in [
        (&["send", "fermeture", "--to", "familles", "--answers", "1-5"][..], "--question"),
        (&["send", "fermeture", "--to", "familles", "--question", "?", "--answers", "a"], "1-5"),
        (&["answers"], "chappe answers 7K4M"),
        (&["answers", "note", "7K4M-02QB", "bof"], "oui, non"),
        (&["answers", "note", "7K4M", "oui"], "7K4M-02QB"),
        (&["slips", "7K4M-02QB", "7K4M-02RB", "--call-back", "ce soir"], "one slip at a time"),
    ] {
        let answer = office.run(typed.iter().copied());
        assert_eq!(answer.code, Some(2), "{typed:?}: {}", answer.err);
        assert!(answer.err.contains(told), "{typed:?}: {}", answer.err);
    }
    let unknown = office.run(["slips", "7K4M-02QB"]).failed();
    assert!(unknown.contains("7K4M-02QB"), "{unknown}");
}
