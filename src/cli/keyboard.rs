//! What is typed, line by line, until whoever types it leaves: by the end of the input, or by Ctrl-C, which
//! ends the questions and not the program, so that what was answered before is kept. A second one ends the
//! program too, and so does one when nothing is asked any more.

use std::io::{self, Read};
use std::process;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// What the shell says of a program that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// The standard input.
pub(super) struct Keyboard {
    /// Lines with their ends; nothing after an empty one.
    lines: Receiver<String>,
    rest: io::Cursor<Vec<u8>>,
}

impl Keyboard {
    /// Listens from now on; from within the run time.
    pub(super) fn open() -> Self {
        let (to, lines) = channel();
        tokio::spawn(hear_leaving(to.clone()));
        thread::spawn(move || hear_lines(&to));
        Self { lines, rest: io::Cursor::default() }
    }
}

impl Read for Keyboard {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.rest.position() >= self.rest.get_ref().len() as u64 {
            let line = self.lines.recv().unwrap_or_default();
            self.rest = io::Cursor::new(line.into_bytes());
        }
        self.rest.read(into)
    }
}

fn hear_lines(to: &Sender<String>) {
    loop {
        let mut line = String::new();
        // What is no text ends the questions too.
        let is_line = io::stdin().read_line(&mut line).is_ok_and(|octets| octets > 0);
        if to.send(if is_line { line } else { String::new() }).is_err() || !is_line {
            return;
        }
    }
}

async fn hear_leaving(to: Sender<String>) {
    let mut leaves = 0;
    while tokio::signal::ctrl_c().await.is_ok() {
        leaves += 1;
        if leaves > 1 || to.send(String::new()).is_err() {
            process::exit(INTERRUPTED);
        }
    }
}
