//! `chappe works`: what pupils gave back of the work on documents, as scans took it in, and what is missing.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::context::Context;
use super::counted::{bar, counted};
use super::documents::{called, week};
use super::{asker, output};
use crate::export;
use crate::message::{Week, WorkPage};
use crate::office::{self, DocumentWorks, School, WorkFile, WorkStands};
use crate::people::Whom;
use crate::private_file;

/// Who may look into the folders.
const OWNER_ALONE: u32 = 0o700;
/// The list of what did not come back.
const MISSING: &str = "manquants.csv";
/// What stands at the head of its columns.
const HEAD: [&str; 6] =
    ["Classe", "Élève", "Matière", "Document", "À rendre pour le", "Pages rendues"];

/// Arguments of `chappe works`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say of each document how many gave their work back, and who has not (also without a subcommand).
    List {
        /// Only for the week of this day: 16/03/2026.
        #[arg(long, value_name = "DAY", value_parser = week)]
        week: Option<Week>,
    },
    /// Take pages out that are kept as somebody's and are not: T123456-2.
    TakeOut {
        /// As it is printed beside their codes.
        #[arg(required = true, value_name = "PAGE")]
        pages: Vec<WorkPage>,
    },
    /// Lay out what came back as PDFs, one a pupil and document (6A/Mathématiques/fractions/…), with a list of what is
    /// missing. What stands there is written over.
    Export {
        /// The folder; it is made.
        folder: PathBuf,
        /// Only for the week of this day: 16/03/2026.
        #[arg(long, value_name = "DAY", value_parser = week)]
        week: Option<Week>,
    },
}

/// What was taken out.
#[derive(Serialize)]
struct TakenOut {
    taken_out: Vec<String>,
}

/// What was laid out.
#[derive(Serialize)]
struct Exported {
    works: usize,
    missing: usize,
    folder: PathBuf,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    // A look stands in the journal.
    let school = context.school_to_change().await?;
    match arguments.command.unwrap_or(Command::List { week: None }) {
        Command::List { week } => list(context, &school, week).await,
        Command::TakeOut { pages } => take_out(context, &school, pages).await,
        Command::Export { folder, week } => export(context, &school, &folder, week).await,
    }
}

async fn list(context: &Context, school: &School, week: Option<Week>) -> anyhow::Result<()> {
    let all = office::works_asked_back(school, asker::here(), week, Whom::Everybody).await?;
    if all.is_empty() && !context.json {
        output::line(
            "No document asks work back; `chappe documents add` keeps some called \"… (à rendre).pdf\".",
        );
    }
    for document in &all {
        context.answer(document, present);
    }
    Ok(())
}

fn present(document: &DocumentWorks) {
    let DocumentWorks { document: number, week, meant_for, subject, title, works, .. } = document;
    let stands = match works.len() {
        0 => "not printed yet".to_owned(),
        all => format!("{} of {all} came back", document.came()),
    };
    output::line(format!(
        "{number:>4}  {week}  {meant_for:<12}  {stands}  {}",
        called(subject, title)
    ));
    let missing = works.iter().filter(|work| !work.is_whole());
    let missing: Vec<String> = missing
        .map(|work| match work.pages {
            0 => format!("T{}", work.number),
            some => format!("T{} ({some} of {} pages)", work.number, work.of),
        })
        .collect();
    if !missing.is_empty() {
        output::line(format!("      not yet: {}", missing.join(", ")));
    }
}

async fn take_out(context: &Context, school: &School, pages: Vec<WorkPage>) -> anyhow::Result<()> {
    let (mut taken_out, mut unknown) = (Vec::new(), Vec::new());
    for page in pages {
        let is_gone = office::take_out_page(school, asker::here(), page).await?;
        if is_gone { taken_out.push(page.to_string()) } else { unknown.push(page.to_string()) }
    }
    context.answer(&TakenOut { taken_out }, |it| {
        output::line(format!("{} taken out.", counted(it.taken_out.len(), "page")));
    });
    if !unknown.is_empty() {
        bail!("no page that came back is {}; the others were taken out", unknown.join(", "));
    }
    Ok(())
}

async fn export(
    context: &Context,
    school: &School,
    folder: &Path,
    week: Option<Week>,
) -> anyhow::Result<()> {
    let all = office::works_asked_back(school, asker::here(), week, Whom::Everybody).await?;
    let came = |document: &DocumentWorks| {
        document.works.iter().filter(|it| it.pages > 0).map(|it| it.number).collect::<Vec<_>>()
    };
    let came: Vec<u32> = all.iter().flat_map(came).collect();
    make(folder)?;
    let mut progress = bar("works", !context.json);
    for (number, done) in came.iter().zip(1..) {
        let work = office::work_file(school, asker::here(), *number, Whom::Everybody).await?;
        lay(folder, &work)?;
        progress(done, came.len());
    }
    let rows = missing(&all);
    let (works, missing) = (came.len(), rows.len());
    write(&folder.join(MISSING), &export::table(&HEAD, rows)?)?;
    let exported = Exported { works, missing, folder: folder.to_owned() };
    context.answer(&exported, |it| {
        output::line(format!(
            "{} laid out in {}; {} missing: {MISSING}",
            counted(it.works, "work"),
            it.folder.display(),
            it.missing
        ));
    });
    Ok(())
}

fn lay(folder: &Path, work: &WorkFile) -> anyhow::Result<()> {
    let mut place = folder.to_owned();
    place.extend(work.folders.iter().map(|name| named(name)));
    make(&place)?;
    write(&place.join(named(&work.name)), &work.pdf)
}

fn missing(all: &[DocumentWorks]) -> Vec<[String; 6]> {
    let row = |document: &DocumentWorks, work: &WorkStands| {
        let day = document.asked_back.by.map(|day| day.strftime("%d/%m/%Y").to_string());
        [
            work.class.clone().unwrap_or_default(),
            work.pupil.clone(),
            document.subject.clone(),
            document.title.clone(),
            day.unwrap_or_default(),
            format!("{} sur {}", work.pages, work.of),
        ]
    };
    let mut rows = Vec::new();
    for document in all {
        let missing = document.works.iter().filter(|it| !it.is_whole());
        rows.extend(missing.map(|it| row(document, it)));
    }
    rows
}

/// A name that leads to no other folder, and that every disk takes.
fn named(name: &str) -> String {
    let is_unfit = |sign: char| sign.is_control() || "/\\:*?\"<>|".contains(sign);
    let fit = name.replace(is_unfit, "_");
    let fit = fit.trim_matches([' ', '.']);
    if fit.is_empty() { "_".to_owned() } else { fit.to_owned() }
}

fn make(folder: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(OWNER_ALONE).create(folder);
    made.with_context(|| {
        format!("cannot make {}; what was laid out before stays", folder.display())
    })
}

fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = private_file::write(file, bytes);
    written
        .with_context(|| format!("cannot write {}; what was laid out before stays", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder() {
        for (name, fit) in [
            ("Zoé DURAND (T12).pdf", "Zoé DURAND (T12).pdf"),
            ("..", "_"),
            ("../../etc", "_.._etc"),
            ("Lecture : page 3/4", "Lecture _ page 3_4"),
            (".caché", "caché"),
            ("", "_"),
        ] {
            assert_eq!(named(name), fit);
        }
    }
}
