//! `chappe correct` and `chappe retry`: a message again, to those who had it, or to those who had not.

use super::context::Context;
use super::{asker, output, send, status, when, written};
use crate::message::{Fields, Urgency};
use crate::office::{self, Amendments, CorrectionShown, School};

/// Arguments of `chappe correct`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message whose text is put right.
    message: String,
    /// A field that says something else now, in Markdown; the others stay.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = written::field, required = true)]
    fields: Vec<(String, String)>,
    /// Before all others, or not; as the earlier message by default.
    #[arg(long, value_parser = written::urgency)]
    urgency: Option<Urgency>,
    /// What changed, in a few French words: "l’heure de reprise change"; the names of the fields by default.
    #[arg(long, value_name = "WORDS", value_parser = when::said)]
    what_changed: Option<String>,
    #[command(flatten)]
    when: when::When,
    /// Say to how many it would go, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `chappe retry`.
#[derive(Debug, clap::Args)]
pub(super) struct Retry {
    /// The code of the message.
    message: String,
    /// Also those who may have it and gave no sign.
    #[arg(long)]
    uncertain: bool,
    #[command(flatten)]
    when: when::When,
    /// Show what would leave, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app_to_change().await?;
    let earlier = status::find(&app, &arguments.message).await?;
    let earlier = office::first_of(&app, earlier).await?;
    let changes = Amendments {
        fields: arguments.fields.into_iter().collect::<Fields>(),
        what_changed: arguments.what_changed,
        urgency: arguments.urgency,
        plans: app.config.plans_beside(&earlier.plan),
        terms: arguments.when.terms(&app)?,
    };
    let correction = office::prepare_correction(&app, &earlier, changes).await?;
    let corrected = if arguments.dry_run {
        office::correctable(&app, &earlier, &correction).await?
    } else {
        let (sent, to) = office::correct(&app, asker::here(), &earlier, correction).await?;
        CorrectionShown::of(&sent, to, false)
    };
    context.answer(&corrected, |it| present(&app, it));
    Ok(())
}

fn present(app: &School, corrected: &CorrectionShown) {
    match &corrected.message {
        Some(code) => output::line(format!("Message {code} corrects {}.", corrected.corrects)),
        None => output::line("Nothing was sent."),
    }
    if let Some(says) = &corrected.says {
        output::line(format!("It says what changed:\n  {}", says.what));
    }
    output::line(format!("{} had the earlier text, or may have had it.", corrected.had_it));
    output::line(format!(
        "{} still waited for it, and get the new one only.",
        corrected.waited_for_it
    ));
    if let Some(code) = &corrected.message {
        send::tell_of_undo(app, code, corrected.starts_at);
    }
}

pub(super) async fn retry(context: &Context, arguments: Retry) -> anyhow::Result<()> {
    let app = context.app_to_change().await?;
    let earlier = status::find(&app, &arguments.message).await?;
    let terms = arguments.when.terms(&app)?;
    let request = office::again(&app, &earlier, arguments.uncertain, terms).await?;
    let ready = office::prepare(&app, request).await?;
    send::launch_or_show(context, &app, ready, arguments.dry_run).await
}
