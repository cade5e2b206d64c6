//! `chappe correct` and `chappe retry`: a message again, to those who had it, or to those who had not.

use serde_json::json;

use super::context::Context;
use super::{output, send, status, when};
use crate::compose::{self, Changes};
use crate::message::{Fields, Urgency};

/// Arguments of `chappe correct`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message whose text is put right.
    message: String,
    /// A field that says something else now, in Markdown; the others stay.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = send::field, required = true)]
    fields: Vec<(String, String)>,
    /// Before all others, or not; as the earlier message by default.
    #[arg(long, value_parser = send::urgency)]
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
    let earlier = compose::first_of(&app.queue, earlier).await?;
    let changes = Changes {
        fields: arguments.fields.into_iter().collect::<Fields>(),
        urgency: arguments.urgency,
        plans: app.config.plans_beside(&earlier.plan),
        terms: arguments.when.terms(&app)?,
    };
    let (queue, renderer, now) = (&app.queue, &app.renderer, app.clock.now());
    let correction = compose::prepare_correction(queue, renderer, &earlier, changes, now).await?;
    let (code, to) = if arguments.dry_run {
        (None, queue.correctable(earlier.id).await?)
    } else {
        let (sent, to) = compose::correct(queue, &earlier, correction, now).await?;
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
    let beside = (arguments.when.terms(&app)?, app.carried());
    let request = compose::again(&app.queue, &earlier, arguments.uncertain, beside).await?;
    let (store, school) = (app.store(), app.queue.school());
    let when = (app.clock.now(), app.today());
    let draft = compose::prepare(store, &app.renderer, school, request, when).await?;
    send::launch_or_show(context, &app, draft, arguments.dry_run).await
}
