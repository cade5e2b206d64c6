//! `chappe show`: what a message says, to its addressees or, as a page, to everybody.

use super::context::Context;
use super::{output, status};
use crate::office;

/// Arguments of `chappe show`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message.
    message: String,
    /// As one page for everybody, which names nobody: for the school's website, and for the door.
    #[arg(long)]
    html: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.school()?;
    let message = status::find(&school, &arguments.message).await?;
    if arguments.html {
        let page = office::page(&school, &message).await?;
        context.answer(&page, |page| output::line(page.html.trim_end()));
        return Ok(());
    }
    let shown = office::show(&school, &message).await?;
    if context.json {
        output::json(&shown);
        return Ok(());
    }
    status::present_head(&school, &office::overview(&school, &message).await?);
    output::line(format!("Plan {}, urgency {}.", shown.plan, shown.urgency.as_str()));
    for code in shown.corrected_by {
        output::line(format!("It was corrected by {code}."));
    }
    status::present_recalls(&school, &shown.recalls, "");
    if shown.texts.is_empty() {
        output::line(
            "It says something else to everybody: what it holds was sent under other codes.",
        );
    }
    for (channel, text) in shown.texts {
        output::line(format!("\n──── {channel} ────\n{text}"));
    }
    Ok(())
}
