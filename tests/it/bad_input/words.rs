//! Words of a sender that mean nothing: what exists is named, nothing is kept.

use crate::commands::office::{FIELDS, Office};

/// What is said of a `send` that is refused; nothing of it is kept.
fn refusal(office: &Office, arguments: &[&str]) -> String {
    let before = office.rows();
    let told = office.run(arguments.iter().copied().chain(["--json"])).failed_in_json();
    assert!(before == office.rows(), "rows changed by {arguments:?}");
    told
}

fn send<'a>(template: &'a str, to: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let start = ["send", template, "--to", to].into_iter();
    start.chain(FIELDS).chain(more.iter().copied()).collect()
}

#[test]
fn an_unknown_word_is_refused_and_what_exists_is_named() {
    let office = Office::with_school();
    for (arguments, named) in [
        (send("fermeture", "familles", &["--set", "objett=x"]), vec!["objett", "ce_qui_change"]),
        (send("fermeturre", "familles", &[]), vec!["fermeturre", "fermeture"]),
        (send("fermeture", "familles", &["--plan", "pigeon"]), vec!["pigeon", "famille, papier"]),
        (send("fermeture", "famille", &[]), vec!["famille", "familles, personnels"]),
        (send("fermeture", "familles classe:6Q", &[]), vec!["classe:6Q", "6A, 5A, 4A, 3A"]),
        (send("fermeture", "familles sauf classe:6Q", &[]), vec!["classe:6Q", "6A, 5A"]),
        (send("fermeture", "familles niveau:2nde", &[]), vec!["niveau:2nde", "6e, 5e, 4e, 3e"]),
        (send("fermeture", "familles classe:", &[]), vec!["classe:", "names nothing"]),
        (send("fermeture", "familles sauf", &[]), vec!["sauf", "names nothing"]),
    ] {
        let told = refusal(&office, &arguments);
        for word in named {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
}

#[test]
fn whoever_names_nobody_is_asked_for_whom_it_is() {
    let office = Office::with_school();
    let wrong = office.run(send("fermeture", "", &[]));
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("--to familles"), "{wrong:?}");
}

#[test]
fn a_missing_required_field_is_named() {
    let office = Office::with_school();
    let arguments: Vec<&str> = send("fermeture", "familles", &[])
        .into_iter()
        .filter(|one| !one.starts_with("agenda="))
        .collect();
    // `--set agenda=…` without its value: take the flag away too.
    let at = arguments.windows(2).position(|two| two == ["--set", "--set"]).unwrap();
    let arguments = [&arguments[..at], &arguments[at + 1..]].concat();
    let told = refusal(&office, &arguments);
    assert!(told.contains("\"agenda\"") && told.contains("required"), "{told}");
}

#[test]
fn an_audience_of_nobody_says_to_import_first() {
    let office = Office::new();
    office.run(["audience", "familles"]).done();
    let told = refusal(&office, &send("fermeture", "familles classe:6A", &[]));
    assert!(told.contains("chappe import") && told.contains("nothing was sent"), "{told}");
}

#[test]
fn an_audience_is_checked_also_when_it_is_only_looked_at() {
    let office = Office::with_school();
    let told = office.run(["audience", "familles classe:6Q", "--json"]).failed_in_json();
    assert!(told.contains("there are: 6A, 5A, 4A, 3A"), "{told}");
}
