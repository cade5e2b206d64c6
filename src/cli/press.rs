//! `chappe press`: prints one batch of letters; the other end of `render::press`.

use std::io;
use std::process::ExitCode;

use crate::confined;
use crate::render::press;

pub(super) fn run() -> ExitCode {
    let begin = |memory_limit| {
        confined::end_with(io::stdin())?;
        confined::limit_memory(memory_limit)
    };
    match press::run_child(io::stdin().lock(), io::stdout().lock(), begin) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
