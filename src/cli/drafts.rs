//! `chappe drafts`: what is written and not sent yet.

use super::context::Context;
use super::correct::TypedCorrection;
use super::send;
use super::terminal::Consent;
use super::written::TypedMessage;
use super::{asker, output, when};
use crate::message::{DraftVersion, Follows};
use crate::office::draft::{self, DraftShown};
use crate::office::{self, ReadyCorrection, ReadyDraft, School};

/// Arguments of `chappe drafts`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one")]
enum Command {
    /// List the drafts (also without a subcommand); `chappe send … --draft` keeps one.
    List,
    /// Show what a draft says.
    Show {
        /// The number of the draft.
        draft: u32,
    },
    /// Change what a draft says; what is not named stays.
    Change(DraftChange),
    /// Launch a draft, to whom it means now; there is no more of it afterwards.
    Send {
        /// The number of the draft.
        draft: u32,
        /// Send it although the same went to the same audience within a day.
        #[arg(long)]
        again: bool,
        #[command(flatten)]
        consent: Consent,
    },
    /// Do away with a draft: what it said is gone.
    Discard {
        /// The number of the draft.
        draft: u32,
    },
}

/// Arguments of `chappe drafts change`.
#[derive(Debug, clap::Args)]
struct DraftChange {
    /// The number of the draft.
    draft: u32,
    /// Only where it is still at this version: `chappe drafts show` says it.
    #[arg(long = "was", value_name = "VERSION")]
    version: Option<u32>,
    #[command(flatten)]
    written: TypedMessage,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::List);
    let looks = matches!(command, Command::List | Command::Show { .. });
    let school = context.school_to(!looks).await?;
    match command {
        Command::List => list(context, &school).await,
        Command::Show { draft } => {
            let shown = draft::open(&school, draft).await?;
            context.answer(&shown, |it| present(&school, it));
            Ok(())
        }
        Command::Change(wanted) => change(context, &school, wanted).await,
        Command::Send { draft, again, consent } => {
            launch(context, &school, draft, again, &consent).await
        }
        Command::Discard { draft } => {
            let gone = draft::discard(&school, asker::here(), draft).await?;
            context.answer(&gone.at(), |it| {
                output::line(format!("Draft {} is discarded; what it said is gone.", it.number));
            });
            Ok(())
        }
    }
}

async fn launch(
    context: &Context,
    school: &School,
    number: u32,
    again: bool,
    consent: &Consent,
) -> anyhow::Result<()> {
    let kept = draft::open(school, number).await?;
    let at = kept.at();
    match office::ready_draft(school, kept, again).await? {
        ReadyDraft::Announcement(ready) => {
            send::run_draft(context, school, number, *ready, consent).await
        }
        ReadyDraft::Correction(ready) => {
            let ReadyCorrection { earlier, message, .. } = *ready;
            let correction = TypedCorrection { earlier, message, draft: Some(at) };
            if !correction.leave(context, school, consent).await? {
                send::tell_of_kept(number);
            }
            Ok(())
        }
    }
}

async fn list(context: &Context, school: &School) -> anyhow::Result<()> {
    let drafts = draft::list(school).await?;
    if drafts.is_empty() && !context.json {
        output::line("There is no draft; `chappe send … --draft` keeps one.");
    }
    for draft in &drafts {
        context.answer(draft, |it| {
            output::line(format!(
                "{:>4}  {}  {:<12}  {} — {}",
                it.number,
                when::shown(school, it.changed_at),
                it.changed_by,
                it.draft.audience,
                it.subject
            ));
        });
    }
    Ok(())
}

fn present(school: &School, shown: &DraftShown) {
    let DraftShown { number, version, draft, .. } = shown;
    output::line(format!("Draft {number}, version {version}: {}", shown.subject));
    match &draft.follows {
        Some(Follows::Corrects { message, .. }) => output::line(format!("corrects: {message}")),
        Some(Follows::Retries { message, .. }) => output::line(format!("tries again: {message}")),
        None => output::line(format!("for: {}", draft.audience)),
    }
    let urgency = draft.urgency.map_or("of the template", |urgency| urgency.as_str());
    output::line(format!("template: {}, plan: {}, urgency: {urgency}", draft.template, draft.plan));
    if let Some(at) = draft.starts_at {
        output::line(format!("nothing leaves before: {}", when::shown(school, at)));
    }
    if let Some(at) = draft.expires_at {
        output::line(format!("nothing leaves after: {}", when::shown(school, at)));
    }
    for (word, by, at) in [
        ("written", &shown.written_by, shown.written_at),
        ("changed", &shown.changed_by, shown.changed_at),
    ] {
        output::line(format!("{word} by {by} on {}", when::shown(school, at)));
    }
    for (name, text) in &draft.fields {
        output::line(format!("\n──── {name} ────\n{text}"));
    }
}

async fn change(context: &Context, school: &School, wanted: DraftChange) -> anyhow::Result<()> {
    let kept = draft::open(school, wanted.draft).await?;
    let over = DraftVersion { version: wanted.version.unwrap_or(kept.version), ..kept.at() };
    let changed = wanted.written.laid_over(school, kept.draft)?;
    let at = draft::save(school, asker::here(), changed, Some(over)).await?;
    context.answer(&at, |it| {
        output::line(format!("Draft {} is at version {} now.", it.number, it.version));
    });
    Ok(())
}
