//! `chappe init`: a configuration to begin with, and the database.

mod questions;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use serde::Serialize;

use super::context::Context;
use super::output;
use super::terminal::Terminal;
use crate::app::{self, DatabaseError};
use crate::config::{Facts, Relay};
use crate::email_address::EmailAddress;
use crate::people::SchoolId;
use crate::phone_number::PhoneNumber;
use crate::private_file;
use crate::store::{IfMissing, StoreError};

/// Arguments of `chappe init`. On a terminal, what is not given is asked for.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Arguments {
    /// The school's UAI.
    #[arg(long)]
    uai: Option<String>,
    /// The school's name.
    #[arg(long)]
    name: Option<String>,
    /// A line of its address; once for each line.
    #[arg(long, value_name = "LINE")]
    address: Option<Vec<String>>,
    /// The town from which letters are dated.
    #[arg(long)]
    town: Option<String>,
    /// The telephone of the secretariat.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// The e-mail address of the secretariat.
    #[arg(long)]
    email: Option<String>,
    /// Where the full text of announcements stands.
    #[arg(long, value_name = "URL")]
    website: Option<String>,
    /// Who signs.
    #[arg(long, value_name = "NAME")]
    signatory_name: Option<String>,
    /// In which function: Principale, Proviseur, …
    #[arg(long, value_name = "TITLE")]
    signatory_title: Option<String>,
    /// The SMTP relay by which e-mails leave, from the address of the secretariat.
    #[arg(long, value_name = "HOST", requires = "email")]
    relay: Option<String>,
    /// The account on the relay.
    #[arg(long, value_name = "USER", requires = "relay")]
    relay_user: Option<String>,
}

/// What was made.
#[derive(Debug, Serialize)]
struct Begun<'a> {
    /// The configuration, where it was written now.
    written: Option<&'a Path>,
    /// The database.
    database: String,
    /// Keys of the configuration whose value is still the example's.
    examples_left: Vec<String>,
    /// Files that secrets are to be put into, each with its key.
    secrets_due: Vec<(String, PathBuf)>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let path = context.config_path();
    if path.exists() && !is_half_begun(context) {
        return Err(cannot(path, &io::ErrorKind::AlreadyExists.into()));
    }
    let written = (!path.exists()).then_some(path);
    if written.is_some() {
        write(path, &facts(context, arguments)?.written())?;
    }
    let database = make_database(context)?;
    let begun = Begun {
        written,
        database,
        examples_left: context.examples_left()?,
        secrets_due: secrets_due(context)?,
    };
    context.answer(&begun, |begun| present(path, begun));
    Ok(())
}

fn secrets_due(context: &Context) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut files = app::secret_files(&context.read_config()?, &context.folder());
    files.retain(|(_, file)| !file.exists());
    Ok(files)
}

/// A configuration that can be read, and no database: an earlier run could not make it.
fn is_half_begun(context: &Context) -> bool {
    let Ok(config) = context.read_config() else { return false };
    let opened = app::open_store(&config.store, &context.folder(), IfMissing::Refuse);
    matches!(opened, Err(DatabaseError::Store(StoreError::NoDatabase(_))))
}

/// What was typed after the command, and what whoever sits at the terminal answers.
fn facts(context: &Context, arguments: &Arguments) -> anyhow::Result<Facts> {
    let facts = given(arguments)?;
    let Some(mut person) = Terminal::of(context) else { return Ok(facts) };
    questions::ask(&mut person, facts).context("not all was answered; nothing was written")
}

fn given(arguments: &Arguments) -> anyhow::Result<Facts> {
    let Arguments { name, address, town, phone, email, website, .. } = arguments.clone();
    let from = email.as_deref().map(EmailAddress::parse).transpose();
    let from = from.map_err(|bad| anyhow!("--email {bad}; nothing was written"))?;
    let relay = arguments.relay.clone().zip(from);
    let facts = Facts {
        uai: arguments.uai.as_deref().map(SchoolId::parse).transpose()?,
        name,
        address,
        town,
        phone,
        email,
        website,
        signatory_name: arguments.signatory_name.clone(),
        signatory_title: arguments.signatory_title.clone(),
        relay: relay.map(|(host, from)| Relay { host, from, user: arguments.relay_user.clone() }),
    };
    if let Some(phone) = &facts.phone {
        PhoneNumber::parse(phone, facts.region())
            .map_err(|bad| anyhow!("--phone {bad}; nothing was written"))?;
    }
    Ok(facts)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = private_file::create_new(path).map_err(|error| cannot(path, &error))?;
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Half a configuration would stand in the way of the next try.
        let _ = std::fs::remove_file(path);
        return Err(cannot(path, &error));
    }
    Ok(())
}

/// Makes the database that the configuration names, where none stands: no other command but an import does.
fn make_database(context: &Context) -> anyhow::Result<String> {
    let config = context.read_config()?;
    app::open_store(&config.store, &context.folder(), IfMissing::Make).with_context(|| {
        format!(
            "{} is written; the database is not made: put that right, and do it again",
            context.config_path().display()
        )
    })?;
    Ok(config.store.database.without_password())
}

fn present(path: &Path, begun: &Begun<'_>) {
    let (path, database) = (path.display(), &begun.database);
    output::line(match begun.written {
        Some(_) => format!("{path} is written, and the database {database} stands. Next:"),
        None => format!("{path} is left as it was; the database {database} stands now. Next:"),
    });
    if !begun.examples_left.is_empty() {
        let keys = begun.examples_left.join(", ");
        output::line(format!("  - put your school's values in it: {keys}"));
    }
    for (key, file) in &begun.secrets_due {
        let file = file.display();
        output::line(format!("  - put {key} into {file}, and chmod 600 {file}"));
    }
    output::line(
        "  - chappe doctor                     checks it all, says what to do; sends nothing",
    );
    output::line("  - chappe import FILES… --dry-run    reads the school's files, changes nothing");
    output::line(
        "  - chappe serve                      runs the daemon; at boot: config/chappe.service",
    );
    output::line("A table under [providers] whose lines begin with # is not used: take the # away");
    output::line("once you have what it asks for. Without any, letters are printed.");
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
