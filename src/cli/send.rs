//! `chappe send`: launches a message, or shows what would leave.

use anyhow::{anyhow, bail};
use serde_json::json;

use super::context::Context;
use super::refusals::worded;
use super::sms_advice::{BY_SHORT_NUMBER, warn_about_sms};
use super::{asker, attendance, output, when};
use crate::app;
use crate::audience::{Rule, RuleError, Unit};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Fields, Message, Urgency};
use crate::office::{self, Draft, Outlook, Request, School, Unlinked};
use crate::providers::Guard;
use crate::queue::{self, Status};

/// Arguments of `chappe send`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The template that words the message: `chappe templates` lists them.
    template: String,
    /// For whom: `familles`, `foyers niveau:6e`, `personnels`, `liste:voyage`.
    #[arg(long, value_name = "AUDIENCE")]
    to: String,
    /// One copy for each guardian, household or pupil, whatever the audience says.
    #[arg(long, value_name = "UNIT", value_parser = super::audience::unit)]
    per: Option<Unit>,
    /// By which ways, by its name in the configuration.
    #[arg(long, default_value = "famille")]
    plan: String,
    /// A field of the template, in Markdown; as often as there are fields.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// Before all others, or not; the template's own by default.
    #[arg(long, value_parser = urgency)]
    urgency: Option<Urgency>,
    /// Before all others: the same as `--urgency urgent`.
    #[arg(long, conflicts_with = "urgency")]
    urgent: bool,
    #[command(flatten)]
    when: when::When,
    /// Write text messages in the cheaper alphabet that was proposed (names stay as they are).
    #[arg(long)]
    plain_sms: bool,
    #[command(flatten)]
    meant: Meant,
}

/// How far it is meant.
#[derive(Debug, clap::Args)]
struct Meant {
    /// Send it although the same went to the same audience within a day.
    #[arg(long)]
    again: bool,
    /// Show what would leave, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app()?;
    let plan = app.config.plan(&arguments.plan).map_err(|reason| anyhow!(reason))?;
    let request = Request {
        template: arguments.template,
        fields: arguments.fields.into_iter().collect::<Fields>(),
        audience: audience(arguments.to, arguments.per)?,
        plans: app.config.plans_beside(&plan),
        plan,
        urgency: arguments.urgency.or(arguments.urgent.then_some(Urgency::Urgent)),
        plain_sms: arguments.plain_sms,
        terms: arguments.when.terms(&app)?,
        among: None,
        again: arguments.meant.again,
    };
    let draft = office::prepare(&app, request).await?;
    launch_or_show(context, &app, draft, arguments.meant.dry_run).await
}

/// Launches a draft, or shows what would leave.
pub(super) async fn launch_or_show(
    context: &Context,
    app: &School,
    draft: Draft,
    dry_run: bool,
) -> anyhow::Result<()> {
    if dry_run {
        let outlook = office::outlook(app, &draft).await?;
        present(context, app, &draft, &outlook);
        return Ok(());
    }
    warn_about_sms(context, &draft);
    let unlinked = await_links(app, &draft).await?;
    let total = draft.chosen.len();
    let message = office::launch(app, asker::here(), draft).await?;
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
async fn await_links(app: &School, draft: &Draft) -> anyhow::Result<Unlinked> {
    let before = office::unlinked(app, draft).await?;
    if before.count == 0 {
        return Ok(before);
    }
    let Err(reason) = app::ask_the_ent(app, Guard::Anywhere).await else {
        return Ok(office::unlinked(app, draft).await?);
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

/// The audience as typed, or with the unit that was asked for beside it.
fn audience(typed: String, per: Option<Unit>) -> Result<String, RuleError> {
    Ok(match per {
        None => typed,
        unit => typed.parse::<Rule>()?.per(unit).to_string(),
    })
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

fn present(context: &Context, app: &School, draft: &Draft, outlook: &Outlook) {
    let waiting = outlook.gathering.map_or(0, |it| it.addressees);
    let leaves_at = outlook.gathering.map(|it| it.leaves_at);
    let message = &draft.message;
    if context.json {
        let preview: serde_json::Map<String, serde_json::Value> = draft
            .preview
            .iter()
            .map(|(channel, text)| (channel.to_string(), json!(text)))
            .collect();
        output::json(&json!({
            "dry_run": true,
            "addressees": {
                "total": draft.chosen.len(), "out_of_reach": outlook.reach.out_of_reach.len()
            },
            "plan": message.plan.name,
            "by_plan": outlook.reach.by_plan,
            "urgency": message.urgency,
            "refused_now": outlook.starts_at.as_ref().err().map(|refusal| worded(refusal)),
            "starts_at": outlook.starts_at.as_ref().ok(),
            "expires_at": message.terms.expires_at,
            "left_out": draft.left_out.len(),
            "passed_over": draft.passed_over,
            "digest": { "waiting": waiting, "leaves_at": leaves_at },
            "ent_unknown": outlook.unlinked.count,
            "sms_warning": draft.sms_warning,
            "preview": preview,
        }));
        return;
    }
    output::line(format!("Nothing was sent. {} addressees:", draft.chosen.len()));
    for recipient in draft.sample.iter().take(5) {
        output::line(format!("  {}", recipient.name));
    }
    if draft.chosen.len() > 5 {
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
    for left_out in &draft.left_out {
        output::line(format!("left out: {} — {}", left_out.name, left_out.reason));
    }
    let by_short_number = app.renderer.templates().sms_rules().by_short_number;
    if by_short_number && draft.preview.iter().any(|(channel, _)| *channel == Channel::Sms) {
        output::line(BY_SHORT_NUMBER);
    }
    for channel in &draft.passed_over {
        output::line(format!("passed over: {channel}, no provider carries on it here"));
    }
    for (channel, text) in &draft.preview {
        output::line(format!("\n──── {channel} ────\n{text}"));
    }
    warn_about_sms(context, draft);
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

pub(super) fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("\"{text}\" is no field; write NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) fn urgency(word: &str) -> Result<Urgency, String> {
    match word {
        "urgent" => Ok(Urgency::Urgent),
        "reply" => Ok(Urgency::Reply),
        "bulk" => Ok(Urgency::Bulk),
        other => Err(format!("\"{other}\" is no urgency; there are: urgent, reply, bulk")),
    }
}
