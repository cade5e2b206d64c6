//! `chappe show`: what a message says.

use serde_json::json;

use super::context::Context;
use super::{output, status};
use crate::office::{self, Shown};
use crate::queue;

/// Arguments of `chappe show`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message.
    message: String,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.app()?;
    let message = status::find(&school, &arguments.message).await?;
    let Shown { texts, corrected_by } = office::show(&school, &message).await?;
    if context.json {
        let texts = texts.into_iter().map(|(channel, text)| (channel.to_string(), text.into()));
        output::json(&json!({
            "message": message.code,
            "template": message.template,
            "subject": message.subject(),
            "audience": message.audience,
            "plan": message.plan.name,
            "urgency": message.urgency,
            "launched_at": message.launched_at,
            "launched_by": message.launched_by.name(),
            "corrects": message.terms.corrects,
            "retries": message.terms.retries,
            "corrected_by": corrected_by,
            "texts": texts.collect::<serde_json::Map<_, _>>(),
        }));
        return Ok(());
    }
    let now = school.clock.now();
    status::present_head(&school, &message, &queue::status(school.store(), &message, now).await?);
    output::line(format!("Plan {}, urgency {}.", message.plan.name, message.urgency.as_str()));
    for code in corrected_by {
        output::line(format!("It was corrected by {code}."));
    }
    if texts.is_empty() {
        output::line(
            "It says something else to everybody: what it holds was sent under other codes.",
        );
    }
    for (channel, text) in texts {
        output::line(format!("\n──── {channel} ────\n{text}"));
    }
    Ok(())
}
