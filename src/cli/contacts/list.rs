//! `chappe contacts list`: who stands on a list, on the screen or as a table.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::list;
use crate::channel::Channel;
use crate::cli::context::Context;
use crate::cli::output;
use crate::clock::Moment;
use crate::directory::{ContactLine, ContactList};
use crate::office::{self, School};
use crate::people::RecordPart;
use crate::phone_number::PhoneNumber;
use crate::private_file;

/// Arguments of `chappe contacts list`.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Which list.
    #[arg(value_name = "LIST", value_parser = list)]
    which: ContactList,
    /// Only of this audience.
    #[arg(long, value_name = "AUDIENCE")]
    to: Option<String>,
    /// Write it as CSV to this file.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, school: &School, wanted: List) -> anyhow::Result<()> {
    let lines = office::contacts(school, wanted.which, wanted.to.as_deref()).await?;
    match wanted.csv {
        Some(path) => write(context, school, &lines, &path)?,
        None => context.answer(&lines, |lines| present(lines, school.clock.now())),
    }
    Ok(())
}

fn present(lines: &[ContactLine], now: Moment) {
    for line in lines {
        output::line(shown(line, now));
    }
    output::line(format!("{} contacts.", lines.len()));
}

/// `Anne PETIT — Zoé PETIT (6A) [sms: working, delivered 3 days ago] 06 39 98 00 01`.
fn shown(line: &ContactLine, now: Moment) -> String {
    let state = match line.state {
        Some(state) => state.as_str(),
        None if line.was.is_some() => "to correct at the source",
        None => "missing",
    };
    let proof = line.proof.zip(line.proven_at).map(|(proof, at)| {
        format!(", {} {} days ago", proof.as_str(), now.since(at).as_secs() / 86_400)
    });
    let value = if line.value.is_empty() { "—".to_owned() } else { readable(&line.value) };
    let was = line.was.as_deref().filter(|was| !was.is_empty());
    let was = was.map(|was| format!(" (the source says {})", readable(was)));
    let (proof, was) = (proof.unwrap_or_default(), was.unwrap_or_default());
    let (name, about) = (&line.name, line.about.join(", "));
    let of = line.channel.map(Channel::as_str).or(line.part.map(RecordPart::as_str));
    let of = of.unwrap_or_default().replace('_', " ");
    format!("{name} — {about} [{of}: {state}{proof}] {value}{was}")
}

/// A number as people read it.
fn readable(value: &str) -> String {
    PhoneNumber::from_e164(value).map_or_else(|| value.to_owned(), |number| number.in_pairs())
}

/// A list that was written.
#[derive(Serialize)]
struct WrittenList<'a> {
    file: &'a Path,
    contacts: usize,
}

fn write(
    context: &Context,
    school: &School,
    lines: &[ContactLine],
    path: &Path,
) -> anyhow::Result<()> {
    let table = office::contact_table(school, lines)?;
    private_file::create_new(path)
        .and_then(|mut file| file.write_all(&table))
        .with_context(|| format!("cannot write {}; the list was not kept", path.display()))?;
    context.answer(&WrittenList { file: path, contacts: lines.len() }, |it| {
        output::line(format!("{} contacts in {}.", it.contacts, it.file.display()));
    });
    Ok(())
}
