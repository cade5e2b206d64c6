//! `chappe migrate`: moves the school into a `PostgreSQL` database.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::context::Context;
use super::output;
use crate::app;
use crate::clock::Clock;
use crate::config::Database;
use crate::store::{Copied, Moved};

/// Arguments of `chappe migrate`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to: `postgres://USER@HOST/DATABASE`.
    #[arg(long, value_name = "URL")]
    to: String,
    /// A file that holds the password of that user.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// A school that moved.
#[derive(Debug, Serialize)]
struct MoveAnswer<'a> {
    /// Rows, by table.
    moved: &'a BTreeMap<String, usize>,
    /// Where to: host and database.
    database: &'a str,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let config = context.read_config()?;
    let to = (arguments.to.as_str(), arguments.password_file.clone());
    let mut progress = MoveProgress::new(context.json);
    let moved =
        app::move_school(&config, &context.folder(), to, Clock::system().now(), &mut |it| {
            progress.show(it);
        });
    progress.end();
    let moved = moved?;
    let answer = MoveAnswer { moved: &moved.rows, database: &moved.place };
    context.answer(&answer, |_| present(&moved, arguments));
    Ok(())
}

fn present(moved: &Moved, arguments: &Arguments) {
    let Moved { place, rows, had_arrived } = moved;
    if *had_arrived {
        output::line(format!("An earlier run had moved the school to {place} already."));
    } else {
        let total: usize = rows.values().sum();
        output::line(format!("The school moved to {place}: {total} rows ({}).", told(rows)));
    }
    output::line("The file stays as a keepsake, on hold for good: nothing is sent from it again.");
    output::line("Write into the configuration, under [store]:");
    output::line(format!("  database = {}", written(&arguments.to)));
    if let Some(file) = &arguments.password_file {
        let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        output::line(format!("  password = {{ file = {} }}", quoted(&file.to_string_lossy())));
    } else {
        output::line(
            "A password goes into a file that is named there: password = { file = \"…\" }",
        );
    }
    output::line("Then start the daemon.");
}

fn told(rows: &BTreeMap<String, usize>) -> String {
    let some = rows.iter().filter(|(_, count)| **count > 0);
    some.map(|(table, count)| format!("{table} {count}")).collect::<Vec<_>>().join(", ")
}

fn written(url: &str) -> String {
    // Nothing moves to what is no URL.
    quoted(&Database::of(url).map(|database| database.without_password()).unwrap_or_default())
}

/// A text as TOML takes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// How far it is, on standard error: a bar on a terminal, a line a table in a pipe.
enum MoveProgress {
    Bar(ProgressBar),
    Lines,
    Quiet,
}

impl MoveProgress {
    fn new(quiet: bool) -> Self {
        if quiet {
            return Self::Quiet;
        }
        if !std::io::stderr().is_terminal() {
            return Self::Lines;
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:<16} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    fn show(&mut self, copied: Copied<'_>) {
        let Copied { table, rows, of } = copied;
        match self {
            Self::Bar(bar) => {
                bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
                bar.set_position(u64::try_from(rows).unwrap_or(u64::MAX));
                bar.set_message(table.to_owned());
            }
            Self::Lines if rows == of && of > 0 => output::note(&format!("{table}: {of} rows")),
            Self::Lines | Self::Quiet => {}
        }
    }

    fn end(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
