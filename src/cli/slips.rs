//! `chappe slips`: reply slips that came back, by the references that are printed on them, or read off a scan.

mod scan;

pub(super) use scan::answer as answer_scan;

use std::path::PathBuf;

use anyhow::bail;

use super::answers::answer;
use super::context::{Context, UsedWrongly};
use super::{asker, output};
use crate::message::{AnswerChoice, Reference};
use crate::office::slips::{self, Slip, SlipClosed, SlipPart};
use crate::office::{NoteAnswerRefusal, School};

/// Arguments of `chappe slips`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The references on the slips.
    #[arg(required = true, value_name = "REFERENCE")]
    references: Vec<Reference>,
    /// What is ticked on all of them: oui, non, or a mark from 1 to 5.
    #[arg(long, value_parser = answer)]
    answer: Option<AnswerChoice>,
    /// When and by which number they want to be called back, as they wrote it.
    #[arg(long, value_name = "TEXT")]
    call_back: Option<String>,
    /// The e-mail address that they put right, to be confirmed.
    #[arg(long)]
    email: Option<String>,
    /// The mobile that they put right, to be confirmed.
    #[arg(long)]
    mobile: Option<String>,
    /// Another number that they put right, to be confirmed.
    #[arg(long)]
    phone: Option<String>,
    /// The postal address that they put right, to be confirmed.
    #[arg(long)]
    address: Option<String>,
    /// Anything else that they wrote.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Read the slips off a scan, or off pictures of a telephone, by the codes printed on them. That they came back
    /// is noted; what is ticked on them is yours to type.
    Scan {
        /// PDFs, JPEGs or PNGs; several slips on a page, in any direction.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

impl Arguments {
    /// What is written on one slip alone.
    fn written(&self) -> Vec<(SlipPart, String)> {
        let parts = [&self.email, &self.mobile, &self.phone, &self.address, &self.note];
        let said = SlipPart::ALL.into_iter().zip(parts);
        said.filter_map(|(part, said)| Some((part, said.clone()?))).collect()
    }
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let corrections = arguments.written();
    let Arguments { command, references, answer, call_back, .. } = arguments;
    if let Some(Command::Scan { files }) = command {
        return scan::run(context, files).await;
    }
    let is_of_one = call_back.is_some() || !corrections.is_empty();
    if is_of_one && references.len() > 1 {
        return Err(UsedWrongly("say what is written on one slip at a time".to_owned()).into());
    }
    let school = context.school_to_change().await?;
    let mut unknown = Vec::new();
    for reference in references {
        let (call_back, corrections) = (call_back.clone(), corrections.clone());
        let slip = Slip { reference, answer, call_back, corrections };
        unknown.extend(close(context, &school, slip).await?);
    }
    if !unknown.is_empty() {
        bail!(
            "no copy of a message has the reference {}; the others were taken",
            unknown.join(", ")
        );
    }
    Ok(())
}

/// Takes one slip in; its reference, where no copy has it.
async fn close(context: &Context, school: &School, slip: Slip) -> anyhow::Result<Option<String>> {
    match slips::close(school, asker::here(), slip).await {
        Ok(closed) => {
            context.answer(&closed, present);
            Ok(None)
        }
        Err(NoteAnswerRefusal::NoSuchReference(reference)) => Ok(Some(reference.to_string())),
        Err(refusal) => Err(refusal.into()),
    }
}

fn present(closed: &SlipClosed) {
    let SlipClosed { reference, name, answer, before, .. } = closed;
    if closed.already {
        output::line(format!("{reference}: {name}: this slip was taken before; nothing changed."));
        return;
    }
    let answer = answer.map(|answer| format!(" {answer}")).unwrap_or_default();
    let before = before.map(|before| format!(" (it was {before})")).unwrap_or_default();
    let waits = if closed.to_call || closed.to_confirm {
        "; what they wrote waits: chappe inbox"
    } else {
        ""
    };
    output::line(format!("{reference}: {name} answered{answer}{before}{waits}."));
}
