//! `chappe init`: a configuration to begin with.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::context::Context;
use super::output;
use crate::people::SchoolId;
use crate::store::IfMissing;
use crate::{app, config, private_file};

/// Arguments of `chappe init`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The school's UAI.
    #[arg(long)]
    uai: Option<String>,
    /// The school's name.
    #[arg(long)]
    name: Option<String>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let mut text = config::SHIPPED.to_owned();
    if let Some(uai) = &arguments.uai {
        let uai = SchoolId::parse(uai)?;
        text = text.replacen("\"0319999Z\"", &format!("\"{uai}\""), 1);
    }
    if let Some(name) = &arguments.name {
        let quoted = toml::Value::from(name.as_str()).to_string();
        text = text.replacen("name = \"Collège Claude-Chappe\"", &format!("name = {quoted}"), 1);
    }
    let path = context.config_path();
    let mut file = private_file::create_new(path).map_err(|error| cannot(path, &error))?;
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Half a configuration would stand in the way of the next try.
        let _ = std::fs::remove_file(path);
        return Err(cannot(path, &error));
    }
    let database = make_database(context)?;
    if context.json {
        output::json(&serde_json::json!({ "written": path, "database": database }));
    } else {
        output::line(format!(
            "{} is written, and the database {database} stands. Next:",
            path.display()
        ));
        output::line("  1. change in it what is your school's: [school] and [providers]");
        output::line("  2. chappe doctor                        checks it all, sends nothing");
        output::line("  3. chappe import FILES… --dry-run       reads the SIECLE exports");
        output::line("  4. chappe serve                         runs the daemon");
    }
    Ok(())
}

/// Makes the database that the configuration names, where none stands: no other command but an import does.
fn make_database(context: &Context) -> anyhow::Result<String> {
    let config = context.read_config()?;
    app::open_store(&config.store, &context.folder(), IfMissing::Make).with_context(|| {
        format!("{} is written; the database is not made", context.config_path().display())
    })?;
    Ok(config.store.database.without_password())
}

fn cannot(path: &Path, error: &io::Error) -> anyhow::Error {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => anyhow!(
            "{path} stands there already; it was left as it is: name another file with --config, \
             or move this one away first"
        ),
        _ => anyhow!("cannot write {path}: {error}; nothing is left there"),
    }
}
