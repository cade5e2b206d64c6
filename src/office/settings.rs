//! The settings that people of the school change. The configuration file is the one truth: a change is written into
//! it key by key, read whole by the reader that reads it at the start, put in its place in one step, and taken up
//! by whoever works by it.

mod bad;
mod change;

use super::settings_file::{SettingsFile, TakenUp, version};
use super::{School, accounts};
use crate::accounts::Right;
use crate::config::{Config, ConfigError, Setting, rewritten, variable_over};
use crate::people::{Act, Actor};
use crate::store::{StoreError, Tx, journal};

pub use bad::BadSetting;
pub use change::SettingsChange;

/// Why the settings stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefusal {
    /// The configuration was not read from a file.
    #[error("the configuration was not read from a file; nothing was changed")]
    NoFile,
    /// The file cannot be read.
    #[error("the configuration file cannot be read: {0}; nothing was changed")]
    CannotRead(std::io::Error),
    /// The file, as it stands, is refused by its reader.
    #[error("{0}; nothing was changed")]
    Faulty(ConfigError),
    /// Somebody changed the file after the form was made.
    #[error("somebody changed the configuration file meanwhile; nothing was changed")]
    Meanwhile,
    /// The environment says something else, whatever the file says.
    #[error("{key} is set by the environment variable {variable}; nothing was changed")]
    Fixed {
        /// The key.
        key: String,
        /// The variable.
        variable: String,
    },
    /// A value that cannot be.
    #[error("{0}; nothing was changed")]
    Bad(#[from] BadSetting),
    /// The reader refuses the file as it would be.
    #[error("{0}; nothing was changed")]
    Refused(ConfigError),
    /// The file cannot be replaced.
    #[error("the configuration file cannot be written: {0}; it stands as it was")]
    CannotWrite(std::io::Error),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What the file of a school says now, the environment laid over it.
pub struct SettingsStand {
    /// Which version of it this is; whoever changes it says which they read.
    pub version: String,
    /// Whether it is what was taken up.
    pub is_in_force: bool,
    /// Its tables that were taken up, and hold from the next start on: `[web]`.
    pub at_next_start: Vec<&'static str>,
    /// What it says.
    pub config: Config,
    environment: Vec<(String, String)>,
}

impl SettingsStand {
    /// The variable of the environment that says a key whatever the file says.
    #[must_use]
    pub fn variable_over(&self, key: &[&str]) -> Option<String> {
        let key: Vec<String> = key.iter().map(|&name| name.to_owned()).collect();
        variable_over(&self.environment, &key)
    }

    /// Whether the plan of this name may be removed.
    #[must_use]
    pub fn may_lose_plan(&self, name: &str) -> bool {
        bad::can_go(&self.config, name).is_ok()
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsChanged {
    /// The keys that say something else now; none where everything was said already.
    pub keys: Vec<String>,
    /// Whether it holds.
    pub taken_up: TakenUp,
}

/// What the file says now.
pub fn settings_stand(school: &School) -> Result<SettingsStand, SettingsRefusal> {
    let file = school.file.as_ref().ok_or(SettingsRefusal::NoFile)?;
    let text = read(file)?;
    let config = file.config(&text).map_err(SettingsRefusal::Faulty)?;
    Ok(SettingsStand {
        version: version(&text),
        is_in_force: text == file.text,
        at_next_start: file.at_next_start(&config).map_err(SettingsRefusal::Faulty)?,
        config,
        environment: file.environment.clone(),
    })
}

/// Writes a change into the file that somebody read at this version, and has it taken up. Its line of the journal,
/// which holds keys and no value, is written just before the file has its new content: after a power cut between
/// the two the line tells of what was wanted, and the file stands as it was.
pub async fn change_settings(
    school: &School,
    actor: Actor,
    of_version: &str,
    change: SettingsChange,
) -> Result<SettingsChanged, SettingsRefusal> {
    let file = school.file.as_ref().ok_or(SettingsRefusal::NoFile)?;
    let _one_at_a_time = file.renewal.alone().await;
    let text = read(file)?;
    if version(&text) != of_version {
        return Err(SettingsRefusal::Meanwhile);
    }
    let said = Config::read(&file.name(), &text, []).map_err(SettingsRefusal::Faulty)?;
    change.check(&said, &approving(school, &change).await?)?;
    let settings = change.settings(&said);
    let new = written(file, &text, &settings)?;
    if new == text {
        return Ok(SettingsChanged { keys: Vec::new(), taken_up: TakenUp::Now });
    }
    let keys: Vec<String> = settings.iter().map(Setting::name).collect();
    let part = file.prepare(&text, &new).map_err(SettingsRefusal::CannotWrite)?;
    note(school, actor, keys.join(", ")).await?;
    part.put("settings").map_err(SettingsRefusal::CannotWrite)?;
    Ok(SettingsChanged { keys, taken_up: file.renewal.take_up().await })
}

/// Has whatever the file says now taken up: somebody changed it by hand.
pub async fn take_up_settings(school: &School, actor: Actor) -> Result<TakenUp, SettingsRefusal> {
    let file = school.file.as_ref().ok_or(SettingsRefusal::NoFile)?;
    file.config(&read(file)?).map_err(SettingsRefusal::Faulty)?;
    note(school, actor, String::new()).await?;
    Ok(file.renewal.take_up().await)
}

fn read(file: &SettingsFile) -> Result<String, SettingsRefusal> {
    file.read().map_err(SettingsRefusal::CannotRead)
}

/// Who may approve, where the change names anybody.
async fn approving(school: &School, change: &SettingsChange) -> Result<Vec<String>, StoreError> {
    if !matches!(change, SettingsChange::Approval { .. }) {
        return Ok(Vec::new());
    }
    let able = accounts(school).await?.into_iter().filter(|it| it.may(Right::Approve));
    Ok(able.map(|it| it.login).collect())
}

/// The text of the file with these settings, which its reader takes.
fn written(
    file: &SettingsFile,
    text: &str,
    settings: &[Setting],
) -> Result<String, SettingsRefusal> {
    for setting in settings {
        if let Some(variable) = variable_over(&file.environment, &setting.key) {
            return Err(SettingsRefusal::Fixed { key: setting.name(), variable });
        }
    }
    let not_editable = || ConfigError::Unreadable {
        file: file.name(),
        reason: "it cannot be changed key by key".to_owned(),
    };
    let new = rewritten(text, settings).ok_or_else(|| SettingsRefusal::Faulty(not_editable()))?;
    file.config(&new).map_err(SettingsRefusal::Refused)?;
    Ok(new)
}

async fn note(school: &School, actor: Actor, about: String) -> Result<(), StoreError> {
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let note = move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::ChangeSettings, &about);
    school.store().write(note).await
}
