//! What an import answers: on a screen, or to a program.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use anyhow::bail;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::output;
use crate::directory::{Change, Changes, Count, Detail, Diff};
use crate::import::{ColumnMap, FileKind, HeaderMap, NobodyTold, Reading, SetAside, Unread};
use crate::private_file;

/// Records of each sort of change that are named on a screen; a program gets them all.
const SHOWN: usize = 10;
/// Set-aside records that a screen takes.
const SHOWN_ASIDE: usize = 40;
/// Where all of them stand when there are more; the next import of so many writes it anew.
const ALL_SET_ASIDE: &str = "import-set-aside.txt";

/// What the files were, for the answer; the people in them go on to the directory.
pub(super) struct Report {
    files: Vec<FileKind>,
    pub(super) columns: Vec<HeaderMap>,
    set_aside: Vec<SetAside>,
    pub(super) nobody_told: Vec<NobodyTold>,
}

impl Report {
    pub(super) fn of(reading: &mut Reading) -> Self {
        Self {
            files: reading.files.clone(),
            columns: std::mem::take(&mut reading.columns),
            set_aside: std::mem::take(&mut reading.set_aside),
            nobody_told: std::mem::take(&mut reading.nobody_told),
        }
    }

    /// Refuses a mapping of a title that no table has: a slip of the hand would go unseen.
    pub(super) fn check_titles(&self, said: &[String]) -> anyhow::Result<()> {
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

    /// Shows what came in, what changes, and what was set aside and why; what a screen does not take
    /// is written into a file of `folder`.
    pub(super) fn present(
        &self,
        context: &Context,
        folder: &Path,
        diff: &Diff,
        applied: bool,
        refused: Option<&str>,
    ) {
        if context.json {
            output::json(&Answer { report: self, diff, applied, refused });
            return;
        }
        for file in &self.files {
            output::line(format!("{}: {}", file.label, file.kind));
        }
        self.present_columns();
        present_counts(&diff.changes);
        self.present_details(diff);
        self.present_set_aside(folder);
        if !applied && refused.is_none() {
            self.present_doubt(diff);
        }
        output::line(if applied { "Applied." } else { "Nothing was changed." });
    }

    fn present_doubt(&self, diff: &Diff) {
        if let Some(reason) = super::unheard(&self.nobody_told) {
            output::line(format!("It would not be applied as it is: {reason}"));
        } else if let Some(reason) = super::doubt(diff) {
            output::line(format!("Applied, it would ask for a second word: {reason}"));
        }
    }

    /// Why it would not be applied at the first word.
    fn doubt(&self, diff: &Diff) -> Option<String> {
        super::unheard(&self.nobody_told).or_else(|| super::doubt(diff))
    }

    /// What was set aside. More than a screen takes goes into a file, which its owner alone can read.
    fn present_set_aside(&self, folder: &Path) {
        if self.set_aside.is_empty() {
            return;
        }
        output::line(format!("{} records set aside:", self.set_aside.len()));
        let lines: Vec<String> = self.set_aside.iter().map(set_aside_line).collect();
        let file = folder.join(ALL_SET_ASIDE);
        let is_kept = lines.len() > SHOWN_ASIDE && write_private(&file, &lines).is_ok();
        let shown = if is_kept { SHOWN_ASIDE } else { lines.len() };
        lines.iter().take(shown).for_each(|line| output::line(format!("  {line}")));
        if is_kept {
            output::line(format!(
                "  {} more; all of them stand in {}, which you alone can read: delete it when it is done",
                lines.len() - shown,
                file.display()
            ));
        }
    }

    /// How the columns of each table were understood, and what those hold that are passed over. Sheets
    /// of the same columns are told together.
    fn present_columns(&self) {
        let mut before: Option<&HeaderMap> = None;
        for map in &self.columns {
            let is_known = before.is_some_and(|before| before.columns == map.columns);
            let columns =
                if is_known { "the same columns" } else { "the columns were understood so:" };
            output::line(format!("{}: {columns}", map.file));
            for (title, field) in &map.columns {
                let unread = map.unread.iter().find(|unread| unread.title == *title);
                match (field, unread) {
                    (Some(field), _) if !is_known => {
                        output::line(format!("  « {title} » → {field}"));
                    }
                    (None, Some(Unread { filled, sample, .. })) => output::line(format!(
                        "  « {title} » → passed over: {filled} filled, such as « {sample} »"
                    )),
                    (None, None) if !is_known => {
                        output::line(format!("  « {title} » → passed over, empty"));
                    }
                    (Some(_), _) | (None, None) => {}
                }
            }
            before = Some(map);
        }
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
        let columns = |map: &HeaderMap| json!({ "file": map.file, "columns": map.columns, "not_read": map.unread });
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
        let doubt = refused.map(str::to_owned).or_else(|| report.doubt(diff).filter(|_| !applied));
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

fn set_aside_line(aside: &SetAside) -> String {
    let line = aside.line.map(|line| format!(", line {line}")).unwrap_or_default();
    format!("{}{line}: {} — {}", aside.file, aside.what, aside.reason)
}

fn write_private(path: &Path, lines: &[String]) -> io::Result<()> {
    let mut file = BufWriter::new(private_file::create(path)?);
    lines.iter().try_for_each(|line| writeln!(file, "{line}"))?;
    file.flush()
}
