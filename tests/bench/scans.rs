//! How fast the reply slips of a pile are read, and how many of them; beside other readers of codes in the same run.
//! 1,000 slips, four on a page, each laid askew, some on their head, a little blurred and noisy.
//!
//! `cargo bench --bench scans`, `CHAPPE_BENCH=small cargo bench --bench scans`, or `cargo bench --bench scans -- 400`.
//! `zbarimg` (Debian: zbar-tools) reads the same pages where it is installed.

#[expect(dead_code, clippy::unwrap_used, reason = "the tests lay other pages on the glass too")]
#[path = "../it/scans/glass.rs"]
mod glass;
#[expect(dead_code, reason = "other benches use more of it")]
mod measure;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::Context as _;
use chappe::confined;
use chappe::scan::{self, Scanner};
use fastrand::Rng;
use image::GrayImage;

use measure::{Role, line, per_second, table};

/// Slips on a page.
const ON_A_PAGE: usize = 4;
/// Pages of a file: what the feeder of a school's copier takes at once.
const IN_A_FILE: usize = 100;
/// Dots an inch.
const DOTS: u32 = 200;
/// How strong the grain is, of 255: that of a good scanner, and that of a poor one.
const GRAINS: [i16; 2] = [12, 60];

fn main() -> anyhow::Result<()> {
    // The scanner runs this very program as its child.
    if std::env::args().nth(1).is_some_and(|word| word == scan::SUBCOMMAND) {
        let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
        return Ok(scan::run_child(input, output, confined::limit_memory)?);
    }
    match Role::of_this_process(1_000, 100)? {
        Role::Parent { count } => compare(count),
        Role::Child { .. } => Ok(()),
    }
}

fn compare(count: usize) -> anyhow::Result<()> {
    let references = glass::references(count);
    let slips = glass::slips(&glass::printed(&references), DOTS);
    let mut rows = Vec::new();
    for grain in GRAINS {
        let mut chance = Rng::with_seed(1);
        let mut sheets = Vec::new();
        for four in slips.chunks(ON_A_PAGE) {
            let sheet = glass::laid(four, DOTS, &mut chance);
            sheets.push(glass::seen(&sheet, 0.0, grain, &mut chance));
        }
        rows.extend(compared(&references, &sheets, grain)?);
    }
    line(format!(
        "{count} slips on {} pages of {DOTS} dots an inch, in JPEG",
        count.div_ceil(ON_A_PAGE)
    ))?;
    table(["reader", "grain", "read", "of", "seconds", "pages a second"], &rows)
}

type Figures = [String; 6];

fn compared(
    references: &[String],
    sheets: &[GrayImage],
    grain: i16,
) -> anyhow::Result<Vec<Figures>> {
    let folder = tempfile::tempdir()?;
    let mut files = Vec::new();
    for (index, pile) in sheets.chunks(IN_A_FILE).enumerate() {
        let file = folder.path().join(format!("{index}.pdf"));
        std::fs::write(&file, glass::scanned(pile, DOTS))?;
        files.push(file);
    }
    let wanted: BTreeSet<&str> = references.iter().map(String::as_str).collect();
    let figures = |reader: &str, begun: Instant, found: &BTreeSet<String>| {
        let seconds = begun.elapsed().as_secs_f64();
        let read = wanted.iter().filter(|it| found.contains(**it)).count();
        let pages = per_second(sheets.len(), seconds);
        let (read, all) = (read.to_string(), wanted.len().to_string());
        let (seconds, pages) = (format!("{seconds:.1}"), format!("{pages:.1}"));
        [reader.to_owned(), grain.to_string(), read, all, seconds, pages]
    };
    let mut rows = Vec::new();
    let begun = Instant::now();
    let found = ours(&files, folder.path())?;
    rows.push(figures("chappe, with pictures of each slip", begun, &found));
    let begun = Instant::now();
    let found = by_rqrr(sheets)?;
    rows.push(figures("rqrr, from pixels", begun, &found));
    if let Some(pages) = drawn_for_others(&files, folder.path()) {
        let begun = Instant::now();
        let found = by_zbarimg(&pages)?;
        rows.push(figures("zbarimg, from pixels", begun, &found));
    }
    Ok(rows)
}

fn ours(files: &[PathBuf], folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let scanner = Scanner::new(std::env::current_exe()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut found = BTreeSet::new();
    for file in files {
        let read = runtime.block_on(scanner.read(file, Some((folder, "p")), |_, _| {}))?;
        found.extend(read.into_iter().flat_map(|page| page.codes).map(|code| code.text));
    }
    Ok(found)
}

/// By two threads, as many as ours has on two cores.
fn by_rqrr(sheets: &[GrayImage]) -> anyhow::Result<BTreeSet<String>> {
    let read = |sheets: &[GrayImage]| -> BTreeSet<String> {
        let codes = sheets.iter().flat_map(|sheet| {
            let pixels = sheet.as_raw();
            let side = |number: u32| usize::try_from(number).unwrap_or_default();
            let (width, height) = (side(sheet.width()), side(sheet.height()));
            let mut page = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
                pixels.get(y * width + x).copied().unwrap_or_default()
            });
            page.detect_grids().iter().filter_map(|it| it.decode().ok()).collect::<Vec<_>>()
        });
        codes.map(|(_, text)| text).collect()
    };
    let (one, other) = sheets.split_at(sheets.len() / 2);
    thread::scope(|scope| {
        let first = scope.spawn(|| read(one));
        let mut found = read(other);
        found.extend(first.join().map_err(|_| anyhow::anyhow!("rqrr panicked"))?);
        Ok(found)
    })
}

/// The pages as zbarimg takes them; nothing where it is not installed.
fn drawn_for_others(files: &[PathBuf], folder: &Path) -> Option<Vec<PathBuf>> {
    Command::new("zbarimg").arg("--version").output().ok()?;
    for file in files {
        let mut drawn = Command::new("pdftoppm");
        let begins = file.with_extension("zbar");
        drawn.args(["-r", &DOTS.to_string(), "-gray"]).arg(file).arg(&begins);
        drawn.status().ok().filter(std::process::ExitStatus::success)?;
    }
    let files = std::fs::read_dir(folder).ok()?.flatten().map(|it| it.path());
    Some(files.filter(|it| it.extension().is_some_and(|kind| kind == "pgm")).collect())
}

fn by_zbarimg(pages: &[PathBuf]) -> anyhow::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let (one, other) = pages.split_at(pages.len() / 2);
    let begun = [one, other].map(|part| {
        Command::new("zbarimg")
            .args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"])
            .args(part)
            .stdout(Stdio::piped())
            .stderr(Stdio::null()) // it looks for a desktop, picture by picture
            .spawn()
    });
    for child in begun {
        let output = child.context("zbarimg")?.wait_with_output()?;
        found.extend(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned));
    }
    Ok(found)
}
