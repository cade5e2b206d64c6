//! What goes behind letters: the documents that were left for a week, for each pupil whom a letter is about. Whoever
//! must not hear of a pupil has a letter that is not about them, and none of their documents.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::Moment;
use crate::delivery::About;
use crate::message::{StandingDocument, Week, WorkOn, WorkPage, subject_key};
use crate::people::{ForWhom, MeantFor, PupilKey, SchoolId};
use crate::private_file;
use crate::queue::Queue;
use crate::render::letters::{JobDocument, PageCode, PartDocument, PupilPart, Sides};
use crate::store::documents::{self, KeptDocument};
use crate::store::timetables::{self, SubjectOrder};
use crate::store::{StoreError, Tx, pupils, works};

/// The documents of some weeks, and in which groups pupils are.
#[derive(Clone)]
pub struct LeftDocuments {
    school: SchoolId,
    documents: Vec<KeptDocument>,
    /// The timetables that hold in these weeks.
    timetables: BTreeMap<Week, Vec<SubjectOrder>>,
    groups: HashMap<PupilKey, Vec<String>>,
    /// Those that go behind a letter, in the order of the job.
    used: Vec<KeptDocument>,
    /// The works that are asked back: whose, on which document, and the number once there is one.
    works: BTreeMap<(PupilKey, u32), u32>,
}

impl LeftDocuments {
    /// What was left for these weeks.
    pub fn read(
        tx: &Tx<'_>,
        school: &SchoolId,
        weeks: &BTreeSet<Week>,
    ) -> Result<Self, StoreError> {
        let (mut documents, mut timetables) = (Vec::new(), BTreeMap::new());
        for week in weeks {
            documents.extend(documents::of_week(tx, school, Some(*week))?);
            timetables.insert(*week, timetables::in_week(tx, school, *week)?);
        }
        let of_timetables = timetables.values().flatten().map(|it| &it.meant_for);
        let mut meant_for = documents.iter().map(|it| &it.meant_for).chain(of_timetables);
        let groups = if meant_for.any(|it| matches!(it, MeantFor::Group(_))) {
            pupils::all(tx, school)?.into_iter().map(|it| (it.key, it.groups)).collect()
        } else {
            HashMap::new()
        };
        let (used, works) = (Vec::new(), BTreeMap::new());
        Ok(Self { school: school.clone(), documents, timetables, groups, used, works })
    }

    pub(super) async fn for_weeks(
        queue: &Queue,
        weeks: BTreeSet<Week>,
    ) -> Result<Self, StoreError> {
        let school = queue.school().clone();
        queue.store().read(move |tx| Self::read(tx, &school, &weeks)).await
    }

    /// The sheets of paper that go behind a letter about these pupils: each document begins one.
    #[must_use]
    pub fn sheets(&self, week: Week, about: &[About], sides: Sides) -> usize {
        let documents = about.iter().flat_map(|it| self.documents_for(week, it));
        let sheets = documents.map(|it| {
            let is_copied = it.asked_back.is_some_and(|it| it.on == WorkOn::Sheet);
            sides.sheets(it.pages) + if is_copied { sides.sheets(work_pages(it)) } else { 0 }
        });
        sheets.sum()
    }

    /// What goes behind letters so far, as they list it, without its pages.
    #[must_use]
    pub fn listed(&self) -> Vec<JobDocument> {
        self.used.iter().map(|it| listed(it, PathBuf::new())).collect()
    }

    /// Numbers the works that letters about these pupils ask back, the same as ever: each page of them will bear its code.
    pub(super) async fn number_works(
        &mut self,
        queue: &Queue,
        letters: &[(Week, &[About])],
        now: Moment,
    ) -> Result<(), StoreError> {
        let mut asked = BTreeSet::new();
        for (week, about) in letters {
            for one in *about {
                let Some(pupil) = &one.pupil else { continue };
                let own = self.documents_for(*week, one);
                let own = own.into_iter().filter(|it| it.asked_back.is_some());
                asked.extend(own.map(|it| (pupil.clone(), it.number)));
            }
        }
        if asked.is_empty() {
            return Ok(());
        }
        let school = queue.school().clone();
        let number = move |tx: &Tx<'_>| {
            works::lock(tx, &school)?;
            let mut numbers = BTreeMap::new();
            let documents: BTreeSet<u32> = asked.iter().map(|(_, document)| *document).collect();
            for document in documents {
                let known = works::of_document(tx, &school, document)?;
                numbers.extend(known.into_iter().map(|it| ((it.pupil, document), it.number)));
            }
            for (pupil, document) in &asked {
                if let Entry::Vacant(unknown) = numbers.entry((pupil.clone(), *document)) {
                    let drawn = (fastrand::u32(..), now);
                    unknown.insert(works::number(tx, &school, (*document, pupil), drawn)?);
                }
            }
            Ok(numbers)
        };
        self.works = queue.store().write(number).await?;
        Ok(())
    }

    /// What goes behind a letter about these pupils: a part for each.
    pub fn parts(&mut self, week: Week, about: &[About]) -> Vec<PupilPart> {
        about.iter().map(|it| self.part(week, it)).collect()
    }

    fn part(&mut self, week: Week, about: &About) -> PupilPart {
        let own: Vec<KeptDocument> = self.documents_for(week, about).into_iter().cloned().collect();
        let part = own.into_iter().map(|document| {
            let work = about.pupil.clone().and_then(|it| self.works.get(&(it, document.number)));
            let codes = work.map(|work| codes(&self.school, &document, *work)).unwrap_or_default();
            let known = self.used.iter().position(|it| it.number == document.number);
            let place = known.unwrap_or(self.used.len());
            if known.is_none() {
                self.used.push(document);
            }
            PartDocument { place, codes }
        });
        PupilPart { pupil: about.with_class(), documents: part.collect() }
    }

    fn documents_for(&self, week: Week, about: &About) -> Vec<&KeptDocument> {
        let groups = about.pupil.as_ref().and_then(|key| self.groups.get(key));
        let whom = ForWhom {
            pupil: about.pupil.as_ref(),
            class: about.class.as_deref(),
            level: about.level.as_deref(),
            groups: groups.map(Vec::as_slice).unwrap_or_default(),
        };
        let is_theirs = |it: &&KeptDocument| it.week == week && it.meant_for.has(whom);
        let mut theirs: Vec<&KeptDocument> = self.documents.iter().filter(is_theirs).collect();
        let orders = self.timetables.get(&week).into_iter().flatten();
        let own = orders.filter(|it| it.meant_for.has(whom)).flat_map(|it| &it.subjects);
        let subjects: Vec<String> = own.map(|it| subject_key(it)).collect();
        theirs.sort_by_cached_key(|it| order(it, &subjects));
        theirs
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
    let KeptDocument { subject, title, pages, asked_back, .. } = document.clone();
    JobDocument { file, subject, title, pages, asked_back }
}

/// How many pages of the work on a document bear a code; none where it is not asked back.
fn work_pages(document: &KeptDocument) -> usize {
    document.asked_back.map_or(0, |asked| asked.on.pages(document.pages))
}

/// The codes of the pages of a work.
fn codes(school: &SchoolId, document: &KeptDocument, work: u32) -> Vec<PageCode> {
    let pages = (1..=work_pages(document)).map(|page| WorkPage { work, page });
    let code = |it: WorkPage| PageCode { coded: it.coded(school), printed: it.to_string() };
    pages.map(code).collect()
}

/// What a letter about these pupils would list as behind it, without its pages: for whoever looks at it before.
pub async fn listed_behind(
    queue: &Queue,
    week: Week,
    about: &[About],
) -> Result<(Vec<PupilPart>, Vec<JobDocument>), StoreError> {
    let mut left = LeftDocuments::for_weeks(queue, BTreeSet::from([week])).await?;
    let parts = left.parts(week, about);
    Ok((parts, left.listed()))
}

/// Whether some document of a week is for one of these pupils.
pub async fn is_anything_left(
    queue: &Queue,
    week: Week,
    about: &[About],
) -> Result<bool, StoreError> {
    let left = LeftDocuments::for_weeks(queue, BTreeSet::from([week])).await?;
    Ok(about.iter().any(|it| !left.documents_for(week, it).is_empty()))
}

/// The cahier de textes and the timetable before all; then by subject, as the timetable has them, the others behind those,
/// and by title; then what has no subject, and last what is for one pupil alone.
fn order<'a>(document: &'a KeptDocument, subjects: &[String]) -> impl Ord + use<'a> {
    let KeptDocument { meant_for, subject, title, .. } = document;
    let key = subject_key(subject);
    let place = subjects.iter().position(|it| *it == key);
    (
        StandingDocument::called(title).map_or((1, None), |it| (0, Some(it))),
        matches!(meant_for, MeantFor::Pupil(_)),
        place.unwrap_or(subjects.len()),
        subject.is_empty(),
        subject.as_str(),
        title.as_str(),
    )
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
