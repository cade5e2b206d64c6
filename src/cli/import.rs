//! `chappe import`: the school's files, dry run first.

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::context::{Context, Told};
use super::output;
use crate::app::App;
use crate::directory::{self, Change, Changes, Count, Detail, Diff, NewRepresentative};
use crate::import::{ColumnMap, Expected, FileKind, HeaderMap, Reading, SetAside, SourceFile};
use crate::people::SchoolYear;

/// Records of each sort of change that are named on a screen; a program gets them all.
const SHOWN: usize = 10;

/// Arguments of `chappe import`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Exports and tables, zipped or not, in any order; recognised by what they hold, not by their
    /// names.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What a column of a table is, where its title does not tell: `Portable 2=mobile-phone`,
    /// `Né(e) le=ignore`. It is remembered for tables with the same titles.
    #[arg(long = "map", value_name = "TITLE=FIELD", value_parser = mapping)]
    maps: Vec<String>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Apply even when more than 10 % would be archived, or when a second complete source of pupils
    /// comes in.
    #[arg(long)]
    archive_many: bool,
}

/// How far an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Shows what would change.
    DryRun,
    /// Applies it, unless it archives many.
    Apply,
    /// Applies it.
    ApplyAnyway,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let mode = match (arguments.dry_run, arguments.archive_many) {
        (true, _) => Mode::DryRun,
        (false, false) => Mode::Apply,
        (false, true) => Mode::ApplyAnyway,
    };
    let app = context.app_to_import(mode != Mode::DryRun).await?;
    import(context, &app, &arguments.files, arguments.maps, mode).await
}

/// A mapping as it is typed, once it is sound.
fn mapping(typed: &str) -> Result<String, String> {
    ColumnMap::default().add(typed).map_err(|unknown| unknown.to_string())?;
    Ok(typed.to_owned())
}

/// Reads files, works out what they change, and applies it as far as `mode` goes.
pub(super) async fn import(
    context: &Context,
    app: &App,
    files: &[PathBuf],
    said: Vec<String>,
    mode: Mode,
) -> anyhow::Result<()> {
    let mut reading = read(files.to_vec(), expected(app, &said).await?).await?;
    let report = Report::of(&mut reading);
    report.check_titles(&said)?;
    let diff = directory::diff(app.store(), app.queue.school(), reading).await?;
    if let Some(reason) = doubt(&diff).filter(|_| mode == Mode::Apply) {
        let reason = format!(
            "{reason} Nothing was changed; if it is right, say it again with --archive-many"
        );
        report.present(context, &diff, false, Some(&reason));
        return Err(Told(reason).into());
    }
    let applies = mode != Mode::DryRun;
    if applies {
        let (store, school, now) = (app.store(), app.queue.school(), app.clock.now());
        directory::apply(store, school, &diff, now).await?;
        directory::remember_columns(store, school, said, report.columns.clone(), now).await?;
    }
    report.present(context, &diff, applies, None);
    Ok(())
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
    if !diff.restricted_new.is_empty() {
        let told = diff.restricted_new.iter().map(|one| {
            let NewRepresentative { pupil, person, restricted } = one;
            format!("{person} would become a legal representative of {pupil}, of whom {restricted} must not hear")
        });
        return Some(format!("{}: is it the same person?", told.collect::<Vec<_>>().join("; ")));
    }
    let many = "more than 10 % would be archived: is a file incomplete?";
    diff.changes.archives_many().then(|| many.to_owned())
}

/// Reads the files on a thread that may block: the one that then compares them.
async fn read(paths: Vec<PathBuf>, expected: Expected) -> anyhow::Result<Reading> {
    for path in &paths {
        File::open(path)
            .with_context(|| format!("cannot read {}; nothing was changed", path.display()))?;
    }
    let reading = tokio::task::spawn_blocking(move || {
        let labels: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let files = labels.iter().zip(&paths);
        let files: Vec<SourceFile<'_>> =
            files.map(|(label, path)| SourceFile::on_disk(label, path)).collect();
        crate::import::read(&files, &expected)
    });
    Ok(reading.await??)
}

/// What the files must be of: our school, the school year of today; and how their columns are to be
/// understood.
async fn expected(app: &App, said: &[String]) -> anyhow::Result<Expected> {
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

/// What the files were, for the answer; the people in them go on to the directory.
struct Report {
    files: Vec<FileKind>,
    columns: Vec<HeaderMap>,
    set_aside: Vec<SetAside>,
}

impl Report {
    fn of(reading: &mut Reading) -> Self {
        Self {
            files: reading.files.clone(),
            columns: std::mem::take(&mut reading.columns),
            set_aside: std::mem::take(&mut reading.set_aside),
        }
    }

    /// Refuses a mapping of a title that no table has: a slip of the hand would go unseen.
    fn check_titles(&self, said: &[String]) -> anyhow::Result<()> {
        let titles = || self.columns.iter().flat_map(|map| map.columns.iter().map(|it| &it.0));
        let unknown = said
            .iter()
            .filter_map(|typed| typed.rsplit_once('='))
            .find(|(title, _)| !titles().any(|other| ColumnMap::is_same_title(other, title)));
        if let Some((title, _)) = unknown {
            let known = titles().map(|title| format!("« {title} »")).collect::<Vec<_>>().join(", ");
            bail!("no column is called « {title} »; there are: {known}; nothing was changed");
        }
        Ok(())
    }

    /// Shows what came in, what changes, and what was set aside and why.
    fn present(&self, context: &Context, diff: &Diff, applied: bool, refused: Option<&str>) {
        if context.json {
            output::json(&Answer { report: self, diff, applied, refused });
            return;
        }
        for file in &self.files {
            output::line(format!("{}: {}", file.label, file.kind));
        }
        self.columns.iter().for_each(present_columns);
        present_counts(&diff.changes);
        self.present_details(diff);
        if !self.set_aside.is_empty() {
            output::line(format!("{} records set aside:", self.set_aside.len()));
            for aside in &self.set_aside {
                let line = aside.line.map(|line| format!(", line {line}")).unwrap_or_default();
                output::line(format!("  {}{line}: {} — {}", aside.file, aside.what, aside.reason));
            }
        }
        if let Some(reason) = doubt(diff).filter(|_| !applied && refused.is_none()) {
            output::line(format!("Applied, it would ask for a second word: {reason}"));
        }
        output::line(if applied { "Applied." } else { "Nothing was changed." });
    }

    /// Each record that changes, the first ones of each sort of change.
    fn present_details(&self, diff: &Diff) {
        for (change, title) in
            [(Change::Added, "added"), (Change::Changed, "changed"), (Change::Archived, "archived")]
        {
            let mut of_this = diff.details().filter(|detail| detail.change == change);
            for detail in of_this.by_ref().take(SHOWN) {
                let place =
                    self.place(&detail).map(|(file, line)| format!(", {file}, line {line}"));
                let place = place.unwrap_or_default();
                output::line(format!(
                    "  {title} {}: {}{place} — {}",
                    detail.who, detail.name, detail.reason
                ));
            }
            let more = of_this.count();
            if more > 0 {
                output::line(format!("  {title}: {more} more; --json names them all"));
            }
        }
    }

    fn place(&self, detail: &Detail) -> Option<(&str, u32)> {
        let origin = detail.origin?;
        let file = self.files.get(usize::try_from(origin.file).ok()?)?;
        Some((&file.label, origin.line))
    }

    fn detail_as_json(&self, detail: &Detail) -> serde_json::Value {
        let (file, line) = self.place(detail).unzip();
        json!({
            "who": detail.who,
            "name": detail.name,
            "change": detail.change,
            "file": file,
            "line": line,
            "reason": detail.reason,
        })
    }
}

/// The answer for a program, written as it is made.
struct Answer<'a> {
    report: &'a Report,
    diff: &'a Diff,
    applied: bool,
    /// Why it was not applied.
    refused: Option<&'a str>,
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { report, diff, applied, refused } = self;
        let changes = &diff.changes;
        let file = |file: &FileKind| json!({ "path": file.label, "kind": file.kind.to_string() });
        let columns = |map: &HeaderMap| json!({ "file": map.file, "columns": map.columns });
        let mut answer = serializer.serialize_map(None)?;
        answer.serialize_entry("applied", applied)?;
        answer.serialize_entry("files", &Each(|| report.files.iter().map(file)))?;
        answer.serialize_entry("columns", &Each(|| report.columns.iter().map(columns)))?;
        answer.serialize_entry("pupils", &changes.pupils)?;
        answer.serialize_entry("guardians", &changes.guardians)?;
        answer.serialize_entry("staff", &changes.staff)?;
        answer.serialize_entry("households", &json!({ "total": changes.households }))?;
        let details = || diff.details().map(|detail| report.detail_as_json(&detail));
        answer.serialize_entry("changes", &Each(details))?;
        answer.serialize_entry("set_aside", &Each(|| report.set_aside.iter().map(aside)))?;
        let doubt = refused.map(str::to_owned).or_else(|| doubt(diff).filter(|_| !applied));
        answer.serialize_entry("doubt", &doubt)?;
        if let Some(reason) = refused {
            answer.serialize_entry("error", reason)?;
        }
        answer.end()
    }
}

/// A list that is made while it is written.
struct Each<F>(F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator<Item = serde_json::Value>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

fn aside(aside: &SetAside) -> serde_json::Value {
    json!({
        "file": aside.file,
        "line": aside.line,
        "what": aside.what,
        "reason": aside.reason,
    })
}

fn present_counts(changes: &Changes) {
    let mut table = output::table(["", "added", "changed", "archived", "unchanged"]);
    let rows =
        [("pupils", changes.pupils), ("guardians", changes.guardians), ("staff", changes.staff)];
    for (name, Count { added, changed, archived, unchanged }) in rows {
        let counts = [added, changed, archived, unchanged].map(|count| count.to_string());
        table.add_row(std::iter::once(name.to_owned()).chain(counts));
    }
    output::line(table.to_string());
    output::line(format!("{} households.", changes.households));
}

/// How the columns of a table were understood.
fn present_columns(map: &HeaderMap) {
    output::line(format!("{}: the columns were understood so:", map.file));
    for (title, field) in &map.columns {
        let field = field.as_deref().unwrap_or("passed over");
        output::line(format!("  « {title} » → {field}"));
    }
}
