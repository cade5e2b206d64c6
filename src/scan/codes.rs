//! The codes on a page. A page is read twice, whole and half as large: what noise hides in the one is there in
//! the other.

use std::collections::HashSet;

use image::{DynamicImage, GrayImage};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader as _;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult};

/// Codes of a page that are looked at: more than anybody lays on a glass.
const MOST_CODES: usize = 64;

/// A point of a page, in its pixels.
pub type Spot = (f32, f32);

/// A code, and where it stands.
pub struct PlacedCode {
    pub text: String,
    /// The upper left, the upper right and the lower left corner of its own, however the page was laid.
    pub corners: [Spot; 3],
}

/// The codes of a page in shades of grey, from top to bottom.
pub fn read(page: &DynamicImage) -> Vec<PlacedCode> {
    let half = page.thumbnail_exact(page.width().div_ceil(2), page.height().div_ceil(2));
    let found = |page: &DynamicImage, scale| page.as_luma8().map(|page| found(page, scale));
    let mut codes = found(page, 1.0).unwrap_or_default();
    for code in found(&half, 2.0).unwrap_or_default() {
        if !codes.iter().any(|known| known.is(&code)) {
            codes.push(code);
        }
    }
    codes.sort_by(|one, other| one.middle().1.total_cmp(&other.middle().1));
    codes
}

fn found(page: &GrayImage, scale: f32) -> Vec<PlacedCode> {
    let (width, height) = page.dimensions();
    let Ok(source) = Luma8LuminanceSource::new(page.as_raw().clone(), width, height) else {
        return Vec::new();
    };
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        ..DecodeHints::default()
    };
    let mut image = BinaryBitmap::new(HybridBinarizer::new(source));
    let results = QrReader.decode_multiple_with_hints(&mut image, &hints).unwrap_or_default();
    results.iter().filter_map(|it| PlacedCode::of(it, scale)).take(MOST_CODES).collect()
}

impl PlacedCode {
    fn of(result: &RXingResult, scale: f32) -> Option<Self> {
        let corners = result.getPoints().get(..4)?;
        let [upper_left, upper_right, _, lower_left] = corners else { return None };
        let spot = |it: &rxing::Point| (it.x * scale, it.y * scale);
        let corners = [spot(upper_left), spot(upper_right), spot(lower_left)];
        Some(Self { text: result.getText().to_owned(), corners })
    }

    /// Between the two corners that face each other.
    fn middle(&self) -> Spot {
        let [_, right, low] = self.corners;
        (f32::midpoint(right.0, low.0), f32::midpoint(right.1, low.1))
    }

    /// Whether both are one code, read twice.
    fn is(&self, other: &Self) -> bool {
        let [corner, right, _] = self.corners;
        let side = (right.0 - corner.0).hypot(right.1 - corner.1);
        let (one, other_one) = (self.middle(), other.middle());
        self.text == other.text && (one.0 - other_one.0).hypot(one.1 - other_one.1) < side
    }
}
