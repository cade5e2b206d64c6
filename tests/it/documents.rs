//! Documents that teachers leave: made fit for paper, or refused by name. What comes of them is looked at by poppler
//! and by qpdf, which have no line in common with what made it.

pub mod page;

use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use chappe::render::documents::{
    FitError, FitPdf, Fitter, MOST_PAGES, SheetShape, UnfitDocument, fit, fit_as,
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use lopdf::{Document, Object, dictionary};
use tempfile::TempDir;

use page::{Sheet, pdf_of, sheet};

/// What came of a document, on the disk.
struct Paper {
    folder: TempDir,
}

impl Paper {
    fn of(fit: &FitPdf) -> Self {
        let paper = Self { folder: TempDir::new().unwrap() };
        std::fs::write(paper.path(), &fit.pdf).unwrap();
        let checked = Command::new("qpdf").arg("--check").arg(paper.path()).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        paper
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("fit.pdf")
    }

    fn says(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(arguments).arg(self.path());
        if program == "pdftotext" {
            command.arg("-");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }

    fn text(&self) -> String {
        self.says("pdftotext", &["-layout"])
    }

    /// Where a word stands on its page, in points from the left and from the top.
    fn place_of(&self, word: &str) -> (f64, f64) {
        let all = self.says("pdftotext", &["-bbox"]);
        let line = all.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap_or(&all);
        let number = |key: &str| {
            let found = line.split(&format!("{key}=\"")).nth(1).unwrap();
            found.split('"').next().unwrap().parse::<f64>().unwrap()
        };
        (number("xMin"), number("yMin"))
    }

    /// Every page as shades of grey, one dot a point or so.
    fn drawn(&self) -> Vec<image::GrayImage> {
        let begins = self.folder.path().join("page");
        let mut drawing = Command::new("pdftoppm");
        drawing.args(["-r", "72", "-gray"]).arg(self.path()).arg(&begins);
        assert!(drawing.status().unwrap().success());
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
        files.retain(|it| it.extension().is_some_and(|kind| kind == "pgm"));
        files.sort();
        files.iter().map(|it| greys(&std::fs::read(it).unwrap())).collect()
    }
}

/// A picture as poppler writes it: `P5`, width, height, 255, dots.
fn greys(pgm: &[u8]) -> image::GrayImage {
    let head = pgm.iter().enumerate().filter(|(_, octet)| octet.is_ascii_whitespace());
    let (end, _) = head.take(4).last().unwrap();
    let words = std::str::from_utf8(&pgm[..end]).unwrap();
    let numbers: Vec<u32> =
        words.split_whitespace().skip(1).map(|it| it.parse().unwrap()).collect();
    image::GrayImage::from_raw(numbers[0], numbers[1], pgm[end + 1..].to_vec()).unwrap()
}

#[test]
fn a_page_stays_as_it_is_seen_whatever_turns_and_frames_it() {
    let sheets = [
        sheet("droit"),
        Sheet { turned: 90, size: [842.0, 595.0], ..sheet("tourne") },
        // Its frame and its font stand in the tree above it alone.
        Sheet { inherits: true, ..sheet("herite") },
        Sheet { shown: Some([100.0, 100.0, 500.0, 666.0]), at: (120.0, 600.0), ..sheet("cadre") },
        Sheet { in_two: true, ..sheet("deux") },
    ];
    let made = fit(&pdf_of(&sheets)).unwrap();
    assert_eq!(made.pages, sheets.len());
    let paper = Paper::of(&made);
    let info = paper.says("pdfinfo", &["-f", "1", "-l", "9"]);
    assert_eq!(info.matches("595.276 x 841.89").count(), sheets.len(), "{info}");
    assert_eq!(info.matches("rot:   0").count(), sheets.len(), "{info}");
    let text = paper.text();
    for word in ["droit", "tourne", "herite", "cadre", "deux", "suite"] {
        assert!(text.contains(word), "{word} in\n{text}");
    }
    // 72 points from the left and 742 from below, as it was.
    let (x, y) = paper.place_of("droit");
    assert!((x - 72.0).abs() < 1.0 && (y - 82.0).abs() < 8.0, "{x} {y}");
    // 20 of the 400 points that are shown from the left: made as much larger as A5 is on A4, and in the middle.
    let (x, _) = paper.place_of("cadre");
    assert!((x - (595.276 - 400.0 * 1.4143) / 2.0 - 20.0 * 1.4143).abs() < 2.0, "{x}");
}

#[test]
fn what_was_typed_into_a_form_stays_and_nothing_that_acts_does() {
    let made = fit(&page::form("Zoé, 42 ans", true)).unwrap();
    let paper = Paper::of(&made);
    assert!(paper.text().contains("42 ans"), "{}", paper.text());
    let (x, y) = paper.place_of("42");
    assert!((100.0..200.0).contains(&x) && (130.0..150.0).contains(&y), "{x} {y}");
    let whole = paper.says("qpdf", &["--qdf", "--object-streams=disable"]);
    let whole =
        if whole.is_empty() { String::from_utf8_lossy(&made.pdf).into_owned() } else { whole };
    for word in ["/AcroForm", "/Annots", "/JavaScript", "/OpenAction", "/URI", "/Launch"] {
        assert!(!whole.contains(word), "{word}");
    }
    // A field whose text its program alone would draw.
    assert_eq!(fit(&page::form("Zoé, 42 ans", false)), Err(UnfitDocument::Undrawn(1)));
    // One in which nothing was typed draws nothing, and needs nothing.
    assert_eq!(fit(&page::form("", false)).unwrap().pages, 1);
}

#[test]
fn other_sizes_become_a4_and_a_page_of_two_metres_is_refused_by_its_number() {
    let sizes = [[842.0, 1191.0], [420.0, 595.0], [612.0, 792.0], [842.0, 595.0]];
    let sheets: Vec<Sheet> =
        sizes.iter().map(|size| Sheet { size: *size, at: (50.0, 50.0), ..sheet("mot") }).collect();
    let paper = Paper::of(&fit(&pdf_of(&sheets)).unwrap());
    let info = paper.says("pdfinfo", &["-f", "1", "-l", "9"]);
    assert_eq!(info.matches("595.276 x 841.89").count(), sheets.len(), "{info}");
    assert!(paper.drawn().iter().all(|page| page.pixels().any(|dot| dot.0[0] < 128)));
    let poster = Sheet { size: [5_669.0, 842.0], ..sheet("affiche") };
    assert_eq!(fit(&pdf_of(&[sheet("droit"), poster])), Err(UnfitDocument::OddPage(2)));
}

#[test]
fn what_cannot_be_printed_is_refused_by_its_reason() {
    let whole = pdf_of(&[sheet("droit")]);
    for (bytes, why) in [
        (b"bonjour".to_vec(), UnfitDocument::Foreign),
        (Vec::new(), UnfitDocument::Foreign),
        (b"%PDF-1.7\nrien".to_vec(), UnfitDocument::Damaged),
        (whole[..whole.len() / 3].to_vec(), UnfitDocument::Damaged),
        (pdf_of(&[]), UnfitDocument::Empty),
        (pdf_of(&vec![sheet("droit"); MOST_PAGES + 1]), UnfitDocument::TooManyPages),
        (page::with_hidden_layer(), UnfitDocument::HiddenLayers),
        (b"\xFF\xD8\xFF\xE0 tronquee".to_vec(), UnfitDocument::Damaged),
    ] {
        assert_eq!(fit(&bytes), Err(why));
    }
    assert_eq!(fit(&pdf_of(&vec![sheet("droit"); MOST_PAGES])).unwrap().pages, MOST_PAGES);
}

#[test]
fn a_document_that_asks_for_a_password_is_refused_and_one_that_only_forbids_is_read() {
    let folder = TempDir::new().unwrap();
    let (open, locked) = (folder.path().join("open.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&open, pdf_of(&[sheet("droit")])).unwrap();
    let encrypted = |user: &str, bits: &str| {
        let mut qpdf = Command::new("qpdf");
        qpdf.args(["--allow-weak-crypto", "--encrypt", user, "owner", bits, "--"]);
        let done = qpdf.arg(&open).arg(&locked).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        fit(&std::fs::read(&locked).unwrap())
    };
    for bits in ["40", "128", "256"] {
        assert_eq!(encrypted("secret", bits), Err(UnfitDocument::Locked), "{bits}");
        let read = encrypted("", bits).unwrap_or_else(|why| panic!("{bits}: {why}"));
        assert!(Paper::of(&read).text().contains("droit"), "{bits}");
    }
}

#[test]
fn a_photograph_becomes_a_page_upright_without_where_it_was_taken() {
    // Dark above, as the telephone held it; by its own word it is to be turned a quarter clockwise.
    let seen =
        RgbImage::from_fn(400, 300, |x, _| if x < 200 { Rgb([20; 3]) } else { Rgb([240; 3]) });
    let mut jpeg = Vec::new();
    DynamicImage::ImageRgb8(seen).write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
    let jpeg = page::with_exif(&jpeg, 6);
    let made = fit(&jpeg).unwrap();
    let paper = Paper::of(&made);
    let pages = paper.drawn();
    let (wide, high) = (pages[0].width(), pages[0].height());
    assert!(wide < high, "{wide} {high}");
    let above = pages[0].get_pixel(wide / 2, high / 4).0[0];
    let below = pages[0].get_pixel(wide / 2, high * 3 / 4).0[0];
    assert!(above < 60 && below > 200, "{above} {below}");
    assert!(!made.pdf.windows(4).any(|four| four == b"Exif"));

    let mut png = Vec::new();
    let grey = image::GrayImage::from_pixel(300, 400, image::Luma([90]));
    DynamicImage::ImageLuma8(grey).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    assert_eq!(fit(&png).unwrap().pages, 1);
}

#[tokio::test]
async fn a_child_looks_at_it_and_what_it_dies_of_is_refused() {
    let folder = TempDir::new().unwrap();
    let room = folder.path().join("room");
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, pdf_of(&[sheet("droit"), sheet("aussi")])).unwrap();
    let fitter = Fitter::new(env!("CARGO_BIN_EXE_chappe").into(), room.clone());
    let made = fitter.fit(&file).await.unwrap();
    assert_eq!((made.pages, std::fs::read_dir(&room).unwrap().count()), (2, 0));
    assert!(Paper::of(&made).text().contains("aussi"));

    std::fs::write(&file, b"%PDF-1.7\nrien").unwrap();
    assert!(matches!(fitter.fit(&file).await, Err(FitError::Unfit(UnfitDocument::Damaged))));
    std::fs::File::create(&file).unwrap().set_len(21 * 1024 * 1024).unwrap();
    assert!(matches!(fitter.fit(&file).await, Err(FitError::Unfit(UnfitDocument::TooLarge))));
    assert!(matches!(fitter.fit(&folder.path().join("none")).await, Err(FitError::Disk(_))));
    // A child that dies without a word, and leaves half of what it wrote.
    let program = folder.path().join("dies");
    let writes = "#!/bin/sh\nread -r order\npart=${order##*\\\"part\\\":\\\"}\n: > \"${part%%\\\"*}\"\nexit 1\n";
    std::fs::write(&program, writes).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let dies = Fitter::new(program, room.clone());
    let begun = std::time::Instant::now();
    assert!(matches!(dies.fit(&file).await, Err(FitError::Unfit(UnfitDocument::Deadly))));
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(std::fs::read_dir(&room).unwrap().count(), 0);
}

#[test]
fn a_fit_document_holds_what_its_pages_draw_with_and_no_more() {
    let mut document = Document::load_mem(&pdf_of(&[sheet("droit")])).unwrap();
    let heavy = document.add_object(Object::string_literal("x".repeat(200_000)));
    let catalog = document.trailer.get(b"Root").and_then(Object::as_reference).unwrap();
    let names = dictionary! { "EmbeddedFiles" => heavy };
    document.get_dictionary_mut(catalog).unwrap().set("Names", names);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    assert!(bytes.len() > 200_000);
    let made = fit(&bytes).unwrap();
    assert!(made.pdf.len() < 5_000, "{}", made.pdf.len());
}

/// The word of each page of a booklet, turned or not, where it stands: which side of which sheet, and in which half.
fn stands(paper: &Paper, word: &str) -> (usize, f64, f64) {
    let all = paper.says("pdftotext", &["-bbox"]);
    let pages: Vec<&str> = all.split("<page ").skip(1).collect();
    let found = |page: &&str| page.contains(&format!(">{word}<"));
    let side = pages.iter().position(found).unwrap_or_else(|| panic!("{word} in {all}"));
    let line = pages[side].lines().find(|line| line.contains(&format!(">{word}<"))).unwrap();
    let number = |key: &str| -> f64 {
        let found = line.split(&format!("{key}=\"")).nth(1).unwrap();
        found.split('"').next().unwrap().parse().unwrap()
    };
    let middle = |least, most| f64::midpoint(number(least), number(most));
    (side, middle("xMin", "xMax"), middle("yMin", "yMax"))
}

#[test]
fn a_booklet_is_exactly_a4_and_loses_no_page_however_it_is_turned() {
    // Seven pages: the second lies as its program says, the third by itself; two sheets, the last page empty.
    let mut sheets: Vec<Sheet> = (1..=7).map(|page| sheet(&format!("page{page}"))).collect();
    sheets[1] = Sheet { turned: 90, size: [842.0, 595.0], ..sheet("page2") };
    sheets[2] = Sheet { size: [842.0, 595.0], at: (72.0, 500.0), ..sheet("page3") };
    let pdf = pdf_of(&sheets);

    let paper = Paper::of(&fit_as(&pdf, SheetShape::Booklet).unwrap());
    let info = paper.says("pdfinfo", &["-f", "1", "-l", "9"]);
    assert_eq!(info.matches("841.89 x 595.276").count(), 4, "{info}");
    assert_eq!(info.matches("rot:   0").count(), 4, "{info}");
    // Outer sheet: empty | 1, then 2 | 7; inner sheet: 6 | 3, then 4 | 5.
    let middle = 841.89 / 2.0;
    for (page, side, is_right) in [
        (1, 0, true),
        (2, 1, false),
        (7, 1, true),
        (6, 2, false),
        (3, 2, true),
        (4, 3, false),
        (5, 3, true),
    ] {
        let (found, x, _) = stands(&paper, &format!("page{page}"));
        assert_eq!((found, x > middle), (side, is_right), "page {page} at {x}");
    }
    // A word at 72 points from the left and 100 from the top of A4 is as much nearer on A5.
    let (_, x, y) = stands(&paper, "page1");
    assert!(
        (x - middle - 72.0 * 0.707).abs() < 25.0 && (y - 100.0 * 0.707).abs() < 12.0,
        "{x} {y}"
    );

    // Among other pages its sheets stand; what is turned on the long edge has its head by the same edge of the paper.
    let paper = Paper::of(&fit_as(&pdf, SheetShape::BookletAmongPages).unwrap());
    let info = paper.says("pdfinfo", &["-f", "1", "-l", "9"]);
    assert_eq!(info.matches("595.276 x 841.89").count(), 4, "{info}");
    for (page, side, is_above) in
        [(1, 0, true), (2, 1, true), (7, 1, false), (6, 2, false), (4, 3, true), (5, 3, false)]
    {
        let (found, x, y) = stands(&paper, &format!("page{page}"));
        assert_eq!((found, y < middle), (side, is_above), "page {page} at {y}");
        // The words are near the heads of their pages, but on the one that its program turns: at the left of fronts, at the
        // right of backs.
        assert!(page == 2 || (x < 595.276 / 2.0) == (side % 2 == 0), "page {page} at {x}");
    }
    let empty = fit_as(&pdf_of(&[sheet("seule")]), SheetShape::Booklet).unwrap();
    assert_eq!(empty.pages, 2);
}
