//! `chappe calls`: whom to ring, and what it gave.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::answers::answer;
use super::context::Context;
use super::who::{self, Named};
use super::{asker, output, when};
use crate::delivery::CallOutcome;
use crate::message::{AnswerChoice, Reference};
use crate::office::{
    self, CallList, CallNoted, CallSaid, CallShown, CallerNamed, IncomingCall, OutcomeTakenBack,
    School,
};
use crate::people::Whom;
use crate::private_file;
use crate::queue::HeldBack;

/// A sheet of calls is smaller.
const LARGEST: u64 = 1024 * 1024;

/// Arguments of `chappe calls`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write the calls as sheets to be ticked, twelve to a page; to a file that does not stand yet.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// Write them as a table, which `chappe calls read` takes back.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A sheet for each class, in the place of one for each caller.
    #[arg(long)]
    by_class: bool,
    /// Share the calls out among these colleagues: "Sylvie Martin,Paul Roy:ar/tr" (with languages that they speak).
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',', value_parser = caller)]
    among: Vec<CallerNamed>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the calls that wait (also without a subcommand).
    List,
    /// Say what a call gave: reached, asks-for, message-left, no-answer, busy, wrong-number, refused.
    Done {
        /// The reference of the call.
        #[arg(value_name = "REFERENCE")]
        reference: Reference,
        /// What it gave.
        #[arg(value_parser = outcome)]
        outcome: CallOutcome,
        /// What was said, in a few words.
        #[arg(value_parser = when::said)]
        word: Option<String>,
        /// What they answered to what the message asks: oui, non, or a mark from 1 to 5.
        #[arg(long, value_parser = answer)]
        answer: Option<AnswerChoice>,
        /// Who rang; you without it.
        #[arg(long, value_name = "NAME", value_parser = when::said)]
        by: Option<String>,
    },
    /// Take back what was said last of a call.
    Undo {
        /// The reference of the call.
        #[arg(value_name = "REFERENCE")]
        reference: Reference,
    },
    /// Say what a whole sheet of calls gave: all of it, or nothing.
    Read {
        /// The table that `chappe calls --csv` wrote, filled in.
        file: PathBuf,
    },
    /// Take down that somebody rang the school.
    Note {
        #[command(flatten)]
        who: Named,
        /// What they want, in a few words.
        #[arg(value_parser = when::said)]
        word: String,
        /// The code of the message that they ask about: it counts as answered.
        #[arg(long, value_name = "CODE")]
        about: Option<String>,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { pdf, csv, by_class, among, command } = arguments;
    let school = context.school_to_change().await?;
    match command.unwrap_or(Command::List) {
        Command::List => {
            if !among.is_empty() {
                share(context, &school, among).await?;
            }
            let calls = office::calls(&school, asker::here(), &Whom::Everybody).await?;
            if let Some(file) = &pdf {
                let sheets =
                    office::print_call_sheets(&school, asker::here(), &calls.calls, by_class);
                write(file, &if_any(&calls, sheets).await?)?;
            }
            if let Some(file) = &csv {
                let table = office::call_table(&school, asker::here(), &calls.calls).await?;
                write(file, &table.csv)?;
            }
            list(context, &school, &calls, &[pdf, csv]);
            Ok(())
        }
        Command::Done { reference, outcome, word, answer, by } => {
            let said = CallSaid { outcome, word, answer, by, nth: None };
            let whom = Whom::Everybody;
            let noted = office::note_call(&school, asker::here(), &whom, reference, said).await?;
            context.answer(&noted, |it| present_noted(&school, it));
            Ok(())
        }
        Command::Undo { reference } => {
            let whom = Whom::Everybody;
            let back = office::take_back_call(&school, asker::here(), &whom, reference).await?;
            context.answer(&back, present_taken_back);
            Ok(())
        }
        Command::Read { file } => {
            let noted = office::read_call_sheet(&school, asker::here(), &read(&file)?).await?;
            context.answer(&noted, |it| {
                output::line(format!(
                    "{} calls are noted; {} of them are to be made again.",
                    it.noted, it.again
                ));
            });
            Ok(())
        }
        Command::Note { who, word, about } => {
            let call = IncomingCall { who: Some(who.into()), about, word };
            let noted = office::note_incoming_call(&school, asker::here(), call).await;
            context.answer(&who::found(noted)?, |it| {
                let name = it.name.as_deref().unwrap_or("somebody");
                let answer = if it.is_answer { "; the message counts as answered" } else { "" };
                output::line(format!("Noted: {name} rang{answer}."));
            });
            Ok(())
        }
    }
}

/// `Paul Roy:ar/tr`.
fn caller(typed: &str) -> Result<CallerNamed, String> {
    let (name, languages) = typed.split_once(':').unwrap_or((typed, ""));
    let languages = languages.split('/').map(|it| it.trim().to_lowercase());
    let languages = languages.filter(|it| !it.is_empty()).collect();
    Ok(CallerNamed { name: when::said(name)?, languages })
}

fn outcome(word: &str) -> Result<CallOutcome, String> {
    CallOutcome::from_word(word).ok_or_else(|| {
        let known = CallOutcome::ALL.map(CallOutcome::as_str).join(", ");
        format!("\"{word}\" is no outcome of a call; there are: {known}")
    })
}

async fn share(context: &Context, school: &School, among: Vec<CallerNamed>) -> anyhow::Result<()> {
    let counts = office::share_calls(school, asker::here(), among).await?;
    if !context.json {
        for (name, calls) in counts {
            output::line(format!("{name}: {}", counted(calls)));
        }
    }
    Ok(())
}

/// Sheets without a call are no sheets.
async fn if_any<E>(
    calls: &CallList,
    sheets: impl Future<Output = Result<Vec<u8>, E>>,
) -> anyhow::Result<Vec<u8>>
where
    anyhow::Error: From<E>,
{
    if calls.calls.is_empty() {
        bail!("no call waits: no sheet was written");
    }
    Ok(sheets.await?)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let file = private_file::create_new(path);
    let written = file.and_then(|mut file| file.write_all(bytes));
    written.with_context(|| format!("cannot make the file {}", path.display()))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.with_context(|| format!("cannot read {}; nothing was noted", path.display()))?;
    Ok(bytes)
}

fn counted(calls: usize) -> String {
    if calls == 1 { "1 call".to_owned() } else { format!("{calls} calls") }
}

/// The calls that wait, and where they were written.
#[derive(Serialize)]
struct CallsListed<'a> {
    #[serde(flatten)]
    list: &'a CallList,
    held_back: Vec<HeldBackCalls>,
    files: Vec<String>,
}

/// Calls that are not to be made now, and why, in our words.
#[derive(Serialize)]
struct HeldBackCalls {
    calls: usize,
    why: &'static str,
    reason: String,
}

fn list(context: &Context, school: &School, calls: &CallList, files: &[Option<PathBuf>; 2]) {
    let held_back = calls.held_back.iter().map(|(why, count)| held_back(school, why, *count));
    let files = files.iter().flatten().map(|file| file.display().to_string());
    let listed =
        CallsListed { list: calls, held_back: held_back.collect(), files: files.collect() };
    context.answer(&listed, |listed| {
        if let Some(begin) = calls.hours_begin.filter(|_| !calls.calls.is_empty()) {
            output::line(format!(
                "These are no hours of calls: they begin at {}.",
                when::shown(school, begin)
            ));
        }
        if listed.files.is_empty() {
            calls.calls.iter().for_each(|call| present(school, call));
        } else {
            let files = listed.files.join(", ");
            output::line(format!("{}, in {files}", counted(calls.calls.len())));
        }
        if calls.calls.is_empty() && listed.held_back.is_empty() {
            output::line("No call waits.");
        }
        for it in &listed.held_back {
            output::line(format!("Held back: {}; {}.", counted(it.calls), it.reason));
        }
    });
}

fn held_back(school: &School, why: &HeldBack, calls: usize) -> HeldBackCalls {
    let (why, reason) = match why {
        HeldBack::OnHold => ("on_hold", "the school is on hold, until chappe release".to_owned()),
        HeldBack::Closed => {
            ("closed", "calls are closed, until chappe channel open phone".to_owned())
        }
        HeldBack::Paused(code) => {
            ("paused", format!("message {code} is paused, until chappe resume {code}"))
        }
        HeldBack::NotBefore(code, at) => {
            let at = school.queue.timing().hours.shown_to_the_second(*at);
            ("not_before", format!("message {code} can be undone until {at}"))
        }
    };
    HeldBackCalls { calls, why, reason }
}

fn present(school: &School, call: &CallShown) {
    let names = call.names.join(", ");
    let later = if call.is_due {
        String::new()
    } else {
        format!(", not before {}", when::shown(school, call.due_at))
    };
    let caller = call.caller.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
    output::line(format!("{}  {:<14} {names}{caller}{later}", call.reference, call.phone));
    output::line(format!("    for {}: {}", call.about.join(", "), call.subject));
    let language = call.language.as_ref().map(|it| format!("language: {it}"));
    let hints: Vec<String> = language.into_iter().chain(call.call.clone()).collect();
    if !hints.is_empty() {
        output::line(format!("    {}", hints.join("; ")));
    }
    if let Some(takes) = call.takes {
        let question = call.question.as_deref().unwrap_or("answer");
        output::line(format!("    {question} ({})", takes.as_str()));
    }
    for tried in &call.tried {
        let at = when::shown(school, tried.at);
        let (outcome, answered) = (tried.outcome.as_str(), answered(tried.answer));
        output::line(format!("    {at} {outcome}{answered} ({})", tried.by));
    }
}

fn present_taken_back(back: &OutcomeTakenBack) {
    let (call, was, by) = (&back.call, back.outcome.as_str(), &back.by);
    let answered = answered(back.answer);
    output::line(format!(
        "Call {call} is to be made as before: {was}{answered} by {by} is taken back."
    ));
}

fn present_noted(school: &School, noted: &CallNoted) {
    let CallNoted { call, outcome, answer, state, again_at, next_number } = noted;
    let then = match (next_number, again_at) {
        (Some(number), _) => format!("the next number is {number}"),
        (None, Some(at)) => format!("to be made again from {} on", when::shown(school, *at)),
        (None, None) => format!("whom it was for stands as {}", state.as_str()),
    };
    let answered = answered(*answer);
    output::line(format!("Call {call}: {}{answered}; {then}.", outcome.as_str()));
}

/// `, answered oui`.
fn answered(answer: Option<AnswerChoice>) -> String {
    answer.map(|answer| format!(", answered {answer}")).unwrap_or_default()
}
