//! `chappe channel`: which channels are open; a person closes one, and opens it again.

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::{asker, output, when};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::office::School;
use crate::store::closings::Closing;
use crate::store::gates::{self, Gate};
use crate::wording::typed_dates::TypedDate;

/// Arguments of `chappe channel`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say which channels are open, and why not (also without a subcommand).
    List,
    /// Close a channel: what waits on it goes on to its next way at once.
    Close {
        /// Which: ent, email, sms, phone, letter, chat.
        channel: Channel,
        /// When it is open again by itself; without it, somebody opens it.
        #[arg(long, value_name = "DATE [TIME]", value_parser = when::day)]
        until: Option<TypedDate>,
        /// Why: families and colleagues will ask.
        #[arg(long, value_parser = when::said)]
        reason: String,
        /// Who closes it.
        #[arg(long, value_name = "NAME", default_value = "", value_parser = when::one_line)]
        by: String,
    },
    /// Open a channel for what is launched or falls back from now on; and have its provider, where it
    /// refuses, tried at once.
    Open {
        /// Which.
        channel: Channel,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::List);
    let app = context.app_to(!matches!(command, Command::List)).await?;
    match command {
        Command::List => list(context, &app).await,
        Command::Close { channel, until, reason, by } => {
            let until = until.map(|day| when::moment(&app, day)).transpose()?;
            let at = app.clock.now();
            close(context, &app, Closing { channel, until, reason, by: asker::said_by(by), at })
                .await
        }
        Command::Open { channel } => open(context, &app, channel).await,
    }
}

async fn close(context: &Context, app: &School, closing: Closing) -> anyhow::Result<()> {
    if let Some(until) = closing.until.filter(|until| *until <= closing.at) {
        bail!("{} is past; nothing was closed", when::shown(app, until));
    }
    let (channel, until) = (closing.channel, closing.until);
    let moved = app.queue.close(closing, asker::here()).await?;
    if context.json {
        output::json(&json!({ "closed": channel, "until": until, "moved_on": moved }));
    } else {
        let until = until.map_or_else(
            || format!("until somebody opens it: chappe channel open {channel}"),
            |until| format!("until {}", when::shown(app, until)),
        );
        output::line(format!("{channel} is closed {until}."));
        output::line(format!("{moved} addressees who waited on it went on to their next way."));
    }
    Ok(())
}

async fn open(context: &Context, app: &School, channel: Channel) -> anyhow::Result<()> {
    let now = app.clock.now();
    let was_closed = app.queue.open(channel, asker::by(app)).await?;
    let is_probed = app.queue.probe_now(channel, now).await?;
    if !was_closed && !is_probed {
        bail!("{channel} was open");
    }
    if context.json {
        output::json(&json!({ "opened": channel, "was_closed": was_closed, "probed": is_probed }));
        return Ok(());
    }
    if was_closed {
        output::line(format!("{channel} is open again. Who went on to another way stays there."));
    }
    if is_probed {
        output::line(format!(
            "What carries {channel} refused; one message tries it now, the others follow once it is taken."
        ));
    }
    Ok(())
}

async fn list(context: &Context, app: &School) -> anyhow::Result<()> {
    let now = app.clock.now();
    let closings = app.queue.closings(now).await?;
    let school = app.queue.school().clone();
    let gates = app.store().read(move |tx| gates::all(tx, &school)).await?;
    let mut table = output::table(["channel", "", "carried by", "breaker", "quiet"]);
    for channel in Channel::ALL {
        let closing = closings.iter().find(|closing| closing.channel == channel);
        let gate = gates.iter().find(|gate| gate.channel == channel);
        let opens = app.queue.timing().hours.opening(channel, now);
        if context.json {
            output::json(&as_json(app, channel, closing, gate, (now, opens)));
            continue;
        }
        let carrier = app.config.provider_of(channel).map(|(name, _)| name.to_owned());
        let people = channel.is_carried_by_people().then(|| "people".to_owned());
        table.add_row([
            channel.to_string(),
            closing.map_or_else(|| "open".to_owned(), |closing| told(app, closing)),
            carrier.or(people).unwrap_or_else(|| "nobody".to_owned()),
            gate.map_or_else(String::new, |gate| gate_told(app, gate)),
            if opens > now { format!("until {}", when::shown(app, opens)) } else { String::new() },
        ]);
    }
    if !context.json {
        output::line(table.to_string());
    }
    Ok(())
}

fn told(app: &School, closing: &Closing) -> String {
    let until = closing.until.map(|until| format!(" until {}", when::shown(app, until)));
    let by = if closing.by.is_empty() { String::new() } else { format!(" ({})", closing.by) };
    format!("closed{}: {}{by}", until.unwrap_or_default(), closing.reason)
}

/// Whether a provider is used, until when not, and why.
pub(super) fn gate_told(app: &School, gate: &Gate) -> String {
    let until = match gate.until.filter(|_| gate.state == "refusing") {
        Some(until) if until > app.clock.now() => format!(" until {}", when::shown(app, until)),
        Some(_) => " until the next message tries it".to_owned(),
        None => String::new(),
    };
    let reason = if gate.is_admitting() { "" } else { gate.reason.as_str() };
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("{}{until}{colon}{reason}", gate.state)
}

fn as_json(
    app: &School,
    channel: Channel,
    closing: Option<&Closing>,
    gate: Option<&Gate>,
    (now, opens): (Moment, Moment),
) -> serde_json::Value {
    let closing = closing.map(|closing| {
        json!({
            "until": closing.until,
            "reason": closing.reason,
            "by": closing.by,
            "since": closing.at,
        })
    });
    json!({
        "channel": channel,
        "open": closing.is_none(),
        "closing": closing,
        "provider": app.config.provider_of(channel).map(|(name, _)| name),
        "breaker": gate.map(|gate| &gate.state),
        "breaker_until": gate.and_then(|gate| gate.until),
        "breaker_reason": gate.filter(|gate| !gate.is_admitting()).map(|gate| &gate.reason),
        "quiet_until": (opens > now).then_some(opens),
    })
}
