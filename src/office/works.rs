//! The work of pupils that is asked back with documents: what came, what is missing, and each as a PDF for the teacher.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::School;
use super::documents::is_within;
use super::note_look::note_look;
use crate::clock::Moment;
use crate::message::{AskedBack, Week, WorkPage};
use crate::people::{Act, Actor, By, Filing, MeantFor, Pupil, PupilKey, SchoolId, Whom};
use crate::render::documents::{UnfitDocument, album};
use crate::store::documents::{self, KeptDocument};
use crate::store::{StoreError, Tx, journal, pupils, works};

/// A document of which the work is asked back. `Debug` hides what it is called.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DocumentWorks {
    /// Its number.
    pub document: u32,
    /// The week that it is for.
    pub week: Week,
    /// For whom it is.
    pub meant_for: MeantFor,
    /// What it is about; empty where nobody said.
    pub subject: String,
    /// What it is called.
    pub title: String,
    /// On what the work is done, and by when it is due.
    pub asked_back: AskedBack,
    /// What is asked back of each pupil for whom it was printed, by class and name.
    pub works: Vec<WorkStands>,
}

/// The work of a pupil, as it stands. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct WorkStands {
    /// Its number.
    pub number: u32,
    /// Whose it is: `DURAND Zoé`; empty for somebody who has left the school.
    pub pupil: String,
    /// Their class.
    pub class: Option<String>,
    /// How many pages came back.
    pub pages: usize,
    /// How many come back at the least.
    pub of: usize,
    /// When the last of them did.
    pub came_at: Option<Moment>,
    /// The mails to which some of them were attached, by their numbers in the inbox.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<u32>,
}

impl WorkStands {
    /// Whether all of it came back.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.pages >= self.of
    }
}

/// What became of a page of somebody's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkBecame {
    /// It is kept.
    Taken,
    /// This very picture was kept before.
    Known,
    /// No work has its number.
    Unmatched,
    /// There is no picture of it to keep.
    Unseen,
    /// Something else with a code of ours lies on the same picture, which would be given to whoever it is not of.
    Several,
}

/// A pupil's work as a PDF. `Debug` hides whose.
#[derive(Clone)]
pub struct WorkFile {
    /// Its name.
    pub name: String,
    /// Its class, its subject, its title: the folders in which it is laid.
    pub folders: Vec<String>,
    /// Its bytes.
    pub pdf: Vec<u8>,
}

/// Why a work is not given out.
#[derive(Debug, thiserror::Error)]
pub enum WorkRefusal {
    /// None of those with whom whoever asks has to do has this number, or nothing of it came back.
    #[error("no work that came back has the number {0}")]
    NoSuch(u32),
    /// Its pages cannot be put together.
    #[error("its pages cannot be put together: {0}")]
    Unfit(#[from] UnfitDocument),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl std::fmt::Debug for DocumentWorks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentWorks({}, {} works)", self.document, self.works.len())
    }
}

impl std::fmt::Debug for WorkStands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WorkStands({}, {} pages)", self.number, self.pages)
    }
}

impl std::fmt::Debug for WorkFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WorkFile({} bytes)", self.pdf.len())
    }
}

impl DocumentWorks {
    /// Of how many pupils all came back.
    #[must_use]
    pub fn came(&self) -> usize {
        self.works.iter().filter(|work| work.is_whole()).count()
    }
}

/// Keeps a page of somebody's work, attached to the mail of this number where it came so, in a transaction.
pub(super) fn take_in(
    (tx, school): (&Tx<'_>, &SchoolId),
    by: &By,
    (page, picture): (WorkPage, &[u8]),
    mail: Option<u32>,
) -> Result<WorkBecame, StoreError> {
    let Some((document, _)) = works::one(tx, school, page.work)? else {
        return Ok(WorkBecame::Unmatched);
    };
    let document = documents::one(tx, school, document)?;
    let asked = document.and_then(|it| Some(it.asked_back?.on.pages(it.pages)));
    if asked.is_none_or(|pages| page.page > pages) {
        return Ok(WorkBecame::Unmatched);
    }
    if !works::take_page(tx, school, (page, picture), mail, by)? {
        return Ok(WorkBecame::Known);
    }
    journal::note(tx, school, by, Act::TakeWork, &page.to_string())?;
    Ok(WorkBecame::Taken)
}

/// The documents of a week, or of all where none is named, of which the work is asked back, as far as whoever looks has
/// to do with the pupils; those that were printed for nobody have no works yet.
pub async fn works_asked_back(
    school: &School,
    actor: Actor,
    week: Option<Week>,
    whom: Whom,
) -> Result<Vec<DocumentWorks>, StoreError> {
    let id = school.queue.school().clone();
    let look = move |tx: &Tx<'_>| {
        let pupils = pupils::all(tx, &id)?.into_iter().map(|it| (it.key.clone(), it));
        let pupils: HashMap<PupilKey, Pupil> = pupils.collect();
        let mut all = Vec::new();
        for document in documents::of_week(tx, &id, week)? {
            let Some(asked_back) = document.asked_back else { continue };
            let works = works::of_document(tx, &id, document.number)?;
            let mails = works::mails(tx, &id, document.number)?;
            let least = asked_back.on.least_pages(document.pages);
            let works = standing((works, &mails), &pupils, (&whom, least));
            let alone = match &document.meant_for {
                MeantFor::Pupil(key) => pupils.get(key),
                _ => None,
            };
            if !works.is_empty() || is_within(&whom, &document.meant_for, alone) {
                all.push(DocumentWorks::of(document, asked_back, works));
            }
        }
        Ok(all)
    };
    let found = school.store().read(look).await?;
    if found.iter().any(|it| !it.works.is_empty()) {
        let about = week.map(|it| it.to_string()).unwrap_or_default();
        note_look(school, actor, Act::LookAtWorks, &about).await?;
    }
    Ok(found)
}

/// Those of some works, of so many pages at the least, that whoever looks may see, by class and name.
fn standing(
    (works, mails): (Vec<works::PupilWork>, &[(u32, u32)]),
    pupils: &HashMap<PupilKey, Pupil>,
    (whom, of): (&Whom, usize),
) -> Vec<WorkStands> {
    let mut filed = Vec::new();
    for works::PupilWork { number, pupil, pages, came_at, .. } in works {
        let pupil = pupils.get(&pupil);
        if has(whom, pupil) {
            let class = pupil.and_then(|it| it.class.clone());
            let name = pupil.map(Pupil::display_name).unwrap_or_default();
            let mails = mails.iter().filter(|(work, _)| *work == number).map(|(_, mail)| *mail);
            let mails = mails.collect();
            let stands = WorkStands { number, pupil: name, class, pages, of, came_at, mails };
            filed.push((pupil.map(Filing::of_pupil), stands));
        }
    }
    filed.sort_by(|(one, _), (other, _)| one.cmp(other));
    filed.into_iter().map(|(_, work)| work).collect()
}

/// Whoever left the school is the office's alone.
fn has(whom: &Whom, pupil: Option<&Pupil>) -> bool {
    *whom == Whom::Everybody || pupil.is_some_and(|pupil| whom.has_pupil(pupil))
}

impl DocumentWorks {
    fn of(document: KeptDocument, asked_back: AskedBack, works: Vec<WorkStands>) -> Self {
        let KeptDocument { number, week, meant_for, subject, title, .. } = document;
        Self { document: number, week, meant_for, subject, title, asked_back, works }
    }
}

/// The pages of a work that came back, as a PDF: page by page, and of each all that came.
pub async fn work_file(
    school: &School,
    actor: Actor,
    number: u32,
    whom: Whom,
) -> Result<WorkFile, WorkRefusal> {
    let id = school.queue.school().clone();
    let look = move |tx: &Tx<'_>| {
        let Some((document, key)) = works::one(tx, &id, number)? else { return Ok(None) };
        let pupil = pupils::one(tx, &id, &key)?;
        if !has(&whom, pupil.as_ref()) {
            return Ok(None);
        }
        let pictures = works::pictures(tx, &id, number)?;
        Ok(Some((pictures, pupil, documents::one(tx, &id, document)?)))
    };
    let found = school.store().read(look).await?;
    let Some((pictures, pupil, document)) = found.filter(|(pictures, ..)| !pictures.is_empty())
    else {
        return Err(WorkRefusal::NoSuch(number));
    };
    note_look(school, actor, Act::LookAtWorks, &format!("T{number}")).await?;
    let pdf = album(&pictures)?.pdf;
    let whose = pupil.as_ref().map_or_else(|| "Élève parti".to_owned(), Pupil::display_name);
    let class = pupil.and_then(|it| it.class).unwrap_or_else(|| "Sans classe".to_owned());
    let (subject, title) = document
        .map_or_else(|| (String::new(), "Document retiré".to_owned()), |it| (it.subject, it.title));
    let folders = [class, subject, title].into_iter().filter(|it| !it.is_empty()).collect();
    Ok(WorkFile { name: format!("{whose} (T{number}).pdf"), folders, pdf })
}

/// Takes a page out that was kept as somebody's and is not. `false`: no such page came back.
pub async fn take_out_page(
    school: &School,
    actor: Actor,
    page: WorkPage,
) -> Result<bool, StoreError> {
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let take_out = move |tx: &Tx<'_>| {
        let gone = works::take_out(tx, &id, page)? > 0;
        if gone {
            journal::note(tx, &id, &by, Act::TakeOutWork, &page.to_string())?;
        }
        Ok(gone)
    };
    school.store().write(take_out).await
}
