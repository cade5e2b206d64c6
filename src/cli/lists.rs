//! `chappe lists`: audiences and pupils under a name, for `liste:NAME`.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::audience::{self, Rule, find};
use crate::office::School;
use crate::people::{Filing, Pupil, PupilKey};
use crate::store::lists::KeptList;
use crate::store::{lists, pupils};

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
    let app = context.app_to(!only_looks).await?;
    match arguments.command {
        None => list(context, &app).await,
        Some(Command::Save { name, rule }) => save(context, &app, &name, &rule).await,
        Some(Command::Names { name, file }) => names(context, &app, &name, file).await,
        Some(Command::Show { name }) => show(context, &app, &name).await,
        Some(Command::Remove { name }) => remove(context, &app, &name).await,
    }
}

async fn list(context: &Context, app: &School) -> anyhow::Result<()> {
    let kept = audience::saved_lists(app.store(), app.queue.school()).await?;
    if context.json {
        let lists = kept.iter().map(|list| {
            let pupils = list.rule.is_none().then_some(list.pupils);
            json!({ "name": list.name, "rule": list.rule, "pupils": pupils })
        });
        output::json(&json!({ "lists": lists.collect::<Vec<_>>() }));
        return Ok(());
    }
    if kept.is_empty() {
        output::line("No list is saved; save one with: chappe lists save NAME RULE");
    }
    for KeptList { name, rule, pupils, .. } in kept {
        output::line(match rule {
            Some(rule) => format!("{name}: {rule}"),
            None => format!("{name}: {pupils} pupils by name"),
        });
    }
    Ok(())
}

async fn save(context: &Context, app: &School, name: &str, rule: &str) -> anyhow::Result<()> {
    let rule: Rule = rule.parse()?;
    let when = (app.clock.now(), app.today());
    let total = audience::save_rule(app.store(), app.queue.school(), name, &rule, when).await?;
    if context.json {
        output::json(&json!({ "saved": name, "rule": rule.to_string(), "total": total }));
    } else {
        output::line(format!("\"{name}\" is saved: {rule}, {total} recipients today."));
    }
    Ok(())
}

async fn names(context: &Context, app: &School, name: &str, file: PathBuf) -> anyhow::Result<()> {
    let shown = file.display();
    let bytes =
        std::fs::read(&file).with_context(|| format!("cannot read {shown}; nothing was saved"))?;
    let when = (app.clock.now(), app.today());
    let saved = audience::save_names(app.store(), app.queue.school(), name, bytes, when).await;
    let pupils = saved.with_context(|| format!("{shown} was not taken; nothing was saved"))?;
    if context.json {
        output::json(&json!({ "saved": name, "pupils": pupils }));
    } else {
        output::line(format!("\"{name}\" is saved: {pupils} pupils by name."));
    }
    Ok(())
}

async fn show(context: &Context, app: &School, name: &str) -> anyhow::Result<()> {
    let (store, school) = (app.store(), app.queue.school());
    let kept = audience::saved_list(store, school, name).await?;
    if let Some(text) = kept.rule {
        let total = find(store, school, &text.parse()?, app.today()).await?.chosen.len();
        if context.json {
            output::json(&json!({ "name": kept.name, "rule": text, "total": total }));
        } else {
            output::line(format!("{text}\n{total} recipients today."));
        }
        return Ok(());
    }
    let pupils = pupils_of(app, &kept.name).await?;
    let gone = kept.pupils.saturating_sub(pupils.len());
    if context.json {
        let pupils =
            pupils.iter().map(|it| json!({ "name": it.display_name(), "class": it.class }));
        let pupils = pupils.collect::<Vec<_>>();
        output::json(&json!({ "name": kept.name, "rule": null, "pupils": pupils, "gone": gone }));
        return Ok(());
    }
    for pupil in pupils {
        let class = pupil.class.as_deref().unwrap_or("no class");
        output::line(format!("{} ({class})", pupil.display_name()));
    }
    if gone > 0 {
        output::line(format!("{gone} more are at the school no longer."));
    }
    Ok(())
}

/// The pupils of a list of names who are on the roll, in the order of class and name.
async fn pupils_of(app: &School, name: &str) -> anyhow::Result<Vec<Pupil>> {
    let (school, name) = (app.queue.school().clone(), name.to_owned());
    let read = app.store().read(move |tx| {
        let members: HashSet<PupilKey> = lists::members(tx, &school, &name)?.into_iter().collect();
        let mut pupils = pupils::all(tx, &school)?;
        pupils.retain(|pupil| members.contains(&pupil.key));
        pupils.sort_by_cached_key(Filing::of_pupil);
        Ok(pupils)
    });
    Ok(read.await?)
}

async fn remove(context: &Context, app: &School, name: &str) -> anyhow::Result<()> {
    let removed = audience::remove_list(app.store(), app.queue.school(), name).await?;
    if context.json {
        output::json(&json!({ "removed": removed }));
    } else {
        output::line(format!("\"{removed}\" is removed."));
    }
    Ok(())
}
