//! `chappe handouts`: lists of names for those to whom something is delegated, and who received them.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::context::Context;
use super::{asker, output};
use crate::office::{self, Column, Handout, HandoutRequest, School};
use crate::private_file;

/// Arguments of `chappe handouts`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say which copies were made, and who received them (also without a subcommand).
    List,
    /// Make a numbered copy, as CSV.
    Make(Make),
}

/// Arguments of `chappe handouts make`.
#[derive(Debug, clap::Args)]
struct Make {
    /// Whom it names: an audience.
    audience: String,
    /// Who receives it: name and function.
    #[arg(long = "for", value_name = "RECEIVER", value_parser = super::when::one_line)]
    receiver: String,
    /// What it tells: name, pupils, phone, mobile, email, address.
    #[arg(long, value_delimiter = ',', value_parser = column, default_value = "name,pupils,phone")]
    columns: Vec<Column>,
    /// Days until it is to be destroyed.
    #[arg(long, default_value_t = 30)]
    days: u16,
    /// The file to write; none that stands there already.
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::List);
    let school = context.school_to(!matches!(command, Command::List)).await?;
    match command {
        Command::List => list(context, &school).await,
        Command::Make(wanted) => make(context, &school, wanted).await,
    }
}

fn column(word: &str) -> Result<Column, String> {
    Column::from_word(word).ok_or_else(|| {
        let known = Column::ALL.map(Column::as_str).join(", ");
        format!("\"{word}\" is no column; there are: {known}")
    })
}

async fn make(context: &Context, school: &School, wanted: Make) -> anyhow::Result<()> {
    // The file first: a number is given only to a copy that can be written.
    let mut file = private_file::create_new(&wanted.csv).with_context(|| {
        format!("cannot make the file {}; no list was made", wanted.csv.display())
    })?;
    let request = HandoutRequest {
        audience: wanted.audience,
        columns: wanted.columns,
        receiver: wanted.receiver,
        days: wanted.days,
    };
    let made = office::hand_out(school, asker::here(), request).await;
    let copy = made.inspect_err(|_| {
        let _ = std::fs::remove_file(&wanted.csv);
    })?;
    std::io::Write::write_all(&mut file, &copy.csv).with_context(|| {
        format!(
            "copy {} is logged but {} is not whole: make another",
            copy.number,
            wanted.csv.display()
        )
    })?;
    context.answer(&Made { copy: &copy, file: &wanted.csv }, |it| {
        output::line(format!(
            "Copy {} names {} persons, in {}; to be destroyed by {}.",
            it.copy.number,
            it.copy.persons,
            it.file.display(),
            it.copy.ends_on
        ));
    });
    Ok(())
}

/// A copy, and the file that it stands in.
#[derive(Serialize)]
struct Made<'a> {
    #[serde(flatten)]
    copy: &'a Handout,
    file: &'a Path,
}

async fn list(context: &Context, school: &School) -> anyhow::Result<()> {
    let copies = office::handed_out(school).await?;
    if copies.is_empty() && !context.json {
        output::line("No list was made yet; `chappe handouts make` makes one.");
    }
    for copy in &copies {
        context.answer(copy, |it| {
            output::line(format!(
                "{:>4}  {}: {} persons, {} — until {}, to {}",
                it.number,
                it.audience,
                it.persons,
                it.columns.join(","),
                it.ends_on,
                it.receiver
            ));
        });
    }
    Ok(())
}
