//! A file, told by what it holds, and its pages as shades of grey.

use std::io::Cursor;
use std::path::Path;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::PremulRgba8;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use image::metadata::Orientation;
use image::{
    DynamicImage, GrayImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits,
};

use super::only_image;
use super::refused::{LARGEST_MEBIBYTES, MOST_PAGES, ScanRefused};
use crate::media_kind::MediaKind;

/// Dots an inch at which a page is drawn: a module of a slip's code is six of them wide.
const DOTS: f32 = 200.0;
/// Points an inch, in which a PDF is measured.
const POINTS: f32 = 72.0;
/// Pixels of the longer side of a page that is drawn: an A3 page has as many.
const LONGEST: f32 = 3_400.0;
/// Pixels of the longer side of a picture that is not made smaller: an A4 page of 300 dots an inch has fewer.
const LONGEST_PICTURE: u32 = 4_400;

/// A file, open.
pub enum ScanFile {
    Pdf(Pdf),
    Picture(DynamicImage),
}

impl ScanFile {
    /// Opens a file; its name tells nothing.
    pub fn open(path: &Path) -> Result<Self, ScanRefused> {
        let size = std::fs::metadata(path).map_err(|_| ScanRefused::Closed)?.len();
        if size > LARGEST_MEBIBYTES * 1024 * 1024 {
            return Err(ScanRefused::TooLarge);
        }
        let bytes = std::fs::read(path).map_err(|_| ScanRefused::Closed)?;
        match MediaKind::of(&bytes) {
            Some(MediaKind::Pdf) => Ok(Self::Pdf(pdf(bytes)?)),
            Some(MediaKind::Picture(format)) => Ok(Self::Picture(picture(&bytes, format)?)),
            Some(MediaKind::Text) | None => Err(ScanRefused::Foreign),
        }
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        match self {
            Self::Pdf(pdf) => pdf.pages().len(),
            Self::Picture(_) => 1,
        }
    }

    /// A page in shades of grey, the first being 1; nothing where it cannot be drawn.
    pub fn page(&self, number: usize) -> Option<DynamicImage> {
        match self {
            Self::Pdf(pdf) => seen(pdf.pages().get(number.checked_sub(1)?)?),
            Self::Picture(picture) => Some(picture.clone()),
        }
    }
}

fn pdf(bytes: Vec<u8>) -> Result<Pdf, ScanRefused> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ScanRefused::Locked,
        LoadPdfError::Invalid => ScanRefused::Damaged,
    })?;
    match pdf.pages().len() {
        0 => Err(ScanRefused::Damaged),
        pages if pages > MOST_PAGES => Err(ScanRefused::TooManyPages),
        _ => Ok(pdf),
    }
}

/// Drawn only where it is more than one picture.
fn seen(page: &Page<'_>) -> Option<DynamicImage> {
    let settings = InterpreterSettings::default();
    match only_image::of_page(page, &settings) {
        Some(picture) => Some(smaller(picture)),
        None => drawn(page, &settings),
    }
}

fn drawn(page: &Page<'_>, settings: &InterpreterSettings) -> Option<DynamicImage> {
    let (width, height) = page.render_dimensions();
    let longest = width.max(height);
    if !(longest.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let scale = (DOTS / POINTS).min(LONGEST / longest);
    let size =
        RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..Default::default() };
    let pixels = hayro::render(page, &RenderCache::new(), settings, &size);
    let shades = pixels.data().iter().map(|it| shade(*it)).collect();
    let (width, height) = (pixels.width().into(), pixels.height().into());
    GrayImage::from_raw(width, height, shades).map(DynamicImage::ImageLuma8)
}

/// As bright as an eye sees it.
fn shade(pixel: PremulRgba8) -> u8 {
    let [red, green, blue] = [pixel.r, pixel.g, pixel.b].map(u32::from);
    u8::try_from((77 * red + 150 * green + 29 * blue) / 256).unwrap_or(u8::MAX)
}

/// A telephone lays its picture as it was held, and says beside it how it turns upright. The memory that its pixels may take
/// is limited as the library does.
fn picture(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, ScanRefused> {
    let read = || {
        let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder()?;
        Limits::default().reserve(decoder.total_bytes())?;
        let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        Ok((DynamicImage::from_decoder(decoder)?, upright))
    };
    let (image, upright) = read().map_err(|error| match error {
        ImageError::Limits(_) => ScanRefused::TooLarge,
        _ => ScanRefused::Damaged,
    })?;
    let mut image = smaller(DynamicImage::ImageLuma8(image.into_luma8()));
    image.apply_orientation(upright);
    Ok(image)
}

fn smaller(image: DynamicImage) -> DynamicImage {
    let is_large = image.width().max(image.height()) > LONGEST_PICTURE;
    if is_large { image.thumbnail(LONGEST_PICTURE, LONGEST_PICTURE) } else { image }
}
