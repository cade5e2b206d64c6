//! What is typed, line by line, until whoever types it leaves: by the end of the input, or by Ctrl-C, which
//! ends the questions and not the program, so that what was answered before is kept.

use std::io::{self, Read};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// What the shell says of a program that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// The standard input, of which a line is awaited only while somebody is asked.
pub(super) struct Keyboard {
    /// Lines with their ends; nothing after an empty one.
    lines: Receiver<String>,
    is_awaited: Arc<AtomicBool>,
    rest: io::Cursor<Vec<u8>>,
}

impl Keyboard {
    /// Listens from now on; from within the run time.
    pub(super) fn open() -> Self {
        let (to, lines) = channel();
        let is_awaited = Arc::new(AtomicBool::new(false));
        tokio::spawn(hear_leaving(to.clone(), Arc::clone(&is_awaited)));
        thread::spawn(move || hear_lines(&to));
        Self { lines, is_awaited, rest: io::Cursor::default() }
    }
}

impl Read for Keyboard {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.rest.position() >= self.rest.get_ref().len() as u64 {
            self.is_awaited.store(true, Ordering::SeqCst);
            let line = self.lines.recv().unwrap_or_default();
            self.is_awaited.store(false, Ordering::SeqCst);
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

async fn hear_leaving(to: Sender<String>, is_awaited: Arc<AtomicBool>) {
    while tokio::signal::ctrl_c().await.is_ok() {
        if !is_awaited.load(Ordering::SeqCst) || to.send(String::new()).is_err() {
            process::exit(INTERRUPTED);
        }
    }
}
