//! `chappe scanner`: reads one scan; the other end of `scan::Scanner`.

use std::io;
use std::process::ExitCode;

use crate::confined;
use crate::scan;

pub(super) fn run() -> ExitCode {
    let begin = |memory_limit| {
        confined::end_with(io::stdin())?;
        confined::limit_memory(memory_limit)
    };
    match scan::run_child(io::stdin().lock(), io::stdout().lock(), begin) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
