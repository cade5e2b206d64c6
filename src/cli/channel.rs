//! `chappe channel`: which channels are open; a person closes one, and opens it again.

use super::context::Context;
use super::{asker, output, when};
use crate::channel::Channel;
use crate::office::{self, ChannelClosed, ChannelOpened, ChannelStands, Close, GateState, School};
use crate::store::daemons::IdleProvider;
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
    /// Open a channel for what is launched or falls back from now on; and end the pause of its provider, where
    /// that refuses.
    Open {
        /// Which.
        channel: Channel,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::List);
    let school = &context.school_to(!matches!(command, Command::List)).await?;
    match command {
        Command::List => list(context, school).await?,
        Command::Close { channel, until, reason, by } => {
            let until = until.map(|day| when::moment(school, day)).transpose()?;
            let close = Close { channel, until, reason, by: asker::said_by(by) };
            let closed = office::close_channel(school, asker::here(), close).await?;
            context.answer(&closed, |it| present_closed(school, it));
        }
        Command::Open { channel } => {
            let opened = office::open_channel(school, asker::here(), channel).await?;
            context.answer(&opened, |it| present_opened(school, *it));
        }
    }
    Ok(())
}

fn present_closed(school: &School, ChannelClosed { closed, until, moved_on }: &ChannelClosed) {
    let until = until.map_or_else(
        || format!("until somebody opens it: chappe channel open {closed}"),
        |until| format!("until {}", when::shown(school, until)),
    );
    output::line(format!("{closed} is closed {until}."));
    output::line(format!("{moved_on} addressees who waited on it went on to their next way."));
}

fn present_opened(school: &School, opened: ChannelOpened) {
    let ChannelOpened { opened, was_closed, probed } = opened;
    if was_closed {
        output::line(format!("{opened} is open again. Who went on to another way stays there."));
    }
    if probed {
        output::line(format!(
            "What carries {opened} refused; the next message that falls to it tries it, the others follow once it \
             is taken."
        ));
        if school.config.routes(opened).len() > 1 {
            output::line("While another provider takes it, nothing urgent tries it.");
        }
    }
}

async fn list(context: &Context, school: &School) -> anyhow::Result<()> {
    let channels = office::channels(school).await?;
    if context.json {
        channels.iter().for_each(output::json);
        return Ok(());
    }
    let mut table = output::table(["channel", "", "carried by", "breaker", "quiet"]);
    for it in &channels {
        let people = it.channel.is_carried_by_people().then_some("people");
        let carried_by = it.provider.as_deref().or(people).unwrap_or("nobody");
        let settings = it.provider.as_ref().and_then(|name| school.config.providers.get(name));
        let is_by_hand = settings.is_some_and(|settings| settings.by_hand().is_some());
        let by_hand = if is_by_hand { ", by hand" } else { "" };
        table.add_row([
            it.channel.to_string(),
            closing(school, it).unwrap_or_else(|| "open".to_owned()),
            format!("{carried_by}{by_hand}"),
            breaker(school, it).unwrap_or_default(),
            it.quiet_until
                .map(|at| format!("until {}", when::shown(school, at)))
                .unwrap_or_default(),
        ]);
    }
    output::line(table.to_string());
    present_reasons(&channels);
    present_idle(school, &channels);
    Ok(())
}

/// `closed until 2026-12-04 00:00`.
fn closing(school: &School, channel: &ChannelStands) -> Option<String> {
    let until = channel.closing.as_ref()?.until;
    let until = until.map(|until| format!(" until {}", when::shown(school, until)));
    Some(format!("closed{}", until.unwrap_or_default()))
}

/// Whether a provider is used, and until when not.
fn breaker(school: &School, channel: &ChannelStands) -> Option<String> {
    let state = channel.breaker?;
    let until = match channel.breaker_until.filter(|_| state == GateState::Refusing) {
        Some(until) if until > school.clock.now() => {
            format!(" until {}", when::shown(school, until))
        }
        Some(_) => " until the next message tries it".to_owned(),
        None => String::new(),
    };
    Some(format!("{}{until}", state.as_str()))
}

fn present_idle(school: &School, channels: &[ChannelStands]) {
    let idle = channels.iter().filter_map(|it| it.idle.as_ref());
    idle.map(|it| idle_told(school, it)).for_each(output::line);
}

/// That the daemon goes on without a provider, why, and what becomes of it.
pub(super) fn idle_told(school: &School, idle: &IdleProvider) -> String {
    let IdleProvider { provider, channel, reason } = idle;
    let what_follows = if school.config.routes(*channel).len() > 1 {
        "What is to go by it goes by the other providers of the channel."
    } else {
        "What is to go by it waits, and goes on to its next way when its patience is over."
    };
    format!(
        "{provider} ({channel}) is not used: {reason}. {what_follows} A file is looked at every minute; for all \
         else start the daemon again."
    )
}

/// Why channels are closed or refuse, in the office's own language, which stands on lines of its own. One that
/// several providers serve is closed once, and each of them refuses for reasons of its own.
fn present_reasons(channels: &[ChannelStands]) {
    for serving in channels.chunk_by(|one, next| one.channel == next.channel) {
        let channel = serving[0].channel;
        if let Some(closed) = &serving[0].closing {
            output::line(format!("{channel} : {} ({})", closed.reason, closed.by));
        }
        for it in serving {
            let name = it.provider.as_ref().filter(|_| serving.len() > 1);
            let which = name.map(|name| format!(", {name}")).unwrap_or_default();
            if let Some(reason) = it.breaker_reason.as_ref().filter(|reason| !reason.is_empty()) {
                output::line(format!("{channel}{which} : {reason}"));
            }
        }
    }
}

/// What stands in the way on every channel, under the messages that it concerns.
pub(super) async fn present_what_is_wrong(school: &School) -> anyhow::Result<()> {
    let channels = office::channels(school).await?;
    let mut closed = None;
    for it in &channels {
        if let Some(closing) = closing(school, it).filter(|_| closed != Some(it.channel)) {
            output::line(format!("{} is {closing}", it.channel));
            closed = Some(it.channel);
        }
        let is_admitting = it.breaker == Some(GateState::Admitting);
        if let Some(breaker) = breaker(school, it).filter(|_| !is_admitting) {
            let provider = it.provider.as_deref().unwrap_or("its provider");
            output::line(format!("{provider} ({}) is {breaker}", it.channel));
        }
    }
    present_reasons(&channels);
    present_idle(school, &channels);
    Ok(())
}
