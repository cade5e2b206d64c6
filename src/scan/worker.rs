//! What the child does: opens the file, and reads its pages by a few threads.

use std::io::{self, BufRead, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use image::{DynamicImage, ImageError, ImageFormat};
use serde::{Deserialize, Serialize};

use super::file::ScanFile;
use super::refused::ScanRefused;
use super::{CodeRead, PageRead, codes, pictures};
use crate::confined;
use crate::private_file;

/// Pages that are read at the same time.
const MOST_THREADS: usize = 4;
/// What a page may nest: a form within a form.
const STACK: usize = 16 * 1024 * 1024;
/// Octets of pictures of one file.
const MOST_PICTURES: u64 = 600 * 1024 * 1024;

/// What the child is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScanOrder {
    /// The address space that it may use, in octets.
    pub memory_limit: u64,
    /// The file to read.
    pub file: PathBuf,
    /// Where pictures go, each under a name that begins so; none are made where there is none.
    pub pictures: Option<(PathBuf, String)>,
    /// Pages that are known already.
    pub known: Vec<usize>,
    /// Whether one page is read at a time.
    pub one_by_one: bool,
}

/// What the child says, one a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderSaid {
    /// It has so many pages.
    Pages(usize),
    /// What stands on one of them.
    Page(PageRead),
    /// All that were asked for are told.
    Done,
    /// The file is refused.
    Refused(ScanRefused),
    /// A picture cannot be written.
    Disk(String),
}

/// What the hidden subcommand does: reads an order, reads the pages, answers. `begin` is given the memory limit
/// once the order is read and the input is free, as that of `render::press` is.
pub fn run_child(
    input: impl BufRead,
    output: impl Write,
    begin: impl FnOnce(u64) -> io::Result<()>,
) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    let order: ScanOrder = serde_json::from_slice(&confined::order_line(input)?)?;
    begin(order.memory_limit)?;
    let last = match ScanFile::open(&order.file) {
        Ok(file) => {
            confined::say(&mut output, &ReaderSaid::Pages(file.pages()))?;
            read(&file, &order, &mut output)?
        }
        Err(why) => ReaderSaid::Refused(why),
    };
    confined::say(&mut output, &last)
}

fn read(file: &ScanFile, order: &ScanOrder, output: &mut impl Write) -> io::Result<ReaderSaid> {
    let todo: Vec<usize> =
        (1..=file.pages()).filter(|number| !order.known.contains(number)).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = if order.one_by_one { 1 } else { cores.min(MOST_THREADS) };
    let (next, album) = (AtomicUsize::new(0), Album::of(order));
    let (to, from) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (to, next, album, todo) = (to.clone(), &next, &album, &todo);
            let work = move || {
                while let Some(number) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Whoever listened is gone: nobody waits for the rest.
                    if to.send(page(file, *number, album)).is_err() {
                        return;
                    }
                }
            };
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        }
        drop(to);
        for page in from {
            match page {
                Ok(page) => confined::say(output, &ReaderSaid::Page(page))?,
                Err(error) => return Ok(ReaderSaid::Disk(error.to_string())),
            }
        }
        Ok(ReaderSaid::Done)
    })
}

/// What one page holds is that page's alone, a panic of whoever draws it too.
fn page(file: &ScanFile, number: usize, album: &Album<'_>) -> io::Result<PageRead> {
    let seen = catch_unwind(AssertUnwindSafe(|| {
        let page = file.page(number)?;
        let codes = codes::read(&page);
        Some((page, codes))
    }));
    let Ok(Some((page, codes))) = seen else { return Ok(PageRead::lost(number)) };
    if codes.is_empty() && pictures::is_blank(&page) {
        return Ok(PageRead::blank(number));
    }
    let picture = album.keep(&number.to_string(), || pictures::page(&page, &codes))?;
    let read = codes.iter().enumerate().map(|(at, code)| {
        let picture = album.keep(&format!("{number}-{at}"), || pictures::slip(&page, code))?;
        Ok(CodeRead { text: code.text.clone(), picture })
    });
    let codes = read.collect::<io::Result<Vec<_>>>()?;
    Ok(PageRead { codes, picture, is_blank: false, ..PageRead::blank(number) })
}

/// The folder of pictures, and how much lies in it.
struct Album<'a> {
    place: Option<(&'a Path, &'a str)>,
    kept: AtomicU64,
}

impl<'a> Album<'a> {
    fn of(order: &'a ScanOrder) -> Self {
        let place = order.pictures.as_ref().map(|(folder, name)| (&**folder, &**name));
        Self { place, kept: AtomicU64::new(0) }
    }

    /// Keeps a picture, as long as there is room for it; its name.
    fn keep(&self, name: &str, draw: impl FnOnce() -> DynamicImage) -> io::Result<Option<String>> {
        let Some((folder, begins)) = self.place else { return Ok(None) };
        if self.kept.load(Ordering::Relaxed) > MOST_PICTURES {
            return Ok(None);
        }
        let name = format!("{begins}{name}.jpg");
        let file = folder.join(&name);
        // Made by us first, so that it is its owner's alone.
        let made = private_file::create(&file)?;
        draw().save_with_format(&file, ImageFormat::Jpeg).map_err(|error| match error {
            ImageError::IoError(error) => error,
            other => io::Error::other(other),
        })?;
        self.kept.fetch_add(made.metadata()?.len(), Ordering::Relaxed);
        Ok(Some(name))
    }
}
