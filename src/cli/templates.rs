//! `chappe templates`: what there is, and whether it holds.

use anyhow::bail;
use serde::Serialize;

use super::context::Context;
use super::output;
use super::sms_advice::BY_SHORT_NUMBER;
use crate::app;
use crate::render::{TemplateFlaw, TemplateInfo, Templates};

/// Arguments of `chappe templates`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Render every template on every channel with sample people.
    Check,
    /// List templates and their fields.
    List,
}

pub(super) fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let config = context.read_config()?;
    let renderer = app::renderer(&config, &context.folder())?;
    match arguments.command.unwrap_or(Command::List) {
        Command::Check => check(context, &renderer.templates()),
        Command::List => {
            list(context, &renderer.templates());
            Ok(())
        }
    }
}

fn check(context: &Context, templates: &Templates) -> anyhow::Result<()> {
    let findings = templates.check();
    let count = templates.list().count();
    let sms_by_short_number = templates.sms_rules().by_short_number;
    context.answer(&Checked { templates: count, findings: &findings, sms_by_short_number }, |it| {
        for finding in it.findings {
            let channel =
                finding.channel.map(|channel| format!(" ({channel})")).unwrap_or_default();
            output::line(format!("{}{channel}: {}", finding.template, finding.what));
        }
        if it.sms_by_short_number {
            output::line(BY_SHORT_NUMBER);
        }
        output::line(format!("{count} templates, {} findings.", it.findings.len()));
    });
    if !findings.is_empty() {
        bail!("templates have faults; messages that use them will not leave");
    }
    Ok(())
}

/// What was found.
#[derive(Serialize)]
struct Checked<'a> {
    templates: usize,
    findings: &'a [TemplateFlaw],
    sms_by_short_number: bool,
}

/// A template and what it says of itself.
#[derive(Serialize)]
struct ListedTemplate<'a> {
    template: &'a str,
    info: &'a TemplateInfo,
}

fn list(context: &Context, templates: &Templates) {
    for (template, info) in templates.list() {
        context.answer(&ListedTemplate { template, info }, |it| {
            output::line(format!("{}: {}", it.template, it.info.title));
            for field in &it.info.fields {
                let required = if field.required { "required" } else { "optional" };
                output::line(format!("  {:<22} {required:<9} {}", field.name, field.label));
            }
        });
    }
}
