//! `chappe send`: launches a message, or shows what would leave. On a terminal it asks for what is missing,
//! shows the message and asks whether it is to leave. Where nobody can be asked, what was typed whole is
//! meant: it leaves, as it did for every script before there were questions.

mod caveats;
mod confirmation;
mod preview;
mod questions;

use self::caveats::{
    tell_of_digest, tell_of_out_of_reach, tell_of_the_night, tell_of_unlinked, tell_of_unseen,
};
use super::context::{Context, UsedWrongly};
use super::sms_advice::warn_about_sms;
use super::terminal::{Consent, Terminal};
use super::written::TypedMessage;
use super::{asker, attendance, output};
use crate::app;
use crate::clock::Moment;
use crate::message::{Code, Draft, DraftVersion, Message};
use crate::office::{self, Launched, Ready, Refusal, School, Unlinked};
use crate::providers::Guard;

/// What whoever said no reads.
pub(super) const NOTHING_LEFT: &str = "Rien n’est parti.";

/// Arguments of `chappe send`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The template that words the message: `chappe templates` lists them. On a terminal it is asked for.
    template: Option<String>,
    #[command(flatten)]
    written: TypedMessage,
    /// Send it although the same went to the same audience within a day.
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    consent: Consent,
    /// Keep it as a draft, and send nothing: `chappe drafts` sends it another day.
    #[arg(long, conflicts_with = "dry_run")]
    draft: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { template, written, again, consent, draft: is_kept } = arguments;
    let school = context.school_to(is_kept).await?;
    let mut person = if is_kept { None } else { consent.asked(context) };
    let template = match (template, &mut person) {
        (Some(template), _) => template,
        (None, Some(person)) => questions::template(person, &school)?,
        (None, None) => {
            return Err(missing("which template words it: chappe templates lists them"));
        }
    };
    let draft = written.draft(&school, template)?;
    if is_kept {
        return keep(context, &school, draft).await;
    }
    if let Some(person) = &mut person {
        return Box::pin(converse(context, &school, draft, again, person)).await;
    }
    if draft.audience.is_empty() {
        return Err(missing("for whom it is: --to familles"));
    }
    let ready = office::prepare(&school, office::draft::request(&school, draft, again)?).await?;
    launch_or_show(context, &school, ready, consent.dry_run).await
}

/// The same of a draft that is kept already.
pub(super) async fn run_draft(
    context: &Context,
    school: &School,
    number: u32,
    ready: Ready,
    consent: &Consent,
) -> anyhow::Result<()> {
    if !launch_as_meant(context, school, ready, consent).await? {
        tell_of_kept(number);
    }
    Ok(())
}

/// Launches a message, or only shows it, as is meant.
pub(super) async fn launch_with(
    context: &Context,
    school: &School,
    ready: Ready,
    consent: &Consent,
) -> anyhow::Result<()> {
    if !launch_as_meant(context, school, ready, consent).await? {
        output::note(NOTHING_LEFT);
    }
    Ok(())
}

/// The same; `false`: whoever was asked said no.
async fn launch_as_meant(
    context: &Context,
    school: &School,
    ready: Ready,
    consent: &Consent,
) -> anyhow::Result<bool> {
    if let Some(mut person) = consent.asked(context) {
        return launch_if_wanted(context, school, ready, &mut person).await;
    }
    launch_or_show(context, school, ready, consent.dry_run).await?;
    Ok(true)
}

/// Keeps a draft that `chappe send` was typed for.
async fn keep(context: &Context, school: &School, draft: Draft) -> anyhow::Result<()> {
    let at = office::draft::save(school, asker::here(), draft, None).await?;
    context.answer(&at, |DraftVersion { number, .. }| {
        output::line(format!(
            "Draft {number} is kept; nothing was sent. Send it with: chappe drafts send {number}"
        ));
    });
    Ok(())
}

/// Says in French, to whoever was asked, that nothing left and where it is.
pub(super) fn tell_of_kept(number: u32) {
    output::note(&format!(
        "{NOTHING_LEFT} Le brouillon {number} est gardé : chappe drafts send {number}"
    ));
}

fn missing(what: &str) -> anyhow::Error {
    UsedWrongly(format!("say {what}")).into()
}

/// Asks for what a draft lacks, and whether it is to leave. What was typed is kept unless it left.
async fn converse(
    context: &Context,
    school: &School,
    mut draft: Draft,
    again: bool,
    person: &mut Terminal<'_>,
) -> anyhow::Result<()> {
    let sent = async {
        questions::complete(person, school, &mut draft).await?;
        let request = office::draft::request(school, draft.clone(), again)?;
        let ready = office::prepare(school, request).await?;
        launch_if_wanted(context, school, ready, person).await
    };
    let sent = sent.await;
    if !matches!(sent, Ok(true)) && !draft.fields.is_empty() {
        let kept = office::draft::save(school, asker::here(), draft, None).await?;
        tell_of_kept(kept.number);
    }
    sent.map(drop)
}

/// Launches a message if whoever sits at the terminal says so; whether it left.
async fn launch_if_wanted(
    context: &Context,
    school: &School,
    mut ready: Ready,
    person: &mut Terminal<'_>,
) -> anyhow::Result<bool> {
    let mut outlook = office::outlook(school, &ready).await?;
    if let Some(Refusal::QuietHours { channel, .. }) = &outlook.refused {
        let word = questions::word_for_the_night(person, school, *channel)?;
        let Some(word) = word else { return Ok(false) };
        ready.message.terms.passes_hours = Some(word);
        outlook = office::outlook(school, &ready).await?;
    }
    if let Some(refusal) = outlook.refused.take() {
        return Err(refusal.into());
    }
    let wanted = confirmation::is_wanted(person, school, &ready, &outlook)?;
    if wanted {
        Box::pin(launch(context, school, ready)).await?;
    }
    Ok(wanted)
}

/// Launches a message, or shows what would leave.
async fn launch_or_show(
    context: &Context,
    school: &School,
    ready: Ready,
    dry_run: bool,
) -> anyhow::Result<()> {
    if dry_run {
        let outlook = office::outlook(school, &ready).await?;
        preview::show(context, school, &ready, &outlook);
        return Ok(());
    }
    warn_about_sms(context, &ready);
    Box::pin(launch(context, school, ready)).await
}

async fn launch(context: &Context, school: &School, ready: Ready) -> anyhow::Result<()> {
    let unlinked = await_links(school, &ready).await?;
    let unseen = office::unseen(school, &ready).await?;
    let message = office::launch(school, asker::here(), ready).await?;
    let launched = office::launched(school, &message, (unlinked, unseen)).await?;
    let nothing_leaves = [
        super::hold::line_about(school).await?,
        attendance::line_about(school).await?.map(str::to_owned),
    ];
    context.answer(&launched, |it| {
        present(school, &message, it);
        nothing_leaves.iter().flatten().for_each(output::line);
        output::line(format!("Follow it with: chappe watch {}", message.code));
    });
    Ok(())
}

/// Whom the ENT was not asked about yet it is asked about now: without their accounts they would be on
/// paper while the ENT has them. Nothing leaves while that is most of them.
async fn await_links(school: &School, ready: &Ready) -> anyhow::Result<Unlinked> {
    let before = office::unlinked(school, ready).await?;
    if before.count == 0 {
        return Ok(before);
    }
    match app::ask_the_ent(school, Guard::Anywhere).await {
        Ok(()) => Ok(office::unlinked(school, ready).await?),
        Err(reason) => Ok(before.unless_most(&reason.to_string())?),
    }
}

fn present(school: &School, message: &Message, launched: &Launched) {
    let total = launched.addressees.total;
    let on_its_way = match launched.addressees.out_of_reach {
        0 => total.to_string(),
        lost => format!("{} of {total}", total.saturating_sub(lost)),
    };
    output::line(format!("Message {} is on its way to {on_its_way} addressees.", message.code));
    tell_of_undo(school, &message.code, launched.starts_at);
    tell_of_cards(&launched.cards);
    tell_of_unlinked(launched.ent_unknown);
    tell_of_unseen(&launched.ent_unseen);
    tell_of_out_of_reach(launched.addressees.out_of_reach);
    tell_of_digest(school, launched.digest);
    tell_of_the_night(launched.may_meet_the_night);
}

/// What people publish by hand.
fn tell_of_cards(cards: &[String]) {
    for card in cards {
        output::line(format!("A person publishes it: chappe cards show {card}"));
    }
}

/// Until when a message can be taken back from everybody.
pub(super) fn tell_of_undo(school: &School, code: &Code, starts_at: Option<Moment>) {
    if let Some(at) = starts_at {
        let at = school.queue.timing().hours.shown_to_the_second(at);
        output::line(format!("Until {at} nothing leaves: undo it with chappe cancel {code}"));
    }
}
