//! `chappe doctor`: checks everything, sends nothing.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::output;
use super::refusals::worded;
use super::sms_advice::BY_SHORT_NUMBER;
use crate::app::{self, DatabaseError};
use crate::audience::Roll;
use crate::clock::Clock;
use crate::config::{self, Config, Database};
use crate::email_address::EmailAddress;
use crate::office;
use crate::phone_number::PhoneNumber;
use crate::private_file;
use crate::providers::Guard;
use crate::queue::Queue;
use crate::render::letter_job;
use crate::store::{IfMissing, Store, gates, room};

/// Free bytes that a school of a thousand families does not fill in a week.
const ENOUGH: u64 = 100_000_000;

/// One line of the doctor's report.
struct Check {
    what: String,
    /// What was found, or why it fails.
    found: Result<String, String>,
    /// Sound, but a person should look.
    is_doubtful: bool,
}

impl Check {
    fn new(what: impl Into<String>, found: Result<String, String>) -> Self {
        Self { what: what.into(), found, is_doubtful: false }
    }

    fn of_config(config: &Config, path: &Path) -> Self {
        let (place, doubt) = (path.display(), config.school.doubt());
        let is_doubtful = doubt.is_some();
        let found = doubt.map_or_else(|| place.to_string(), |doubt| format!("{place}; {doubt}"));
        Self { is_doubtful, ..Self::new("configuration", Ok(found)) }
    }
}

pub(super) async fn run(context: &Context) -> anyhow::Result<()> {
    let (config, folder) = (context.read_config()?, context.folder());
    let store = app::open_store(&config.store, &folder, IfMissing::Refuse);
    let refusing = refusing(&config, &store).await;
    let mut checks = vec![
        Check::of_config(&config, context.config_path()),
        Check::new("school", school(&config.school)),
        Check::new("secrets", secrets(context, &config)),
        Check::new("database", database(&config, store).await.map_err(|error| worded(&error))),
    ];
    // A server's disk is looked after where it stands.
    if let Database::File(file) = &config.store.database {
        checks.push(Check::new("disk", disk(&folder.join(file))));
    }
    checks.push(Check::new("templates", templates(&config, &folder)));
    checks.push(Check::new("letters", letters(&config, &folder).await));
    for app::Carrier { name, channel, built } in
        app::providers(&config, &folder, &Clock::system(), Guard::Anywhere)
    {
        let label = format!("{name} ({channel})");
        let mut found = match built {
            Ok(provider) => {
                let health = provider.check().await;
                health.map(|health| health.summary).map_err(|error| worded(&error))
            }
            Err(error) => Err(worded(&error)),
        };
        if let (Ok(summary), Some(why)) = (&found, refusing.get(&label)) {
            found = Err(format!("{summary}; but {why}"));
        }
        checks.push(Check::new(label, found));
    }
    present(context, &checks)
}

/// What families read of the school, and how its own numbers are read.
fn school(school: &config::SchoolSettings) -> Result<String, String> {
    let config::SchoolSettings { phone, region, email, .. } = school;
    if !phone.is_empty() {
        PhoneNumber::parse(phone, region).map_err(|bad| {
            format!("[school] phone {bad} in the region {region}: put phone or region right")
        })?;
    }
    if !email.is_empty() {
        EmailAddress::parse(email).map_err(|bad| format!("[school] email {bad}: put it right"))?;
    }
    Ok(format!("{}, region {region}, {}", school.uai, school.zone))
}

/// Who else may read them.
fn secrets(context: &Context, config: &Config) -> Result<String, String> {
    let mut files = app::secret_files(config, &context.folder());
    if config.store.database.holds_password() {
        files.push(("store.database".to_owned(), context.config_path().to_owned()));
    }
    for (key, file) in &files {
        // One that is missing is told by whoever needs it.
        if private_file::is_open_to_others(file).unwrap_or(false) {
            let file = file.display();
            return Err(format!(
                "everybody on this machine may read {file}, which holds {key}: chmod o= {file}"
            ));
        }
    }
    Ok(format!("{} files, not for everybody", files.len()))
}

/// Which providers are left alone, by their labels, until when and why; none where the database cannot be
/// read, which is a line of its own.
async fn refusing(
    config: &Config,
    store: &Result<Store, DatabaseError>,
) -> BTreeMap<String, String> {
    let Ok(store) = store else { return BTreeMap::new() };
    let school = config.school.uai.clone();
    let gates = store.read(move |tx| gates::all(tx, &school)).await.unwrap_or_default();
    let (now, hours) = (Clock::system().now(), config.timing().hours);
    let told = gates.into_iter().filter(|gate| !gate.is_admitting()).filter_map(|gate| {
        // The next message tries one whose pause is over.
        let until = hours.shown(gate.until.filter(|until| *until > now)?);
        let why =
            format!("it refuses what we send, and is left alone until {until}: {}", gate.reason);
        Some((format!("{} ({})", gate.provider, gate.channel), why))
    });
    told.collect()
}

async fn database(
    config: &Config,
    store: Result<Store, DatabaseError>,
) -> Result<String, DatabaseError> {
    let store = store?;
    store.check_rights()?;
    store.check_whole().await?;
    let roll = Roll::load(&store, &config.school.uai).await?;
    let adults = roll.guardians.len() + roll.staff.len();
    let queue = Queue::new(store, config.school.uai.clone());
    let on_hold = queue.holds().standing().await?.map_or("", |_| "; on hold: nothing is sent");
    let is_attended = queue.attendance().is_anybody_at_work(Clock::system().now()).await?;
    let nobody = if is_attended { "" } else { "; no daemon is at work" };
    Ok(format!("{} pupils, {adults} adults{on_hold}{nobody}", roll.pupils.len()))
}

/// What is free for the database.
fn disk(database: &Path) -> Result<String, String> {
    let free = room::free_bytes(database).map_err(|error| worded(&error))?;
    let told = format!("{} MB free", free / 1_000_000);
    if free < ENOUGH { Err(format!("{told}: free some space")) } else { Ok(told) }
}

fn templates(config: &Config, folder: &Path) -> Result<String, String> {
    let renderer = app::renderer(config, folder).map_err(|error| worded(&error))?;
    let templates = renderer.templates();
    let findings = templates.check();
    if findings.is_empty() {
        let by_short_number = templates.sms_rules().by_short_number;
        let note = if by_short_number { format!("; {BY_SHORT_NUMBER}") } else { String::new() };
        return Ok(format!("{} sound{note}", templates.list().count()));
    }
    let told = findings.iter().map(|finding| format!("{}: {}", finding.template, finding.what));
    Err(told.collect::<Vec<_>>().join("; "))
}

/// Prints a letter to nobody, where letters go and within their limits.
async fn letters(config: &Config, folder: &Path) -> Result<String, String> {
    let renderer = app::renderer(config, folder).map_err(|error| worded(&error))?;
    let press = office::press(config).map_err(|error| worded(&error))?;
    let folder = folder.join(&config.letters.folder);
    let unwritable = |error: io::Error| {
        format!("cannot write in {}: {error}: see [letters] folder", folder.display())
    };
    std::fs::create_dir_all(&folder).map_err(unwritable)?;
    let file = sample_in(&folder);
    let job = letter_job(renderer.school(), jiff::civil::date(2020, 3, 16));
    let printed = press.print(&job, &file, |_| {}).await.map_err(|error| {
        format!(
            "{error}: see memory_mb and time_limit under [letters], and whether letters go there"
        )
    })?;
    std::fs::remove_file(&file).map_err(unwritable)?;
    match printed.set_aside.first() {
        None => Ok(format!("one printed in {}, and removed", folder.display())),
        Some(aside) => Err(aside.reason.clone()),
    }
}

/// A name that no batch has.
fn sample_in(folder: &Path) -> PathBuf {
    folder.join(format!(".essai-{}.pdf", std::process::id()))
}

fn present(context: &Context, checks: &[Check]) -> anyhow::Result<()> {
    for Check { what, found, is_doubtful } in checks {
        let (sound, mark, words) = match found {
            Ok(words) if *is_doubtful => (true, "warn", words),
            Ok(words) => (true, "ok  ", words),
            Err(words) => (false, "FAIL", words),
        };
        if context.json {
            output::json(&json!({
                "check": what, "sound": sound, "warning": is_doubtful, "found": words
            }));
        } else {
            output::line(format!("{mark} {what}: {words}"));
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
