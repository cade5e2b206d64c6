//! `chappe status`: where messages stand.

use anyhow::Context as _;

use super::context::Context;
use super::{attendance, channel, output, when};
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, Progress};
use crate::delivery::{About, Recipient};
use crate::message::{Message, MessageState};
use crate::office::School;
use crate::queue::{DigestCount, Levels, Status, as_carried, status};
use crate::store::{addressees, messages};

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
    let app = context.app()?;
    if let Some(code) = arguments.message {
        let message = find(&app, &code).await?;
        let status = status(app.store(), &message, app.clock.now()).await?;
        if context.json {
            output::json(&status);
        } else {
            present(&app, &message, &status).await?;
        }
        return Ok(());
    }
    if !context.json {
        if let Some(on_hold) = super::hold::line_about(&app).await? {
            output::line(on_hold);
        }
        if let Some(nobody) = attendance::line_about(&app).await? {
            output::line(nobody);
        }
    }
    list(context, &app).await
}

/// A line in the list of messages, in JSON.
#[derive(serde::Serialize)]
struct Listed<'a> {
    template: &'a str,
    subject: &'a str,
    audience: &'a str,
    launched_at: Moment,
    launched_by: &'a str,
    #[serde(flatten)]
    status: Status,
}

async fn list(context: &Context, app: &School) -> anyhow::Result<()> {
    let newest = newest(app).await?;
    if newest.is_empty() && !context.json {
        output::line(NO_MESSAGE);
    }
    for message in newest.iter().take(LISTED) {
        let status = status(app.store(), message, app.clock.now()).await?;
        if context.json {
            output::json(&Listed {
                template: &message.template,
                subject: message.subject(),
                audience: &message.audience,
                launched_at: message.launched_at,
                launched_by: message.launched_by.name(),
                status,
            });
        } else {
            present_in_list(app, message, &status);
        }
    }
    if newest.len() > LISTED && !context.json {
        output::line("Older ones are shown by their codes: chappe status MESSAGE");
    }
    if !context.json {
        channel::present_what_is_wrong(app).await?;
    }
    Ok(())
}

fn present_in_list(app: &School, message: &Message, status: &Status) {
    let all = status.addressees;
    let state = match status.state {
        MessageState::Running => String::new(),
        stopped => format!(" ({})", stopped.as_str()),
    };
    let at = when::shown(app, message.launched_at);
    output::line(format!("{}{state}  {at}  {}{}", message.code, message.subject(), by(message)));
    output::line(format!(
        "      {}: {} of {} reached ({}), {} waiting, {} on paper, {} to call, {} unreached, \
         {} uncertain, {} cancelled",
        message.audience,
        all.reached,
        all.total,
        levels(&status.levels),
        all.waiting,
        all.on_letter,
        all.on_call,
        all.unreached,
        all.uncertain,
        all.cancelled
    ));
}

/// `, by sylvie`; nothing where nobody is known to have launched it.
fn by(message: &Message) -> String {
    let name = message.launched_by.name();
    if name.is_empty() { String::new() } else { format!(", by {name}") }
}

/// The message of this code.
pub(super) async fn find(app: &School, code: &str) -> anyhow::Result<Message> {
    let (school, wanted) = (app.queue.school().clone(), code.to_uppercase());
    let found = app.store().read(move |tx| messages::by_code(tx, &school, &wanted)).await?;
    found.with_context(|| format!("there is no message {code}; `chappe status` lists them"))
}

/// The newest messages, newest first; one more than are listed, where there are more.
pub(super) async fn newest(app: &School) -> anyhow::Result<Vec<Message>> {
    let school = app.queue.school().clone();
    Ok(app.store().read(move |tx| messages::newest(tx, &school, LISTED + 1)).await?)
}

/// The whole picture of one message: by channel and proof, then the lists that people must see to.
pub(super) async fn present(
    app: &School,
    message: &Message,
    status: &Status,
) -> anyhow::Result<()> {
    let all = status.addressees;
    present_head(app, message, status);
    let mut table = output::table(["", "addressees", "what it means"]);
    for (name, count, meaning) in [
        ("reached", all.reached, "with the proof that the plan asks for"),
        ("waiting", all.waiting, "a machine is at work"),
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
    present_digest(app, status);
    present_channels(status);
    if let Some(on_hold) = super::hold::line_about(app).await? {
        output::line(on_hold);
    }
    if status.addressees.waiting > 0
        && let Some(nobody) = attendance::line_about(app).await?
    {
        output::line(nobody);
    }
    channel::present_what_is_wrong(app).await?;
    present_list(app, message, AddresseeState::OnCall, "To call").await?;
    present_list(
        app,
        message,
        AddresseeState::Unreached,
        "Unreached: call, send word through the pupil, or ask for an address",
    )
    .await?;
    present_list(app, message, AddresseeState::Uncertain, "Uncertain: ask whether it arrived").await
}

/// Which message it is, who launched it, and what was decided of it.
pub(super) fn present_head(app: &School, message: &Message, status: &Status) {
    output::line(format!(
        "Message {} to {}: {} addressees",
        message.code, message.audience, status.addressees.total
    ));
    let at = when::shown(app, message.launched_at);
    output::line(format!("{}, launched on {at}{}", message.subject(), by(message)));
    present_terms(app, message, status);
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
fn present_digest(app: &School, status: &Status) {
    let DigestCount { waiting, leaves_at, carried } = status.digest;
    if let Some(at) = leaves_at.filter(|_| waiting > 0) {
        let at = when::shown(app, at);
        output::line(format!("{waiting} of those waiting get it with the digest of {at}."));
    }
    if carried > 0 {
        output::line(format!("{carried} get it in a digest, and stand as that stands."));
    }
}

/// What people decided about it.
fn present_terms(app: &School, message: &Message, status: &Status) {
    let terms = &message.terms;
    if status.state != MessageState::Running {
        output::line(format!("It is {}.", status.state.as_str()));
    }
    if let Some(code) = &terms.corrects {
        output::line(format!("It corrects {code}."));
    }
    if let Some(code) = &terms.retries {
        output::line(format!("It tries {code} again for those whom that did not reach."));
    }
    if let Some(end) = terms.expires_at {
        output::line(format!("Nothing of it leaves from {} on.", when::shown(app, end)));
    }
    if let Some(passes) = &terms.passes_hours {
        output::line(format!("It passes quiet hours: {} ({}).", passes.reason, passes.by));
    }
}

/// What was tried in vain, and why it was: `email: unknown address`.
fn what_was_tried(progress: &Progress) -> String {
    let told = progress.deliveries.iter().map(|delivery| match delivery.failure {
        Some(failure) => format!("{}: {}", delivery.channel, failure.as_str().replace('_', " ")),
        None => format!("{}: {}", delivery.channel, delivery.state.as_str()),
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        "no address on any channel of the plan".to_owned()
    } else {
        told.join(", ")
    }
}

async fn present_list(
    app: &School,
    message: &Message,
    state: AddresseeState,
    title: &str,
) -> anyhow::Result<()> {
    let (school, id) = (app.queue.school().clone(), message.id);
    let list = app
        .store()
        .read(move |tx| {
            let found = addressees::in_state(tx, &school, id, state)?;
            let with_progress = |(id, recipient)| {
                let Some(found) = addressees::load(tx, &school, id)? else { return Ok(None) };
                Ok(Some((recipient, as_carried(tx, &school, &found)?)))
            };
            found.into_iter().filter_map(|one| with_progress(one).transpose()).collect()
        })
        .await?;
    let mut list: Vec<(Recipient, Progress)> = list;
    if list.is_empty() {
        return Ok(());
    }
    list.sort_by_cached_key(|(recipient, _)| recipient.filing());
    output::line(format!("{title}:"));
    for (recipient, progress) in list {
        let about = recipient.about.iter().map(About::with_class);
        let phone =
            recipient.phone.as_ref().map(|n| format!(", {}", n.in_pairs())).unwrap_or_default();
        output::line(format!(
            "  {}, for {}{phone} — {}",
            recipient.name,
            about.collect::<Vec<_>>().join(", "),
            what_was_tried(&progress)
        ));
    }
    Ok(())
}
