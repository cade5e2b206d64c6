//! What an import changes, on a screen: in French, since whoever knows the people reads it.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use serde::Serialize;

use super::doubts;
use crate::cli::context::Context;
use crate::cli::output;
use crate::directory::{Change, Changes, Count};
use crate::import::{HeaderMap, SetAside, Unread};
use crate::office::{ChangedRecord, Doubt, ImportAnswer, Proposal, School, Sure};
use crate::private_file;

/// Records of each sort of change that are named on a screen; a program gets them all.
const SHOWN: usize = 10;
/// Set-aside records that a screen takes.
const SHOWN_ASIDE: usize = 40;
/// Where all of them stand when there are more; the next import of so many writes it anew.
const ALL_SET_ASIDE: &str = "import-set-aside.txt";

/// How far an import came.
pub(super) enum End<'a> {
    /// It is applied.
    Applied,
    /// It was only to be shown.
    Shown,
    /// It was not applied, for this reason, though somebody is sure of this.
    Refused(&'a str, Sure),
}

/// An answer, and why the command failed.
#[derive(Serialize)]
struct FailedImport<'a> {
    #[serde(flatten)]
    answer: ImportAnswer<'a>,
    error: &'a str,
}

/// Shows what came in, what changes, and what was set aside and why; what a screen does not take is written
/// into a file of the school's folder.
pub(super) fn present(context: &Context, school: &School, proposal: &Proposal, end: &End<'_>) {
    let (is_applied, sure) = match end {
        End::Applied => (true, Sure::default()),
        End::Shown => (false, Sure::default()),
        End::Refused(_, sure) => (false, *sure),
    };
    if context.json {
        let answer = proposal.answer(is_applied, sure);
        match end {
            End::Refused(error, _) => output::json(&FailedImport { answer, error }),
            End::Applied | End::Shown => output::json(&answer),
        }
        return;
    }
    present_changes(school, proposal);
    let open = proposal.doubts().into_iter().filter(|doubt| !is_applied && !sure.answers(doubt));
    open.for_each(|doubt| present_doubt(&doubt, end));
    if !matches!(end, End::Refused(..)) {
        output::line(said(is_applied));
    }
}

/// All of it but how it ends.
pub(super) fn present_changes(school: &School, proposal: &Proposal) {
    for file in &proposal.files {
        output::line(format!("{} : {}", file.label, file.kind));
    }
    present_columns(&proposal.columns);
    present_counts(&proposal.diff.changes);
    present_records(proposal);
    present_set_aside(&proposal.set_aside, &school.folder);
}

/// How it ended.
pub(super) const fn said(is_applied: bool) -> &'static str {
    if is_applied { "Applied." } else { "Nothing was changed." }
}

/// What has to be looked at; a refusal says itself what to type about it.
fn present_doubt(doubt: &Doubt, end: &End<'_>) {
    output::line(format!("À vérifier : {}", doubt.in_french()));
    if matches!(end, End::Shown) {
        output::line(doubts::way_on(doubt));
    }
}

/// What was set aside. More than a screen takes goes into a file, which its owner alone can read.
fn present_set_aside(set_aside: &[SetAside], folder: &Path) {
    if set_aside.is_empty() {
        return;
    }
    let many = set_aside.len();
    let aside = if many == 1 {
        "fiche ou coordonnée écartée"
    } else {
        "fiches ou coordonnées écartées"
    };
    output::line(format!("{many} {aside} :"));
    let lines: Vec<String> = set_aside.iter().map(set_aside_line).collect();
    let file = folder.join(ALL_SET_ASIDE);
    let is_kept = lines.len() > SHOWN_ASIDE && write_private(&file, &lines).is_ok();
    let shown = if is_kept { SHOWN_ASIDE } else { lines.len() };
    lines.iter().take(shown).for_each(|line| output::line(format!("  {line}")));
    if is_kept {
        output::line(format!(
            "  et {} autres ; toutes sont dans {}, que vous seul pouvez lire : à supprimer ensuite",
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
        let understood = if is_known { "les mêmes colonnes" } else { "colonnes comprises ainsi" };
        output::line(format!("{} : {understood}", map.file));
        for (title, field) in &map.columns {
            let unread = map.unread.iter().find(|unread| unread.title == *title);
            match (field, unread) {
                (Some(field), _) if !is_known => {
                    output::line(format!("  « {title} » → {field}"));
                }
                (None, Some(Unread { filled, sample, .. })) => {
                    let cells = if *filled == 1 { "case remplie" } else { "cases remplies" };
                    output::line(format!(
                        "  « {title} » → non lue : {filled} {cells}, par exemple « {sample} »"
                    ));
                }
                (None, None) if !is_known => {
                    output::line(format!("  « {title} » → non lue, vide"));
                }
                (Some(_), _) | (None, None) => {}
            }
        }
        before = Some(map);
    }
}

/// Each record that changes, the first ones of each sort of change.
fn present_records(proposal: &Proposal) {
    for (change, title) in
        [(Change::Added, "ajouté"), (Change::Changed, "modifié"), (Change::Archived, "archivé")]
    {
        let mut of_this = proposal.changed().filter(|record| record.change == change);
        for record in of_this.by_ref().take(SHOWN) {
            let ChangedRecord { who, name, file, line, reason, .. } = record;
            let place = file.zip(line).map(|(file, line)| format!(", {file}, ligne {line}"));
            let place = place.unwrap_or_default();
            output::line(format!("  {title}, {} : {name}{place} — {reason}", who.in_french()));
        }
        let more = of_this.count();
        if more > 0 {
            output::line(format!("  et {more} de plus ; avec --json, tous"));
        }
    }
}

fn present_counts(changes: &Changes) {
    let mut table = output::table(["", "ajoutés", "modifiés", "archivés", "inchangés"]);
    let rows = [
        ("élèves", changes.pupils),
        ("responsables", changes.guardians),
        ("personnels", changes.staff),
    ];
    for (name, Count { added, changed, archived, unchanged }) in rows {
        let counts = [added, changed, archived, unchanged].map(|count| count.to_string());
        table.add_row(std::iter::once(name.to_owned()).chain(counts));
    }
    output::line(table.to_string());
    output::line(format!("{} foyers.", changes.households));
}

fn set_aside_line(aside: &SetAside) -> String {
    let line = aside.line.map(|line| format!(", ligne {line}")).unwrap_or_default();
    format!("{}{line} : {} — {}", aside.file, aside.what, aside.reason)
}

fn write_private(path: &Path, lines: &[String]) -> io::Result<()> {
    let mut file = BufWriter::new(private_file::create(path)?);
    lines.iter().try_for_each(|line| writeln!(file, "{line}"))?;
    file.flush()
}
