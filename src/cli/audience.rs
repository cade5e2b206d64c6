//! `chappe audience`: whom a rule concerns, and by which way first.

use std::collections::BTreeMap;

use serde_json::json;

use super::context::Context;
use super::output;
use crate::audience::{LeftOut, Rule, Selection, recipients, select};
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::directory::Roll;

/// Arguments of `chappe audience`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The audience: `familles`, `familles niveau:6e`, `familles sauf classe:6C`, `personnels`.
    rule: String,
    /// How many recipients to name; 0 for all.
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let rule: Rule = arguments.rule.parse()?;
    let app = context.app()?;
    let roll = Roll::load(app.store(), app.queue.school()).await?;
    rule.check(&roll)?;
    let Selection { chosen, left_out } = select(&roll, &rule, app.today());
    let recipients = recipients(app.store(), app.queue.school(), chosen).await?;
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    if context.json {
        output::json(&as_json(&recipients, &left_out, limit));
    } else {
        present(&recipients, &left_out, limit);
    }
    Ok(())
}

fn present(recipients: &[Recipient], left_out: &[LeftOut], limit: usize) {
    output::line(format!("{} recipients.", recipients.len()));
    for (way, count) in by_first_channel(recipients) {
        output::line(format!("  {way}: {count}"));
    }
    for recipient in recipients.iter().take(limit) {
        let channels = channel_names(recipient).join(", ");
        output::line(format!("{} — {} [{channels}]", recipient.name, about(recipient).join(", ")));
    }
    for left_out in left_out {
        output::line(format!("left out: {} — {}", left_out.name, left_out.reason));
    }
}

fn as_json(recipients: &[Recipient], left_out: &[LeftOut], limit: usize) -> serde_json::Value {
    let named: Vec<_> = recipients
        .iter()
        .take(limit)
        .map(|recipient| {
            json!({
                "name": recipient.name,
                "about": about(recipient),
                "channels": channel_names(recipient),
            })
        })
        .collect();
    let left_out: Vec<_> = left_out
        .iter()
        .map(|left_out| json!({ "name": left_out.name, "reason": left_out.reason }))
        .collect();
    json!({
        "total": recipients.len(),
        "by_first_channel": by_first_channel(recipients),
        "recipients": named,
        "left_out": left_out,
    })
}

fn by_first_channel(recipients: &[Recipient]) -> BTreeMap<&'static str, usize> {
    let ways = [Channel::Ent, Channel::Email, Channel::Sms, Channel::Phone, Channel::Letter];
    let names = ways.map(Channel::as_str).into_iter().chain(["none"]);
    let mut counts: BTreeMap<&'static str, usize> = names.map(|name| (name, 0)).collect();
    for recipient in recipients {
        let first = recipient.reach().first().copied();
        *counts.entry(first.map_or("none", Channel::as_str)).or_default() += 1;
    }
    counts
}

fn channel_names(recipient: &Recipient) -> Vec<&'static str> {
    recipient.reach().into_iter().map(Channel::as_str).collect()
}

fn about(recipient: &Recipient) -> Vec<String> {
    let name = |about: &About| match &about.class {
        Some(class) => format!("{} ({class})", about.name),
        None => about.name.clone(),
    };
    recipient.about.iter().map(name).collect()
}
