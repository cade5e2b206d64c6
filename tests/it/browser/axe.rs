//! What axe-core finds against a page: rules of WCAG that a machine can judge.

use std::fs;
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Browser;
use crate::python::python;

/// Where tests/python.txt installs it.
const SCRIPT: &str = "axe_playwright_python/axe.min.js";
/// The checksum of axe-core 4.12.1.
const SHA256: &str = "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc";

/// Runs its rules, those of good practice too; one sentence for each fault.
const RUN: &str = "
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
    return axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
        .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
            rule.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary.replace(/\\s+/g, ' '))));";

/// What is wrong with the page as it stands, in words: rule, place, what to do.
pub(crate) async fn axe(browser: &Browser) -> Vec<String> {
    let has_it = browser.session.run("return typeof axe === 'object'", &[]).await;
    if has_it == Value::Bool(false) {
        browser.session.run(script(), &[]).await;
    }
    let found = browser.session.run(RUN, &[]).await;
    serde_json::from_value(found).unwrap()
}

fn script() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let home = python().ancestors().nth(2).unwrap();
        let versions = fs::read_dir(home.join("lib")).unwrap().map(|folder| folder.unwrap().path());
        let mut found = versions.map(|folder| folder.join("site-packages").join(SCRIPT));
        let script = fs::read_to_string(found.find(|file| file.exists()).unwrap()).unwrap();
        assert_eq!(hex::encode(Sha256::digest(&script)), SHA256, "axe-core is not the one pinned");
        script
    })
}
