//! `chappe import`: the school's files, dry run first.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::context::Context;
use super::output;
use crate::app::App;
use crate::directory::{self, Changes, Count, Incoming};
use crate::import::{Expected, Reading, SourceFile};
use crate::people::SchoolYear;

/// More than this share archived by one import asks for a second word.
const MANY_GONE: f64 = 0.10;

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
    let reading = read(app, files)?;
    let incoming = Incoming {
        pupils: reading.pupils.clone(),
        persons: reading.persons.clone(),
        guardianships: reading.guardianships.clone(),
        all_pupils: reading.covers.pupils,
        all_guardians: reading.covers.guardians,
        all_staff: reading.covers.staff,
    };
    let diff = directory::diff(app.store(), app.queue.school(), incoming).await?;
    let changes = diff.changes;
    if mode == Mode::Apply && too_many_gone(&changes) {
        present(context, &reading, &changes, false);
        bail!(
            "more than 10 % would be archived: is a file incomplete? Nothing was changed; if it is \
             right, say it again with --archive-many"
        );
    }
    let applies = mode != Mode::DryRun;
    if applies {
        directory::apply(app.store(), app.queue.school(), diff, app.clock.now()).await?;
    }
    present(context, &reading, &changes, applies);
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
    }
}

fn too_many_gone(changes: &Changes) -> bool {
    [changes.pupils, changes.guardians, changes.staff].iter().any(|count| {
        let known = count.changed + count.archived + count.unchanged;
        #[expect(clippy::cast_precision_loss, reason = "a share of a school's people")]
        let share = count.archived as f64 / known.max(1) as f64;
        known > 10 && share > MANY_GONE
    })
}

/// Shows what came in, what changes, and what was set aside and why.
fn present(context: &Context, reading: &Reading, changes: &Changes, applied: bool) {
    if context.json {
        output::json(&as_json(reading, changes, applied));
        return;
    }
    for file in &reading.files {
        output::line(format!("{}: {}", file.label, file.kind));
    }
    let mut table = output::table(["", "added", "changed", "archived", "unchanged"]);
    let rows =
        [("pupils", changes.pupils), ("guardians", changes.guardians), ("staff", changes.staff)];
    for (name, Count { added, changed, archived, unchanged }) in rows {
        let counts = [added, changed, archived, unchanged].map(|count| count.to_string());
        table.add_row(std::iter::once(name.to_owned()).chain(counts));
    }
    output::line(table.to_string());
    output::line(format!("{} households.", changes.households));
    if !reading.set_aside.is_empty() {
        output::line(format!("{} records set aside:", reading.set_aside.len()));
        for aside in &reading.set_aside {
            let line = aside.line.map(|line| format!(", line {line}")).unwrap_or_default();
            output::line(format!("  {}{line}: {} — {}", aside.file, aside.what, aside.reason));
        }
    }
    output::line(if applied { "Applied." } else { "Nothing was changed." });
}

fn as_json(reading: &Reading, changes: &Changes, applied: bool) -> serde_json::Value {
    let files: Vec<_> = reading
        .files
        .iter()
        .map(|file| json!({ "path": file.label, "kind": file.kind.to_string() }))
        .collect();
    let set_aside: Vec<_> = reading
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
    json!({
        "applied": applied,
        "files": files,
        "pupils": changes.pupils,
        "guardians": changes.guardians,
        "staff": changes.staff,
        "households": { "total": changes.households },
        "set_aside": set_aside,
    })
}
