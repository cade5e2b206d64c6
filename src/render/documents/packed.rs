//! Documents in a ZIP, laid out as files, each with the folders in which it lies.

use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::unfit::LARGEST_MEBIBYTES;
use crate::private_file;

/// How large an archive may be, in mebibytes.
pub const LARGEST_ARCHIVE_MEBIBYTES: u64 = 256;
/// How much those that are given together may hold unpacked, in mebibytes.
const MOST_UNPACKED_MEBIBYTES: u64 = 1_024;
/// Entries of an archive, its folders and what a Mac adds of its own among them.
const MOST_ENTRIES: usize = 4_000;
/// How an entry begins in the list of an archive's entries.
const LISTED: [u8; 4] = *b"PK\x01\x02";
/// What a text of a word processor holds (ISO 26300, ISO 29500).
const OF_OFFICE: [&[u8]; 2] = [b"mimetype", b"[Content_Types].xml"];
/// How an archive begins.
const BEGINS: [u8; 4] = *b"PK\x03\x04";
const MEBIBYTE: u64 = 1024 * 1024;

/// How much the archives that are given together may still hold unpacked.
#[derive(Debug)]
pub struct RoomToUnpack(u64);

impl Default for RoomToUnpack {
    fn default() -> Self {
        Self(MOST_UNPACKED_MEBIBYTES * MEBIBYTE)
    }
}

/// A document out of an archive.
#[derive(Clone)]
pub struct UnpackedDocument {
    /// The folders and the name.
    pub place: Vec<String>,
    /// Where it lies now.
    pub file: PathBuf,
}

impl std::fmt::Debug for UnpackedDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnpackedDocument({} folders)", self.place.len().saturating_sub(1))
    }
}

/// What is wrong with an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackedFault {
    /// It breaks off, or was never whole.
    #[error("it is damaged")]
    Damaged,
    /// It asks for a password.
    #[error("it asks for a password")]
    Locked,
    /// More entries than anybody packs.
    #[error("it has more than {MOST_ENTRIES} files and folders")]
    TooManyEntries,
    /// More than the documents of a school.
    #[error(
        "it is larger than {LARGEST_ARCHIVE_MEBIBYTES} MiB, or {MOST_UNPACKED_MEBIBYTES} MiB unpacked"
    )]
    TooLarge,
    /// A name leads out of it.
    #[error("a name in it leads out of it")]
    Outside,
}

/// Why an archive is not laid out.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It is refused.
    #[error("{0}")]
    Packed(#[from] PackedFault),
    /// The disk.
    #[error("it cannot be unpacked: {0}")]
    Disk(#[from] io::Error),
}

/// Lays out what an archive holds in a folder, each file under a name that begins so; what programs add of their own is
/// left out. `None` for what is no archive of documents: a text of a word processor is packed too, and is one document.
pub fn unpack(
    archive: &Path,
    (folder, begins): (&Path, &str),
    room: &mut RoomToUnpack,
) -> Result<Option<Vec<UnpackedDocument>>, UnpackError> {
    let Some(mut archive) = open(archive)? else { return Ok(None) };
    let mut laid = Vec::new();
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|_| PackedFault::Damaged)?;
        if entry.encrypted() {
            return Err(PackedFault::Locked.into());
        }
        let Some(place) = place_of(&entry)? else { continue };
        drop(entry);
        let file = folder.join(format!("{begins}{at}"));
        let entry = archive.by_index(at).map_err(|_| PackedFault::Damaged)?;
        // What is larger than a document is refused by its name, as any file is.
        let most = (LARGEST_MEBIBYTES * MEBIBYTE + 1).min(room.0 + 1);
        let mut to = private_file::create_new(&file)?;
        let written = io::copy(&mut entry.take(most), &mut to).map_err(damaged_or_disk)?;
        room.0 = room.0.checked_sub(written).ok_or(PackedFault::TooLarge)?;
        laid.push(UnpackedDocument { place, file });
    }
    Ok(Some(laid))
}

fn open(archive: &Path) -> Result<Option<ZipArchive<Cursor<Vec<u8>>>>, UnpackError> {
    let mut begins = Vec::new();
    File::open(archive)?.take(4).read_to_end(&mut begins)?;
    if begins != BEGINS {
        return Ok(None);
    }
    if std::fs::metadata(archive)?.len() > LARGEST_ARCHIVE_MEBIBYTES * MEBIBYTE {
        return Err(PackedFault::TooLarge.into());
    }
    let bytes = std::fs::read(archive)?;
    // Before it is opened, since each entry costs memory.
    if bytes.windows(LISTED.len()).filter(|four| *four == LISTED).nth(MOST_ENTRIES).is_some() {
        return Err(PackedFault::TooManyEntries.into());
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| PackedFault::Damaged)?;
    let is_of_office = archive.file_names_raw().any(|name| OF_OFFICE.contains(&name));
    Ok((!is_of_office).then_some(archive))
}

/// Where an entry lies; `None` for a folder, and for what nobody reads.
fn place_of<R: io::Read>(entry: &ZipFile<'_, R>) -> Result<Option<Vec<String>>, PackedFault> {
    // A Mac writes UTF-8 and does not say so.
    let name = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => entry.name().map_err(|_| PackedFault::Damaged)?.into_owned(),
    };
    let place: Vec<String> = name.split(['/', '\\']).map(str::to_owned).collect();
    if place.iter().any(|it| it == "..") || place.first().is_some_and(String::is_empty) {
        return Err(PackedFault::Outside);
    }
    let is_read = place.iter().all(|it| !is_of_a_program(it));
    Ok((!entry.is_dir() && is_read).then_some(place))
}

/// What cannot be unpacked is told as data that is wrong; anything else is the disk's.
fn damaged_or_disk(error: io::Error) -> UnpackError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            PackedFault::Damaged.into()
        }
        _ => UnpackError::Disk(error),
    }
}

/// Whether a name is of what programs leave in folders, and nobody reads.
#[must_use]
pub fn is_of_a_program(name: &str) -> bool {
    const KNOWN: [&str; 3] = ["Thumbs.db", "desktop.ini", "__MACOSX"];
    name.is_empty() || name.starts_with(['.', '~']) || KNOWN.contains(&name)
}
