//! Why documents are not kept.

use std::io;

use super::super::incoming::NotIncoming;
use super::super::sheets::SheetError;
use super::given::NotUnpacked;
use super::place::PlaceFault;
use crate::import::BadDiary;
use crate::render::documents::{FitError, PackedFault, UnfitDocument};
use crate::render::press::PressError;
use crate::store::StoreError;

/// Documents that are left at once.
pub const MOST_DOCUMENTS: usize = 1_000;

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
    /// These are printed, and their work is asked back.
    #[error(
        "document {} is printed and its work asked back, so that it stays: leave the corrected one under \
         another name; nothing was removed", listed(.0)
    )]
    AskedBack(Vec<u32>),
    /// Others are on their way in.
    #[error("somebody else gives documents just now; these were not kept")]
    Coming,
    /// The folder for what comes in cannot be written.
    #[error("the documents cannot be kept: {0}")]
    Disk(#[from] io::Error),
    /// The child could not be run, or the disk failed.
    #[error("{0}; nothing was kept")]
    Unread(#[source] FitError),
    /// The pages of a diary could not be set.
    #[error("{0}; nothing was kept")]
    Unset(#[source] PressError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What is wrong with a document that was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    /// It is a table or a calendar, and no diary that can be read.
    #[error("{0}")]
    Diary(#[from] BadDiary),
    /// It lies in an archive whose folders say for whom, and something else was chosen.
    #[error("the folders of its archive say for whom themselves: give that by itself")]
    ToldTwice,
    /// It is an archive that cannot be looked into.
    #[error("{0}")]
    Packed(#[from] PackedFault),
}

fn told(refused: &[(String, DocumentFault)]) -> String {
    let told: Vec<String> = refused.iter().map(|(named, why)| format!("{named}: {why}")).collect();
    told.join("; ")
}

fn listed(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

impl From<NotUnpacked> for DocumentsRefusal {
    fn from(why: NotUnpacked) -> Self {
        match why {
            NotUnpacked::Refused(all) => {
                Self::Refused(all.into_iter().map(|(named, why)| (named, why.into())).collect())
            }
            NotUnpacked::Disk(error) => Self::Disk(error),
        }
    }
}

impl From<SheetError> for DocumentsRefusal {
    fn from(why: SheetError) -> Self {
        match why {
            SheetError::Press(error) => Self::Unset(error),
            SheetError::Store(error) => Self::Store(error),
            SheetError::Folder(error) => Self::Disk(error),
        }
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
