//! How fast an announcement to a whole département is durable, and in how much memory.
//!
//! `cargo bench --bench launch`, `CHAPPE_BENCH=small cargo bench --bench launch`, or
//! `cargo bench --bench launch -- 5000`.

mod measure;

use std::path::Path;

use chappe::app;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::demo::school::{Size, fictional_college};
use chappe::demo::stage;
use chappe::directory;
use chappe::import::{Covers, Reading};
use chappe::message::{PlansBeside, Terms};
use chappe::office::School;
use chappe::office::{self, Request};
use chappe::people::{Actor, By, SchoolYear};
use serde::{Deserialize, Serialize};

use measure::{Meter, Role, Used, line, per_second, table};

/// Addressees in a second, on two cores.
const WANTED: f64 = 40_000.0;
/// The most memory that the whole process may take, in megabytes.
const WANTED_MEMORY_MB: f64 = 150.0;
/// Pupils a class.
const CLASS: usize = 25;

/// What one launch took.
#[derive(Serialize, Deserialize)]
struct Launched {
    addressees: usize,
    prepared: Used,
    durable: Used,
    memory_before_mb: f64,
}

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(100_000, 5_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } if part == "people" => block_on(people(&folder, count)),
        Role::Child { folder, .. } => block_on(launch(&folder)),
    }
}

#[tokio::main]
async fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    work.await
}

fn compare(count: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let () = measure::in_child("people", folder.path(), count)?;
    let launched: Launched = measure::in_child("launch", folder.path(), count)?;
    let Launched { addressees, prepared, durable, memory_before_mb } = launched;
    let row = |name: &str, seconds: f64| {
        let rate = per_second(addressees, seconds);
        [name.to_owned(), format!("{seconds:.2}"), format!("{rate:.0}")]
    };
    line(format!(
        "launch: {addressees} addressees in one transaction, SQLite on disk, synchronous=FULL"
    ))?;
    table(
        ["", "seconds", "addressees/s"],
        &[
            row("select, check, preview", prepared.seconds),
            row("write until durable", durable.seconds - prepared.seconds),
            row("whole", durable.seconds),
        ],
    )?;
    line(format!(
        "wanted: at least {WANTED:.0} addressees/s until durable\n\
         peak memory: {:.0} MB ({memory_before_mb:.0} MB before the launch); wanted: below \
         {WANTED_MEMORY_MB:.0} MB\n\
         processor: {:.1} s; to the disk: {:.0} MB",
        durable.peak_memory_mb,
        durable.processor_seconds,
        durable.written_bytes / 1e6,
    ))
}

/// Fills the directory with families until they have `count` adults to write to.
async fn people(folder: &Path, count: usize) -> anyhow::Result<()> {
    let app = app(folder)?;
    // A pupil has some 1.6 legal representatives, siblings considered.
    let pupils = count * 5 / 7;
    let size = Size { pupils, classes: pupils.div_ceil(CLASS) };
    let school = fictional_college(1794, SchoolYear::of(app.today()), size);
    let reading = Reading {
        pupils: school.pupils,
        persons: school.guardians,
        guardianships: school.guardianships,
        covers: Covers { pupils: true, guardians: true, staff: false },
        ..Reading::default()
    };
    let diff = directory::diff(app.store(), app.queue.school(), reading).await?;
    directory::apply(app.store(), app.queue.school(), &diff, By::program(app.clock.now())).await?;
    measure::say(&())
}

async fn launch(folder: &Path) -> anyhow::Result<()> {
    let app = app(folder)?;
    let request = Request {
        template: "fermeture".to_owned(),
        fields: stage::announcement(jiff::civil::date(2026, 11, 30)),
        audience: "familles".to_owned(),
        plan: app.config.plan("famille").map_err(anyhow::Error::msg)?,
        plans: PlansBeside::default(),
        urgency: None,
        among: None,
        again: true,
        plain_sms: false,
        question: None,
        terms: Terms::default(),
    };
    let meter = Meter::start()?;
    let memory_before_mb = meter.read()?.peak_memory_mb;
    let draft = office::prepare(&app, request).await?;
    let prepared = meter.read()?;
    let addressees = draft.chosen.len();
    office::launch(&app, Actor::Program, draft).await?;
    measure::say(&Launched { addressees, prepared, durable: meter.read()?, memory_before_mb })
}

fn app(folder: &Path) -> anyhow::Result<School> {
    // It is measured at night too.
    let hours = ["ENT", "SMS"].map(|it| (format!("CHAPPE__HOURS__{it}__QUIET"), "[]".to_owned()));
    let config = Config::read("chappe.toml", config::SHIPPED, hours)?;
    Ok(app::build(config, folder, Clock::system())?)
}
