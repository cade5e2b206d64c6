//! `chappe backup`: copies the database into a file, while the daemon works.

use std::path::PathBuf;

use serde_json::json;

use super::context::Context;
use super::output;

/// Arguments of `chappe backup`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to write; one that stands is never overwritten.
    file: PathBuf,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app()?;
    app.store().back_up(&arguments.file, &app.clock).await?;
    let bytes = std::fs::metadata(&arguments.file)?.len();
    if context.json {
        output::json(&json!({ "file": arguments.file, "bytes": bytes }));
    } else {
        output::line(format!("{} is whole: {bytes} bytes.", arguments.file.display()));
        output::line("It holds families' data: keep it where only the office reads.");
    }
    Ok(())
}
