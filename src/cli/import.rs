//! `chappe import`: the school's files, dry run first.

mod report;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::asker;
use super::context::{Context, Told};
use crate::directory::{self, Diff, NewRepresentative};
use crate::import::{ColumnMap, Expected, Field, NobodyTold, Reading, SourceFile};
use crate::office::School;
use crate::people::SchoolYear;
use report::Report;

/// Arguments of `chappe import`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Exports and tables, zipped or not, in any order; recognised by what they hold, not by their
    /// names.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What a column of a table is, where its title does not tell: `Portable 2=mobile-phone`,
    /// `Né(e) le=ignore`. It is remembered for tables with the same titles.
    #[arg(
        long = "map",
        value_name = "TITLE=FIELD",
        value_parser = mapping,
        long_help = help_of_map()
    )]
    maps: Vec<String>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Apply even when more than 10 % would be archived, or when a second complete source of pupils
    /// comes in.
    #[arg(long)]
    archive_many: bool,
    /// Apply even when a pupil under a restriction gets another legal representative, who may be the
    /// restricted person once more.
    #[arg(long)]
    add_representatives: bool,
}

/// How far an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Shows what would change.
    DryRun,
    /// Applies it, unless a doubt is left that nobody has answered.
    Apply(Sure),
}

/// What somebody said to be right, should it be doubted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sure {
    archives: bool,
    representatives: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { files, maps, dry_run, archive_many, add_representatives } = arguments;
    let sure = Sure { archives: archive_many, representatives: add_representatives };
    let mode = if dry_run { Mode::DryRun } else { Mode::Apply(sure) };
    let app = match context.app_to_import(mode != Mode::DryRun).await? {
        Some(app) => app,
        None if mode == Mode::DryRun => context.app_to_try()?,
        None => {
            // What is refused leaves no database behind.
            propose(context, &context.app_to_try()?, &files, &maps, mode).await?;
            context.app_to_begin()?
        }
    };
    import(context, &app, &files, maps, mode).await
}

/// What `--map` takes, word by word.
fn help_of_map() -> String {
    let words = Field::words().join(", ");
    format!(
        "What a column of a table is, where its title does not tell: `Portable 2=mobile-phone`, \
         `Né(e) le=ignore`; the second column of one title is `Nom 2`. It is remembered for tables with \
         the same titles.\n\nFields: ignore, {words}.\nfull-name is a whole name in one cell (NOM Prénom); \
         relative-1 and relative-2 are the adults who answer for the pupil of the row, child is a child \
         of the guardian of the row."
    )
}

/// A mapping as it is typed, once it is sound.
fn mapping(typed: &str) -> Result<String, String> {
    ColumnMap::default().add(typed).map_err(|unknown| unknown.to_string())?;
    Ok(typed.to_owned())
}

/// What an import would change, and what it read.
struct Proposal {
    report: Report,
    diff: Arc<Diff>,
}

/// Reads files and works out what they change; refused where `mode` does not let it be applied.
async fn propose(
    context: &Context,
    app: &School,
    files: &[PathBuf],
    said: &[String],
    mode: Mode,
) -> anyhow::Result<Proposal> {
    let mut reading = read(files.to_vec(), expected(app, said).await?).await?;
    let report = Report::of(&mut reading);
    report.check_titles(said)?;
    let diff = directory::diff(app.store(), app.queue.school(), reading).await?;
    if let Some(reason) = refusal(&report.nobody_told, &diff, mode) {
        report.present(context, &app.folder, &diff, false, Some(&reason));
        return Err(Told(reason).into());
    }
    Ok(Proposal { report, diff })
}

/// Reads files, works out what they change, and applies it as far as `mode` goes.
pub(super) async fn import(
    context: &Context,
    app: &School,
    files: &[PathBuf],
    said: Vec<String>,
    mode: Mode,
) -> anyhow::Result<()> {
    let Proposal { report, diff } = propose(context, app, files, &said, mode).await?;
    let applies = mode != Mode::DryRun;
    if applies {
        let (store, school, now) = (app.store(), app.queue.school(), app.clock.now());
        directory::apply(store, school, &diff, asker::by(app)).await?;
        directory::remember_columns(store, school, said, report.columns.clone(), now).await?;
    }
    report.present(context, &app.folder, &diff, applies, None);
    Ok(())
}

/// Why an import is not applied, and what to do.
fn refusal(nobody_told: &[NobodyTold], diff: &Diff, mode: Mode) -> Option<String> {
    let Mode::Apply(sure) = mode else { return None };
    let unheard = unheard(nobody_told).map(|reason| format!("{reason} Nothing was changed"));
    unheard.or_else(|| {
        let representatives = doubt_of_representatives(diff).filter(|_| !sure.representatives);
        let (reason, word) = match representatives {
            Some(reason) => (reason, "--add-representatives"),
            None => (doubt(diff).filter(|_| !sure.archives)?, "--archive-many"),
        };
        Some(format!("{reason} Nothing was changed; if it is right, say it again with {word}"))
    })
}

/// Why tables of pupils are not applied of whom nobody would be told.
fn unheard(tables: &[NobodyTold]) -> Option<String> {
    let first = tables.first()?;
    let pupils = match tables.iter().map(|table| table.pupils).sum() {
        1_usize => "1 pupil".to_owned(),
        many => format!("{many} pupils"),
    };
    let more = match tables.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let columns: Vec<String> = first.columns.iter().map(|title| format!("« {title} »")).collect();
    let title = first.columns.first().map_or("", String::as_str);
    Some(format!(
        "{}{more}: {pupils}, and nobody would be told: no adult who can be reached came along, while columns \
         that hold telephones or e-mail addresses were not read ({}). Say what each is with --map \
         \"{title}=FIELD\", such as relative-1-mobile-phone or relative-1-email, or have it passed over with \
         --map \"{title}=ignore\".",
        first.file,
        columns.join(", ")
    ))
}

/// Why an import is not applied at the first word.
fn doubt(diff: &Diff) -> Option<String> {
    if let Some(known) = &diff.other_source {
        return Some(format!(
            "the directory has pupils of the source \"{known}\" already: with a second complete source \
             everybody would be there, and be written to, twice."
        ));
    }
    if !diff.restricted_gone.is_empty() {
        return Some(format!(
            "a restriction noted by hand hangs on a record that the file no longer has: {}; is it a name \
             put right? It would have to be noted again.",
            diff.restricted_gone.join(", ")
        ));
    }
    let many = "more than 10 % would be archived: is a file incomplete?";
    diff.changes.archives_many().then(|| many.to_owned())
}

/// Why somebody has to look at those who would be added to pupils under a restriction.
fn doubt_of_representatives(diff: &Diff) -> Option<String> {
    let told = diff.restricted_new.iter().map(|one| {
        let NewRepresentative { pupil, person, restricted } = one;
        format!("{person} would become a legal representative of {pupil}, of whom {restricted} must not hear")
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        format!(
            "{}. If it is the restricted person once more, put the file right; if it is somebody else, they \
             may be added.",
            told.join("; ")
        )
    })
}

/// Reads the files on a thread that may block: the one that then compares them.
async fn read(paths: Vec<PathBuf>, expected: Expected) -> anyhow::Result<Reading> {
    paths.iter().try_for_each(|path| check_readable(path))?;
    let reading = tokio::task::spawn_blocking(move || {
        let labels: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let files = labels.iter().zip(&paths);
        let files: Vec<SourceFile<'_>> =
            files.map(|(label, path)| SourceFile::on_disk(label, path)).collect();
        crate::import::read(&files, &expected)
    });
    Ok(reading.await??)
}

/// Refuses what is no file before it is opened: a pipe that nobody writes to would be waited for.
fn check_readable(path: &Path) -> anyhow::Result<()> {
    let cannot = || format!("cannot read {}; nothing was changed", path.display());
    if !std::fs::metadata(path).with_context(cannot)?.is_file() {
        bail!(
            "cannot read {}: it is a folder, a pipe or a device; nothing was changed; give the file \
             itself",
            path.display()
        );
    }
    File::open(path).with_context(cannot)?;
    Ok(())
}

/// What the files must be of: our school, the school year of today; and how their columns are to be
/// understood.
async fn expected(app: &School, said: &[String]) -> anyhow::Result<Expected> {
    let school = &app.config.school;
    let today = app.today();
    let mut maps = directory::known_columns(app.store(), app.queue.school()).await?;
    let mut now_said = ColumnMap::default();
    for typed in said {
        now_said.add(typed)?;
    }
    maps.push(now_said);
    Ok(Expected {
        school: school.uai.clone(),
        year: SchoolYear::of(today),
        today,
        region: school.region.clone(),
        maps,
    })
}
