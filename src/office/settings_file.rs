//! The configuration file: how it is read, and replaced in one step.

use std::fs::{self, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as Lock, PoisonError};

use tokio::sync::{Mutex, MutexGuard, mpsc, oneshot};

use crate::clock::Moment;
use crate::config::{Config, ConfigError};
use crate::private_file::{self, NotPut, Over};

/// What the name of the former file ends in.
const BEFORE: &str = ".before";
/// More than any school writes into it, in octets.
const MOST: u64 = 1_000_000;

/// The configuration file of a school, as it was read when it took effect.
#[derive(Clone)]
pub struct SettingsFile {
    /// Its place.
    pub path: PathBuf,
    /// The environment that is laid over it.
    pub environment: Vec<(String, String)>,
    /// What it said.
    pub text: String,
    /// Since when that is in force here.
    pub since: Moment,
    /// Who works by it.
    pub renewal: Renewal,
    /// What it said at the start: some of it holds until the next one.
    at_start: String,
}

/// Who works by the settings in this process is asked to take up what the file says now, and answers whether that is
/// in force.
pub type TakeUp = oneshot::Sender<bool>;

/// Whether a change holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenUp {
    /// From now on.
    Now,
    /// From the next start on: nobody works by it here.
    AtNextStart,
    /// Not yet: what was in force goes on, and the log says why.
    NotYet,
}

/// Who works by a file in this process; clones ask the same.
#[derive(Clone, Default)]
pub struct Renewal {
    worker: Arc<Lock<Option<mpsc::Sender<TakeUp>>>>,
    changing: Arc<Mutex<()>>,
}

impl Renewal {
    /// From now on whoever holds this is asked to take up changes.
    #[must_use]
    pub fn hear(&self) -> mpsc::Receiver<TakeUp> {
        let (sender, receiver) = mpsc::channel(1);
        *self.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// Nobody else changes the file as long as this is kept.
    pub(super) async fn alone(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Has what the file says taken up.
    pub(super) async fn take_up(&self) -> TakenUp {
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (sender, answer) = oneshot::channel();
        let Some(worker) = worker else { return TakenUp::AtNextStart };
        if worker.send(sender).await.is_err() {
            return TakenUp::AtNextStart;
        }
        match answer.await {
            Ok(true) => TakenUp::Now,
            Ok(false) => TakenUp::NotYet,
            Err(_) => TakenUp::AtNextStart,
        }
    }
}

impl SettingsFile {
    /// A file that says this as a program starts by it.
    #[must_use]
    pub fn at_start(
        path: PathBuf,
        environment: Vec<(String, String)>,
        text: String,
        since: Moment,
    ) -> Self {
        let (renewal, at_start) = (Renewal::default(), text.clone());
        Self { path, environment, text, since, renewal, at_start }
    }

    /// The same as it is in force from now on.
    #[must_use]
    pub fn taken_up(&self, text: String, since: Moment) -> Self {
        Self { text, since, ..self.clone() }
    }

    /// The tables of a configuration that say something else than they did at the start, and hold from the next one on.
    pub(super) fn at_next_start(&self, now: &Config) -> Result<Vec<&'static str>, ConfigError> {
        let then = self.config(&self.at_start)?;
        let tables = [
            ("[store]", then.store == now.store),
            ("[http]", then.http == now.http),
            ("[web]", then.web == now.web),
        ];
        Ok(tables.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect())
    }

    /// What stands in it now.
    pub fn read(&self) -> io::Result<String> {
        if fs::metadata(&self.path)?.len() > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        fs::read_to_string(&self.path)
    }

    /// What a text says, the environment laid over it.
    pub fn config(&self, text: &str) -> Result<Config, ConfigError> {
        Config::read(&self.name(), text, self.environment.iter().cloned())
    }

    /// As errors name it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Writes both the former text and the new one beside the file, with its rights and its owner.
    pub(super) fn prepare(&self, old: &str, new: &str) -> io::Result<FilePart> {
        // A link stays one: what it leads to is replaced.
        let place = fs::canonicalize(&self.path)?;
        // Who may not write the file may not replace it either, whatever its folder allows.
        OpenOptions::new().write(true).open(&place)?;
        let mut before = place.clone().into_os_string();
        before.push(BEFORE);
        FilePart::of(&place, Path::new(&before), old)?.put("former_settings")?;
        FilePart::of(&place, &place, new)
    }
}

/// A finished text beside the file whose place it will take; gone where it takes it not.
pub(super) struct FilePart {
    part: PathBuf,
    place: PathBuf,
}

impl FilePart {
    /// A text for this place, as readable as `like` is and whose it is.
    fn of(like: &Path, place: &Path, text: &str) -> io::Result<Self> {
        let written = Self { part: private_file::part_beside(place), place: place.to_owned() };
        let part = &written.part;
        private_file::write(part, text.as_bytes())?;
        let (like, own) = (fs::metadata(like)?, fs::metadata(part)?);
        if (like.uid(), like.gid()) != (own.uid(), own.gid()) {
            chown(part, Some(like.uid()), Some(like.gid()))?;
        }
        fs::set_permissions(part, fs::Permissions::from_mode(like.mode()))?;
        Ok(written)
    }

    /// Gives it its name; `what` names the points at which a test lets it die.
    pub(super) fn put(self, what: &str) -> io::Result<()> {
        match private_file::put(&self.part, &self.place, Over::Whatever, what) {
            Err(NotPut::Unnamed(error)) => Err(error),
            Err(NotPut::Unconfirmed(error)) => {
                tracing::warn!(%error, "A power cut could still take the new settings away.");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

impl Drop for FilePart {
    fn drop(&mut self) {
        // With the name of its place it has this one no more.
        let _ = fs::remove_file(&self.part);
    }
}

/// Tells one text from another; no secret and no proof.
pub(super) fn version(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_takes_no_place_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("chappe.toml");
        fs::write(&place, "former").unwrap();
        let names = || fs::read_dir(folder.path()).unwrap().count();
        let part = FilePart::of(&place, &place, "new").unwrap();
        assert_eq!(names(), 2);
        drop(part);
        assert_eq!((names(), fs::read_to_string(&place).unwrap()), (1, "former".to_owned()));
        FilePart::of(&place, &place, "new").unwrap().put("settings").unwrap();
        assert_eq!((names(), fs::read_to_string(&place).unwrap()), (1, "new".to_owned()));
    }
}
