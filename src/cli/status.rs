//! `chappe status`: where messages stand.

use std::collections::BTreeMap;

use anyhow::Context as _;

use super::context::Context;
use super::{attendance, channel, output, when};
use crate::channel::Channel;
use crate::delivery::lifecycle::AddresseeState;
use crate::message::{Message, MessageState, Proof};
use crate::office::{self, AnswerCounts, Overview, Recalled, School, StatusReport, ToSeeTo, Tried};
use crate::queue::{DigestCount, Levels, Status};
use crate::store::carriers::Carried;

/// Messages listed when none is named.
const LISTED: usize = 20;

/// What there is to say before the first message.
pub(super) const NO_MESSAGE: &str = "No message was sent yet; `chappe send` launches one.";

/// Arguments of `chappe status`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of a message; all recent ones without it.
    message: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.school()?;
    match arguments.message {
        Some(code) => {
            let message = find(&school, &code).await?;
            let report = office::status_report(&school, &message).await?;
            if context.json {
                output::json(&report);
                return Ok(());
            }
            present_report(&school, &report).await
        }
        None if context.json => {
            for message in newest(&school).await?.iter().take(LISTED) {
                output::json(&office::overview(&school, message).await?);
            }
            Ok(())
        }
        None => list(&school).await,
    }
}

async fn list(school: &School) -> anyhow::Result<()> {
    present_standstill(school, true).await?;
    for reminder in office::card_reminders(school).await? {
        output::line(reminder.in_french(school));
    }
    let newest = newest(school).await?;
    if newest.is_empty() {
        output::line(NO_MESSAGE);
    }
    for message in newest.iter().take(LISTED) {
        present_in_list(school, &office::overview(school, message).await?);
    }
    if newest.len() > LISTED {
        output::line("Older ones are shown by their codes: chappe status MESSAGE");
    }
    channel::present_what_is_wrong(school).await
}

/// Why nothing leaves; `whoever_waits`: also that no daemon is at work.
async fn present_standstill(school: &School, whoever_waits: bool) -> anyhow::Result<()> {
    if let Some(on_hold) = super::hold::line_about(school).await? {
        output::line(on_hold);
    }
    if whoever_waits && let Some(nobody) = attendance::line_about(school).await? {
        output::line(nobody);
    }
    Ok(())
}

fn present_in_list(school: &School, overview: &Overview) {
    let all = overview.status.addressees;
    let state = match overview.status.state {
        MessageState::Running => String::new(),
        stopped => format!(" ({})", stopped.as_str()),
    };
    let (code, by) = (&overview.status.message, by(overview));
    let at = when::shown(school, overview.launched_at);
    output::line(format!("{code}{state}  {at}  {}{by}", overview.subject));
    output::line(format!(
        "      {}: {} of {} reached ({}), {} waiting, {} on paper, {} to call, {} unreached, \
         {} uncertain, {} cancelled",
        overview.audience,
        all.reached,
        all.total,
        levels(&overview.status.levels),
        all.waiting,
        all.on_letter,
        all.on_call,
        all.unreached,
        all.uncertain,
        all.cancelled
    ));
    present_answers(overview, "      ");
    present_recalls(school, &overview.recalls, "      ");
    present_cards(school, overview, "      ");
    present_waits(school, overview, "      ");
}

/// How many answered what.
fn present_answers(overview: &Overview, margin: &str) {
    if let Some(counts) = &overview.answers {
        output::line(format!("{margin}Answers: {}.", answers_counted(counts)));
    }
}

/// `12 oui, 3 non, 40 not yet (of 55 asked)`.
pub(super) fn answers_counted(counts: &AnswerCounts) -> String {
    let each: Vec<String> =
        counts.counts.iter().map(|(answer, count)| format!("{count} {answer}")).collect();
    format!("{}, {} not yet (of {} asked)", each.join(", "), counts.silent, counts.asked())
}

/// What is to be published by hand, in the office's own language.
fn present_cards(school: &School, overview: &Overview, margin: &str) {
    for card in &overview.cards {
        output::line(format!("{margin}{} : {}", card.card, card.in_french(school)));
    }
}

/// What was taken back of it, in the office's own language.
pub(super) fn present_recalls(school: &School, recalls: &[Recalled], margin: &str) {
    for recalled in recalls {
        output::line(format!("{margin}{}", recalled.in_french(school)));
    }
}

/// Why those wait who wait, in the office's own language, which stands on lines of its own.
fn present_waits(school: &School, overview: &Overview, margin: &str) {
    for wait in &overview.waits {
        output::line(format!("{margin}{}", wait.in_french(school)));
    }
}

/// `, by sylvie`; nothing where nobody is known to have launched it.
fn by(overview: &Overview) -> String {
    let name = &overview.launched_by;
    if name.is_empty() { String::new() } else { format!(", by {name}") }
}

/// The message of this code.
pub(super) async fn find(school: &School, code: &str) -> anyhow::Result<Message> {
    let found = office::message_of(school, code).await?;
    found.with_context(|| format!("there is no message {code}; `chappe status` lists them"))
}

/// The newest messages, newest first; one more than are listed, where there are more.
pub(super) async fn newest(school: &School) -> anyhow::Result<Vec<Message>> {
    Ok(office::newest(school, LISTED + 1).await?)
}

/// The whole picture of one message: by channel and proof, why they wait, then the lists that people must
/// see to.
pub(super) async fn present(school: &School, message: &Message) -> anyhow::Result<()> {
    present_report(school, &office::status_report(school, message).await?).await
}

async fn present_report(school: &School, report: &StatusReport) -> anyhow::Result<()> {
    let StatusReport { overview, carried, to_see_to } = report;
    let Overview { status, .. } = overview;
    present_head(school, overview);
    present_addressees(overview);
    present_digest(school, &status.digest);
    present_channels(status);
    for Carried { channel, carrier, count } in carried {
        output::line(format!("{channel}: {count} left by {carrier}."));
    }
    present_answers(overview, "");
    present_recalls(school, &overview.recalls, "");
    present_cards(school, overview, "");
    present_waits(school, overview, "");
    present_standstill(school, status.addressees.waiting > 0).await?;
    channel::present_what_is_wrong(school).await?;
    for (state, title) in [
        (AddresseeState::OnCall, "To call"),
        (
            AddresseeState::Unreached,
            "Unreached: call, send word through the pupil, or ask for an address",
        ),
        (AddresseeState::Uncertain, "Uncertain: ask whether it arrived"),
    ] {
        present_list(title, to_see_to.iter().filter(|it| it.state == state));
    }
    Ok(())
}

/// Which message it is, who launched it, and what was decided of it.
pub(super) fn present_head(school: &School, overview: &Overview) {
    let Status { message: code, addressees, .. } = &overview.status;
    output::line(format!(
        "Message {code} to {}: {} addressees",
        overview.audience, addressees.total
    ));
    let at = when::shown(school, overview.launched_at);
    output::line(format!("{}, launched on {at}{}", overview.subject, by(overview)));
    present_terms(school, overview);
}

fn present_addressees(overview: &Overview) {
    let Overview { status, counts_from, .. } = overview;
    let all = status.addressees;
    let mut table = output::table(["", "addressees", "what it means"]);
    for (name, count, meaning) in [
        ("reached", all.reached, "by what the plan counts: see below"),
        ("waiting", all.waiting, "a machine is at work, or a card waits"),
        ("on paper", all.on_letter, "letters to print, post or hand out: chappe letters"),
        ("to call", all.on_call, "calls to make"),
        ("unreached", all.unreached, "every way failed: see the names below"),
        ("uncertain", all.uncertain, "may have arrived: ask before sending again"),
        ("cancelled", all.cancelled, "somebody stopped it before it left for them"),
    ] {
        table.add_row([name.to_owned(), count.to_string(), meaning.to_owned()]);
    }
    output::line(table.to_string());
    if all.reached > 0 {
        output::line(format!("Of those reached: {}.", levels(&status.levels)));
    }
    output::line(format!("Counts as reached: {}.", counted(counts_from)));
}

/// `ent, email once handed over; sms once arrived`.
fn counted(from: &BTreeMap<Channel, Proof>) -> String {
    let by_level = Proof::ALL.map(|proof| {
        let counted = from.iter().filter(|(_, enough)| **enough == proof);
        (proof.level(), counted.map(|(channel, _)| channel.to_string()).collect::<Vec<_>>())
    });
    let told = by_level.into_iter().filter(|(_, channels)| !channels.is_empty());
    let told = told.map(|(level, channels)| format!("{} once {level}", channels.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

/// `12 handed over, 5 arrived, 3 seen, 1 answered`: what is held of those reached, and no more.
pub(super) fn levels(levels: &Levels) -> String {
    let Levels { handed_over, arrived, seen, answered } = levels;
    format!("{handed_over} handed over, {arrived} arrived, {seen} seen, {answered} answered")
}

/// Deliveries by channel.
fn present_channels(status: &Status) {
    let mut table = output::table([
        "channel",
        "waiting",
        "sent",
        "proven",
        "best proof",
        "failed",
        "uncertain",
    ]);
    for (channel, count) in &status.channels {
        let proofs = count.by_proof.iter().map(|(proof, n)| format!("{} {n}", proof.level()));
        table.add_row([
            channel.to_string(),
            count.waiting.to_string(),
            count.sent.to_string(),
            count.proven.to_string(),
            proofs.collect::<Vec<_>>().join(", "),
            count.failed.to_string(),
            count.uncertain.to_string(),
        ]);
    }
    output::line(table.to_string());
}

/// Whom a digest concerns.
fn present_digest(school: &School, digest: &DigestCount) {
    let DigestCount { waiting, leaves_at, carried } = *digest;
    if let Some(at) = leaves_at.filter(|_| waiting > 0) {
        let at = when::shown(school, at);
        output::line(format!("{waiting} of those waiting get it with the digest of {at}."));
    }
    if carried > 0 {
        output::line(format!("{carried} get it in a digest, and stand as that stands."));
    }
}

/// What people decided about it.
fn present_terms(school: &School, overview: &Overview) {
    let state = overview.status.state;
    if state != MessageState::Running {
        output::line(format!("It is {}.", state.as_str()));
    }
    if let Some(code) = &overview.corrects {
        output::line(format!("It corrects {code}."));
    }
    if let Some(code) = &overview.retries {
        output::line(format!("It tries {code} again for those whom that did not reach."));
    }
    if let Some(end) = overview.expires_at {
        output::line(format!("Nothing of it leaves from {} on.", when::shown(school, end)));
    }
    if let Some(passes) = &overview.passes_hours {
        output::line(format!("It passes quiet hours: {} ({}).", passes.reason, passes.by));
    }
}

fn present_list<'a>(title: &str, list: impl Iterator<Item = &'a ToSeeTo>) {
    for (number, ToSeeTo { name, about, phone, tried, .. }) in list.enumerate() {
        if number == 0 {
            output::line(format!("{title}:"));
        }
        let phone = phone.as_ref().map(|phone| format!(", {phone}")).unwrap_or_default();
        let (about, tried) = (about.join(", "), what_was_tried(tried));
        output::line(format!("  {name}, for {about}{phone} — {tried}"));
    }
}

/// What was tried in vain, and why it was: `email: unknown address`.
fn what_was_tried(tried: &[Tried]) -> String {
    let told = tried.iter().map(|it| match it.failure {
        Some(failure) => format!("{}: {}", it.channel, failure.as_str().replace('_', " ")),
        None => format!("{}: {}", it.channel, it.state.as_str()),
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        "no address on any channel of the plan".to_owned()
    } else {
        told.join(", ")
    }
}
