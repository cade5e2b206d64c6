//! What every command is given.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use super::{output, refusals};
use crate::app;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::demo::stage::MARKER;
use crate::office::{School, SettingsFile};
use crate::store::{IfMissing, Store};

/// The configuration file and the form of the answer.
pub(super) struct Context {
    config: PathBuf,
    /// Answer in JSON.
    pub json: bool,
}

impl Context {
    pub(super) fn new(config: PathBuf, json: bool) -> Self {
        Self { config, json }
    }

    /// Where the configuration file stands, or is to stand.
    pub(super) fn config_path(&self) -> &Path {
        &self.config
    }

    /// The folder that relative paths start from.
    pub(super) fn folder(&self) -> PathBuf {
        match self.config.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    pub(super) fn read_config(&self) -> anyhow::Result<Config> {
        let file = self.settings_file()?;
        Ok(file.config(&file.text)?)
    }

    /// The configuration file as it stands now.
    fn settings_file(&self) -> anyhow::Result<SettingsFile> {
        let (environment, text) = (environment()?, self.config_text()?);
        let since = Clock::system().now();
        Ok(SettingsFile::at_start(self.config.clone(), environment, text, since))
    }

    /// The keys of the configuration whose value is still the example's. In a demo's folder none is: its school
    /// is the example's, and nothing leaves for anybody but the stand-ins.
    pub(super) fn examples_left(&self) -> anyhow::Result<Vec<String>> {
        if self.folder().join(MARKER).exists() {
            return Ok(Vec::new());
        }
        Ok(config::examples_left(&self.config_text()?, environment()?)?)
    }

    fn config_text(&self) -> anyhow::Result<String> {
        let name = self.config.display();
        std::fs::read_to_string(&self.config).with_context(|| {
            format!("cannot read {name}; name another one with --config, or write one with `chappe init`")
        })
    }

    /// The school, on a database that stands.
    pub(super) fn school(&self) -> anyhow::Result<School> {
        self.school_or(IfMissing::Refuse)
    }

    fn school_or(&self, if_missing: IfMissing) -> anyhow::Result<School> {
        let file = self.settings_file()?;
        let config = file.config(&file.text)?;
        let school = app::build_or(config, &self.folder(), Clock::system(), if_missing)?;
        Ok(School { file: Some(file), ..school })
    }

    /// The school for an import; `None` where no database stands yet.
    pub(super) async fn school_to_import(&self, change: bool) -> anyhow::Result<Option<School>> {
        let (config, folder) = (self.read_config()?, self.folder());
        // It is there that a mistyped number of the school shows.
        if let Some(doubt) = config.school.doubt().filter(|_| !self.json) {
            output::note(&format!("chappe: warning: {doubt}"));
        }
        let school = match app::build_or(config, &folder, Clock::system(), IfMissing::Refuse) {
            Err(error) if error.is_missing_database() => return Ok(None),
            school => school?,
        };
        if change {
            school.queue.check_not_moved().await?;
        }
        Ok(Some(school))
    }

    /// The school on a database that holds nothing and ends with it.
    pub(super) fn school_to_try(&self) -> anyhow::Result<School> {
        let store = Store::in_line(Path::new(":memory:"))?;
        Ok(app::build_on(store, self.read_config()?, &self.folder(), Clock::system())?)
    }

    /// The school, which makes the database where none stands.
    pub(super) fn school_to_begin(&self) -> anyhow::Result<School> {
        self.school_or(IfMissing::Make)
    }

    /// The same for a command that changes something: refused where the school moved away.
    pub(super) async fn school_to_change(&self) -> anyhow::Result<School> {
        let school = self.school()?;
        school.queue.check_not_moved().await?;
        Ok(school)
    }

    /// The school, for a command that changes something or only looks.
    pub(super) async fn school_to(&self, change: bool) -> anyhow::Result<School> {
        if change { self.school_to_change().await } else { self.school() }
    }

    /// An answer: itself in JSON, in words for a person.
    pub(super) fn answer<A: Serialize>(&self, answer: &A, present: impl FnOnce(&A)) {
        if self.json {
            output::json(answer);
        } else {
            present(answer);
        }
    }

    /// Says why a command failed: on standard error, and as JSON where JSON is expected.
    pub(super) fn fail(&self, error: &anyhow::Error) -> ExitCode {
        let reason = refusals::worded(error.as_ref());
        if self.json && !error.is::<AlreadyAnswered>() && !error.is::<ToldUsedWrongly>() {
            output::failure(&reason);
        }
        output::error(&reason);
        let is_wrong_use = error.is::<UsedWrongly>() || error.is::<ToldUsedWrongly>();
        if is_wrong_use { ExitCode::from(2) } else { ExitCode::FAILURE }
    }
}

/// The variables that are text; the others are not ours, or are refused without a word of what they hold.
fn environment() -> anyhow::Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for (name, value) in std::env::vars_os() {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => all.push((name, value)),
            (Ok(name), Err(_)) if name.starts_with("CHAPPE__") => {
                bail!("the environment variable {name} holds no UTF-8 text; nothing was done")
            }
            _ => {}
        }
    }
    Ok(all)
}

/// Why a command failed, where its answer in JSON holds the reason already.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct AlreadyAnswered(pub String);

/// Something that was typed is missing, and nobody can be asked for it.
#[derive(Debug, thiserror::Error)]
#[error("{0}; nothing was done")]
pub(super) struct UsedWrongly(pub String);

/// The same, where the answer in JSON holds the reason already.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct ToldUsedWrongly(pub String);

/// Logs go to standard error: JSON lines for a daemon, plain ones for a person. `CHAPPE_LOG`
/// chooses what is logged.
pub(super) fn start_logs(as_json: bool) {
    let filter = EnvFilter::try_from_env("CHAPPE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call (a test, a demo in a daemon) keeps the first one's choice.
    let _ = if as_json { logs.json().try_init() } else { logs.with_target(false).try_init() };
}
