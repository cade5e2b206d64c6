//! ZIP archives: SIECLE gives each export zipped alone, and a workbook is one too. Sizes are counted
//! while unpacking, since what an archive declares of itself may be a lie; entries before it is opened,
//! since each costs memory.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::content::{FileContent, unreadable};
use super::file_to_read::SourceFile;
use super::refused::{Reason, Refused};
use super::{encoded_twice, foreign};

/// Files in the archives of one import.
const MOST_ENTRIES: usize = 64;
/// Entries of one archive, the parts of a workbook and what a Mac adds of its own among them.
const MOST_PARTS: usize = 2_000;
/// How an entry begins in the list of an archive's entries.
const LISTED: [u8; 4] = *b"PK\x01\x02";
/// Bytes that the archives of one import may hold unpacked, in all.
const MOST_UNPACKED: usize = 128 * MEBIBYTE;
/// Bytes that the parts of one workbook may hold unpacked.
const LARGEST_WORKBOOK: usize = 96 * MEBIBYTE;
/// Bytes of a part that is no sheet and no text of one: the list of sheets, links, styles.
const LARGEST_FRAME: usize = 4 * MEBIBYTE;
const MEBIBYTE: usize = 1024 * 1024;
/// Letters of an entry's name that a report shows.
const LONGEST_NAME: usize = 120;

/// A file of the import, as given or out of an archive.
pub(super) struct OpenedFile<'a> {
    pub(super) label: Cow<'a, str>,
    /// Whether it is a table or nothing; anything else is XML or nothing.
    pub(super) may_be_table: bool,
    data: FileBytes<'a>,
}

enum FileBytes<'a> {
    Memory(Cow<'a, [u8]>),
    /// XML, which can be streamed.
    Disk(FileContent<'a>),
}

impl<'a> OpenedFile<'a> {
    fn in_memory(label: impl Into<Cow<'a, str>>, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        let bytes = bytes.into();
        let may_be_table = may_be_table(&bytes);
        Self { label: label.into(), may_be_table, data: FileBytes::Memory(bytes) }
    }

    /// Its bytes.
    pub(super) fn content(&self) -> FileContent<'_> {
        match &self.data {
            FileBytes::Memory(bytes) => FileContent::Memory(bytes),
            FileBytes::Disk(content) => *content,
        }
    }
}

/// The files themselves, and in the place of each archive what it holds.
pub(super) fn opened<'a>(files: &[SourceFile<'a>]) -> Result<Vec<OpenedFile<'a>>, Refused> {
    let mut opened = Vec::new();
    let mut budget = Budget { entries: MOST_ENTRIES, bytes: MOST_UNPACKED };
    for file in files {
        file.content.expect_most();
    }
    for file in files {
        open(file, &mut budget, &mut opened)
            .map_err(|reason| Refused::new(file.label, None, reason))?;
    }
    Ok(opened)
}

fn open<'a>(
    file: &SourceFile<'a>,
    budget: &mut Budget,
    opened: &mut Vec<OpenedFile<'a>>,
) -> Result<(), Reason> {
    if let FileContent::Disk(path, _) = file.content {
        // Looked at before it is opened: whoever opens a pipe that nobody writes to waits for ever.
        let about = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
        if !about.is_file() {
            return Err(Reason::NotAFile);
        }
    }
    let head = file.content.head()?;
    if matches!(file.content, FileContent::Disk(..)) && !may_be_table(&head) {
        let data = FileBytes::Disk(file.content);
        opened.push(OpenedFile { label: file.label.into(), may_be_table: false, data });
        return Ok(());
    }
    file.content.expect_only(1);
    let bytes = file.content.whole()?;
    if is_zip(&head) {
        return unpack(file.label, bytes, budget, opened);
    }
    opened.push(OpenedFile::in_memory(file.label, bytes));
    Ok(())
}

/// Whether the bytes begin as a ZIP archive does.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Whether a file is a table, or something else that is no XML.
fn may_be_table(bytes: &[u8]) -> bool {
    if is_zip(bytes) {
        return true;
    }
    let is_mark = |byte: &u8| b"\xEF\xBB\xBF\xFF\xFE\0".contains(byte);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !is_mark(byte));
    first.is_some_and(|byte| *byte != b'<')
}

/// What the archives of one import may still hold.
struct Budget {
    entries: usize,
    bytes: usize,
}

fn unpack<'a>(
    label: &'a str,
    packed: Cow<'a, [u8]>,
    budget: &mut Budget,
    opened: &mut Vec<OpenedFile<'a>>,
) -> Result<(), Reason> {
    let mut archive = Archive::open(&packed, budget.bytes, MOST_UNPACKED)?;
    if archive.workbook().is_some() {
        drop(archive);
        opened.push(OpenedFile::in_memory(label, packed));
        return Ok(());
    }
    if let Some(what) = foreign::packed(&archive.names) {
        return Err(Reason::Foreign(what));
    }
    let before = opened.len();
    for at in 0..archive.names.len() {
        if is_passed_over(&archive.names[at]) {
            continue;
        }
        budget.entries =
            budget.entries.checked_sub(1).ok_or(Reason::TooManyEntries(MOST_ENTRIES))?;
        let bytes = archive.read(at)?;
        if is_packed(&bytes) && !is_workbook(&bytes) {
            return Err(Reason::NestedArchive);
        }
        let name = shown(&archive.names[at]);
        opened.push(OpenedFile::in_memory(format!("{label}/{name}"), bytes));
    }
    budget.bytes = archive.room;
    if opened.len() == before { Err(Reason::Empty) } else { Ok(()) }
}

/// Folders, and what a Mac adds of its own.
fn is_passed_over(name: &str) -> bool {
    let is_hidden = |part: &str| part == "__MACOSX" || (part.starts_with('.') && part != "..");
    name.ends_with(['/', '\\']) || name.split(['/', '\\']).any(is_hidden)
}

/// ZIP, gzip, 7z, RAR.
fn is_packed(bytes: &[u8]) -> bool {
    let magics: [&[u8]; 3] = [b"\x1F\x8B", b"7z\xBC\xAF", b"Rar!"];
    is_zip(bytes) || magics.iter().any(|magic| bytes.starts_with(magic))
}

fn is_workbook(bytes: &[u8]) -> bool {
    Archive::open_workbook(bytes).is_ok_and(|archive| archive.workbook().is_some())
}

fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect()
}

/// The two sorts of workbook.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Workbook {
    /// Excel's, `.xlsx`.
    Excel,
    /// That of the open standard, `.ods`.
    OpenDocument,
}

/// One archive, with what it may still unpack.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    room: usize,
    most: usize,
}

impl<'a> Archive<'a> {
    /// Opens a workbook, whose parts are bounded together.
    pub(super) fn open_workbook(bytes: &'a [u8]) -> Result<Self, Reason> {
        Self::open(bytes, LARGEST_WORKBOOK, LARGEST_WORKBOOK)
    }

    fn open(bytes: &'a [u8], room: usize, most: usize) -> Result<Self, Reason> {
        if bytes.windows(LISTED.len()).filter(|four| *four == LISTED).nth(MOST_PARTS).is_some() {
            return Err(Reason::TooManyEntries(MOST_PARTS));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::DamagedArchive)?;
        let names = zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned());
        let names = names.collect();
        Ok(Self { zip, names, room, most })
    }

    /// Which sort of workbook this is; `None`: an archive of files.
    pub(super) fn workbook(&self) -> Option<Workbook> {
        let has = |wanted: &str| self.names.iter().any(|name| name == wanted);
        if has("[Content_Types].xml") && self.names.iter().any(|name| name.starts_with("xl/")) {
            Some(Workbook::Excel)
        } else if has("mimetype") {
            Some(Workbook::OpenDocument)
        } else {
            None
        }
    }

    /// The part of this name as text; `None` when there is none.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Reason> {
        let Some(at) = self.names.iter().position(|other| other.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let text = String::from_utf8(self.read(at)?).map_err(|_| Reason::DamagedArchive)?;
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Reason::LostLetters);
        }
        Ok(Some(encoded_twice::undone(&text).unwrap_or(text)))
    }

    /// The same for a part that frames the sheets, which is small.
    pub(super) fn frame(&mut self, name: &str) -> Result<Option<String>, Reason> {
        let room = self.room;
        self.room = room.min(LARGEST_FRAME);
        let part = self.part(name);
        self.room += room - LARGEST_FRAME.min(room);
        part
    }

    fn read(&mut self, at: usize) -> Result<Vec<u8>, Reason> {
        let damaged = |_| Reason::DamagedArchive;
        if self.zip.by_index_raw(at).map_err(damaged)?.encrypted() {
            return Err(Reason::Encrypted);
        }
        let entry = self.zip.by_index(at).map_err(damaged)?;
        let mut bytes = Vec::new();
        let room = u64::try_from(self.room).unwrap_or(u64::MAX);
        entry
            .take(room.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|_| Reason::DamagedArchive)?;
        let too_much = Reason::TooMuchUnpacked(self.most / MEBIBYTE);
        self.room = self.room.checked_sub(bytes.len()).ok_or(too_much)?;
        Ok(bytes)
    }
}
