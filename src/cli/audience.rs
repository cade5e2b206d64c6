//! `chappe audience`: whom a rule concerns, by which way first, and who is left out.

use super::context::Context;
use super::output;
use crate::audience::{Rule, Unit};
use crate::channel::Channel;
use crate::office::{self, Audience};

/// Arguments of `chappe audience`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The audience: `familles`, `familles niveau:6e`, `familles sauf classe:6C`, `foyers
    /// sans-numérique`, `personnels fonction:enseignant`, `liste:voyage`, `n'ayant pas reçu 7K4M`,
    /// `n'ayant pas répondu 7K4M`, `ayant répondu non 7K4M`.
    rule: String,
    /// One copy for each guardian, household or pupil, whatever the audience says.
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    per: Option<Unit>,
    /// How many recipients to name; 0 for all.
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let rule = arguments.rule.parse::<Rule>()?.per(arguments.per);
    let school = context.school()?;
    let most = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    let audience = office::audience(&school, &rule, most).await?;
    context.answer(&audience, present);
    Ok(())
}

/// The unit of the word after `--per`.
pub(super) fn unit(word: &str) -> Result<Unit, String> {
    Unit::from_code(word).ok_or_else(|| {
        let known = Unit::ALL.map(Unit::code).join(", ");
        format!("\"{word}\" is no unit; there are: {known}")
    })
}

fn present(audience: &Audience) {
    let households = audience.households;
    let together = households.map(|count| format!(" in {count} households")).unwrap_or_default();
    output::line(format!("{} recipients{together}.", audience.total));
    for (way, count) in &audience.by_first_channel {
        output::line(format!("  {way}: {count}"));
    }
    for one in &audience.recipients {
        let channels: Vec<&str> = one.channels.iter().copied().map(Channel::as_str).collect();
        let (about, channels) = (one.about.join(", "), channels.join(", "));
        output::line(format!("{} — {about} [{channels}]", one.name));
    }
    if !audience.left_out.is_empty() {
        output::line("Left out:");
    }
    for left_out in &audience.left_out {
        output::line(format!("  {} — {}", left_out.name, left_out.reason));
    }
}
