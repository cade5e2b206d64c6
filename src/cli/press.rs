//! `chappe press`: prints one batch of letters; the other end of `render::press`.

use std::io;
use std::process::ExitCode;

use crate::render::press;

pub(super) fn run() -> ExitCode {
    match press::run_child(io::stdin().lock(), io::stdout().lock(), press::limit_memory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
