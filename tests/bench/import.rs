//! How fast a school's SIECLE files become its directory, and in how much memory; how fast somebody is looked
//! up in it; and what a table costs.
//!
//! `cargo bench --bench import`, `CHAPPE_BENCH=small cargo bench --bench import`, or
//! `cargo bench --bench import -- 5000`. With `CHAPPE_BESIDE=PATH`, another build of `chappe`, that one
//! reads the table too, in turns.

mod beside;
mod looked_up;
mod measure;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chappe::app;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::demo::school::{Size, fictional_college};
use chappe::directory;
use chappe::import::{self, Expected, Reading, SourceFile};
use chappe::office::School;
use chappe::people::{By, SchoolYear};
use serde::{Deserialize, Serialize};

use measure::{Meter, Role, Used, line, per_second};

/// Pupils a class.
const CLASS: usize = 25;
/// Where the files stand.
const EXPORTS: &str = "exports";

/// Pupils of the table, which no school has more of.
const TABLE: usize = 5_000;
/// How often each build reads it.
const TURNS: u32 = 10;

/// Settings that every build understands.
const FEW_SETTINGS: &str = r#"
[school]
uai = "0319999Z"
name = "Collège Claude-Chappe"
address = ["1 rue du Télégraphe", "31999 VALCLAIR"]
town = "Valclair"
website = "https://claude-chappe.example.org/info"
signatory_name = "Camille Arago"
signatory_title = "Principale"

[providers.mails.folder]
channel = "email"
path = "mails"
"#;

/// What one import took.
#[derive(Serialize, Deserialize)]
struct Imported {
    read: Used,
    compared: Used,
    applied: Used,
    guardians: usize,
    written: usize,
}

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(100_000, 5_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } if part == "files" => files(&folder, count),
        Role::Child { part, folder, .. } if part == "looks" => looks(&folder),
        Role::Child { folder, .. } => import(&folder),
    }
}

fn compare(count: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let () = measure::in_child("files", folder.path(), count)?;
    let first: Imported = measure::in_child("import", folder.path(), count)?;
    let again: Imported = measure::in_child("import", folder.path(), count)?;
    let bytes: u64 = exports(folder.path())?
        .iter()
        .map(|path| Ok(fs::metadata(path)?.len()))
        .sum::<anyhow::Result<u64>>()?;
    line(format!(
        "import: {count} pupils and {} guardians in {} MB of SIECLE files, into SQLite on disk",
        first.guardians,
        bytes / 1_000_000
    ))?;
    let row = |name: &str, imported: &Imported| {
        let [read, compared, whole] =
            [imported.read, imported.compared, imported.applied].map(|used| used.seconds);
        [
            name.to_owned(),
            format!("{read:.2}"),
            format!("{:.2}", compared - read),
            format!("{:.2}", whole - compared),
            format!("{whole:.2}"),
            format!("{:.0}", per_second(count, whole)),
            [imported.read, imported.compared, imported.applied]
                .map(|used| format!("{:.0}", used.peak_memory_mb))
                .join(" / "),
            imported.written.to_string(),
        ]
    };
    measure::table(
        [
            "",
            "read s",
            "compare s",
            "apply s",
            "whole s",
            "pupils/s",
            "peak MB so far",
            "records changed",
        ],
        &[row("the first time", &first), row("the same files again", &again)],
    )?;
    let looks: Vec<looked_up::Looks> = measure::in_child("looks", folder.path(), count)?;
    looked_up::show(&looks)?;
    compare_tables()
}

/// The command itself reads a table, and that of another build in turns with it.
fn compare_tables() -> anyhow::Result<()> {
    let table = tempfile::NamedTempFile::with_suffix(".csv")?;
    fs::write(table.path(), pupils_with_two_parents(TABLE))?;
    let mut builds = beside::builds();
    for _ in 0..TURNS {
        for build in &mut builds {
            // A build of before makes a database, which is of its time.
            let folder = tempfile::tempdir()?;
            fs::write(folder.path().join("chappe.toml"), FEW_SETTINGS)?;
            build.run(|command| {
                command.args(["import", "--dry-run", "--json"]).arg(table.path());
                command.current_dir(&folder);
            })?;
        }
    }
    line(format!(
        "import --dry-run: a table of {TABLE} pupils with two parents each, {TURNS} times in turns"
    ))?;
    let first = builds.first().map_or(0.0, |build| build.seconds);
    let rows: Vec<[String; 3]> = builds.iter().map(|build| build.row(TURNS, first)).collect();
    measure::table(["", "processor s", "this build beside it"], &rows)
}

fn pupils_with_two_parents(count: usize) -> String {
    let parent = |number| {
        ["nom", "prenom", "civilite", "portable", "mail", "adresse", "cp", "ville"]
            .map(|title| format!("R{number}_{title}"))
            .join(";")
    };
    let mut table = format!("Nom;Prénom;Date de naissance;Classe;{};{}\n", parent(1), parent(2));
    for at in 0..count {
        let (class, day, month) = (3 + at % 4, 1 + at % 28, 1 + at % 12);
        let number = format!("06 39 98 {:02} {:02}", at / 100 % 100, at % 100);
        let _ = writeln!(
            table,
            "NOM{at};Zoé{at};{day:02}/{month:02}/2014;{class}B;\
             NOM{at};Inès{at};Mme;{number};p{at}@example.org;{at} rue des Lilas;31000;TOULOUSE;\
             PETIT{at};Paul;M.;{number};q{at}@example.org;{at} rue du Puits;31000;TOULOUSE"
        );
    }
    table
}

/// Writes the files that a school of `count` pupils would export.
fn files(folder: &Path, count: usize) -> anyhow::Result<()> {
    let today = app(folder)?.today();
    let size = Size { pupils: count, classes: count.div_ceil(CLASS) };
    let exports = folder.join(EXPORTS);
    fs::create_dir(&exports)?;
    let school = fictional_college(1794, SchoolYear::of(today), size);
    for (name, bytes) in school.siecle_files(today) {
        fs::write(exports.join(name), bytes)?;
    }
    measure::say(&())
}

fn exports(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder.join(EXPORTS))?;
    Ok(entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
}

#[tokio::main]
async fn import(folder: &Path) -> anyhow::Result<()> {
    let app = app(folder)?;
    let today = app.today();
    let expected = Expected {
        school: app.config.school.uai.clone(),
        year: SchoolYear::of(today),
        today,
        region: app.config.school.region.clone(),
        maps: Vec::new(),
    };
    let meter = Meter::start()?;
    let reading = read(exports(folder)?, expected).await?;
    let read = meter.read()?;
    let diff = directory::diff(app.store(), app.queue.school(), reading).await?;
    let compared = meter.read()?;
    let changes =
        directory::apply(app.store(), app.queue.school(), &diff, By::program(app.clock.now()))
            .await?;
    let counts = [changes.pupils, changes.guardians, changes.staff];
    measure::say(&Imported {
        read,
        compared,
        applied: meter.read()?,
        guardians: changes.guardians.added + changes.guardians.unchanged,
        written: counts.iter().map(|it| it.added + it.changed + it.archived).sum(),
    })
}

/// Somebody is looked up in what was imported.
#[tokio::main]
async fn looks(folder: &Path) -> anyhow::Result<()> {
    measure::say(&looked_up::looks(&app(folder)?).await?)
}

/// As the command does: on a thread that may block.
async fn read(paths: Vec<PathBuf>, expected: Expected) -> anyhow::Result<Reading> {
    let reading = tokio::task::spawn_blocking(move || {
        let labels: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let files = labels.iter().zip(&paths);
        let files: Vec<SourceFile<'_>> =
            files.map(|(label, path)| SourceFile::on_disk(label, path)).collect();
        import::read(&files, &expected)
    });
    reading.await?.context("the files that this bench wrote")
}

fn app(folder: &Path) -> anyhow::Result<School> {
    let config = Config::read("chappe.toml", config::SHIPPED, [])?;
    Ok(app::build(config, folder, Clock::system())?)
}
