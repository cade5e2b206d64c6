//! Documents that teachers leave for their pupils, to be printed behind the letters of a week. Each lies in a folder
//! that says for whom: `6A/maths/fractions.pdf`.

mod place;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use serde::Serialize;

pub use place::PlaceFault;
use place::{PlacedDocument, is_within, place};

use super::School;
use super::incoming::{self, IncomingFiles, NotIncoming};
use crate::audience::Roll;
use crate::id::Id;
use crate::message::Week;
use crate::people::{Act, Actor, MeantFor, SchoolId, Whom};
use crate::render::documents::{FitError, FitPdf, Fitter, UnfitDocument};
use crate::store::documents::{self, KeptDocument};
use crate::store::{StoreError, Tx, journal, pupils};

/// Documents that are left at once.
pub const MOST_DOCUMENTS: usize = 1_000;
/// The folder of those on their way in.
const COMING_IN: &str = "documents";

/// Documents, with the week that they are for.
#[derive(Debug, Clone)]
pub struct DocumentsGiven {
    /// The week.
    pub week: Week,
    /// The pupils of whoever leaves them, who may leave something for these alone.
    pub whom: Whom,
    /// What is given.
    pub files: Vec<GivenDocument>,
}

/// A file in its folder.
#[derive(Debug, Clone)]
pub struct GivenDocument {
    /// The folders and the name, from the one that says for whom on: `6A`, `maths`, `fractions.pdf`.
    pub place: Vec<String>,
    /// Where it lies.
    pub file: PathBuf,
}

impl GivenDocument {
    /// As whoever gave it knows it.
    fn named(&self) -> String {
        self.place.join("/")
    }
}

/// Files that came in, all for the same pupils.
#[derive(Debug)]
pub struct IncomingDocuments {
    /// The week.
    pub week: Week,
    /// The pupils of whoever leaves them, who may leave something for these alone.
    pub whom: Whom,
    /// For whom, as a folder says it: `6A`, `6e`, `DURAND Zoé`.
    pub folder: String,
    /// What they are about; may be empty.
    pub subject: String,
    /// The files.
    pub files: IncomingFiles,
}

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentsLeft {
    /// The week.
    pub week: Week,
    /// How many documents.
    pub documents: usize,
    /// How many pages they have in all.
    pub pages: usize,
}

/// A document, as lists show it. `Debug` hides what it is called.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DocumentShown {
    /// Its number.
    pub number: u32,
    /// The week that it is for.
    pub week: Week,
    /// For whom.
    pub meant_for: MeantFor,
    /// The name of the one pupil whom it is for.
    #[serde(skip)]
    pub pupil: Option<String>,
    /// What it is about; empty where nobody said.
    pub subject: String,
    /// What it is called.
    pub title: String,
    /// How many pages it has.
    pub pages: usize,
    /// Who left it.
    pub left_by: String,
}

impl std::fmt::Debug for DocumentShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentShown({}, {} pages)", self.number, self.pages)
    }
}

/// Why nothing was done with documents.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsRefusal {
    /// Nothing was given.
    #[error("there is no document; nothing was kept")]
    Nothing,
    /// More than anybody leaves at once.
    #[error("there are more than {MOST_DOCUMENTS} documents; nothing was kept")]
    TooMany,
    /// Some cannot be kept: each by its place, and why.
    #[error("{}; nothing was kept", told(.0))]
    Refused(Vec<(String, DocumentFault)>),
    /// No document has these numbers.
    #[error("there is no document {}; nothing was removed", listed(.0))]
    NoSuch(Vec<u32>),
    /// Others are on their way in.
    #[error("somebody else gives documents just now; these were not kept")]
    Coming,
    /// The folder for what comes in cannot be written.
    #[error("the documents cannot be kept: {0}")]
    Disk(#[from] io::Error),
    /// The child could not be run, or the disk failed.
    #[error("{0}; nothing was kept")]
    Unread(#[source] FitError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What is wrong with a document that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// Where it lies says for nobody, or its name cannot be printed.
    #[error("{0}")]
    Place(#[from] PlaceFault),
    /// Another is called so.
    #[error("one of this name is there already for the same pupils and week")]
    Twice,
    /// It is nothing that can be printed.
    #[error("{0}")]
    Unfit(#[from] UnfitDocument),
}

fn told(refused: &[(String, DocumentFault)]) -> String {
    let told: Vec<String> = refused.iter().map(|(named, why)| format!("{named}: {why}")).collect();
    told.join("; ")
}

fn listed(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// Keeps documents, all or none of them. `progress` hears how many of how many were looked at.
pub async fn leave_documents(
    school: &School,
    actor: Actor,
    given: DocumentsGiven,
    mut progress: impl FnMut(usize, usize),
) -> Result<DocumentsLeft, DocumentsRefusal> {
    match given.files.len() {
        0 => return Err(DocumentsRefusal::Nothing),
        many if many > MOST_DOCUMENTS => return Err(DocumentsRefusal::TooMany),
        _ => {}
    }
    let placed = all_placed(school, &given).await?;
    let (fitter, total) =
        (Fitter::new(school.program.clone(), school.letters_folder()), placed.len());
    let (mut fit, mut refused): (Vec<(PlacedDocument, FitPdf)>, _) = (Vec::new(), Vec::new());
    for ((document, given), done) in placed.into_iter().zip(&given.files).zip(1..) {
        match fitter.fit(&given.file).await {
            Ok(pdf) => fit.push((document, pdf)),
            Err(FitError::Unfit(why)) => refused.push((given.named(), why.into())),
            Err(error) => return Err(DocumentsRefusal::Unread(error)),
        }
        progress(done, total);
    }
    if !refused.is_empty() {
        return Err(DocumentsRefusal::Refused(refused));
    }
    keep(school, actor, &given, fit).await
}

/// Begins to take documents in.
pub fn begin_documents(school: &School) -> Result<IncomingFiles, DocumentsRefusal> {
    let id = Id::<IncomingDocuments>::new(school.clock.now());
    let folder = school.folder.join(&school.config.web.uploads).join(COMING_IN);
    Ok(IncomingFiles::begin(folder, &id.to_string())?)
}

/// Keeps documents that came in, all or none of them.
pub async fn leave_incoming(
    school: &School,
    actor: Actor,
    incoming: IncomingDocuments,
) -> Result<DocumentsLeft, DocumentsRefusal> {
    let IncomingDocuments { week, whom, folder, subject, files } = incoming;
    let folders = [folder, subject].into_iter().filter(|it| !it.trim().is_empty());
    let folders: Vec<String> = folders.collect();
    let given = files.names().iter().enumerate().map(|(at, name)| GivenDocument {
        place: folders.iter().chain([name]).cloned().collect(),
        file: incoming::place(files.folder(), at),
    });
    let given = DocumentsGiven { week, whom, files: given.collect() };
    // The files go with the set, once they are looked at.
    let left = leave_documents(school, actor, given, |_, _| {}).await;
    drop(files);
    left
}

/// For whom each is, and what it is called; refused whole where one cannot be read, or two are called the same.
async fn all_placed(
    school: &School,
    given: &DocumentsGiven,
) -> Result<Vec<PlacedDocument>, DocumentsRefusal> {
    let roll = Roll::load(school.store(), school.queue.school()).await?;
    let (mut all, mut refused) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for document in &given.files {
        match place(&roll, school.today(), &given.whom, &document.place) {
            Ok(placed) if names.insert(placed.clone()) => all.push(placed),
            Ok(_) => refused.push((document.named(), DocumentFault::Twice)),
            Err(why) => refused.push((document.named(), why.into())),
        }
    }
    if refused.is_empty() { Ok(all) } else { Err(DocumentsRefusal::Refused(refused)) }
}

/// Writes them all, or none where one of a name is there.
async fn keep(
    school: &School,
    actor: Actor,
    given: &DocumentsGiven,
    fit: Vec<(PlacedDocument, FitPdf)>,
) -> Result<DocumentsLeft, DocumentsRefusal> {
    let (of, by, week) = (school.queue.school().clone(), school.by(actor), given.week);
    let left = DocumentsLeft {
        week,
        documents: fit.len(),
        pages: fit.iter().map(|(_, it)| it.pages).sum(),
    };
    let names: Vec<String> = given.files.iter().map(GivenDocument::named).collect();
    let write = move |tx: &Tx<'_>| {
        let mut all = Vec::new();
        let mut twice = Vec::new();
        for ((placed, pdf), name) in fit.iter().zip(&names) {
            let PlacedDocument { meant_for, subject, title } = placed.clone();
            let (pages, left) = (pdf.pages, by.clone());
            let kept = KeptDocument { number: 0, week, meant_for, subject, title, pages, left };
            if documents::is_there(tx, &of, &kept)? {
                twice.push((name.clone(), DocumentFault::Twice));
            }
            all.push(kept);
        }
        if !twice.is_empty() {
            return Ok(twice);
        }
        for (kept, (_, pdf)) in all.iter().zip(&fit) {
            documents::insert(tx, &of, kept, &pdf.pdf)?;
        }
        journal::note(tx, &of, &by, Act::LeaveDocuments, &week.to_string())?;
        Ok(twice)
    };
    let twice = school.store().write(write).await?;
    if twice.is_empty() { Ok(left) } else { Err(DocumentsRefusal::Refused(twice)) }
}

/// What was left for a week, as far as whoever looks has to do with its pupils; for every week where none is named.
pub async fn documents(
    school: &School,
    week: Option<Week>,
    whom: Whom,
) -> Result<Vec<DocumentShown>, StoreError> {
    let of = school.queue.school().clone();
    school.store().read(move |tx| left_for(tx, &of, week, &whom)).await
}

fn left_for(
    tx: &Tx<'_>,
    school: &SchoolId,
    week: Option<Week>,
    whom: &Whom,
) -> Result<Vec<DocumentShown>, StoreError> {
    let mut found = Vec::new();
    for kept in documents::of_week(tx, school, week)? {
        let pupil = match &kept.meant_for {
            MeantFor::Pupil(key) => pupils::one(tx, school, key)?,
            _ => None,
        };
        if is_within(whom, &kept.meant_for, pupil.as_ref()) {
            found.push(DocumentShown::of(kept, pupil.map(|it| it.display_name())));
        }
    }
    Ok(found)
}

impl DocumentShown {
    fn of(kept: KeptDocument, pupil: Option<String>) -> Self {
        let left_by = kept.left.actor.name().to_owned();
        let KeptDocument { number, week, meant_for, subject, title, pages, .. } = kept;
        Self { number, week, meant_for, pupil, subject, title, pages, left_by }
    }
}

impl From<NotIncoming> for DocumentsRefusal {
    fn from(why: NotIncoming) -> Self {
        match why {
            NotIncoming::Coming => Self::Coming,
            NotIncoming::Disk(error) => Self::Disk(error),
        }
    }
}

/// Takes documents away, all or none; what was printed of them stays printed.
pub async fn remove_documents(
    school: &School,
    actor: Actor,
    whom: Whom,
    numbers: Vec<u32>,
) -> Result<(), DocumentsRefusal> {
    let (of, by) = (school.queue.school().clone(), school.by(actor));
    let write = move |tx: &Tx<'_>| {
        let there = left_for(tx, &of, None, &whom)?;
        let is_unknown = |number: &u32| there.iter().all(|it| it.number != *number);
        let unknown: Vec<u32> = numbers.iter().copied().filter(is_unknown).collect();
        if unknown.is_empty() {
            for number in &numbers {
                documents::remove(tx, &of, *number)?;
                journal::note(tx, &of, &by, Act::RemoveDocument, &number.to_string())?;
            }
        }
        Ok(unknown)
    };
    let unknown = school.store().write(write).await?;
    if unknown.is_empty() { Ok(()) } else { Err(DocumentsRefusal::NoSuch(unknown)) }
}
