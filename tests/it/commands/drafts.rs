//! `chappe drafts`

use serde_json::Value;

use super::answers;
use super::office::{FIELDS, Office};

fn keep(office: &Office) -> Value {
    let arguments = ["send", "fermeture", "--to", "familles", "--draft", "--json"];
    office.run(arguments.into_iter().chain(FIELDS)).json()
}

#[test]
fn a_draft_is_kept_changed_and_launched_once() {
    let office = Office::with_school();
    let before = office.rows();
    let kept = keep(&office);
    assert_eq!((&kept["number"], &kept["version"]), (&1.into(), &1.into()), "{kept}");
    assert!(before == office.rows(), "something was launched");
    let changed = ["drafts", "change", "1", "--to", "familles classe:6A", "--was", "1", "--json"];
    assert_eq!(office.run(changed).json()["version"], 2);
    let shown = office.run(["drafts", "show", "1", "--json"]).json();
    assert_eq!(shown["audience"], "familles classe:6A");
    assert_eq!(shown["fields"]["objet"], "Fermeture du collège");
    // Whoever read it before loses nothing of what the other wrote.
    let late = ["drafts", "change", "1", "--set", "objet=Autre chose", "--was", "1"];
    let told = office.run(late).failed();
    assert!(told.contains("version 2") && told.contains("nothing was changed"), "{told}");
    assert_eq!(office.run(["drafts", "show", "1", "--json"]).json(), shown);

    office.run(["drafts", "send", "1", "--dry-run"]).done();
    let sent = office.run(["drafts", "send", "1", "--json"]).json();
    let code = sent["message"].as_str().unwrap();
    let all = office.run(["audience", "familles classe:6A", "--json"]).json();
    assert_eq!(sent["addressees"]["total"], all["total"], "{sent} {all}");
    let me = whoami::username().unwrap();
    let again = office.run(["drafts", "send", "1", "--again"]).failed();
    assert!(again.contains("was launched on") && again.contains(code), "{again}");
    assert!(again.contains(&me), "{again}");
    assert!(office.run(["drafts"]).done().contains("no draft"));
}

#[test]
fn a_draft_that_is_discarded_says_nothing_any_more() {
    let office = Office::with_school();
    keep(&office);
    let listed = office.run(["drafts", "list", "--json"]).json();
    answers::holds_but_for("drafts", &listed, &[(&whoami::username().unwrap(), "[me]")]);
    assert!(office.run(["drafts"]).done().contains("Fermeture du collège"));
    office.run(["drafts", "discard", "1"]).done();
    for command in [&["drafts", "show", "1"][..], &["drafts", "send", "1"]] {
        let told = office.run(command.iter().copied()).failed();
        assert!(told.contains("was discarded on"), "{told}");
    }
    assert!(office.run(["drafts", "show", "2"]).failed().contains("there is no draft 2"));
    let acts = office.run(["journal", "--json"]).done();
    for act in ["save_draft", "discard_draft"] {
        assert!(acts.contains(act), "{act}: {acts}");
    }
    assert!(!acts.contains("Fermeture"), "{acts}");
}

#[test]
fn a_draft_may_lack_a_field_but_names_a_template_and_a_plan_that_are_there() {
    let office = Office::with_school();
    office.run(["send", "fermeture", "--set", "objet=Fermeture", "--draft"]).done();
    let told = office.run(["drafts", "send", "1"]).failed();
    assert!(told.contains("nothing matches") || told.contains("audience"), "{told}");
    for wrong in
        [&["send", "fermture", "--draft"][..], &["send", "fermeture", "--plan", "x", "--draft"]]
    {
        office.run(wrong.iter().copied()).failed();
    }
    assert_eq!(office.run(["drafts", "--json"]).done().lines().count(), 1);
    assert_eq!(office.run(["send", "fermeture"]).code, Some(2));
}
