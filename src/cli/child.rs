//! The hidden commands, `chappe press`, `chappe scanner` and `chappe fit`: the other ends of `render::press`, `scan::Scanner`
//! and `render::documents`.

use std::io::{self, StdinLock, StdoutLock};
use std::process::ExitCode;

use crate::confined;

/// What a child does: reads its order, calls what it is given with the memory limit that it read, works, answers.
type ChildWork =
    fn(StdinLock<'static>, StdoutLock<'static>, fn(u64) -> io::Result<()>) -> io::Result<()>;

/// Works, and ends with whoever asked.
pub(super) fn run(work: ChildWork) -> ExitCode {
    match work(io::stdin().lock(), io::stdout().lock(), begin) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn begin(memory_limit: u64) -> io::Result<()> {
    confined::end_with(io::stdin())?;
    confined::limit_memory(memory_limit)
}
