//! What a school's scanner makes of letters that came back: pages as poppler draws them, laid askew on the glass,
//! a little blurred and noisy, in JPEG, one picture a page of a PDF.

use std::process::Command;

use chappe::render::SchoolFacts;
use chappe::render::letters::{Letter, LetterJob, Sides, print};
use chappe::wording::markdown::{on_paper, to_blocks};
use fastrand::Rng;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{overlay, rotate180};
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder as _, Luma};
use lopdf::{
    Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream, dictionary,
};

/// White paper.
const PAPER: Luma<u8> = Luma([255]);
/// A4, in hundredths of an inch.
const A4: (u32, u32) = (827, 1_169);
/// How high the part of a letter is that is cut off, in hundredths of an inch.
const CUT: u32 = 190;

/// Letters of one message to so many families, with their references.
pub(crate) fn references(letters: usize) -> Vec<String> {
    (0..letters).map(|number| format!("7K4M-{number:03}C")).collect()
}

/// A letter with its reply slip.
pub(crate) fn letter(reference: &str) -> Letter {
    Letter {
        address: ["MME INES DURAND", "12 RUE DES LILAS", "31000 TOULOUSE"].map(Into::into).into(),
        reference: reference.to_owned(),
        subject: "Fermeture du collège".into(),
        about: vec!["Zoé DURAND".into()],
        class_label: Some("6A".into()),
        body: on_paper(&to_blocks("Le collège ferme ses portes lundi.")),
        question: None,
        form: false,
        large_print: false,
        calls: Vec::new(),
        diary: Vec::new(),
        parts: Vec::new(),
    }
}

/// These letters as a PDF.
pub(crate) fn printed(references: &[String]) -> Vec<u8> {
    let school = SchoolFacts {
        name: "Collège Jean-Moulin".into(),
        address_lines: vec!["1 rue des Écoles".into(), "31000 TOULOUSE".into()],
        phone: "05 36 49 00 01".into(),
        email: "secretariat@example.org".into(),
        website: "https://clg.example.org/info".into(),
        signatory_name: "Claire FONTAINE".into(),
        signatory_title: "Principale".into(),
        town: "Toulouse".into(),
    };
    let job = LetterJob {
        title: "Fermeture du collège".into(),
        school,
        date: jiff::civil::date(2020, 3, 16),
        sides: Sides::One,
        letters: references.iter().map(|it| letter(it)).collect(),
        documents: Vec::new(),
        piles: Vec::new(),
    };
    print(&job, |_| {}).unwrap().pdf
}

/// Whole pages, at so many dots an inch.
pub(crate) fn pages(pdf: &[u8], dots: u32) -> Vec<GrayImage> {
    drawn(pdf, dots, None)
}

/// The reply slips of letters, cut off.
pub(crate) fn slips(pdf: &[u8], dots: u32) -> Vec<GrayImage> {
    drawn(pdf, dots, Some(CUT))
}

fn drawn(pdf: &[u8], dots: u32, lowest: Option<u32>) -> Vec<GrayImage> {
    let folder = tempfile::tempdir().unwrap();
    let (file, begins) = (folder.path().join("lettres.pdf"), folder.path().join("page"));
    std::fs::write(&file, pdf).unwrap();
    let mut command = Command::new("pdftoppm");
    command.args(["-r", &dots.to_string(), "-gray", "-png"]);
    if let Some(high) = lowest {
        let (wide, high, all) = (A4.0 * dots / 100, high * dots / 100, A4.1 * dots / 100);
        let place = [0, all - high, wide, high].map(|it| it.to_string());
        command.args(["-x", &place[0], "-y", &place[1], "-W", &place[2], "-H", &place[3]]);
    }
    let status = command.arg(&file).arg(&begins).status();
    assert!(status.expect("pdftoppm is missing: install poppler-utils").success());
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
    names.retain(|it| it.path().extension().is_some_and(|kind| kind == "png"));
    names.sort_by_key(std::fs::DirEntry::file_name);
    names.iter().map(|it| image::open(it.path()).unwrap().into_luma8()).collect()
}

/// An empty glass.
pub(crate) fn glass(dots: u32) -> GrayImage {
    GrayImage::from_pixel(A4.0 * dots / 100, A4.1 * dots / 100, PAPER)
}

/// A sheet with something on it, and no code.
pub(crate) fn without_code(dots: u32) -> GrayImage {
    let mut sheet = glass(dots);
    for (x, y) in (dots..4 * dots).flat_map(|x| (dots..dots + 9).map(move |y| (x, y))) {
        sheet.put_pixel(x, y, Luma([60]));
    }
    sheet
}

/// So many slips laid on one glass, one below the other, some on their head.
pub(crate) fn laid(slips: &[GrayImage], dots: u32, chance: &mut Rng) -> GrayImage {
    let mut sheet = glass(dots);
    for (place, slip) in (0_i64..).zip(slips) {
        let slip = turned(slip, 3.0 * (chance.f32() * 2.0 - 1.0));
        let slip = if chance.u8(..4) == 0 { rotate180(&slip) } else { slip };
        let high = i64::from(sheet.height()) / 4;
        overlay(&mut sheet, &slip, 0, place * high + high / 20);
    }
    sheet
}

/// A page as the lamp sees it: askew by so many degrees, a little blurred, with grain.
pub(crate) fn seen(page: &GrayImage, degrees: f32, grain: i16, chance: &mut Rng) -> GrayImage {
    let mut seen = DynamicImage::ImageLuma8(turned(page, degrees)).blur(0.7).into_luma8();
    for pixel in seen.pixels_mut() {
        let shade = i16::from(pixel.0[0]) - 12 + chance.i16(-grain..=grain);
        pixel.0[0] = u8::try_from(shade.clamp(0, 255)).unwrap();
    }
    seen
}

/// A page turned about its middle; what comes in from beside it is paper.
#[expect(clippy::cast_possible_truncation, reason = "a sine in parts of 65,536")]
pub(crate) fn turned(page: &GrayImage, degrees: f32) -> GrayImage {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (sine, cosine) = ((sine * 65_536.0) as i64, (cosine * 65_536.0) as i64);
    let (middle_x, middle_y) = (i64::from(page.width()) / 2, i64::from(page.height()) / 2);
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let (right, down) = (i64::from(x) - middle_x, i64::from(y) - middle_y);
        let x = middle_x + ((right * cosine + down * sine) >> 16);
        let y = middle_y + ((down * cosine - right * sine) >> 16);
        let spot = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        spot.and_then(|(x, y)| page.get_pixel_checked(x, y)).copied().unwrap_or(PAPER)
    })
}

/// A page as JPEG.
pub(crate) fn jpeg(page: &GrayImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(page.as_raw(), page.width(), page.height(), ExtendedColorType::L8)
        .unwrap();
    bytes
}

/// A PDF as scanners write it: one picture a page.
pub(crate) fn scanned(pages: &[GrayImage], dots: u32) -> Vec<u8> {
    let mut scan = Scan::new();
    for page in pages {
        let image = scan.image(page.width(), page.height(), "DCTDecode", 8, jpeg(page, 75));
        scan.page(image, (page.width() * 72 / dots, page.height() * 72 / dots));
    }
    scan.finish()
}

/// A PDF of pictures, as it is put together.
pub(crate) struct Scan {
    document: Document,
    pages_id: ObjectId,
    pages: Vec<Object>,
}

impl Scan {
    pub(crate) fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let pages_id = document.new_object_id();
        Self { document, pages_id, pages: Vec::new() }
    }

    /// A picture, packed in some way, that claims to have so many pixels.
    pub(crate) fn image(
        &mut self,
        width: u32,
        height: u32,
        filter: &str,
        bits: i64,
        packed: Vec<u8>,
    ) -> ObjectId {
        let image = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Filter" => filter,
            "Width" => i64::from(width), "Height" => i64::from(height),
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => bits,
        };
        self.document.add_object(Stream::new(image, packed))
    }

    /// A page that shows it; its size in points.
    pub(crate) fn page(&mut self, image: ObjectId, (width, height): (u32, u32)) {
        let shows = format!("q {width} 0 0 {height} 0 0 cm /Im Do Q");
        let content = self.document.add_object(Stream::new(dictionary! {}, shows.into_bytes()));
        let page = dictionary! {
            "Type" => "Page", "Parent" => self.pages_id, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), i64::from(width).into(), i64::from(height).into()],
            "Resources" => dictionary! { "XObject" => dictionary! { "Im" => image } },
        };
        self.pages.push(self.document.add_object(page).into());
    }

    /// The document, which a test may still spoil.
    pub(crate) fn document(self) -> Document {
        let Self { mut document, pages_id, pages } = self;
        let count = i64::try_from(pages.len()).unwrap();
        let tree = dictionary! { "Type" => "Pages", "Count" => count, "Kids" => pages };
        document.objects.insert(pages_id, tree.into());
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages_id });
        document.trailer.set("Root", catalog);
        document.trailer.set("ID", vec![Object::string_literal("a"), Object::string_literal("a")]);
        document
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        saved(self.document())
    }
}

/// The same PDF, which asks for a password.
pub(crate) fn locked(pdf: &[u8]) -> Vec<u8> {
    let mut document = Document::load_mem(pdf).unwrap();
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    saved(document)
}

/// The octets of a document.
fn saved(mut document: Document) -> Vec<u8> {
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    pdf
}
