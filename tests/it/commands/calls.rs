//! `chappe calls`

use serde_json::Value;

use super::answers;
use super::office::{FIELDS, Office};

/// A plan that begins with a call, and the families of 6A to be called.
fn calling() -> (Office, String) {
    let office = Office::with_school();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let config = config.replace(
        "{ channels = [\"email\"], patience = \"2s\" },",
        "{ channels = [\"phone\"], enough = \"acknowledged\" },",
    );
    office.write("chappe.toml", config);
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--json"];
    let asking = ["--question", "Venez-vous ?", "--answers", "oui-non"];
    let sent = office.run(arguments.into_iter().chain(asking).chain(FIELDS)).json();
    (office, sent["message"].as_str().unwrap().to_owned())
}

/// The calls that wait.
fn listed(office: &Office) -> Vec<Value> {
    office.run(["calls", "--json"]).json()["calls"].as_array().unwrap().clone()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

#[test]
fn calls_are_listed_shared_out_printed_made_and_taken_back() {
    let (office, code) = calling();
    let us = whoami::username().unwrap_or_default();
    let shared = office.run(["calls", "--among", "Sylvie Martin,Paul Roy:ar/tr"]).done();
    assert!(shared.contains("Sylvie Martin: ") || shared.contains("Paul Roy: "), "{shared}");
    let (sheets, table) = (office.path("appels.pdf"), office.path("appels.csv"));
    let files = [sheets.to_str().unwrap(), table.to_str().unwrap()];
    let written = office.run(["calls", "--pdf", files[0], "--csv", files[1]]).done();
    assert!(written.contains("appels.pdf, "), "{written}");
    assert!(std::fs::read(&sheets).unwrap().starts_with(b"%PDF"));

    let calls = listed(&office);
    assert!(calls.len() > 5);
    let reference = text(&calls[0], "reference");
    let done = ["calls", "done", reference, "no-answer", "--by", "Sylvie", "--json"];
    let noted = office.run(done).json();
    answers::holds("calls_done", &noted);
    let undone = office.run(["calls", "undo", reference, "--json"]).json();
    answers::holds("calls_undo", &undone);
    let before = office.rows();
    let nothing = office.run(["calls", "undo", reference]).failed_in(&before, &office);
    assert!(nothing.contains("nothing was taken back; `chappe calls` lists"), "{nothing}");
    let blank = office.run(["calls", "done", reference, "asks-for"]).failed();
    assert!(blank.contains("say it after the outcome"), "{blank}");
    let unheard = office.run(["calls", "done", reference, "busy", "--answer", "oui"]).failed();
    assert!(unheard.contains("reached somebody") && unheard.contains("asks-for"), "{unheard}");
    let asks = ["calls", "done", reference, "asks-for", "un ordinateur", "--answer", "oui"];
    assert!(office.run(asks).done().contains("asks-for, answered oui; "));
    assert_eq!(office.run(["answers", &code, "--json"]).json()["counts"]["oui"], 1);
    let again = office.run(["calls", "done", reference, "busy"]).failed();
    assert!(again.contains("asks-for; nothing was noted; to take that back"), "{again}");
    let unknown = office.run(["calls", "done", "0000-000A", "reached"]).failed();
    assert!(unknown.contains("there is no call 0000-000A"), "{unknown}");
    let status = office.run(["status", &code, "--json"]).json();
    assert_eq!(status["levels"]["answered"], 1);

    let journal = office.run(["journal", "--json"]).done();
    for act in ["share_calls", "note_call", "take_back_call", "take_calls_along"] {
        assert!(journal.contains(&format!("\"{act}\"")), "{act}: {journal}");
    }
    assert!(!journal.contains("ordinateur") && journal.contains(&us));
}

#[test]
fn a_sheet_is_read_whole_and_who_rang_is_noted() {
    let (office, code) = calling();
    let calls = listed(&office);
    let line = |call: &Value, said: &str| format!("{};1;{said};", text(call, "reference"));
    let sheet = |lines: [String; 2]| {
        format!("Référence;Essai;Résultat;Remarque\n{}\n{}\n", lines[0], lines[1])
    };
    office.write("bad.csv", sheet([line(&calls[0], "joint"), line(&calls[1], "bof")]));
    let bad = office.path("bad.csv");
    let before = office.rows();
    let refused = office.run(["calls", "read", bad.to_str().unwrap()]).failed_in(&before, &office);
    assert!(refused.contains("line 3: \"bof\" is no outcome of a call"), "{refused}");
    office.write("good.csv", sheet([line(&calls[0], "joint"), line(&calls[1], "occupé")]));
    let good = office.path("good.csv");
    let read = office.run(["calls", "read", good.to_str().unwrap(), "--json"]).json();
    answers::holds("calls_read", &read);
    let twice = office.run(["calls", "read", good.to_str().unwrap()]).failed();
    assert!(twice.contains("line 2: "), "{twice}");
    let missing = office.run(["calls", "read", "none.csv"]).failed();
    assert!(missing.contains("cannot read none.csv"), "{missing}");

    let name = calls[2]["names"][0].as_str().unwrap();
    let note = ["calls", "note", name, "la cantine ?", "--about", &code, "--json"];
    let rang = office.run(note).json();
    assert_eq!((text(&rang, "name"), &rang["is_answer"]), (name, &Value::Bool(true)));
    let nobody = office.run(["calls", "note", "Zorro", "bonjour"]).failed();
    assert!(nobody.contains("Zorro") || nobody.contains("nobody"), "{nobody}");
}
