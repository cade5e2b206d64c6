//! `chappe doctor`: checks everything, sends nothing.

use std::path::Path;

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::app::{self, DatabaseError};
use crate::clock::Clock;
use crate::config::{Config, Database};
use crate::directory::Roll;
use crate::providers::Guard;
use crate::queue::Queue;
use crate::store::room;

/// Free bytes that a school of a thousand families does not fill in a week.
const ENOUGH: u64 = 100_000_000;

/// One line of the doctor's report.
struct Check {
    what: String,
    /// What was found, or why it fails.
    found: Result<String, String>,
}

impl Check {
    fn new(what: impl Into<String>, found: Result<String, String>) -> Self {
        Self { what: what.into(), found }
    }
}

pub(super) async fn run(context: &Context) -> anyhow::Result<()> {
    let (config, folder) = (context.read_config()?, context.folder());
    let mut checks = vec![
        Check::new("configuration", Ok(context.config_path().display().to_string())),
        Check::new("database", database(&config, &folder).await.map_err(|e| e.to_string())),
    ];
    // A server's disk is looked after where it stands.
    if let Database::File(file) = &config.store.database {
        checks.push(Check::new("disk", disk(&folder.join(file))));
    }
    checks.push(Check::new("templates", templates(&config, &folder)));
    for carrier in app::providers(&config, &folder, &Clock::system(), Guard::Anywhere) {
        let found = match carrier.built {
            Ok(provider) => {
                let health = provider.check().await;
                health.map(|health| health.summary).map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        checks.push(Check::new(carrier.label, found));
    }
    present(context, &checks)
}

async fn database(config: &Config, folder: &Path) -> Result<String, DatabaseError> {
    let store = app::open_store(&config.store, folder)?;
    let roll = Roll::load(&store, &config.school.uai).await?;
    let adults = roll.guardians.len() + roll.staff.len();
    let queue = Queue::new(store, config.school.uai.clone());
    let on_hold = queue.standing_hold().await?.map_or("", |_| "; on hold: nothing is sent");
    let is_attended = queue.somebody_is_at_work(Clock::system().now()).await?;
    let nobody = if is_attended { "" } else { "; no daemon is at work" };
    Ok(format!("{} pupils, {adults} adults{on_hold}{nobody}", roll.pupils.len()))
}

/// What is free for the database.
fn disk(database: &Path) -> Result<String, String> {
    let folder = database.parent().unwrap_or(database);
    let free = room::free_bytes(folder).map_err(|error| error.to_string())?;
    let told = format!("{} MB free", free / 1_000_000);
    if free < ENOUGH { Err(format!("{told}: free some space")) } else { Ok(told) }
}

fn templates(config: &Config, folder: &Path) -> Result<String, String> {
    let renderer = app::renderer(config, folder).map_err(|error| error.to_string())?;
    match renderer.templates().check().first() {
        None => Ok(format!("{} sound", renderer.templates().list().count())),
        Some(finding) => Err(format!("{}: {}", finding.template, finding.what)),
    }
}

fn present(context: &Context, checks: &[Check]) -> anyhow::Result<()> {
    for Check { what, found } in checks {
        let (sound, words) = match found {
            Ok(words) => (true, words),
            Err(words) => (false, words),
        };
        if context.json {
            output::json(&json!({ "check": what, "sound": sound, "found": words }));
        } else {
            output::line(format!("{} {what}: {words}", if sound { "ok  " } else { "FAIL" }));
        }
    }
    let failed: Vec<&str> = checks
        .iter()
        .filter(|check| check.found.is_err())
        .map(|check| check.what.as_str())
        .collect();
    if !failed.is_empty() {
        bail!(
            "{} of {} checks failed: {}; nothing was sent",
            failed.len(),
            checks.len(),
            failed.join(", ")
        );
    }
    Ok(())
}
