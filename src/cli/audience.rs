//! `chappe audience`: whom a rule concerns, by which way first, and who is left out.

use std::collections::BTreeMap;

use serde_json::json;

use super::context::Context;
use super::output;
use crate::audience::{Chosen, LeftOut, Rule, Selection, Unit, each_recipient, find};
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::office::School;

/// Arguments of `chappe audience`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The audience: `familles`, `familles niveau:6e`, `familles sauf classe:6C`, `foyers
    /// sans-numérique`, `personnels fonction:enseignant`, `liste:voyage`, `n'ayant pas reçu 7K4M`.
    rule: String,
    /// One copy for each guardian, household or pupil, whatever the audience says.
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    per: Option<Unit>,
    /// How many recipients to name; 0 for all.
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

/// Those whom a rule concerns, counted; the first of them by name.
struct Picture {
    total: usize,
    by_first_channel: BTreeMap<&'static str, usize>,
    first: Vec<Recipient>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let rule = arguments.rule.parse::<Rule>()?.per(arguments.per);
    let app = context.app()?;
    let school = app.queue.school();
    let Selection { chosen, left_out, households } =
        find(app.store(), school, &rule, app.today()).await?;
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    let picture = look(&app, chosen, limit).await?;
    if context.json {
        output::json(&as_json(&picture, households, &left_out));
    } else {
        present(&picture, households, &left_out);
    }
    Ok(())
}

/// The unit of the word after `--per`.
pub(super) fn unit(word: &str) -> Result<Unit, String> {
    Unit::from_code(word).ok_or_else(|| {
        let known = Unit::ALL.map(Unit::code).join(", ");
        format!("\"{word}\" is no unit; there are: {known}")
    })
}

/// Counts them one by one: they are never all in memory.
async fn look(app: &School, chosen: Vec<Chosen>, limit: usize) -> anyhow::Result<Picture> {
    let school = app.queue.school().clone();
    let read = app.store().read(move |tx| {
        let mut picture =
            Picture { total: chosen.len(), by_first_channel: no_channel_yet(), first: Vec::new() };
        each_recipient(tx, &school, &chosen, |number, mut recipient| {
            recipient.forget_what_it_cannot_use();
            let first = recipient.reach().first().copied();
            let way = first.map_or("none", Channel::as_str);
            *picture.by_first_channel.entry(way).or_default() += 1;
            if number < limit {
                picture.first.push(recipient);
            }
            Ok(())
        })?;
        picture.first.sort_by_cached_key(Recipient::filing);
        Ok(picture)
    });
    Ok(read.await?)
}

fn no_channel_yet() -> BTreeMap<&'static str, usize> {
    let ways = [Channel::Ent, Channel::Email, Channel::Sms, Channel::Phone, Channel::Letter];
    ways.map(Channel::as_str).into_iter().chain(["none"]).map(|name| (name, 0)).collect()
}

fn present(picture: &Picture, households: Option<usize>, left_out: &[LeftOut]) {
    let together = households.map(|count| format!(" in {count} households")).unwrap_or_default();
    output::line(format!("{} recipients{together}.", picture.total));
    for (way, count) in &picture.by_first_channel {
        output::line(format!("  {way}: {count}"));
    }
    for recipient in &picture.first {
        let channels = channel_names(recipient).join(", ");
        output::line(format!("{} — {} [{channels}]", recipient.name, about(recipient).join(", ")));
    }
    for left_out in left_out {
        output::line(format!("left out: {} — {}", left_out.name, left_out.reason));
    }
}

fn as_json(
    picture: &Picture,
    households: Option<usize>,
    left_out: &[LeftOut],
) -> serde_json::Value {
    let recipients = picture.first.iter().map(|recipient| {
        json!({
            "name": recipient.name,
            "about": about(recipient),
            "channels": channel_names(recipient),
        })
    });
    let left_out =
        left_out.iter().map(|left_out| json!({ "name": left_out.name, "reason": left_out.reason }));
    json!({
        "total": picture.total,
        "households": households,
        "by_first_channel": picture.by_first_channel,
        "recipients": recipients.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
    })
}

fn channel_names(recipient: &Recipient) -> Vec<&'static str> {
    recipient.reach().into_iter().map(Channel::as_str).collect()
}

fn about(recipient: &Recipient) -> Vec<String> {
    recipient.about.iter().map(About::with_class).collect()
}
