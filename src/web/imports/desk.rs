//! What this machine has read of the files that wait: in memory alone, and read again where it is not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::fault::Explained;
use super::super::refusals::told_of_import;
use crate::clock::Moment;
use crate::directory::Changes;
use crate::how_far::HowFar;
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
    /// It is being applied, so far.
    Applying(HowFar),
    /// It is applied.
    Applied(Changes),
}

impl ImportDesk {
    /// How far a set of files is, as far as this machine knows.
    pub(super) fn bench(&self, upload: Id<KeptUpload>) -> Option<Bench> {
        self.locked().clone().filter(|bench| bench.upload == upload)
    }

    /// The same; files of which nothing is known are read. Two who look at the same moment read them once.
    pub(super) fn bench_or_read(&self, school: Arc<School>, upload: KeptUpload) -> Bench {
        let (bench, is_new) = self.found_or_entered(upload.id, school.clock.now());
        if is_new {
            self.begin(school, upload, bench.reading);
        }
        bench
    }

    /// Reads files anew: something was said of them, or of the directory. What is being applied meanwhile goes on.
    pub(super) fn read(&self, school: Arc<School>, upload: KeptUpload) {
        let entered = self.entered_unless_applied(upload.id, school.clock.now());
        if let Some(bench) = entered {
            self.begin(school, upload, bench.reading);
        }
    }

    fn begin(&self, school: Arc<School>, upload: KeptUpload, reading: Id<Bench>) {
        let desk = self.clone();
        tokio::spawn(async move {
            let tell = |step| {
                desk.put(reading, ImportStage::AtWork(step));
            };
            let came = office::propose_upload(&school, &upload, tell).await;
            desk.ended(&school, (upload.id, reading), came).await;
            drop(school);
            tokio::time::sleep(KEPT_FOR).await;
            desk.expire(reading);
        });
    }

    fn found_or_entered(&self, upload: Id<KeptUpload>, now: Moment) -> (Bench, bool) {
        let mut at = self.locked();
        match &*at {
            Some(bench) if bench.upload == upload => (bench.clone(), false),
            _ => (at.insert(Bench::entered(upload, now, None)).clone(), true),
        }
    }

    fn entered_unless_applied(&self, upload: Id<KeptUpload>, now: Moment) -> Option<Bench> {
        let mut at = self.locked();
        let is_applied = |it: &Bench| it.upload == upload && it.is_applied();
        if at.as_ref().is_some_and(is_applied) {
            return None;
        }
        Some(at.insert(Bench::entered(upload, now, None)).clone())
    }

    /// Another reading in the place of this one, which came to nothing.
    fn entered_again(&self, reading: Id<Bench>, now: Moment, why: NotDone) -> Option<Bench> {
        let mut at = self.locked();
        let upload = at.as_ref().filter(|it| it.reading == reading)?.upload;
        Some(at.insert(Bench::entered(upload, now, Some(why))).clone())
    }

    async fn ended(
        &self,
        school: &School,
        (upload, reading): (Id<KeptUpload>, Id<Bench>),
        came: Result<Proposal, ImportError>,
    ) {
        let error = match came {
            Ok(proposal) => {
                self.put(reading, ImportStage::Read(Arc::new(proposal)));
                return;
            }
            // They are read again when somebody looks.
            Err(ImportError::Store(error)) => {
                tracing::warn!(%error, "Files could not be compared with the directory.");
                return self.forget(reading);
            }
            Err(error) => error,
        };
        let is_of_columns = error.is_of_columns();
        // Whoever said something of them meanwhile has them read again: only that reading may refuse them.
        if !is_of_columns
            && self.is_current(reading)
            && let Err(error) = office::abandon_upload(school, upload).await
        {
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
        let far = HowFar::default();
        let Some((proposal, reading)) = self.take(upload.id, reading, &far) else { return false };
        let desk = self.clone();
        tokio::spawn(async move {
            let done = office::apply_upload(&school, by, upload.id, &proposal, sure, far).await;
            match done {
                Ok(()) => {
                    desk.put(reading, ImportStage::Applied(proposal.diff.changes));
                }
                // They are read again, and looked at again.
                Err(UploadRefusal::Stale) => {
                    let again = desk.entered_again(reading, school.clock.now(), NotDone::Stale);
                    if let Some(bench) = again {
                        desk.begin(school, upload, bench.reading);
                    }
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
    fn take(
        &self,
        upload: Id<KeptUpload>,
        reading: &str,
        far: &HowFar,
    ) -> Option<(Arc<Proposal>, Id<Bench>)> {
        let mut bench = self.locked();
        let bench = bench.as_mut().filter(|it| it.upload == upload)?;
        let ImportStage::Read(proposal) = &bench.stage else { return None };
        if bench.reading.to_string() != reading {
            return None;
        }
        let proposal = Arc::clone(proposal);
        (bench.stage, bench.notice) = (ImportStage::Applying(far.clone()), None);
        Some((proposal, bench.reading))
    }

    /// Says how far a reading is; `false` where another one has taken its place.
    fn put(&self, reading: Id<Bench>, stage: ImportStage) -> bool {
        let mut at = self.locked();
        let bench = at.as_mut().filter(|it| it.reading == reading);
        bench.is_some_and(|bench| {
            bench.stage = stage;
            true
        })
    }

    fn note(&self, reading: Id<Bench>, notice: NotDone) {
        if let Some(bench) = self.locked().as_mut().filter(|it| it.reading == reading) {
            bench.notice = Some(notice);
        }
    }

    fn is_current(&self, reading: Id<Bench>) -> bool {
        self.locked().as_ref().is_some_and(|it| it.reading == reading)
    }

    /// Forgets a reading; the memory of a large one is given back.
    pub(super) fn forget(&self, reading: Id<Bench>) {
        self.locked().take_if(|it| it.reading == reading);
    }

    /// Forgets a reading that nobody does anything with.
    fn expire(&self, reading: Id<Bench>) {
        self.locked().take_if(|it| it.reading == reading && !it.is_applied());
    }

    fn locked(&self) -> MutexGuard<'_, Option<Bench>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bench {
    fn entered(upload: Id<KeptUpload>, since: Moment, notice: Option<NotDone>) -> Self {
        let stage = ImportStage::AtWork(ImportStep::Reading(HowFar::default()));
        Self { upload, reading: Id::new(since), since, stage, notice }
    }

    /// Whether somebody applied it: it goes on, or is done.
    pub(super) const fn is_applied(&self) -> bool {
        matches!(self.stage, ImportStage::Applying(_) | ImportStage::Applied(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_700_000_000_000);

    fn upload() -> Id<KeptUpload> {
        Id::new(NOW)
    }

    #[test]
    fn two_who_look_at_the_same_moment_read_the_files_once() {
        let (desk, upload) = (ImportDesk::default(), upload());
        let (first, is_new) = desk.found_or_entered(upload, NOW);
        let (second, is_new_too) = desk.found_or_entered(upload, NOW);
        assert!(is_new && !is_new_too);
        assert_eq!(first.reading, second.reading);
        assert!(desk.found_or_entered(self::upload(), NOW).1, "other files are read");
    }

    #[test]
    fn a_reading_in_whose_place_another_came_says_nothing_any_more() {
        let (desk, upload) = (ImportDesk::default(), upload());
        let (first, _) = desk.found_or_entered(upload, NOW);
        let second = desk.entered_unless_applied(upload, NOW).unwrap();
        assert!(!desk.is_current(first.reading) && desk.is_current(second.reading));
        assert!(!desk.put(first.reading, ImportStage::Applying(HowFar::default())));
        desk.forget(first.reading);
        assert!(desk.entered_again(first.reading, NOW, NotDone::Stale).is_none());
        assert!(desk.is_current(second.reading));
    }

    #[test]
    fn what_is_being_applied_is_neither_read_again_nor_forgotten() {
        let (desk, upload) = (ImportDesk::default(), upload());
        let (bench, _) = desk.found_or_entered(upload, NOW);
        assert!(desk.put(bench.reading, ImportStage::Applying(HowFar::default())));
        assert!(desk.entered_unless_applied(upload, NOW).is_none());
        desk.expire(bench.reading);
        assert!(desk.is_current(bench.reading));
        desk.put(bench.reading, ImportStage::AtWork(ImportStep::Comparing));
        desk.expire(bench.reading);
        assert!(!desk.is_current(bench.reading));
    }
}
