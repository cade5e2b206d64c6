//! Documents that teachers leave for their pupils, to be printed behind the letters of a week. Each lies in a folder
//! that says for whom: `6A/maths/fractions.pdf`.

mod diary;
mod fitting;
mod given;
mod place;
mod refusal;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use serde::Serialize;

use fitting::{FitDocument, all_fit};
pub use given::GivenDocument;
use given::{UnpackedFile, unpacked};
pub use place::PlaceFault;
use place::{NameMark, PlacedDocument, PlacedFile, place, says_for_whom};
pub(super) use place::{is_within, meant_for};
pub use refusal::{DocumentFault, DocumentsRefusal, MOST_DOCUMENTS};

use super::incoming::{self, IncomingFiles};
use super::{School, uploads};
use crate::audience::Roll;
use crate::id::Id;
use crate::message::{AskedBack, Week, WorkOn};
use crate::people::{Act, Actor, By, MeantFor, SchoolId, Whom};
use crate::render::documents::{FitError, FitPdf, Fitter, SheetShape};
use crate::store::documents::{self, KeptDocument};
use crate::store::{StoreError, Tx, journal, pupils, timetables, works};

/// After which nobody brings in any more what is on its way.
const FORGOTTEN: Duration = Duration::from_hours(24);
/// The folder of those on their way in.
const COMING_IN: &str = "documents";

/// Documents, with the week that they are for.
#[derive(Debug, Clone)]
pub struct DocumentsGiven {
    /// The week.
    pub week: Week,
    /// The pupils of whoever leaves them, who may leave something for these alone.
    pub whom: Whom,
    /// What is asked back, and by when.
    pub back: GivenBack,
    /// What is given.
    pub files: Vec<GivenDocument>,
}

/// What is asked back of documents that are given together.
#[derive(Debug, Clone, Copy, Default)]
pub struct GivenBack {
    /// On what the work is done, of those whose names do not say so.
    pub on: Option<WorkOn>,
    /// The last day for it, where there is one.
    pub by: Option<Date>,
}

/// Files that came in, all for the same pupils.
#[derive(Debug)]
pub struct IncomingDocuments {
    /// The week.
    pub week: Week,
    /// The pupils of whoever leaves them, who may leave something for these alone.
    pub whom: Whom,
    /// For whom, as a folder says it: `6A`, `6e`, `DURAND Zoé`; empty where the folders in archives say so.
    pub folder: String,
    /// What they are about; may be empty.
    pub subject: String,
    /// What is asked back, and by when.
    pub back: GivenBack,
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
    /// Lines of diaries and timetables that are of other weeks, or of other classes, and were left out.
    pub lines_left_out: usize,
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
    /// Whether the work on it is asked back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_back: Option<AskedBack>,
    /// Who left it.
    pub left_by: String,
}

impl std::fmt::Debug for DocumentShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentShown({}, {} pages)", self.number, self.pages)
    }
}

/// Documents that can be kept, for a week.
pub(super) struct FitDocuments {
    week: Week,
    all: Vec<FitDocument>,
}

/// Keeps documents, all or none of them; in the place of a ZIP, what it holds. `progress` hears how many of how many were
/// looked at.
pub async fn leave_documents(
    school: &School,
    actor: Actor,
    given: DocumentsGiven,
    progress: impl FnMut(usize, usize),
) -> Result<DocumentsLeft, DocumentsRefusal> {
    let fit = fit_documents(school, given, progress).await?;
    let (of, by, left) = (school.queue.school().clone(), school.by(actor), fit.left());
    let twice = school.store().write(move |tx| fit.keep(tx, &of, &by)).await?;
    if twice.is_empty() { Ok(left) } else { Err(DocumentsRefusal::Refused(twice)) }
}

/// Looks at documents, all of which can be kept or none is.
async fn fit_documents(
    school: &School,
    given: DocumentsGiven,
    progress: impl FnMut(usize, usize),
) -> Result<FitDocuments, DocumentsRefusal> {
    let DocumentsGiven { week, whom, back, files } = given;
    // What comes out of archives goes with this, at the end.
    let unpacked = unpacked(files, (coming_in(school), new_id(school))).await?;
    match unpacked.files.len() {
        0 => return Err(DocumentsRefusal::Nothing),
        many if many > MOST_DOCUMENTS => return Err(DocumentsRefusal::TooMany),
        _ => {}
    }
    let placed = all_placed(school, &unpacked.files, (&whom, back)).await?;
    let all = all_fit(school, week, (placed, &unpacked.files), progress).await?;
    Ok(FitDocuments { week, all })
}

/// A document as a booklet of A5 by itself: sheets of A4 that lie, printed on both sides and turned on their short edge.
pub async fn booklet(school: &School, file: &Path) -> Result<FitPdf, DocumentsRefusal> {
    let fitter = Fitter::new(school.program.clone(), school.letters_folder());
    let named = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    fitter.fit_as(file, SheetShape::Booklet).await.map_err(|error| match error {
        FitError::Unfit(why) => DocumentsRefusal::Refused(vec![(named, why.into())]),
        error => DocumentsRefusal::Unread(error),
    })
}

/// Begins to take documents in.
pub fn begin_documents(school: &School) -> Result<IncomingFiles, DocumentsRefusal> {
    Ok(IncomingFiles::begin(coming_in(school), &new_id(school))?)
}

/// Removes what was left of documents on their way in when the program died.
pub fn sweep_documents(school: &School) {
    incoming::sweep::<IncomingDocuments>(&coming_in(school), school.clock.now() - FORGOTTEN);
}

fn coming_in(school: &School) -> PathBuf {
    uploads::folder(school).join(COMING_IN)
}

fn new_id(school: &School) -> String {
    Id::<IncomingDocuments>::new(school.clock.now()).to_string()
}

/// Keeps documents that came in, all or none of them.
pub async fn leave_incoming(
    school: &School,
    actor: Actor,
    incoming: IncomingDocuments,
) -> Result<DocumentsLeft, DocumentsRefusal> {
    let (given, files) = incoming.given();
    // The files go with the set, once they are looked at.
    let left = leave_documents(school, actor, given, |_, _| {}).await;
    drop(files);
    left
}

/// Looks at documents that came in, all of which can be kept or none is.
pub(super) async fn fit_incoming(
    school: &School,
    incoming: IncomingDocuments,
) -> Result<FitDocuments, DocumentsRefusal> {
    let (given, files) = incoming.given();
    let fit = fit_documents(school, given, |_, _| {}).await;
    drop(files);
    fit
}

impl IncomingDocuments {
    /// Each as a file in its folder, and the set with which they go.
    fn given(self) -> (DocumentsGiven, IncomingFiles) {
        let Self { week, whom, folder, subject, back, files } = self;
        // Where no folder is named, those in the archives that are given say for whom, and about what.
        let named = if folder.is_empty() { Vec::new() } else { vec![folder, subject] };
        let folders: Vec<String> = named.into_iter().filter(|it| !it.trim().is_empty()).collect();
        let given = files.names().iter().enumerate().map(|(at, name)| GivenDocument {
            place: folders.iter().chain([name]).cloned().collect(),
            file: incoming::place(files.folder(), at),
        });
        (DocumentsGiven { week, whom, back, files: given.collect() }, files)
    }
}

/// For whom each is, and what it is called; refused whole where one cannot be read, or two are called the same.
async fn all_placed(
    school: &School,
    files: &[UnpackedFile],
    (whom, back): (&Whom, GivenBack),
) -> Result<Vec<PlacedFile>, DocumentsRefusal> {
    let roll = Roll::load(school.store(), school.queue.school()).await?;
    let (mut all, mut refused) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for file in files {
        let document = &file.given;
        let says_itself = |folder: &String| says_for_whom(&roll, school.today(), folder);
        if file.folder_under_a_choice().is_some_and(says_itself) {
            refused.push((document.named(), DocumentFault::ToldTwice));
            continue;
        }
        match placed(&roll, school.today(), (whom, back), document) {
            Ok(file) if names.insert(file.placed.clone()) => all.push(file),
            Ok(_) => refused.push((document.named(), DocumentFault::Twice)),
            Err(why) => refused.push((document.named(), why.into())),
        }
    }
    if refused.is_empty() { Ok(all) } else { Err(DocumentsRefusal::Refused(refused)) }
}

/// For whom one is, what it is called, and what it becomes.
fn placed(
    roll: &Roll,
    today: Date,
    (whom, back): (&Whom, GivenBack),
    document: &GivenDocument,
) -> Result<PlacedFile, PlaceFault> {
    let (mut placed, mark) = place(roll, today, whom, &document.place)?;
    let (on, shape) = match mark {
        Some(NameMark::AskedBack(on)) => (Some(on), SheetShape::Pages),
        // A booklet has no margin for a code.
        Some(NameMark::Booklet) => (None, SheetShape::BookletAmongPages),
        None => (back.on, SheetShape::Pages),
    };
    let standing = document.standing();
    if let Some(standing) = standing {
        standing.title().clone_into(&mut placed.title);
    }
    // A diary says of each work by itself when it is due, and does not come back.
    let on = on.filter(|_| standing.is_none());
    Ok(PlacedFile {
        placed,
        asked_back: on.map(|on| AskedBack { on, by: back.by }),
        shape,
        standing,
    })
}

impl FitDocuments {
    /// What is kept with them.
    pub(super) fn left(&self) -> DocumentsLeft {
        DocumentsLeft {
            week: self.week,
            documents: self.all.len(),
            pages: self.all.iter().map(|it| it.pdf.pages).sum(),
            lines_left_out: self.all.iter().map(|it| it.lines_left_out).sum(),
        }
    }

    /// Writes them all, or none where one of a name is there: those, and why.
    pub(super) fn keep(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        by: &By,
    ) -> Result<Vec<(String, DocumentFault)>, StoreError> {
        let week = self.week;
        let mut kept_all = Vec::new();
        let mut twice = Vec::new();
        for FitDocument { named, placed, asked_back, pdf, .. } in &self.all {
            let PlacedDocument { meant_for, subject, title } = placed.clone();
            let (number, pages, left) = (0, pdf.pages, by.clone());
            let asked_back = *asked_back;
            let kept =
                KeptDocument { number, week, meant_for, subject, title, pages, asked_back, left };
            if documents::is_there(tx, school, &kept)? {
                twice.push((named.clone(), DocumentFault::Twice));
            }
            kept_all.push(kept);
        }
        if !twice.is_empty() {
            return Ok(twice);
        }
        for (kept, fit) in kept_all.iter().zip(&self.all) {
            let number = documents::insert(tx, school, kept, &fit.pdf.pdf)?;
            timetables::insert(tx, school, number, &fit.subjects)?;
        }
        journal::note(tx, school, by, Act::LeaveDocuments, &week.to_string())?;
        Ok(twice)
    }
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
        let KeptDocument { number, week, meant_for, subject, title, pages, asked_back, .. } = kept;
        Self { number, week, meant_for, pupil, subject, title, pages, asked_back, left_by }
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
        if !unknown.is_empty() {
            return Ok(Err(DocumentsRefusal::NoSuch(unknown)));
        }
        let mut asked_back = Vec::new();
        for number in &numbers {
            if works::is_asked(tx, &of, *number)? {
                asked_back.push(*number);
            }
        }
        if !asked_back.is_empty() {
            return Ok(Err(DocumentsRefusal::AskedBack(asked_back)));
        }
        for number in &numbers {
            documents::remove(tx, &of, *number)?;
            journal::note(tx, &of, &by, Act::RemoveDocument, &number.to_string())?;
        }
        Ok(Ok(()))
    };
    school.store().write(write).await?
}
