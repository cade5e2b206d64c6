//! Documents as they are given, and in the place of each archive what it holds.

use std::io;
use std::path::{Path, PathBuf};

use super::super::incoming::IncomingFiles;
use crate::import::is_diary;
use crate::message::StandingDocument;
use crate::render::documents::{PackedFault, RoomToUnpack, UnpackError, UnpackedDocument, unpack};

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
    pub(super) fn named(&self) -> String {
        self.place.join("/")
    }

    /// What a table or a calendar becomes, by what its file is called; `None` for any other file.
    pub(super) fn standing(&self) -> Option<StandingDocument> {
        let name = self.place.last()?;
        is_diary(name, &self.file).then(|| StandingDocument::of_file(name))
    }
}

/// What was given, each a document; what came out of archives goes with this.
pub(super) struct Unpacked {
    pub(super) files: Vec<UnpackedFile>,
    _room: IncomingFiles,
}

/// A document that was given.
pub(super) struct UnpackedFile {
    pub(super) given: GivenDocument,
    /// After how many folders those of its archive begin, where it was in one.
    packed_after: Option<usize>,
}

impl UnpackedFile {
    /// The first folder of its archive, where somebody chose besides for whom it is: were that one to say it too, a pupil's
    /// document would go to a whole class.
    pub(super) fn folder_under_a_choice(&self) -> Option<&String> {
        let after = self.packed_after.filter(|after| *after > 0)?;
        let (_, folders) = self.given.place.get(after..)?.split_last()?;
        folders.first()
    }
}

/// Why archives are not looked into.
pub(super) enum NotUnpacked {
    /// Some are refused: each by its place, and why.
    Refused(Vec<(String, PackedFault)>),
    /// The disk.
    Disk(io::Error),
}

/// Looks into archives; what they hold lies in a folder of this name among all.
pub(super) async fn unpacked(
    given: Vec<GivenDocument>,
    (all, name): (PathBuf, String),
) -> Result<Unpacked, NotUnpacked> {
    let work = move || {
        let room = IncomingFiles::room(all, &name).map_err(NotUnpacked::Disk)?;
        let (mut files, mut refused) = (Vec::new(), Vec::new());
        let mut to_unpack = RoomToUnpack::default();
        for (document, number) in given.into_iter().zip(0_usize..) {
            let (named, begins) = (document.named(), format!("{number}-"));
            match in_place_of(document, (room.folder(), &begins), &mut to_unpack) {
                Ok(documents) => files.extend(documents),
                Err(UnpackError::Packed(why)) => refused.push((named, why)),
                Err(UnpackError::Disk(error)) => return Err(NotUnpacked::Disk(error)),
            }
        }
        if refused.is_empty() {
            Ok(Unpacked { files, _room: room })
        } else {
            Err(NotUnpacked::Refused(refused))
        }
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| NotUnpacked::Disk(io::Error::other(error)))?
}

/// What an archive holds, in the folders in which it lies; what is no archive is itself.
fn in_place_of(
    document: GivenDocument,
    room: (&Path, &str),
    to_unpack: &mut RoomToUnpack,
) -> Result<Vec<UnpackedFile>, UnpackError> {
    let Some(held) = unpack(&document.file, room, to_unpack)? else {
        return Ok(vec![UnpackedFile { given: document, packed_after: None }]);
    };
    let folders = document.place.split_last().map(|(_, folders)| folders).unwrap_or_default();
    let one = |it: UnpackedDocument| UnpackedFile {
        given: GivenDocument {
            place: folders.iter().cloned().chain(it.place).collect(),
            file: it.file,
        },
        packed_after: Some(folders.len()),
    };
    Ok(held.into_iter().map(one).collect())
}
