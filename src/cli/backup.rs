//! `chappe backup`: copies the database into a file, while the daemon works.

use std::path::PathBuf;

use serde::Serialize;

use super::context::Context;
use super::output;

/// Arguments of `chappe backup`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to write; one that stands is never overwritten.
    file: PathBuf,
}

/// A backup that was taken.
#[derive(Debug, Serialize)]
struct BackedUp {
    /// Where it stands.
    file: PathBuf,
    /// Its size.
    bytes: u64,
}

pub(super) async fn run(context: &Context, Arguments { file }: Arguments) -> anyhow::Result<()> {
    let school = context.school()?;
    school.store().back_up(&file, &school.clock).await?;
    let bytes = std::fs::metadata(&file)?.len();
    context.answer(&BackedUp { file, bytes }, present);
    Ok(())
}

fn present(BackedUp { file, bytes }: &BackedUp) {
    output::line(format!("{} is whole: {bytes} bytes.", file.display()));
    output::line("It holds families' data: keep it where only the office reads.");
}
