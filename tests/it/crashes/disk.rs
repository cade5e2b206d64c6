//! A disk, rebuilt from the journal of `tests/power_cut/shim.c`: what a power cut leaves of it.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// What of the writes that were never synced reached the disk all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsynced {
    /// Nothing, and no name that was not synced either.
    Lost,
    /// All.
    Kept,
    /// The first half of each file's writes.
    FirstHalf,
    /// Every other write.
    EveryOther,
    /// All but the last one of each file, of which one sector arrived.
    Torn,
}

impl Unsynced {
    pub const ALL: [Self; 5] =
        [Self::Lost, Self::Kept, Self::FirstHalf, Self::EveryOther, Self::Torn];
}

const SECTOR: usize = 512;

/// One deed, or one answer that somebody was given.
#[derive(Debug, Clone)]
pub enum Record {
    Create { inode: u64, path: PathBuf },
    Change { inode: u64, change: Change },
    SyncFile { inode: u64 },
    SyncFolder { path: PathBuf },
    Rename { from: PathBuf, to: PathBuf },
    Link { from: PathBuf, to: PathBuf },
    Unlink { path: PathBuf },
    Answered(String),
}

#[derive(Debug, Clone)]
pub enum Change {
    Write { at: usize, data: Vec<u8> },
    Truncate(usize),
}

/// An answer as a record, for the journal.
pub fn answered(text: &str) -> Vec<u8> {
    let mut record = vec![b'A'];
    for number in [0_u64, 0, text.len().try_into().unwrap()] {
        record.extend(number.to_le_bytes());
    }
    record.extend(text.as_bytes());
    record.extend(0_u64.to_le_bytes());
    record
}

/// Every record of a journal.
pub fn records(journal: &[u8]) -> Vec<Record> {
    let (mut rest, mut records) = (journal, Vec::new());
    while let Some((op, after)) = rest.split_first() {
        rest = after;
        let (inode, number) = (number(&mut rest), number(&mut rest));
        let (first, second) = (bytes(&mut rest), bytes(&mut rest));
        let path = |bytes: Vec<u8>| PathBuf::from(OsString::from_vec(bytes));
        let at = usize::try_from(number).unwrap();
        records.push(match op {
            b'C' => Record::Create { inode, path: path(first) },
            b'W' => Record::Change { inode, change: Change::Write { at, data: second } },
            b'T' => Record::Change { inode, change: Change::Truncate(at) },
            b'S' => Record::SyncFile { inode },
            b'D' => Record::SyncFolder { path: path(first) },
            b'R' => Record::Rename { from: path(first), to: path(second) },
            b'L' => Record::Link { from: path(first), to: path(second) },
            b'U' => Record::Unlink { path: path(first) },
            b'A' => Record::Answered(String::from_utf8(first).unwrap()),
            other => panic!("the journal is no journal: {other}"),
        });
    }
    records
}

fn number(rest: &mut &[u8]) -> u64 {
    let (number, after) = rest.split_first_chunk().expect("a whole record");
    *rest = after;
    u64::from_le_bytes(*number)
}

fn bytes(rest: &mut &[u8]) -> Vec<u8> {
    let length = usize::try_from(number(rest)).unwrap();
    let (bytes, after) = rest.split_at(length);
    *rest = after;
    bytes.to_vec()
}

#[derive(Debug, Default)]
struct Content {
    synced: Vec<u8>,
    unsynced: Vec<Change>,
}

/// Files have numbers of their own: an inode is used again once its file is gone.
#[derive(Debug, Default)]
pub struct Disk {
    contents: Vec<Content>,
    by_inode: HashMap<u64, usize>,
    names: BTreeMap<PathBuf, usize>,
    synced_names: BTreeMap<PathBuf, usize>,
}

impl Disk {
    /// Does what the record says.
    pub fn take(&mut self, record: &Record) {
        match record {
            Record::Create { inode, path } => {
                self.contents.push(Content::default());
                self.by_inode.insert(*inode, self.contents.len() - 1);
                self.names.insert(path.clone(), self.contents.len() - 1);
            }
            Record::Change { inode, change } => {
                let content = self.by_inode.get(inode).map(|file| &mut self.contents[*file]);
                content.expect("a file that was made").unsynced.push(change.clone());
            }
            Record::SyncFile { inode } => {
                // A file that stood before the program ran, and was only read, is of no interest.
                let Some(file) = self.by_inode.get(inode) else { return };
                let content = &mut self.contents[*file];
                for change in std::mem::take(&mut content.unsynced) {
                    apply(&mut content.synced, &change);
                }
            }
            Record::SyncFolder { path } => {
                self.synced_names.retain(|name, _| name.parent() != Some(path));
                let here = self.names.iter().filter(|(name, _)| name.parent() == Some(path));
                self.synced_names.extend(here.map(|(name, file)| (name.clone(), *file)));
            }
            Record::Rename { from, to } => {
                let file = self.names.remove(from).expect("a name that stood");
                self.names.insert(to.clone(), file);
            }
            Record::Link { from, to } => {
                let file = self.names[from];
                self.names.insert(to.clone(), file);
            }
            Record::Unlink { path } => drop(self.names.remove(path)),
            Record::Answered(_) => {}
        }
    }

    /// The names that a program sees, before the cut.
    pub fn names(&self) -> impl Iterator<Item = &Path> {
        self.names.keys().map(PathBuf::as_path)
    }

    /// Writes what is left after a cut into `to`; names are taken relative to `root`.
    pub fn cut(&self, unsynced: Unsynced, root: &Path, to: &Path) {
        let names = if unsynced == Unsynced::Lost { &self.synced_names } else { &self.names };
        for (name, file) in names {
            let place = to.join(name.strip_prefix(root).unwrap());
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, self.contents[*file].after(unsynced)).unwrap();
        }
    }
}

impl Content {
    fn after(&self, unsynced: Unsynced) -> Vec<u8> {
        let (mut left, count) = (self.synced.clone(), self.unsynced.len());
        for (place, change) in self.unsynced.iter().enumerate() {
            let is_kept = match unsynced {
                Unsynced::Lost => false,
                Unsynced::Kept | Unsynced::Torn => true,
                Unsynced::FirstHalf => place < count / 2,
                Unsynced::EveryOther => place % 2 == 0,
            };
            match change {
                Change::Write { at, data }
                    if unsynced == Unsynced::Torn && place + 1 == count && data.len() > SECTOR =>
                {
                    let data = data[..SECTOR].to_vec();
                    apply(&mut left, &Change::Write { at: *at, data });
                }
                change if is_kept => apply(&mut left, change),
                _ => {}
            }
        }
        left
    }
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate(length) => content.resize(*length, 0),
        Change::Write { at, data } => {
            let end = at + data.len();
            content.resize(content.len().max(end), 0);
            content[*at..end].copy_from_slice(data);
        }
    }
}

#[test]
fn a_cut_keeps_what_was_synced_and_nothing_else_for_sure() {
    let file = |name: &str| Path::new("/disk").join(name);
    let write = |at: usize, data: &[u8]| Record::Change {
        inode: 7,
        change: Change::Write { at, data: data.to_vec() },
    };
    let mut disk = Disk::default();
    let left = |disk: &Disk, unsynced| {
        let to = tempfile::TempDir::new().unwrap();
        disk.cut(unsynced, Path::new("/disk"), to.path());
        fs::read(to.path().join("a")).ok()
    };
    disk.take(&Record::Create { inode: 7, path: file("a") });
    disk.take(&write(0, b"one"));
    disk.take(&Record::SyncFile { inode: 7 });
    assert_eq!(left(&disk, Unsynced::Lost), None, "its name was never synced");
    disk.take(&Record::SyncFolder { path: PathBuf::from("/disk") });
    disk.take(&write(3, b"two"));
    disk.take(&write(6, &[b'x'; 600]));
    assert_eq!(left(&disk, Unsynced::Lost).unwrap(), b"one");
    assert_eq!(left(&disk, Unsynced::FirstHalf).unwrap(), b"onetwo");
    assert_eq!(left(&disk, Unsynced::Kept).unwrap().len(), 606);
    assert_eq!(left(&disk, Unsynced::Torn).unwrap().len(), 6 + SECTOR);
    disk.take(&Record::Rename { from: file("a"), to: file("b") });
    assert_eq!(left(&disk, Unsynced::Lost).unwrap(), b"one", "the new name was never synced");
    assert_eq!(left(&disk, Unsynced::Kept), None);
}
