//! `chappe lists`: audiences and pupils under a name, for `liste:NAME`.

use std::path::PathBuf;

use anyhow::Context as _;

use super::context::Context;
use super::{asker, output};
use crate::audience::{InPlaceOf, Rule};
use crate::office::{self, ListHolds, Listed, Lists, NamesSaved, RuleSaved};

/// Arguments of `chappe lists`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Save an audience under a name.
    Save {
        /// The name.
        #[arg(value_parser = super::when::one_line)]
        name: String,
        /// The audience: `familles classe:6A,6B sauf classe:6C`.
        rule: String,
    },
    /// Save the pupils of a text file under a name.
    Names {
        /// The name.
        #[arg(value_parser = super::when::one_line)]
        name: String,
        /// A pupil a line: `DURAND Zoé`, with `;6A` where two bear one name.
        file: PathBuf,
    },
    /// Say what a list holds.
    Show {
        /// The name.
        name: String,
    },
    /// Remove a list.
    Remove {
        /// The name.
        name: String,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let only_looks = matches!(arguments.command, None | Some(Command::Show { .. }));
    let school = &context.school_to(!only_looks).await?;
    match arguments.command {
        None => context.answer(&office::saved_lists(school).await?, list),
        Some(Command::Save { name, rule }) => {
            let (over, rule) = ((name.as_str(), InPlaceOf::Whatever), rule.parse::<Rule>()?);
            let saved = office::save_rule(school, asker::here(), over, &rule).await?;
            context.answer(&saved, rule_saved);
        }
        Some(Command::Names { name, file }) => {
            let shown = file.display();
            let bytes = std::fs::read(&file)
                .with_context(|| format!("cannot read {shown}; nothing was saved"))?;
            let over = (name.as_str(), InPlaceOf::Whatever);
            let saved = office::save_names(school, asker::here(), over, bytes).await;
            let saved =
                saved.with_context(|| format!("{shown} was not taken; nothing was saved"))?;
            context.answer(&saved, names_saved);
        }
        Some(Command::Show { name }) => {
            context.answer(&office::show_list(school, &name).await?, show);
        }
        Some(Command::Remove { name }) => {
            let removed = office::remove_list(school, asker::here(), &name).await?;
            context.answer(&removed, |it| {
                output::line(format!("\"{}\" is removed.", it.removed));
            });
        }
    }
    Ok(())
}

fn list(kept: &Lists) {
    if kept.lists.is_empty() {
        output::line("No list is saved; save one with: chappe lists save NAME RULE");
    }
    for Listed { name, rule, pupils } in &kept.lists {
        output::line(match rule {
            Some(rule) => format!("{name}: {rule}"),
            None => format!("{name}: {} pupils by name", pupils.unwrap_or_default()),
        });
    }
}

fn rule_saved(RuleSaved { saved, rule, total }: &RuleSaved) {
    output::line(format!("\"{saved}\" is saved: {rule}, {total} recipients today."));
}

fn names_saved(NamesSaved { saved, pupils }: &NamesSaved) {
    output::line(format!("\"{saved}\" is saved: {pupils} pupils by name."));
}

fn show(list: &ListHolds) {
    match list {
        ListHolds::Rule { rule, total, .. } => {
            output::line(format!("{rule}\n{total} recipients today."));
        }
        ListHolds::Pupils { pupils, gone, .. } => {
            for pupil in pupils {
                let class = pupil.class.as_deref().unwrap_or("no class");
                output::line(format!("{} ({class})", pupil.name));
            }
            if *gone > 0 {
                output::line(format!("{gone} more are at the school no longer."));
            }
        }
    }
}
