//! What an import answers: on a screen, or to a program.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::doubts;
use crate::cli::context::Context;
use crate::cli::output;
use crate::directory::{Change, Changes, Count, Detail};
use crate::import::{FileKind, HeaderMap, SetAside, Unread};
use crate::office::{Doubt, Proposal, School, Sure};
use crate::private_file;

/// Records of each sort of change that are named on a screen; a program gets them all.
const SHOWN: usize = 10;
/// Set-aside records that a screen takes.
const SHOWN_ASIDE: usize = 40;
/// Where all of them stand when there are more; the next import of so many writes it anew.
const ALL_SET_ASIDE: &str = "import-set-aside.txt";

/// Shows what came in, what changes, and what was set aside and why; what a screen does not take is written
/// into a file of the school's folder.
pub(super) fn present(
    context: &Context,
    app: &School,
    proposal: &Proposal,
    applied: bool,
    refused: Option<&str>,
) {
    if context.json {
        output::json(&Answer { proposal, applied, refused });
        return;
    }
    present_changes(app, proposal);
    if !applied && refused.is_none() {
        present_doubt(proposal);
    }
    output::line(end(applied));
}

/// All of it but how it ends.
pub(super) fn present_changes(app: &School, proposal: &Proposal) {
    for file in &proposal.files {
        output::line(format!("{}: {}", file.label, file.kind));
    }
    present_columns(&proposal.columns);
    present_counts(&proposal.diff.changes);
    present_details(proposal);
    present_set_aside(&proposal.set_aside, &app.folder);
}

/// How it ends.
pub(super) const fn end(applied: bool) -> &'static str {
    if applied { "Applied." } else { "Nothing was changed." }
}

fn present_doubt(proposal: &Proposal) {
    if let Some(doubt) = proposal.doubt(Sure::default()) {
        let will = match doubt {
            Doubt::NobodyTold(_) => "It would not be applied as it is",
            _ => "Applied, it would ask for a second word",
        };
        output::line(format!("{will}: {}", doubts::reason(&doubt)));
    }
}

/// What was set aside. More than a screen takes goes into a file, which its owner alone can read.
fn present_set_aside(set_aside: &[SetAside], folder: &Path) {
    if set_aside.is_empty() {
        return;
    }
    output::line(format!("{} records set aside:", set_aside.len()));
    let lines: Vec<String> = set_aside.iter().map(set_aside_line).collect();
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
fn present_columns(columns: &[HeaderMap]) {
    let mut before: Option<&HeaderMap> = None;
    for map in columns {
        let is_known = before.is_some_and(|before| before.columns == map.columns);
        let understood =
            if is_known { "the same columns" } else { "the columns were understood so:" };
        output::line(format!("{}: {understood}", map.file));
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
fn present_details(proposal: &Proposal) {
    for (change, title) in
        [(Change::Added, "ajouté"), (Change::Changed, "modifié"), (Change::Archived, "archivé")]
    {
        let mut of_this = proposal.diff.details().filter(|detail| detail.change == change);
        for detail in of_this.by_ref().take(SHOWN) {
            let place =
                place(proposal, &detail).map(|(file, line)| format!(", {file}, ligne {line}"));
            let place = place.unwrap_or_default();
            output::line(format!(
                "  {title}, {} : {}{place} — {}",
                in_french(detail.who),
                detail.name,
                detail.reason
            ));
        }
        let more = of_this.count();
        if more > 0 {
            output::line(format!("  and {more} more; --json names them all"));
        }
    }
}

fn place<'p>(proposal: &'p Proposal, detail: &Detail) -> Option<(&'p str, u32)> {
    let origin = detail.origin?;
    let file = proposal.files.get(usize::try_from(origin.file).ok()?)?;
    Some((&file.label, origin.line))
}

fn detail_as_json(proposal: &Proposal, detail: &Detail) -> serde_json::Value {
    let (file, line) = place(proposal, detail).unzip();
    json!({
        "who": detail.who,
        "name": detail.name,
        "change": detail.change,
        "file": file,
        "line": line,
        "reason": detail.reason,
    })
}

/// The answer for a program, written as it is made.
struct Answer<'a> {
    proposal: &'a Proposal,
    applied: bool,
    /// Why it was not applied.
    refused: Option<&'a str>,
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { proposal, applied, refused } = self;
        let changes = &proposal.diff.changes;
        let file = |file: &FileKind| json!({ "path": file.label, "kind": file.kind.to_string() });
        let columns = |map: &HeaderMap| json!({ "file": map.file, "columns": map.columns, "not_read": map.unread });
        let mut answer = serializer.serialize_map(None)?;
        answer.serialize_entry("applied", applied)?;
        answer.serialize_entry("files", &Each(|| proposal.files.iter().map(file)))?;
        answer.serialize_entry("columns", &Each(|| proposal.columns.iter().map(columns)))?;
        answer.serialize_entry("pupils", &changes.pupils)?;
        answer.serialize_entry("guardians", &changes.guardians)?;
        answer.serialize_entry("staff", &changes.staff)?;
        answer.serialize_entry("households", &json!({ "total": changes.households }))?;
        let details = || proposal.diff.details().map(|detail| detail_as_json(proposal, &detail));
        answer.serialize_entry("changes", &Each(details))?;
        answer.serialize_entry("set_aside", &Each(|| proposal.set_aside.iter().map(aside)))?;
        let doubted = || proposal.doubt(Sure::default()).filter(|_| !applied);
        let doubt = refused.map(str::to_owned).or_else(|| doubted().map(|it| doubts::reason(&it)));
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

/// Of whom a record is, as the office reads it: what happens to it is told in French, for whoever knows them.
fn in_french(who: &str) -> &str {
    match who {
        "pupil" => "élève",
        "guardian" => "responsable",
        _ => "personnel",
    }
}

fn set_aside_line(aside: &SetAside) -> String {
    let line = aside.line.map(|line| format!(", ligne {line}")).unwrap_or_default();
    format!("{}{line}: {} — {}", aside.file, aside.what, aside.reason)
}

fn write_private(path: &Path, lines: &[String]) -> io::Result<()> {
    let mut file = BufWriter::new(private_file::create(path)?);
    lines.iter().try_for_each(|line| writeln!(file, "{line}"))?;
    file.flush()
}
