//! Pictures of what was read, for whoever looks at it: pages, and each slip cut out, with its head up; and whether there
//! is anything to look at.

use image::DynamicImage;

use super::codes::{PlacedCode, Spot};
use crate::message::WorkPage;

/// Pixels of the longer side of the picture of a page: handwriting stays readable.
const PAGE: u32 = 1_200;
/// The same of a page of a pupil's work, which is kept: 200 dots an inch of A4, less its margins.
const WORK: u32 = 2_200;
/// Pixels of the longer side of the picture of a slip.
const SLIP: u32 = 800;
/// What a slip has beside its code, in sides of it: the layout of the letters puts the code at its upper right.
const LEFT: f32 = -9.8;
const RIGHT: f32 = 1.5;
const ABOVE: f32 = -0.6;
const BELOW: f32 = 3.2;

/// The brightest shade of what is written or printed; grain is brighter.
const INK: u8 = 160;
/// Of so many pixels of an empty page one may be as dark: dust.
const DUST: usize = 5_000;

/// Whether nothing stands on a page.
pub fn is_blank(page: &DynamicImage) -> bool {
    page.as_luma8().is_some_and(|page| {
        let dark = page.iter().filter(|shade| **shade < INK).count();
        dark <= page.len() / DUST
    })
}

/// The slip that a code stands on, with what lies around it where it lies askew.
pub fn slip(page: &DynamicImage, code: &PlacedCode) -> DynamicImage {
    let [corner, right, low] = code.corners;
    let across = (right.0 - corner.0, right.1 - corner.1);
    let down = (low.0 - corner.0, low.1 - corner.1);
    let spot = |x: f32, y: f32| -> Spot {
        (corner.0 + x * across.0 + y * down.0, corner.1 + x * across.1 + y * down.1)
    };
    let ends = [spot(LEFT, ABOVE), spot(RIGHT, ABOVE), spot(LEFT, BELOW), spot(RIGHT, BELOW)];
    let (left, width) = span(ends.map(|it| it.0), page.width());
    let (top, height) = span(ends.map(|it| it.1), page.height());
    let cut = page.crop_imm(left, top, width, height);
    head_up(&smaller(&cut, SLIP), code)
}

/// A page, its head where the first of its codes has it.
pub fn page(page: &DynamicImage, codes: &[PlacedCode]) -> DynamicImage {
    let is_work = codes.iter().any(|code| WorkPage::is_one(&code.text));
    let small = smaller(page, if is_work { WORK } else { PAGE });
    match codes.first() {
        Some(code) => head_up(&small, code),
        None => small,
    }
}

fn smaller(image: &DynamicImage, longest: u32) -> DynamicImage {
    let is_large = image.width().max(image.height()) > longest;
    if is_large { image.thumbnail(longest, longest) } else { image.clone() }
}

/// Turned back by the quarters that a code lies turned.
fn head_up(image: &DynamicImage, code: &PlacedCode) -> DynamicImage {
    match quarters(code) {
        0 => image.clone(),
        1 => image.rotate270(),
        2 => image.rotate180(),
        _ => image.rotate90(),
    }
}

/// By how many quarters clockwise a code lies turned.
fn quarters(code: &PlacedCode) -> u8 {
    let [corner, right, _] = code.corners;
    let (x, y) = (right.0 - corner.0, right.1 - corner.1);
    match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}

/// From the least of these on to the greatest, as far as a page goes: where it begins, and how long it is.
fn span(ends: [f32; 4], page: u32) -> (u32, u32) {
    let (least, greatest) = (ends.into_iter().reduce(f32::min), ends.into_iter().reduce(f32::max));
    let begin = pixel(least.unwrap_or_default(), page.saturating_sub(1));
    let end = pixel(greatest.unwrap_or_default(), page);
    (begin, end.saturating_sub(begin).max(1))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it ends at the most")]
fn pixel(place: f32, most: u32) -> u32 {
    (place.max(0.0) as u32).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(right: Spot, low: Spot) -> PlacedCode {
        let at = |spot: Spot| (100.0 + spot.0, 100.0 + spot.1);
        PlacedCode { text: String::new(), corners: [(100.0, 100.0), at(right), at(low)] }
    }

    #[test]
    fn a_page_that_lies_on_its_head_is_told_by_its_code() {
        assert_eq!(quarters(&code((50.0, 2.0), (-2.0, 50.0))), 0);
        assert_eq!(quarters(&code((2.0, 50.0), (-50.0, 2.0))), 1);
        assert_eq!(quarters(&code((-50.0, 2.0), (-2.0, -50.0))), 2);
        assert_eq!(quarters(&code((-2.0, -50.0), (50.0, 2.0))), 3);
    }

    #[test]
    fn a_page_with_a_few_words_is_not_blank_and_one_with_dust_is() {
        let mut page = image::GrayImage::from_pixel(1_000, 1_000, image::Luma([240]));
        for x in 0..150 {
            page.put_pixel(x, 500, image::Luma([90]));
        }
        assert!(is_blank(&DynamicImage::ImageLuma8(page.clone())));
        for x in 150..300 {
            page.put_pixel(x, 500, image::Luma([90]));
        }
        assert!(!is_blank(&DynamicImage::ImageLuma8(page)));
    }

    #[test]
    fn a_slip_that_goes_beyond_the_page_is_cut_at_its_edge() {
        let page = DynamicImage::new_luma8(300, 200);
        let cut = slip(&page, &code((40.0, 0.0), (0.0, 40.0)));
        assert_eq!((cut.width(), cut.height()), (160, 124));
        let beside = PlacedCode { text: String::new(), corners: [(9e9, f32::NAN); 3] };
        assert_eq!(slip(&page, &beside).width(), 1);
    }
}
