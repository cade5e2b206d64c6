//! What goes behind letters: the documents that were left for a week, for each pupil whom a letter is about. Whoever
//! must not hear of a pupil has a letter that is not about them, and none of their documents.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use crate::delivery::About;
use crate::message::Week;
use crate::people::{ForWhom, MeantFor, PupilKey};
use crate::private_file;
use crate::queue::Queue;
use crate::render::letters::{JobDocument, PupilPart};
use crate::store::documents::{self, KeptDocument};
use crate::store::{StoreError, Tx, pupils};

/// The documents of some weeks, and in which groups pupils are.
pub(super) struct LeftDocuments {
    documents: Vec<KeptDocument>,
    groups: HashMap<PupilKey, Vec<String>>,
    /// Those that go behind a letter, in the order of the job.
    used: Vec<KeptDocument>,
}

impl LeftDocuments {
    /// Reads what was left for these weeks.
    pub(super) async fn for_weeks(
        queue: &Queue,
        weeks: BTreeSet<Week>,
    ) -> Result<Self, StoreError> {
        let school = queue.school().clone();
        let read = move |tx: &Tx<'_>| {
            let mut left = Vec::new();
            for week in weeks {
                left.extend(documents::of_week(tx, &school, Some(week))?);
            }
            let is_for_a_group = |it: &KeptDocument| matches!(it.meant_for, MeantFor::Group(_));
            let groups = if left.iter().any(is_for_a_group) {
                pupils::all(tx, &school)?.into_iter().map(|it| (it.key, it.groups)).collect()
            } else {
                HashMap::new()
            };
            Ok((left, groups))
        };
        let (mut documents, groups): (Vec<KeptDocument>, _) = queue.store().read(read).await?;
        documents.sort_by(|one, other| order(one).cmp(&order(other)));
        Ok(Self { documents, groups, used: Vec::new() })
    }

    /// What goes behind a letter about these pupils: a part for each.
    pub(super) fn parts(&mut self, week: Week, about: &[About]) -> Vec<PupilPart> {
        about.iter().map(|it| self.part(week, it)).collect()
    }

    fn part(&mut self, week: Week, about: &About) -> PupilPart {
        let groups = about.pupil.as_ref().and_then(|key| self.groups.get(key));
        let whom = ForWhom {
            pupil: about.pupil.as_ref(),
            class: about.class.as_deref(),
            level: about.level.as_deref(),
            groups: groups.map(Vec::as_slice).unwrap_or_default(),
        };
        let mut places = Vec::new();
        for document in &self.documents {
            if document.week == week && document.meant_for.has(whom) {
                let known = self.used.iter().position(|it| it.number == document.number);
                places.push(known.unwrap_or(self.used.len()));
                if known.is_none() {
                    self.used.push(document.clone());
                }
            }
        }
        PupilPart { pupil: about.with_class(), documents: places }
    }

    /// Lays the pages of those that are used into a folder, for the press.
    pub(super) async fn lay(&self, queue: &Queue, folder: PathBuf) -> Result<Laid, LayError> {
        let mut laid = Laid { folder, documents: Vec::new() };
        if !self.used.is_empty() {
            std::fs::create_dir_all(&laid.folder)?;
        }
        for document in &self.used {
            let (school, number) = (queue.school().clone(), document.number);
            let pdf = queue.store().read(move |tx| documents::content(tx, &school, number)).await?;
            let file = laid.folder.join(format!("{number}.pdf"));
            private_file::write(&file, &pdf.ok_or(LayError::Gone(number))?)?;
            laid.documents.push(listed(document, file));
        }
        Ok(laid)
    }
}

fn listed(document: &KeptDocument, file: PathBuf) -> JobDocument {
    let KeptDocument { subject, title, pages, .. } = document.clone();
    JobDocument { file, subject, title, pages }
}

/// What a letter about these pupils would list as behind it, without its pages: for whoever looks at it before.
pub async fn listed_behind(
    queue: &Queue,
    week: Week,
    about: &[About],
) -> Result<(Vec<PupilPart>, Vec<JobDocument>), StoreError> {
    let mut left = LeftDocuments::for_weeks(queue, BTreeSet::from([week])).await?;
    let parts = left.parts(week, about);
    Ok((parts, left.used.iter().map(|it| listed(it, PathBuf::new())).collect()))
}

/// Whether some document of a week is for one of these pupils.
pub async fn is_anything_left(
    queue: &Queue,
    week: Week,
    about: &[About],
) -> Result<bool, StoreError> {
    let mut left = LeftDocuments::for_weeks(queue, BTreeSet::from([week])).await?;
    Ok(about.iter().any(|it| !left.part(week, it).documents.is_empty()))
}

/// By subject and title; then what has no subject, and last what is for one pupil alone.
fn order(document: &KeptDocument) -> (bool, bool, &str, &str) {
    let KeptDocument { meant_for, subject, title, .. } = document;
    (matches!(meant_for, MeantFor::Pupil(_)), subject.is_empty(), subject, title)
}

/// Documents in a folder, which goes with this.
pub(super) struct Laid {
    folder: PathBuf,
    /// In the order in which letters name them.
    pub(super) documents: Vec<JobDocument>,
}

impl Drop for Laid {
    fn drop(&mut self) {
        // Where nothing was laid there is nothing; what cannot be removed, the next print writes over.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where what goes behind the letters of a batch lies while this process prints them.
pub(super) fn beside(folder: &Path, batch: u32) -> PathBuf {
    folder.join(format!(".documents-{batch:04}-{}", std::process::id()))
}

/// Why documents cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum LayError {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The folder.
    #[error("the documents cannot be laid beside the letters: {0}")]
    Disk(#[from] io::Error),
    /// Somebody took it away meanwhile.
    #[error("document {0} was taken away meanwhile")]
    Gone(u32),
}
