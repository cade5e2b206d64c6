//! `chappe correct` and `chappe retry`: a message again, to those who had it, or to those who had not.

use serde_json::json;

use super::context::Context;
use super::{asker, output, send, status, when, written};
use crate::message::{Fields, Urgency};
use crate::office::{self, Changes};

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
    let changes = Changes {
        fields: arguments.fields.into_iter().collect::<Fields>(),
        urgency: arguments.urgency,
        plans: app.config.plans_beside(&earlier.plan),
        terms: arguments.when.terms(&app)?,
    };
    let correction = office::prepare_correction(&app, &earlier, changes).await?;
    let (code, to) = if arguments.dry_run {
        (None, app.queue.corrections().would_concern(earlier.id).await?)
    } else {
        let (sent, to) = office::correct(&app, asker::here(), &earlier, correction).await?;
        (Some(sent.code), to)
    };
    if context.json {
        output::json(&json!({
            "message": code,
            "corrects": earlier.code,
            "dry_run": arguments.dry_run,
            "had_it": to.had_it,
            "waited_for_it": to.waited,
        }));
        return Ok(());
    }
    match &code {
        Some(code) => output::line(format!("Message {code} corrects {}.", earlier.code)),
        None => output::line("Nothing was sent."),
    }
    output::line(format!("{} had the earlier text, or may have had it.", to.had_it));
    output::line(format!("{} still waited for it, and get the new one only.", to.waited));
    Ok(())
}

pub(super) async fn retry(context: &Context, arguments: Retry) -> anyhow::Result<()> {
    let app = context.app_to_change().await?;
    let earlier = status::find(&app, &arguments.message).await?;
    let terms = arguments.when.terms(&app)?;
    let request = office::again(&app, &earlier, arguments.uncertain, terms).await?;
    let ready = office::prepare(&app, request).await?;
    send::launch_or_show(context, &app, ready, arguments.dry_run).await
}
