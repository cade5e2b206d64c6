//! `chappe journal`: who asked for what.

use serde_json::json;

use super::context::Context;
use super::{output, when};
use crate::office::{self, Actor};

/// Arguments of `chappe journal`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// How many acts, from the newest.
    #[arg(long, default_value_t = 50, value_name = "NUMBER")]
    last: usize,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.app()?;
    let entries = office::journal(&school, arguments.last).await?;
    if entries.is_empty() && !context.json {
        output::line("Nobody has asked for anything yet.");
    }
    for entry in entries {
        let (act, about) = (entry.act.as_str(), &entry.about);
        if context.json {
            output::json(&json!({
                "at": entry.by.at,
                "by": entry.by.actor.to_stored(),
                "act": act,
                "about": about,
            }));
        } else {
            let (at, who) = (when::shown(&school, entry.by.at), shown(&entry.by.actor));
            output::line(format!("{at}  {who:<12}  {act:<16} {about}").trim_end());
        }
    }
    Ok(())
}

fn shown(actor: &Actor) -> &str {
    match actor {
        Actor::CommandLine(name) => name,
        Actor::Program => "(program)",
        Actor::Unknown => "(unknown)",
    }
}
