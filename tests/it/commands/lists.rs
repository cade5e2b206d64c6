//! `chappe lists`

use super::answers::holds;
use super::office::Office;

#[test]
fn a_list_is_saved_shown_used_and_removed() {
    let office = Office::with_school();
    assert_eq!(office.run(["lists", "--json"]).json()["lists"].as_array().unwrap().len(), 0);
    assert!(office.run(["lists"]).done().contains("chappe lists save"));
    let saved = office.run(["lists", "save", "voyage", "foyers classe:6A", "--json"]).json();
    let total = saved["total"].as_u64().unwrap();
    assert!(total > 0, "{saved}");
    holds("lists_save", &saved);
    holds("lists", &office.run(["lists", "--json"]).json());
    let used = office.run(["audience", "liste:voyage", "--json"]).json();
    assert_eq!(used["total"], saved["total"]);
    let shown = office.run(["lists", "show", "Voyage", "--json"]).json();
    holds("lists_show_rule", &shown);
    assert_eq!((&shown["rule"], &shown["total"]), (&"foyers classe:6A".into(), &saved["total"]));
    assert!(office.run(["lists"]).done().contains("voyage: foyers classe:6A"));
    let refused =
        office.run(["lists", "save", "voyage", "liste:voyage", "--json"]).failed_in_json();
    assert!(refused.contains("used by its own rule"), "{refused}");
    holds("lists_remove", &office.run(["lists", "remove", "voyage", "--json"]).json());
    office.run(["lists", "show", "voyage"]).failed();
    office.run(["audience", "liste:voyage"]).failed();
}

#[test]
fn a_file_of_names_is_taken_whole_or_refused_with_its_line() {
    let office = Office::with_school();
    let all = office.run(["audience", "familles", "--json", "--limit", "0"]).json();
    let about = all["recipients"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["about"].as_array().unwrap().iter().filter_map(|it| it.as_str()));
    let lines: Vec<String> =
        about.filter_map(|it| Some(it.strip_suffix(')')?.replace(" (", ";"))).take(3).collect();
    office.write("names.txt", lines.join("\n"));
    let saved = office.run(["lists", "names", "voyage", "names.txt", "--json"]).json();
    let pupils = saved["pupils"].as_u64().unwrap();
    assert!(pupils > 0, "{saved}");
    holds("lists_names", &saved);
    let shown = office.run(["lists", "show", "voyage", "--json"]).json();
    holds("lists_show_names", &shown);
    assert_eq!(shown["pupils"].as_array().unwrap().len() as u64, pupils);
    assert_eq!(shown["gone"], 0);
    let list = &office.run(["lists", "--json"]).json()["lists"][0];
    assert_eq!((list["pupils"].as_u64(), &list["rule"]), (Some(pupils), &serde_json::Value::Null));

    office.write("bad.txt", format!("{}\nPersonne INCONNUE\n", lines[0]));
    let refused = office.run(["lists", "names", "voyage", "bad.txt", "--json"]).failed_in_json();
    assert!(refused.contains("bad.txt") && refused.contains("line 2"), "{refused}");
    assert!(!refused.contains("INCONNUE"), "{refused}");
    assert_eq!(office.run(["lists", "show", "voyage", "--json"]).json(), shown);
    let missing = office.run(["lists", "names", "voyage", "none.txt"]).failed();
    assert!(missing.contains("none.txt"), "{missing}");
}
