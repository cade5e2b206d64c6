//! Whoever sits at the terminal, where somebody does: asked in French, since the office answers. Questions
//! go to standard error, so that whoever keeps the output in a file is asked all the same.

use std::io::{self, BufRead, IsTerminal, StdinLock};

use super::context::Context;
use super::output;

/// Somebody who can be asked.
pub(super) struct Terminal {
    answers: StdinLock<'static>,
}

impl Terminal {
    /// Whoever sits there; nobody where a program typed the command or reads the answer.
    pub(super) fn of(context: &Context) -> Option<Self> {
        let is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
        (is_there && !context.json).then(|| Self { answers: io::stdin().lock() })
    }

    /// One line, without blanks around it; an error where whoever sat there has left.
    pub(super) fn ask(&mut self, question: &str) -> io::Result<String> {
        output::question(&format!("{question} : "));
        self.line()
    }

    /// Lines until a blank one.
    pub(super) fn ask_for_lines(&mut self, question: &str) -> io::Result<String> {
        output::note(&format!("{question} :"));
        let mut lines = Vec::new();
        loop {
            output::question("> ");
            match self.line()? {
                line if line.is_empty() => return Ok(lines.join("\n")),
                line => lines.push(line),
            }
        }
    }

    /// Whether the answer is yes: anything else is no, and so is leaving.
    pub(super) fn says_yes(&mut self, question: &str) -> io::Result<bool> {
        output::question(&format!("{question} (oui / non) : "));
        match self.line() {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            answer => Ok(answer?.eq_ignore_ascii_case("oui")),
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut typed = String::new();
        if self.answers.read_line(&mut typed)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(typed.trim().to_owned())
    }
}
