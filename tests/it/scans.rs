//! Scans of what came back: every code is read however the page lies, a page without one is named by its number,
//! and what is no scan, or kills its reader, hurts nobody else.

pub(crate) mod glass;

use std::path::{Path, PathBuf};
use std::process::Command;

use chappe::scan::{CodeRead, PageRead, ScanError, ScanRefused, Scanner};
use fastrand::Rng;
use image::imageops::rotate90;

use crate::documents::page::with_exif;
use crate::python::python;
use glass::{
    Scan, glass, jpeg, laid, pages, printed, references, scanned, seen, slips, without_code,
};

/// A scan in a folder of its own, with room for pictures.
struct Pile {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Pile {
    fn of(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pile");
        std::fs::write(&file, bytes).unwrap();
        Self { folder, file }
    }

    async fn read(&self) -> Result<Vec<PageRead>, ScanError> {
        let pictures = Some((self.folder.path(), "p"));
        scanner().read(&self.file, pictures, |_, _| {}).await
    }

    async fn refused(&self) -> ScanRefused {
        match self.read().await {
            Err(ScanError::Refused(why)) => why,
            other => panic!("{other:?}"),
        }
    }
}

fn scanner() -> Scanner {
    Scanner::new(env!("CARGO_BIN_EXE_chappe").into())
}

fn texts(page: &PageRead) -> Vec<&str> {
    page.codes.iter().map(|code| code.text.as_str()).collect()
}

fn sorted(pages: &[PageRead]) -> Vec<String> {
    let mut all: Vec<_> =
        pages.iter().flat_map(|page| &page.codes).map(|it| it.text.clone()).collect();
    all.sort();
    all
}

#[tokio::test]
async fn every_code_is_read_however_a_page_lies_and_a_page_without_one_is_named() {
    let mut chance = Rng::with_seed(7);
    let references = references(4);
    let mut drawn = pages(&printed(&references), 150);
    drawn.insert(2, without_code(150));
    drawn.push(glass(150));
    drawn[4] = rotate90(&drawn[4]);
    let turned = [2.5, -3.0, 0.0, 180.0, 1.5, 1.0];
    let sheets: Vec<_> =
        drawn.iter().zip(turned).map(|(page, by)| seen(page, by, 25, &mut chance)).collect();
    let pile = Pile::of(&scanned(&sheets, 150));
    let read = pile.read().await.unwrap();
    let found: Vec<Vec<&str>> = read.iter().map(texts).collect();
    let [one, two, three, four] = [0, 1, 2, 3].map(|at| references[at].as_str());
    assert_eq!(found, [vec![one], vec![two], vec![], vec![three], vec![four], vec![]]);
    let is_blank: Vec<_> = read.iter().map(|page| page.is_blank).collect();
    assert_eq!(
        is_blank,
        [false, false, false, false, false, true],
        "the last one is the back of a sheet"
    );
    assert!(read.iter().all(|page| page.picture.is_some() != page.is_blank));
    assert_eq!(read.iter().map(|page| page.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn four_slips_on_a_glass_are_four_and_each_is_cut_out_upright() {
    let mut chance = Rng::with_seed(3);
    let references = references(8);
    let cut = slips(&printed(&references), 150);
    let mut sheets: Vec<_> = cut.chunks(4).map(|four| laid(four, 150, &mut chance)).collect();
    sheets = sheets.iter().map(|sheet| seen(sheet, 0.0, 30, &mut chance)).collect();
    // The first slip lay on the glass twice.
    sheets.push(seen(
        &laid(&[cut[0].clone(), cut[0].clone()], 150, &mut chance),
        1.0,
        10,
        &mut chance,
    ));
    let pile = Pile::of(&scanned(&sheets, 150));
    let read = pile.read().await.unwrap();
    assert_eq!(sorted(&read[..2]), references);
    assert_eq!(texts(&read[2]), [&references[0]; 2]);
    let CodeRead { text, picture } = &read[1].codes[3];
    let picture = pile.folder.path().join(picture.as_ref().unwrap());
    let shown = scanner().read(&picture, None, |_, _| {}).await.unwrap();
    assert_eq!(texts(&shown[0]), [text], "the picture of a slip is of that slip");
}

#[tokio::test]
async fn pictures_of_a_telephone_and_faxes_are_read_too() {
    let mut chance = Rng::with_seed(5);
    let references = references(3);
    let cut = slips(&printed(&references), 200);
    let photo = Pile::of(&jpeg(&seen(&cut[0], 4.0, 20, &mut chance), 60));
    assert_eq!(texts(&photo.read().await.unwrap()[0]), [&references[0]]);
    let sheet = seen(&laid(&cut, 200, &mut chance), 0.0, 10, &mut chance);
    let fax = Pile::of(&jpeg(&sheet, 90));
    let pdf = fax.folder.path().join("fax.pdf");
    let script = "import sys; from PIL import Image; \
         Image.open(sys.argv[1]).convert('1', dither=Image.NONE).save(sys.argv[2], resolution=200)";
    let status = Command::new(python()).args(["-c", script]).arg(&fax.file).arg(&pdf).status();
    assert!(status.unwrap().success());
    let bytes = std::fs::read(&pdf).unwrap();
    assert!(bytes.windows(14).any(|it| it == b"CCITTFaxDecode"));
    assert_eq!(sorted(&scanner().read(&pdf, None, |_, _| {}).await.unwrap()), references);
}

#[tokio::test]
async fn what_is_no_scan_is_refused_whole() {
    let sheet = glass(100);
    let pdf = scanned(&[sheet.clone(), sheet.clone()], 100);
    assert_eq!(Pile::of(b"Bonjour,").refused().await, ScanRefused::Foreign);
    assert_eq!(Pile::of(b"%PDF-1.7\nnothing").refused().await, ScanRefused::Damaged);
    assert_eq!(Pile::of(&jpeg(&sheet, 75)[..300]).refused().await, ScanRefused::Damaged);
    let mut many = Scan::new();
    let image = many.image(827, 1_169, "DCTDecode", 8, jpeg(&sheet, 75));
    (0..2_001).for_each(|_| many.page(image, (595, 842)));
    assert_eq!(Pile::of(&many.finish()).refused().await, ScanRefused::TooManyPages);
    assert_eq!(Pile::of(&glass::locked(&pdf)).refused().await, ScanRefused::Locked);
    assert_eq!(Pile::of(&claims_to_be(60_000)).refused().await, ScanRefused::TooLarge);
}

/// A PNG of so many pixels a side, and none in it.
fn claims_to_be(side: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend([side.to_be_bytes(), side.to_be_bytes()].concat());
    header.extend([8, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d".to_vec();
    png.extend(&header);
    png.extend(crc(&header).to_be_bytes());
    // Where its pixels begin, it breaks off.
    png.extend(b"\x00\x00\x00\x04IDAT\x78\x9c\x00\x00");
    png
}

/// The checksum of a piece of a PNG.
fn crc(bytes: &[u8]) -> u32 {
    let fold = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    };
    !bytes.iter().fold(u32::MAX, fold)
}

#[tokio::test]
async fn a_thousand_pages_are_read_and_what_kills_the_reader_is_lost_alone() {
    let references = references(1);
    // The code alone: a thousand small pages.
    let slip = slips(&printed(&references), 100).remove(0);
    let (width, height) = (120, 130);
    let slip = image::imageops::crop_imm(&slip, 660, 30, width, height).to_image();
    let mut scan = Scan::new();
    let good = scan.image(width, height, "DCTDecode", 8, jpeg(&slip, 75));
    // Nothing but zeros: small on the disk, more than the child may have once it is unpacked.
    let side = 26_000;
    let vast = scan.image(
        side,
        side,
        "FlateDecode",
        8,
        packed_zeros(usize::try_from(side).unwrap().pow(2)),
    );
    let points = (width * 72 / 100, height * 72 / 100);
    for page in 1..=1_000 {
        scan.page(if page == 500 { vast } else { good }, points);
    }
    let pile = Pile::of(&scan.finish());
    let scanner = Scanner { memory_limit: 1 << 30, ..scanner() };
    let mut heard = 0;
    let read = scanner
        .read(&pile.file, None, |done, of| heard = heard.max(done * usize::from(of == 1_000)))
        .await;
    let read = read.unwrap();
    assert_eq!((read.len(), heard), (1_000, 1_000));
    let without: Vec<_> = read.iter().filter(|page| page.codes.is_empty()).collect();
    assert_eq!(without.iter().map(|page| page.number).collect::<Vec<_>>(), [500]);
}

#[tokio::test]
async fn where_too_many_pages_kill_the_reader_what_was_read_is_kept() {
    let mut scan = Scan::new();
    let references = references(1);
    let slip = slips(&printed(&references), 100).remove(0);
    let good = scan.image(slip.width(), slip.height(), "DCTDecode", 8, jpeg(&slip, 75));
    let side = 26_000;
    let zeros = packed_zeros(usize::try_from(side).unwrap().pow(2));
    let vast = scan.image(side, side, "FlateDecode", 8, zeros);
    let points = (slip.width() * 72 / 100, slip.height() * 72 / 100);
    for page in 1..=14 {
        scan.page(if page < 3 { good } else { vast }, points);
    }
    let pile = Pile::of(&scan.finish());
    let scanner = Scanner { memory_limit: 1 << 30, ..scanner() };
    let read = scanner.read(&pile.file, None, |_, _| {}).await.unwrap();
    let codes: Vec<_> = read.iter().map(|page| page.codes.len()).collect();
    assert_eq!(codes, [[1, 1].as_slice(), &[0; 12]].concat());
    assert!(read.iter().all(|page| !page.is_blank));
}

fn packed_zeros(many: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..many >> 20 {
        packer.write_all(&zeros).unwrap();
    }
    packer.finish().unwrap()
}

#[tokio::test]
async fn a_child_that_says_nothing_is_not_waited_for() {
    let hanging = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/press/hangs.sh");
    let scanner =
        Scanner { program: hanging, patience: std::time::Duration::from_millis(300), ..scanner() };
    let pile = Pile::of(b"%PDF-1.7");
    let read = scanner.read(&pile.file, None, |_, _| {}).await;
    assert!(matches!(read, Err(ScanError::TooSlow(_))), "{read:?}");
    let nowhere = Scanner { program: "/nowhere/chappe".into(), ..scanner };
    assert!(matches!(nowhere.read(&pile.file, None, |_, _| {}).await, Err(ScanError::Unread(_))));
}

#[tokio::test]
async fn a_photograph_without_a_code_is_shown_as_its_telephone_was_held() {
    let lying = with_exif(&jpeg(&without_code(50), 75), 6);
    let pile = Pile::of(&lying);
    let read = pile.read().await.unwrap();
    let shown = pile.folder.path().join(read[0].picture.as_ref().unwrap());
    let shown = image::open(shown).unwrap();
    assert!(shown.width() > shown.height(), "turned by a quarter");
}
