//! The daemon dies while somebody's settings are written: the file is the old one or the new one, whole, and the
//! daemon starts with it.

use std::fs;

use reqwest::Method;

use crate::browser::Visitor;
use crate::commands::office::{Daemon, Office};

/// Changes who signs, by a daemon that dies there; what the file says then, and what it said.
async fn dies_at(point: &str) -> (String, String) {
    let office = Office::new();
    let add = ["accounts", "add", "marie", "--name", "Marie PETIT", "--role", "it", "--json"];
    office.run(add).json();
    let before = fs::read_to_string(office.path("chappe.toml")).unwrap();
    let mut serve = office.command(["serve", "--json"]);
    serve.env("FAILPOINTS", format!("{point}=return"));
    let daemon = Daemon::start(serve);
    let link = office.run(["accounts", "link", "marie", "--json"]).json();
    let link = link["link"].as_str().or(link["token"].as_str()).unwrap().to_owned();
    let mut visitor = Visitor::of(&format!("http://{}", daemon.address));
    visitor.get(&format!("/lien/{}", link.rsplit('/').next().unwrap())).await;
    let page = visitor.get("/reglages/etablissement").await;
    let fields = [
        ("csrf", page.value("csrf").unwrap()),
        ("version", page.value("version").unwrap()),
        ("signataire", "Zoé Lunel"),
    ];
    let asked = visitor.request(Method::POST, "/reglages/etablissement");
    let origin = format!("http://{}", daemon.address);
    assert!(asked.header("origin", origin).form(&fields).send().await.is_err(), "{point}");
    let after = fs::read_to_string(office.path("chappe.toml")).unwrap();
    let again = office.serve();
    assert!(again.get("/healthz").contains("alive"), "{point}");
    (before, after)
}

#[tokio::test]
async fn settings_are_the_old_ones_or_the_new_ones_wherever_the_daemon_dies() {
    for point in
        ["former_settings.before_name", "former_settings.after_name", "settings.before_name"]
    {
        let (before, after) = dies_at(point).await;
        assert_eq!(before, after, "{point}");
    }
    let (before, after) = dies_at("settings.after_name").await;
    assert!(!before.contains("Zoé Lunel") && after.contains("Zoé Lunel"), "{after}");
    assert_eq!(before.lines().count(), after.lines().count());
}
