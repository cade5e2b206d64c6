//! `chappe send`: launches a message, or shows what would leave.

use anyhow::bail;
use serde_json::json;

use super::context::{Context, UsedWrongly};
use super::refusals::worded;
use super::sms_advice::{BY_SHORT_NUMBER, warn_about_sms};
use super::written::Written;
use super::{asker, attendance, drafts, output, when};
use crate::app;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Message, Urgency};
use crate::office::{self, Outlook, Ready, School, Unlinked};
use crate::providers::Guard;
use crate::queue::{self, Status};

/// Arguments of `chappe send`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The template that words the message: `chappe templates` lists them.
    template: String,
    #[command(flatten)]
    written: Written,
    #[command(flatten)]
    meant: Meant,
    /// Keep it as a draft, and send nothing: `chappe drafts` sends it another day.
    #[arg(long, conflicts_with = "dry_run")]
    draft: bool,
}

/// How far it is meant.
#[derive(Debug, clap::Args)]
pub(super) struct Meant {
    /// Send it although the same went to the same audience within a day.
    #[arg(long)]
    pub(super) again: bool,
    /// Show what would leave, and send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { template, written, meant, draft: is_kept } = arguments;
    let app = context.app_to(is_kept).await?;
    if written.to.is_none() && !is_kept {
        bail!(UsedWrongly("say for whom it is: --to familles".to_owned()));
    }
    let draft = written.draft(&app, template)?;
    if is_kept {
        return drafts::keep(context, &app, draft).await;
    }
    let request = office::draft::request(&app, draft, meant.again)?;
    let ready = office::prepare(&app, request).await?;
    launch_or_show(context, &app, ready, meant.dry_run).await
}

/// Launches a message, or shows what would leave.
pub(super) async fn launch_or_show(
    context: &Context,
    app: &School,
    ready: Ready,
    dry_run: bool,
) -> anyhow::Result<()> {
    if dry_run {
        let outlook = office::outlook(app, &ready).await?;
        present(context, app, &ready, &outlook);
        return Ok(());
    }
    warn_about_sms(context, &ready);
    let unlinked = await_links(app, &ready).await?;
    let total = ready.chosen.len();
    let message = office::launch(app, asker::here(), ready).await?;
    let Status { addressees, digest, .. } =
        queue::status(app.store(), &message, app.clock.now()).await?;
    if context.json {
        output::json(&json!({
            "message": message.code,
            "addressees": { "total": total, "out_of_reach": addressees.unreached },
            "starts_at": message.terms.starts_at,
            "expires_at": message.terms.expires_at,
            "digest": { "waiting": digest.waiting, "leaves_at": digest.leaves_at },
            "ent_unknown": unlinked.count,
            "daemon_at_work": attendance::line_about(app).await?.is_none(),
        }));
    } else {
        let on_its_way = match addressees.unreached {
            0 => total.to_string(),
            lost => format!("{} of {total}", total.saturating_sub(lost)),
        };
        output::line(format!("Message {} is on its way to {on_its_way} addressees.", message.code));
        if let Some(at) = message.terms.starts_at {
            let (at, code) = (when::shown(app, at), &message.code);
            output::line(format!("Until {at} nothing leaves: undo it with chappe cancel {code}"));
        }
        tell_of_unlinked(unlinked);
        tell_of_out_of_reach(addressees.unreached);
        tell_of_digest(app, digest.leaves_at, digest.waiting);
        tell_of_the_night(app, &message);
        if let Some(on_hold) = super::hold::line_about(app).await? {
            output::line(on_hold);
        }
        if let Some(nobody) = attendance::line_about(app).await? {
            output::line(nobody);
        }
        output::line(format!("Follow it with: chappe watch {}", message.code));
    }
    Ok(())
}

/// Whom the ENT was not asked about yet it is asked about now: without their accounts they would be on
/// paper while the ENT has them. Nothing leaves while that is most of them.
async fn await_links(app: &School, ready: &Ready) -> anyhow::Result<Unlinked> {
    let before = office::unlinked(app, ready).await?;
    if before.count == 0 {
        return Ok(before);
    }
    let Err(reason) = app::ask_the_ent(app, Guard::Anywhere).await else {
        return Ok(office::unlinked(app, ready).await?);
    };
    if before.are_most() {
        bail!(
            "the ENT has not said yet who has an account there ({reason}), and {} of {} addressees \
             would go by another way or on paper; nothing was sent: the daemon asks it every minute, send \
             again then; to do without the ENT: chappe channel close ent --reason \"…\"",
            before.count,
            before.of
        );
    }
    Ok(before)
}

/// Newcomers whom an ENT that does not answer was not asked about.
fn tell_of_unlinked(Unlinked { count, .. }: Unlinked) {
    if count > 0 {
        output::line(format!(
            "{count} of them are new, and the ENT has not said yet whether they have an account: they \
             go by the next way."
        ));
    }
}

/// Who waits for the digest: their household has enough for this week.
fn tell_of_digest(app: &School, leaves_at: Option<Moment>, waiting: usize) {
    if let Some(at) = leaves_at.filter(|_| waiting > 0) {
        output::line(format!(
            "{waiting} of them had {} messages this week: they get it with the digest of {}.",
            app.queue.timing().load.per_week,
            when::shown(app, at)
        ));
    }
}

/// What is urgent by day may still be on its way when its channels fall asleep.
fn tell_of_the_night(app: &School, message: &Message) {
    let hours = &app.queue.timing().hours;
    let sleeps = message.channels().into_iter().any(|channel| hours.of(channel).is_some());
    if message.urgency == Urgency::Urgent && !message.passes_hours() && sleeps {
        output::line(
            "What has not left when quiet hours begin waits for their end; --reason and --by let it pass.",
        );
    }
}

/// Nobody is left without a word about it.
fn tell_of_out_of_reach(count: usize) {
    if count > 0 {
        output::line(format!("{count} of them have no address for any way of the plan."));
    }
}

fn present(context: &Context, app: &School, ready: &Ready, outlook: &Outlook) {
    let waiting = outlook.gathering.map_or(0, |it| it.addressees);
    let leaves_at = outlook.gathering.map(|it| it.leaves_at);
    let message = &ready.message;
    if context.json {
        let preview: serde_json::Map<String, serde_json::Value> = ready
            .preview
            .iter()
            .map(|(channel, text)| (channel.to_string(), json!(text)))
            .collect();
        output::json(&json!({
            "dry_run": true,
            "addressees": {
                "total": ready.chosen.len(), "out_of_reach": outlook.reach.out_of_reach.len()
            },
            "plan": message.plan.name,
            "by_plan": outlook.reach.by_plan,
            "urgency": message.urgency,
            "refused_now": outlook.starts_at.as_ref().err().map(|refusal| worded(refusal)),
            "starts_at": outlook.starts_at.as_ref().ok(),
            "expires_at": message.terms.expires_at,
            "left_out": ready.left_out.len(),
            "passed_over": ready.passed_over,
            "digest": { "waiting": waiting, "leaves_at": leaves_at },
            "ent_unknown": outlook.unlinked.count,
            "sms_warning": ready.sms_warning,
            "preview": preview,
        }));
        return;
    }
    output::line(format!("Nothing was sent. {} addressees:", ready.chosen.len()));
    for recipient in ready.sample.iter().take(5) {
        output::line(format!("  {}", recipient.name));
    }
    if ready.chosen.len() > 5 {
        output::line("  …");
    }
    present_terms(app, message, outlook);
    tell_of_digest(app, leaves_at, waiting);
    tell_of_the_night(app, message);
    tell_of_unlinked(outlook.unlinked);
    tell_of_out_of_reach(outlook.reach.out_of_reach.len());
    for name in &outlook.reach.out_of_reach {
        output::line(format!("out of reach: {name}"));
    }
    for left_out in &ready.left_out {
        output::line(format!("left out: {} — {}", left_out.name, left_out.reason));
    }
    let by_short_number = app.renderer.templates().sms_rules().by_short_number;
    if by_short_number && ready.preview.iter().any(|(channel, _)| *channel == Channel::Sms) {
        output::line(BY_SHORT_NUMBER);
    }
    for channel in &ready.passed_over {
        output::line(format!("passed over: {channel}, no provider carries on it here"));
    }
    for (channel, text) in &ready.preview {
        output::line(format!("\n──── {channel} ────\n{text}"));
    }
    warn_about_sms(context, ready);
}

fn present_terms(app: &School, message: &Message, outlook: &Outlook) {
    output::line(format!("plan: {}, urgency: {}", message.plan.name, message.urgency.as_str()));
    let beside = outlook.reach.by_plan.iter().filter(|(plan, _)| **plan != message.plan.name);
    for (plan, addressees) in beside {
        output::line(format!(
            "{addressees} of them go by plan {plan}: their household cannot use every way of {}",
            message.plan.name
        ));
    }
    match &outlook.starts_at {
        Ok(at) => output::line(format!("would begin to leave: {}", when::shown(app, *at))),
        Err(refusal) => output::line(format!("would be refused now: {}", worded(refusal))),
    }
    if let Some(at) = message.terms.expires_at {
        output::line(format!("nothing would leave after: {}", when::shown(app, at)));
    }
}
