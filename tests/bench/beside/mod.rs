//! Another build of `chappe` beside this one, in the same run: `CHAPPE_BESIDE=PATH` names its program.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// A build, and what it has taken so far.
pub struct Build {
    name: &'static str,
    program: PathBuf,
    /// Of the processor, in all turns.
    pub seconds: f64,
}

/// This build, and the one beside it where there is one.
pub fn builds() -> Vec<Build> {
    let this = ("this build", PathBuf::from(env!("CARGO_BIN_EXE_chappe")));
    let beside = std::env::var_os("CHAPPE_BESIDE").map(|path| ("the build beside", path.into()));
    let all = std::iter::once(this).chain(beside);
    all.map(|(name, program)| Build { name, program, seconds: 0.0 }).collect()
}

impl Build {
    /// Runs one command of it, unheard.
    pub fn run(&mut self, set_up: impl FnOnce(&mut Command)) -> anyhow::Result<()> {
        let before = seconds_of_children()?;
        let mut command = Command::new(&self.program);
        set_up(&mut command);
        let status = command.stdout(Stdio::null()).status()?;
        ensure!(status.success(), "{} ended with {status}", self.program.display());
        self.seconds += seconds_of_children()? - before;
        Ok(())
    }

    /// Its name, the processor time of a turn, and that of the first build as a part of it.
    pub fn row(&self, turns: u32, first: f64) -> [String; 3] {
        let once = self.seconds / f64::from(turns);
        let ratio = first / self.seconds.max(f64::EPSILON);
        [self.name.to_owned(), format!("{once:.3}"), format!("{ratio:.2}")]
    }
}

/// What the children that ended took of the processor, user's part and system's.
fn seconds_of_children() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in brackets, and may hold blanks.
    let after_name = stat.rsplit(')').next().context("/proc/self/stat is empty")?;
    let of_children = after_name.split_whitespace().skip(13).take(2);
    // Linux shows hundredths of a second on every machine.
    Ok(of_children.map(str::parse::<f64>).sum::<Result<f64, _>>()? / 100.0)
}
