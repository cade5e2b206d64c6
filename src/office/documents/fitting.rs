//! Documents are made what is printed, one by one: pages of others are taken apart, a diary is set.

use super::super::School;
use super::diary::{GivenDiary, NotSet, SetDiary, set_diary};
use super::given::{GivenDocument, UnpackedFile};
use super::place::{PlacedDocument, PlacedFile};
use super::refusal::{DocumentFault, DocumentsRefusal};
use crate::message::{AskedBack, StandingDocument, Week};
use crate::render::documents::{FitError, FitPdf, Fitter};

/// A document that can be kept.
pub(super) struct FitDocument {
    /// As whoever gave it knows it.
    pub(super) named: String,
    pub(super) placed: PlacedDocument,
    pub(super) asked_back: Option<AskedBack>,
    pub(super) pdf: FitPdf,
    /// The subjects of a timetable, in the order of its week.
    pub(super) subjects: Vec<String>,
    pub(super) lines_left_out: usize,
}

/// Makes each what is printed; refused whole where one is not fit.
pub(super) async fn all_fit(
    school: &School,
    week: Week,
    (placed, files): (Vec<PlacedFile>, &[UnpackedFile]),
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<FitDocument>, DocumentsRefusal> {
    let fitter = Fitter::new(school.program.clone(), school.letters_folder());
    let (mut fit, mut refused) = (Vec::new(), Vec::new());
    for ((placed, file), done) in placed.into_iter().zip(files).zip(1..) {
        match one_fit(school, &fitter, week, (placed, &file.given)).await? {
            Ok(document) => fit.push(document),
            Err(why) => refused.push((file.given.named(), why)),
        }
        progress(done, files.len());
    }
    if refused.is_empty() { Ok(fit) } else { Err(DocumentsRefusal::Refused(refused)) }
}

/// Makes one what is printed; the inner error says what is wrong with it.
async fn one_fit(
    school: &School,
    fitter: &Fitter,
    week: Week,
    (placed, given): (PlacedFile, &GivenDocument),
) -> Result<Result<FitDocument, DocumentFault>, DocumentsRefusal> {
    let PlacedFile { placed, asked_back, shape, standing } = placed;
    let (named, file) = (given.named(), &given.file);
    let Some(standing) = standing else {
        let (subjects, lines_left_out) = (Vec::new(), 0);
        return match fitter.fit_as(file, shape).await {
            Ok(pdf) => {
                Ok(Ok(FitDocument { named, placed, asked_back, pdf, subjects, lines_left_out }))
            }
            Err(FitError::Unfit(why)) => Ok(Err(why.into())),
            Err(error) => Err(DocumentsRefusal::Unread(error)),
        };
    };
    let PlacedDocument { meant_for, subject, .. } = &placed;
    match set_diary(school, GivenDiary { file, standing, meant_for, subject, week }).await {
        Ok(SetDiary { pdf, read }) => {
            let lines_left_out = read.of_other_weeks + read.of_other_classes;
            let subjects = match standing {
                StandingDocument::Timetable => read.subjects(),
                StandingDocument::Diary => Vec::new(),
            };
            Ok(Ok(FitDocument { named, placed, asked_back, pdf, subjects, lines_left_out }))
        }
        Err(NotSet::Bad(why)) => Ok(Err(why.into())),
        Err(NotSet::Unfit(why)) => Ok(Err(why.into())),
        Err(NotSet::Unset(error)) => Err(error.into()),
    }
}
