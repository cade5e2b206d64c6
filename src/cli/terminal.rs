//! Whoever sits at the terminal, where somebody does: asked in French, since the office answers. Questions
//! go to standard error, so that whoever keeps the output in a file is asked all the same.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use super::context::Context;
use super::keyboard::Keyboard;
use crate::plain_text::shown;

/// Whether what was typed is only looked at, asked about, or done.
#[derive(Debug, clap::Args)]
pub(super) struct Consent {
    /// Show what would leave, and send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Ask nothing, also on a terminal: what is typed is meant.
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

impl Consent {
    /// Whoever is asked about it, if anybody is.
    pub(super) fn asked(&self, context: &Context) -> Option<Terminal<'static>> {
        if self.yes || self.dry_run { None } else { Terminal::of(context) }
    }
}

/// Somebody who can be asked.
pub(super) struct Terminal<'a> {
    answers: Box<dyn BufRead + 'a>,
    screen: Box<dyn Write + 'a>,
}

impl<'a> Terminal<'a> {
    /// Whoever sits there; nobody where a program typed the command or reads the answer.
    pub(super) fn of(context: &Context) -> Option<Self> {
        let is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
        let answers = || BufReader::new(Keyboard::open());
        (is_there && !context.json).then(|| Self::new(answers(), io::stderr()))
    }

    /// Whoever answers by this, and reads on that.
    pub(super) fn new(answers: impl BufRead + 'a, screen: impl Write + 'a) -> Self {
        Self { answers: Box::new(answers), screen: Box::new(screen) }
    }

    /// One line to read.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.screen, "{}", shown(text))
    }

    /// One line typed, without blanks around it; an error where whoever sat there has left.
    pub(super) fn ask(&mut self, question: &str) -> io::Result<String> {
        self.prompt(&format!("{question} : "))?;
        self.line()
    }

    /// One line, asked for until it can be taken.
    pub(super) fn ask_until<T, E: Display>(
        &mut self,
        question: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> io::Result<T> {
        loop {
            match read(&self.ask(question)?) {
                Ok(answer) => return Ok(answer),
                Err(why) => self.say(&format!("  Non : {why}."))?,
            }
        }
    }

    /// Lines until a blank one.
    pub(super) fn ask_for_lines(&mut self, question: &str) -> io::Result<String> {
        self.say(&format!("{question} :"))?;
        let mut lines = Vec::new();
        loop {
            self.prompt("> ")?;
            match self.line()? {
                line if line.is_empty() => return Ok(lines.join("\n")),
                line => lines.push(line),
            }
        }
    }

    /// Whether the answer is yes: anything else is no, and so is leaving.
    pub(super) fn says_yes(&mut self, question: &str) -> io::Result<bool> {
        match self.ask(&format!("{question} (oui / non)")) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            answer => Ok(answer?.eq_ignore_ascii_case("oui")),
        }
    }

    fn prompt(&mut self, text: &str) -> io::Result<()> {
        write!(self.screen, "{}", shown(text))?;
        self.screen.flush()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut typed = String::new();
        if self.answers.read_line(&mut typed)? == 0 {
            let left = "the questions were left before the last one was answered";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, left));
        }
        Ok(typed.trim().to_owned())
    }
}
