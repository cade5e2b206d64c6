//! `chappe import`: the school's files, shown before they are applied; and the last ones taken back.

mod doubts;
mod report;
mod undo;

use std::path::PathBuf;

use report::End;

use super::asker;
use super::context::{AlreadyAnswered, Context, ToldUsedWrongly};
use super::output;
use super::terminal::Terminal;
use crate::import::{ColumnMap, Field};
use crate::office::{self, ImportFile, ImportRequest, Proposal, School, Sure};

/// Arguments of `chappe import`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
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
    #[command(flatten)]
    meant: Meant,
    #[command(flatten)]
    answers: SureOptions,
}

/// What somebody says to be right, should it be doubted.
#[derive(Debug, Clone, Copy, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "one option a doubt, as clap has them")]
struct SureOptions {
    /// Apply even when more than 10 % would be archived.
    #[arg(long)]
    archive_many: bool,
    /// Apply even when a record goes on which a restriction noted by hand hangs.
    #[arg(long)]
    archive_restricted: bool,
    /// Apply even when a second complete source of pupils comes in.
    #[arg(long)]
    add_source: bool,
    /// Apply even when a pupil under a restriction gets another legal representative, who may be the
    /// restricted person once more.
    #[arg(long)]
    add_representatives: bool,
}

impl From<SureOptions> for Sure {
    fn from(said: SureOptions) -> Self {
        Self {
            of_representatives: said.add_representatives,
            of_second_source: said.add_source,
            of_restricted: said.archive_restricted,
            of_archives: said.archive_many,
        }
    }
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Take the last import back, while nothing was launched and nobody put right by hand since: everybody is
    /// as before it. A file of this name is `./undo`.
    Undo {
        /// Take it back without being asked; where there is no terminal, nothing is taken back without it.
        #[arg(long)]
        yes: bool,
    },
}

/// How far it is meant.
#[derive(Debug, clap::Args)]
struct Meant {
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Apply without being asked; where there is no terminal, nothing is applied without it. What is doubted is
    /// refused all the same.
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

/// Where nobody can be asked, nothing is taken for a yes.
const UNASKED: &str = "nobody can be asked here; nothing was changed: to apply what is shown, say it again with --yes";

/// How far an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Shows what would change.
    DryRun,
    /// Applies it, once whoever sits at the terminal agrees; shows it where nobody does.
    Ask(Sure),
    /// Applies it, unless a doubt is left that nobody has answered.
    Apply(Sure),
}

impl Mode {
    /// What somebody is sure of; `None` where nothing is applied.
    fn sure(self) -> Option<Sure> {
        match self {
            Self::DryRun => None,
            Self::Ask(sure) | Self::Apply(sure) => Some(sure),
        }
    }
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { command, files, maps, meant, answers } = arguments;
    if let Some(Command::Undo { yes }) = command {
        return undo::run(context, yes).await;
    }
    let sure = Sure::from(answers);
    let mode = match meant {
        Meant { dry_run: true, .. } => Mode::DryRun,
        Meant { yes: true, .. } => Mode::Apply(sure),
        Meant { .. } => Mode::Ask(sure),
    };
    match context.school_to_import(mode != Mode::DryRun).await? {
        Some(school) => import(context, &school, &files, maps, mode).await,
        None => begin(context, &files, maps, mode).await,
    }
}

/// The first import makes the database. What is refused leaves none behind.
async fn begin(
    context: &Context,
    files: &[PathBuf],
    said: Vec<String>,
    mode: Mode,
) -> anyhow::Result<()> {
    let files = files.iter().cloned().map(ImportFile::from).collect();
    let request = ImportRequest { files, said };
    let trial = context.school_to_try()?;
    let proposal = propose(context, &trial, &request, mode).await?;
    if !agree(context, &trial, &proposal, mode)? {
        return Ok(());
    }
    let school = context.school_to_begin()?;
    let proposal = office::propose_import(&school, &request).await?;
    apply(context, &school, &proposal, mode).await
}

/// Reads files, works out what they change, and applies it as far as `mode` goes.
async fn import(
    context: &Context,
    school: &School,
    files: &[PathBuf],
    said: Vec<String>,
    mode: Mode,
) -> anyhow::Result<()> {
    let files = files.iter().cloned().map(ImportFile::from).collect();
    let request = ImportRequest { files, said };
    let proposal = propose(context, school, &request, mode).await?;
    if agree(context, school, &proposal, mode)? {
        apply(context, school, &proposal, mode).await?;
    }
    Ok(())
}

/// What the files change; refused where it is doubted.
async fn propose(
    context: &Context,
    school: &School,
    request: &ImportRequest,
    mode: Mode,
) -> anyhow::Result<Proposal> {
    let proposal = office::propose_import(school, request).await?;
    if let Some(doubt) = mode.sure().and_then(|sure| proposal.doubt(sure)) {
        return Err(AlreadyAnswered(refuse(
            context,
            school,
            &proposal,
            mode,
            doubts::refused(&doubt),
        ))
        .into());
    }
    Ok(proposal)
}

/// Shows what is not applied, and why.
fn refuse(
    context: &Context,
    school: &School,
    proposal: &Proposal,
    mode: Mode,
    reason: String,
) -> String {
    let sure = mode.sure().unwrap_or_default();
    report::present(context, school, proposal, &End::Refused(&reason, sure));
    reason
}

/// Whether it is to be applied: whoever sits at the terminal sees it first. A dry run is shown and ends there.
fn agree(
    context: &Context,
    school: &School,
    proposal: &Proposal,
    mode: Mode,
) -> anyhow::Result<bool> {
    match mode {
        Mode::DryRun => report::present(context, school, proposal, &End::Shown),
        Mode::Apply(_) => return Ok(true),
        Mode::Ask(_) => {
            let Some(mut person) = Terminal::of(context) else {
                let reason = refuse(context, school, proposal, mode, UNASKED.to_owned());
                return Err(ToldUsedWrongly(reason).into());
            };
            report::present_changes(school, proposal);
            if person.says_yes("Appliquer ces changements ?")? {
                return Ok(true);
            }
            output::line(report::said(false));
        }
    }
    Ok(false)
}

async fn apply(
    context: &Context,
    school: &School,
    proposal: &Proposal,
    mode: Mode,
) -> anyhow::Result<()> {
    office::apply_import(school, asker::here(), proposal).await?;
    if matches!(mode, Mode::Ask(_)) {
        output::line(report::said(true));
    } else {
        report::present(context, school, proposal, &End::Applied);
    }
    Ok(())
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
