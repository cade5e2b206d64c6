//! The last import taken back, once somebody agrees.

use serde::Serialize;

use super::report;
use crate::cli::context::{Context, ToldUsedWrongly};
use crate::cli::terminal::Terminal;
use crate::cli::{asker, output, when};
use crate::directory::Undone;
use crate::office::{self, School};

/// Where nobody can be asked, nothing is taken for a yes.
const UNASKED: &str =
    "nobody can be asked here; nothing was changed: to take it back, say it again with --yes";

/// What would be taken back, and why it is not.
#[derive(Serialize)]
struct NotUndone<'a> {
    #[serde(flatten)]
    would_be: Undone,
    error: &'a str,
}

pub(super) async fn run(context: &Context, yes: bool) -> anyhow::Result<()> {
    let school = context.school_to_change().await?;
    let mut seen = None;
    if !yes {
        let would_be = office::import_to_undo(&school).await?;
        if !agree(context, &school, would_be)? {
            return Ok(());
        }
        seen = Some(would_be.applied_at);
    }
    let undone = office::undo_import(&school, asker::here(), seen).await?;
    context.answer(&undone, |undone| {
        output::line(format!(
            "The import of {} is taken back: everybody is as before it; {} pupils and {} adults whom it had \
             added are gone.",
            when::shown(&school, undone.applied_at),
            undone.pupils,
            undone.persons
        ));
    });
    Ok(())
}

/// Whether whoever sits at the terminal agrees; where nobody does, what would be taken back is shown.
fn agree(context: &Context, school: &School, would_be: Undone) -> anyhow::Result<bool> {
    let at = when::shown(school, would_be.applied_at);
    let Some(mut person) = Terminal::of(context) else {
        context.answer(&NotUndone { would_be, error: UNASKED }, |_| {
            output::line(format!(
                "The import of {at} would be taken back: {} pupils and {} adults whom it added would be gone.",
                would_be.pupils, would_be.persons
            ));
        });
        return Err(ToldUsedWrongly(UNASKED.to_owned()).into());
    };
    let agrees = person.says_yes(&format!("Annuler l’import du {at} ?"))?;
    if !agrees {
        output::line(report::said(false));
    }
    Ok(agrees)
}
