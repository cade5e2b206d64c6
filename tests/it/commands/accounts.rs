//! `chappe accounts`

use super::answers::{holds, holds_but_for};
use super::office::Office;

#[test]
fn an_account_is_added_listed_changed_and_disabled_and_no_secret_is_shown_but_the_code() {
    let office = Office::new();
    assert!(office.run(["accounts"]).done().contains("chappe accounts code"));
    let add = ["accounts", "add", "Sylvie", "--name", "Sylvie DURAND", "--role", "secretariat"];
    let made = office.run(add.iter().copied().chain(["--json"])).json();
    let code = made["code"].as_str().unwrap().to_owned();
    holds_but_for("accounts_add", &made, &[(&code, "CODE")]);
    let again = office.run(add.iter().copied().chain(["--json"])).failed_in_json();
    assert!(again.contains("take another one"), "{again}");
    holds("accounts", &office.run(["accounts", "--json"]).json());
    let rights = ["accounts", "rights", "sylvie", "--role", "cpe", "--json"];
    let changed = office.run(rights).json();
    assert!(changed["rights"].as_array().unwrap().iter().any(|it| it == "see_rulings"));
    let link = office.run(["accounts", "link", "sylvie", "--json"]).json();
    let token = link["link"].as_str().unwrap();
    holds_but_for("accounts_link", &link, &[(token, "LINK")]);
    assert!(office.run(["accounts", "sessions", "sylvie"]).done().contains("signed in nowhere"));
    holds("accounts_revoke", &office.run(["accounts", "revoke", "sylvie", "--json"]).json());
    let disabled = office.run(["accounts", "disable", "sylvie", "--json"]).json();
    assert!(disabled["disabled_at"].is_string());
    holds("accounts_disable", &disabled);
    let refused = office.run(["accounts", "code", "sylvie"]).failed();
    assert!(refused.contains("--undo"), "{refused}");
    office.run(["accounts", "disable", "sylvie", "--undo"]).done();
    let nobody = office.run(["accounts", "link", "anne"]).failed();
    assert!(nobody.contains("`chappe accounts` lists them"), "{nobody}");
    let journal = office.run(["journal"]).done();
    for act in ["add_account", "make_code", "change_account", "make_link", "disable_account"] {
        assert!(journal.contains(act), "{journal}");
    }
    assert!(!journal.contains(&code) && !journal.contains(token), "{journal}");
}
