//! `chappe documents`: what teachers leave for their pupils, to be printed behind the letters of a week.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use serde::Serialize;

use super::context::Context;
use super::counted::{bar, counted};
use super::{asker, output};
use crate::message::{AskedBack, Week};
use crate::office::{
    self, DocumentShown, DocumentsGiven, DocumentsLeft, GivenBack, GivenDocument, MOST_DOCUMENTS,
};
use crate::people::Whom;
use crate::private_file;
use crate::render::documents::is_of_a_program;
use crate::wording::typed_dates::typed_date;

/// Folders within each other that are looked into.
const DEEPEST: usize = 5;

/// Arguments of `chappe documents`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List what was left (also without a subcommand).
    List {
        /// Only for the week of this day: 16/03/2026.
        #[arg(long, value_name = "DAY", value_parser = week)]
        week: Option<Week>,
    },
    /// Keep what lies in a folder or a ZIP, PDF, pictures, ODT and DOCX (by `LibreOffice`, where it is installed):
    /// 6A/maths/fractions.pdf, DURAND Zoé/lecture.jpg. The work on what is
    /// called "fractions (à rendre).pdf" is asked back on its own pages, that on "rédaction (copie à rendre).pdf" on a
    /// ruled sheet that goes with it. A table (CSV, XLSX, ODS) or a calendar (ICS) becomes the cahier de textes of that
    /// week, or its timetable where it is called "emploi du temps"; "guide (livret).pdf" becomes a booklet of A5.
    Add {
        /// The folder, or the ZIP; the folders in it say for whom: a class, a level, a group, a pupil, TOUS.
        folder: PathBuf,
        /// The week of this day: 16/03/2026.
        #[arg(long, value_name = "DAY", value_parser = week)]
        week: Week,
        /// The last day for the work that is asked back: 20/03/2026.
        #[arg(long, value_name = "DAY", value_parser = day)]
        back_by: Option<Date>,
    },
    /// Make a booklet of A5 of a document: sheets of A4, to be printed on both sides, turned on their short edge.
    Booklet {
        /// The document.
        file: PathBuf,
        /// The PDF to write; none may be there.
        to: PathBuf,
    },
    /// Take documents away; what was printed of them stays printed.
    Remove {
        /// Their numbers.
        #[arg(required = true)]
        numbers: Vec<u32>,
    },
}

/// What was removed.
#[derive(Serialize)]
struct Removed {
    removed: Vec<u32>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command.unwrap_or(Command::List { week: None }) {
        Command::List { week } => list(context, week).await,
        Command::Add { folder, week, back_by } => {
            add(context, &folder, week, GivenBack { on: None, by: back_by }).await
        }
        Command::Booklet { file, to } => booklet(context, &file, &to).await,
        Command::Remove { numbers } => remove(context, numbers).await,
    }
}

/// What was written.
#[derive(Serialize)]
struct BookletWritten<'a> {
    file: &'a Path,
    sheets: usize,
}

async fn booklet(context: &Context, file: &Path, to: &Path) -> anyhow::Result<()> {
    let school = context.school()?;
    let made = office::booklet(&school, file).await?;
    let written = private_file::create_new(to).and_then(|mut it| it.write_all(&made.pdf));
    written.with_context(|| format!("cannot write {}", to.display()))?;
    context.answer(&BookletWritten { file: to, sheets: made.pages / 2 }, |it| {
        output::line(format!(
            "{}: {} of A4; print on both sides, turned on the short edge, and fold them together.",
            it.file.display(),
            counted(it.sheets, "sheet")
        ));
    });
    Ok(())
}

pub(super) fn week(text: &str) -> Result<Week, String> {
    day(text).map(Week::of)
}

fn day(text: &str) -> Result<Date, String> {
    let day = typed_date(text);
    day.ok_or_else(|| format!("\"{text}\" is no day; write 16/03/2026 or 2026-03-16"))
}

async fn add(context: &Context, folder: &Path, week: Week, back: GivenBack) -> anyhow::Result<()> {
    let files = found_in(folder)?;
    let school = context.school_to_change().await?;
    let given = DocumentsGiven { week, whom: Whom::Everybody, back, files };
    let bar = bar("documents", !context.json);
    let left = office::leave_documents(&school, asker::here(), given, bar).await?;
    context.answer(&left, present_left);
    Ok(())
}

pub(super) fn present_left(left: &DocumentsLeft) {
    let DocumentsLeft { week, documents, pages, lines_left_out } = *left;
    let (documents, pages) = (counted(documents, "document"), counted(pages, "page"));
    output::line(format!("Week of {week}: {documents} of {pages} kept."));
    if lines_left_out > 0 {
        let lines = counted(lines_left_out, "line");
        output::line(format!("{lines} of other weeks or classes left out."));
    }
}

/// The documents in a folder, in the order of their names; a file, which may hold some, is itself.
fn found_in(folder: &Path) -> anyhow::Result<Vec<GivenDocument>> {
    let mut found = Vec::new();
    if folder.is_file() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![GivenDocument { place: vec![name], file: folder.to_owned() }]);
    }
    look_into(folder, &mut Vec::new(), &mut found)
        .with_context(|| format!("cannot read {}; nothing was kept", folder.display()))?;
    Ok(found)
}

fn look_into(
    folder: &Path,
    place: &mut Vec<String>,
    found: &mut Vec<GivenDocument>,
) -> anyhow::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_of_a_program(&name) {
            continue;
        }
        // A link may lead anywhere, and back here.
        let kind = entry.file_type()?;
        place.push(name);
        if kind.is_dir() {
            if place.len() > DEEPEST {
                bail!("{} lies in more than {DEEPEST} folders", place.join("/"));
            }
            look_into(&entry.path(), place, found)?;
        } else if kind.is_file() {
            found.push(GivenDocument { place: place.clone(), file: entry.path() });
            if found.len() > MOST_DOCUMENTS {
                bail!("there are more than {MOST_DOCUMENTS} documents");
            }
        } else {
            bail!("{} is neither a file nor a folder", place.join("/"));
        }
        place.pop();
    }
    Ok(())
}

async fn list(context: &Context, week: Option<Week>) -> anyhow::Result<()> {
    let school = context.school()?;
    let documents = office::documents(&school, week, Whom::Everybody).await?;
    if documents.is_empty() && !context.json {
        output::line("No document was left; `chappe documents add FOLDER --week DAY` keeps some.");
    }
    for document in &documents {
        context.answer(document, present);
    }
    Ok(())
}

fn present(document: &DocumentShown) {
    let DocumentShown { number, week, meant_for, subject, title, pages, asked_back, .. } = document;
    let called = called(subject, title);
    let back = match asked_back {
        None => String::new(),
        Some(AskedBack { by: None, .. }) => ", asked back".to_owned(),
        Some(AskedBack { by: Some(day), .. }) => format!(", asked back by {day}"),
    };
    output::line(format!(
        "{number:>4}  {week}  {meant_for:<12}  {:>9}  {called}{back}",
        counted(*pages, "page")
    ));
}

/// A document by its subject, where it has one, and its title.
pub(super) fn called(subject: &str, title: &str) -> String {
    if subject.is_empty() { title.to_owned() } else { format!("{subject}: {title}") }
}

async fn remove(context: &Context, numbers: Vec<u32>) -> anyhow::Result<()> {
    let school = context.school_to_change().await?;
    office::remove_documents(&school, asker::here(), Whom::Everybody, numbers.clone()).await?;
    context.answer(&Removed { removed: numbers }, |it| {
        output::line(format!("{} removed.", counted(it.removed.len(), "document")));
    });
    Ok(())
}
