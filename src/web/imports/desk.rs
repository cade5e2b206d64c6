//! What this machine has read of the files that wait: in memory alone, and read again where it is not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::fault::Explained;
use super::super::refusals::told_of_import;
use crate::clock::Moment;
use crate::directory::Changes;
use crate::id::Id;
use crate::office::{self, ImportError, ImportStep, Proposal, School, Sure, UploadRefusal};
use crate::people::Actor;
use crate::store::uploads::KeptUpload;

/// How long what was read is kept in memory.
const KEPT_FOR: Duration = Duration::from_hours(1);

/// The files that were given last; clones share them.
#[derive(Clone, Default)]
pub(crate) struct ImportDesk(Arc<Mutex<Option<Bench>>>);

/// One set of files, as far as it is.
#[derive(Clone)]
pub(super) struct Bench {
    pub(super) upload: Id<KeptUpload>,
    /// Which reading of them: what was looked at is what is applied.
    pub(super) reading: Id<Bench>,
    /// Since when.
    pub(super) since: Moment,
    pub(super) stage: ImportStage,
    /// Why it is not applied yet, though somebody asked for it.
    pub(super) notice: Option<NotDone>,
}

/// Why what was asked for was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotDone {
    /// The directory was changed meanwhile.
    Stale,
    /// The database did not take it.
    Failed,
}

/// How far a set of files is.
#[derive(Clone)]
pub(super) enum ImportStage {
    /// They are read, or compared.
    AtWork(ImportStep),
    /// What they change.
    Read(Arc<Proposal>),
    /// They are refused: why, and whether it helps to say what their columns are.
    Refused(Explained, bool),
    /// It is being applied.
    Applying,
    /// It is applied.
    Applied(Changes),
}

impl ImportDesk {
    /// How far a set of files is, as far as this machine knows.
    pub(super) fn bench(&self, upload: Id<KeptUpload>) -> Option<Bench> {
        self.locked().clone().filter(|bench| bench.upload == upload)
    }

    /// Reads files, anew where they were read before: something may have been said of them, or of the directory.
    pub(super) fn read(
        &self,
        school: Arc<School>,
        upload: KeptUpload,
        notice: Option<NotDone>,
    ) -> Bench {
        let since = school.clock.now();
        let (reading, stage) = (Id::new(since), ImportStage::AtWork(ImportStep::Reading));
        let bench = Bench { upload: upload.id, reading, since, stage, notice };
        *self.locked() = Some(bench.clone());
        let desk = self.clone();
        tokio::spawn(async move {
            let tell = |step| desk.put(reading, ImportStage::AtWork(step));
            let came = office::propose_upload(&school, &upload, tell).await;
            desk.ended(&school, (upload.id, reading), came).await;
            drop(school);
            tokio::time::sleep(KEPT_FOR).await;
            desk.forget(reading);
        });
        bench
    }

    async fn ended(
        &self,
        school: &School,
        (upload, reading): (Id<KeptUpload>, Id<Bench>),
        came: Result<Proposal, ImportError>,
    ) {
        let error = match came {
            Ok(proposal) => return self.put(reading, ImportStage::Read(Arc::new(proposal))),
            // They are read again when somebody looks.
            Err(ImportError::Store(error)) => {
                tracing::warn!(%error, "Files could not be compared with the directory.");
                return self.forget(reading);
            }
            Err(error) => error,
        };
        let is_of_columns = error.is_of_columns();
        if !is_of_columns && let Err(error) = office::abandon_upload(school, upload).await {
            tracing::warn!(%error, "Files that are refused could not be given up.");
        }
        self.put(reading, ImportStage::Refused(told_of_import(&error), is_of_columns));
    }

    /// Applies what was read, once, beside the pages; `false` where it is not what was looked at.
    pub(super) fn apply(
        &self,
        school: Arc<School>,
        (by, sure): (Actor, Sure),
        upload: KeptUpload,
        reading: &str,
    ) -> bool {
        let Some((proposal, reading)) = self.take(upload.id, reading) else { return false };
        let desk = self.clone();
        tokio::spawn(async move {
            let done = office::apply_upload(&school, by, upload.id, &proposal, sure).await;
            match done {
                Ok(()) => desk.put(reading, ImportStage::Applied(proposal.diff.changes)),
                // They are read again, and looked at again.
                Err(UploadRefusal::Stale) => {
                    desk.read(school, upload, Some(NotDone::Stale));
                }
                Err(UploadRefusal::Gone) => desk.forget(reading),
                Err(error) => {
                    tracing::warn!(%error, "An import could not be applied.");
                    desk.put(reading, ImportStage::Read(proposal));
                    desk.note(reading, NotDone::Failed);
                }
            }
        });
        true
    }

    /// What was read, for whoever applies it first.
    fn take(&self, upload: Id<KeptUpload>, reading: &str) -> Option<(Arc<Proposal>, Id<Bench>)> {
        let mut bench = self.locked();
        let bench = bench.as_mut().filter(|it| it.upload == upload)?;
        let ImportStage::Read(proposal) = &bench.stage else { return None };
        if bench.reading.to_string() != reading {
            return None;
        }
        let proposal = Arc::clone(proposal);
        (bench.stage, bench.notice) = (ImportStage::Applying, None);
        Some((proposal, bench.reading))
    }

    fn put(&self, reading: Id<Bench>, stage: ImportStage) {
        if let Some(bench) = self.locked().as_mut().filter(|it| it.reading == reading) {
            bench.stage = stage;
        }
    }

    fn note(&self, reading: Id<Bench>, notice: NotDone) {
        if let Some(bench) = self.locked().as_mut().filter(|it| it.reading == reading) {
            bench.notice = Some(notice);
        }
    }

    /// Forgets a reading; the memory of a large one is given back.
    pub(super) fn forget(&self, reading: Id<Bench>) {
        let mut bench = self.locked();
        if bench.as_ref().is_some_and(|it| it.reading == reading) {
            *bench = None;
        }
    }

    fn locked(&self) -> MutexGuard<'_, Option<Bench>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
