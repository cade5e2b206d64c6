//! `chappe journal`: who asked for what.

use super::context::Context;
use super::{output, when};
use crate::office::{self, Actor, Noted};

/// Arguments of `chappe journal`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// How many acts, from the newest.
    #[arg(long, default_value_t = 50, value_name = "NUMBER")]
    last: usize,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.school()?;
    let acts = office::journal(&school, arguments.last).await?;
    if context.json {
        acts.iter().for_each(output::json);
        return Ok(());
    }
    if acts.is_empty() {
        output::line("Nobody has asked for anything yet.");
    }
    for Noted { at, by, act, about } in acts {
        let (at, who) = (when::shown(&school, at), shown(&by));
        output::line(format!("{at}  {who:<12}  {:<16} {about}", act.as_str()).trim_end());
    }
    Ok(())
}

fn shown(actor: &Actor) -> &str {
    match actor {
        Actor::CommandLine(name) | Actor::Account { name, .. } => name,
        Actor::Program => "(program)",
        Actor::Unknown => "(unknown)",
    }
}
