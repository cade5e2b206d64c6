//! `chappe answers`: who answered what to a message that asks something, and who has not.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::context::{Context, UsedWrongly};
use super::{asker, output, status, when};
use crate::audience::Filter;
use crate::message::{AnswerChoice, Message, Reference};
use crate::office::{self, Actor, AnswerNoted, AnswersGiven, AskedLine, School};
use crate::people::Whom;
use crate::private_file;

/// Arguments of `chappe answers`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    /// The code of the message.
    message: Option<String>,
    /// Write who answered what as CSV to this file.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Note what somebody answered by word of mouth; the last word holds.
    Note {
        /// The reference of their copy: on its pages, on the letter, on the call sheet.
        reference: Reference,
        /// What they answered: oui, non, or a mark from 1 to 5.
        #[arg(value_parser = answer)]
        answer: AnswerChoice,
        /// Who took it down; whoever types it by default.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { message, csv, command } = arguments;
    let school = context.school_to(command.is_some()).await?;
    if let Some(Command::Note { reference, answer, by }) = command {
        let actor = by.map_or_else(asker::here, Actor::CommandLine);
        let whom = Whom::Everybody;
        let noted = office::note_answer(&school, actor, &whom, reference, answer).await?;
        context.answer(&noted, present_noted);
        return Ok(());
    }
    let Some(code) = message else {
        return Err(UsedWrongly("say of which message: chappe answers 7K4M".to_owned()).into());
    };
    let message = status::find(&school, &code).await?;
    match csv {
        Some(path) => write(context, &school, &message, &path).await,
        None => show(context, &school, &message).await,
    }
}

/// An answer by its word.
pub(super) fn answer(word: &str) -> Result<AnswerChoice, String> {
    AnswerChoice::from_word(&word.to_lowercase())
        .ok_or_else(|| format!("\"{word}\" is no answer; there are: oui, non, 1, 2, 3, 4, 5"))
}

async fn show(context: &Context, school: &School, message: &Message) -> anyhow::Result<()> {
    let answers = office::answers(school, message, &Whom::Everybody).await?;
    let answers = answers.with_context(|| format!("message {} asks nothing", message.code))?;
    context.answer(&answers, |answers| present(school, answers));
    Ok(())
}

fn present(school: &School, answers: &AnswersGiven) {
    if let Some(question) = &answers.counts.question {
        output::line(question);
    }
    output::line(status::answers_counted(&answers.counts));
    for line in answers.asked.iter().filter(|line| line.answer.is_some()) {
        output::line(format!("  {}", answered(school, line)));
    }
    let silent: Vec<&AskedLine> = answers.asked.iter().filter(|it| it.answer.is_none()).collect();
    if !silent.is_empty() {
        output::line("Have not answered:");
    }
    for line in silent {
        output::line(format!("  {}", whom(line)));
    }
    if answers.counts.silent > 0 {
        let code = &answers.message;
        let filter = Filter::NotAnswered.as_str();
        output::line(format!("To remind them: chappe send annonce --to \"{filter} {code}\" …"));
    }
}

/// `oui  Inès DURAND — Zoé DURAND (6A), sms, 2026-11-30 10:12, typed by sylvie`.
fn answered(school: &School, line: &AskedLine) -> String {
    let answer = line.answer.map_or("", AnswerChoice::as_str);
    let by = line.channel.map(|channel| format!(", {channel}")).unwrap_or_default();
    let at = line.at.map(|at| format!(", {}", when::shown(school, at))).unwrap_or_default();
    let typed = line.typed_by.as_ref().map(|by| format!(", typed by {by}")).unwrap_or_default();
    format!("{answer:<3} {}{by}{at}{typed}", whom(line))
}

fn whom(line: &AskedLine) -> String {
    if line.about.is_empty() {
        line.name.clone()
    } else {
        format!("{} — {}", line.name, line.about.join(", "))
    }
}

fn present_noted(noted: &AnswerNoted) {
    let before = match noted.before {
        Some(before) if before != noted.answer => format!(" (it was {before})"),
        _ => String::new(),
    };
    output::line(format!("{}: {} answered {}{before}.", noted.reference, noted.name, noted.answer));
}

/// A table that was written.
#[derive(Serialize)]
struct WrittenAnswers<'a> {
    file: &'a Path,
    asked: usize,
}

async fn write(
    context: &Context,
    school: &School,
    message: &Message,
    path: &Path,
) -> anyhow::Result<()> {
    let table = office::answer_table(school, asker::here(), message, &Whom::Everybody).await?;
    let table = table.with_context(|| format!("message {} asks nothing", message.code))?;
    private_file::create_new(path)
        .and_then(|mut file| file.write_all(&table.csv))
        .with_context(|| format!("cannot write {}; the table was not kept", path.display()))?;
    context.answer(&WrittenAnswers { file: path, asked: table.asked }, |it| {
        output::line(format!("{} people in {}.", it.asked, it.file.display()));
    });
    Ok(())
}
