//! `chappe import`: the school's files, dry run first.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::context::Context;
use super::output;
use crate::app::App;
use crate::directory::{self, Change, Changes, Count, Detail};
use crate::import::{Expected, FileKind, HeaderMap, Reading, SetAside, SourceFile};
use crate::people::SchoolYear;

/// Records of each sort of change that are named on a screen; a program gets them all.
const SHOWN: usize = 10;

/// Arguments of `chappe import`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// SIECLE and STS exports, in any order; recognised by what they hold, not by their names.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Apply even when more than 10 % would be archived.
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
    import(context, &context.app()?, &arguments.files, mode).await
}

/// Reads files, works out what they change, and applies it as far as `mode` goes.
pub(super) async fn import(
    context: &Context,
    app: &App,
    files: &[PathBuf],
    mode: Mode,
) -> anyhow::Result<()> {
    let mut reading = read(app, files)?;
    let report = Report::of(&mut reading);
    let diff = directory::diff(app.store(), app.queue.school(), reading).await?;
    let changes = diff.changes;
    let details: Vec<Detail> = diff.details().collect();
    if mode == Mode::Apply && changes.archives_many() {
        report.present(context, &changes, &details, false);
        bail!(
            "more than 10 % would be archived: is a file incomplete? Nothing was changed; if it is \
             right, say it again with --archive-many"
        );
    }
    let applies = mode != Mode::DryRun;
    if applies {
        directory::apply(app.store(), app.queue.school(), diff, app.clock.now()).await?;
    }
    report.present(context, &changes, &details, applies);
    Ok(())
}

fn read(app: &App, paths: &[PathBuf]) -> anyhow::Result<Reading> {
    let mut contents = Vec::new();
    for path in paths {
        let bytes = std::fs::read(path)
            .with_context(|| format!("cannot read {}; nothing was changed", path.display()))?;
        contents.push((path.display().to_string(), bytes));
    }
    let files: Vec<SourceFile<'_>> =
        contents.iter().map(|(label, bytes)| SourceFile { label, bytes }).collect();
    Ok(crate::import::read(&files, &expected(app))?)
}

/// What the files must be of: our school, the school year of today.
fn expected(app: &App) -> Expected {
    let school = &app.config.school;
    let today = app.today();
    Expected {
        school: school.uai.clone(),
        year: SchoolYear::of(today),
        today,
        region: school.region.clone(),
        maps: Vec::new(),
    }
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

    /// Shows what came in, what changes, and what was set aside and why.
    fn present(&self, context: &Context, changes: &Changes, details: &[Detail], applied: bool) {
        if context.json {
            output::json(&self.as_json(changes, details, applied));
            return;
        }
        for file in &self.files {
            output::line(format!("{}: {}", file.label, file.kind));
        }
        self.columns.iter().for_each(present_columns);
        present_counts(changes);
        self.present_details(details);
        if !self.set_aside.is_empty() {
            output::line(format!("{} records set aside:", self.set_aside.len()));
            for aside in &self.set_aside {
                let line = aside.line.map(|line| format!(", line {line}")).unwrap_or_default();
                output::line(format!("  {}{line}: {} — {}", aside.file, aside.what, aside.reason));
            }
        }
        output::line(if applied { "Applied." } else { "Nothing was changed." });
    }

    /// Each record that changes, the first ones of each sort of change.
    fn present_details(&self, details: &[Detail]) {
        for (change, title) in
            [(Change::Added, "added"), (Change::Changed, "changed"), (Change::Archived, "archived")]
        {
            let mut of_this = details.iter().filter(|detail| detail.change == change);
            for detail in of_this.by_ref().take(SHOWN) {
                let place = self.place(detail).map(|(file, line)| format!(", {file}, line {line}"));
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

    fn as_json(&self, changes: &Changes, details: &[Detail], applied: bool) -> serde_json::Value {
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| json!({ "path": file.label, "kind": file.kind.to_string() }))
            .collect();
        let set_aside: Vec<_> = self
            .set_aside
            .iter()
            .map(|aside| {
                json!({
                    "file": aside.file,
                    "line": aside.line,
                    "what": aside.what,
                    "reason": aside.reason,
                })
            })
            .collect();
        let details: Vec<_> = details.iter().map(|detail| self.detail_as_json(detail)).collect();
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|map| json!({ "file": map.file, "columns": map.columns }))
            .collect();
        json!({
            "applied": applied,
            "files": files,
            "columns": columns,
            "pupils": changes.pupils,
            "guardians": changes.guardians,
            "staff": changes.staff,
            "households": { "total": changes.households },
            "changes": details,
            "set_aside": set_aside,
        })
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
