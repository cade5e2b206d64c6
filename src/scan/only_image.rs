//! The one picture that a page of most scans is: its pixels as the scanner made them, without drawing the page.

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, ImageData, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, RasterImage, SoftMask, TransformExt as _,
    interpret_page,
};
use image::{DynamicImage, GrayImage, RgbImage};
use kurbo::{Affine, BezPath, Rect};

/// How much longer one side of a pixel may be: those of a coarse fax are twice as high, and codes unreadable.
const STRETCHED: f64 = 1.1;

/// What stands on a page.
#[derive(Default)]
struct SeenOnPage {
    picture: Option<(DynamicImage, Affine)>,
    /// Whether there is anything else, or it is more than a picture.
    is_more: bool,
}

/// The picture that a page is, in shades of grey, as the page shows it; nothing where the page is more than one
/// picture, which has to be drawn.
pub fn of_page(page: &Page<'_>, settings: &InterpreterSettings) -> Option<DynamicImage> {
    let (width, height) = page.render_dimensions();
    let (cache, mut seen) = (InterpreterCache::new(), SeenOnPage::default());
    let all = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let begin = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(begin, all, &cache, page.xref(), settings.clone());
    interpret_page(page, &mut context, &mut seen);
    let (picture, place) = seen.picture.filter(|_| !seen.is_more)?;
    let [right_x, right_y, down_x, down_y, ..] = place.as_coeffs();
    let (across, down) = (right_x.hypot(right_y), down_x.hypot(down_y));
    if across.max(down) > STRETCHED * across.min(down) {
        return None;
    }
    let picture = if place.determinant() < 0.0 { picture.flipv() } else { picture };
    Some(match (right_x.abs() >= right_y.abs(), right_x >= 0.0, right_y >= 0.0) {
        (true, true, _) => picture,
        (true, false, _) => picture.rotate180(),
        (false, _, true) => picture.rotate90(),
        (false, _, false) => picture.rotate270(),
    })
}

fn pixels(image: ImageData) -> Option<DynamicImage> {
    match image {
        ImageData::Luma(it) => {
            GrayImage::from_raw(it.width, it.height, it.data).map(DynamicImage::ImageLuma8)
        }
        ImageData::Rgb(it) => {
            let image = RgbImage::from_raw(it.width, it.height, it.data)?;
            Some(DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(image).into_luma8()))
        }
    }
}

impl SeenOnPage {
    fn take(&mut self, raster: &RasterImage<'_>, place: Affine) {
        let mut taken = None;
        raster.with_rgba(
            |image, alpha| {
                let (x, y) = image.scale_factors();
                let place = place * Affine::scale_non_uniform(x.into(), y.into());
                taken = pixels(image).filter(|_| alpha.is_none()).map(|image| (image, place));
            },
            None,
        );
        self.is_more |= taken.is_none();
        self.picture = taken;
    }
}

impl<'a> Device<'a> for SeenOnPage {
    fn draw_image(&mut self, image: Image<'a, '_>, place: Affine) {
        match image {
            Image::Raster(raster) if self.picture.is_none() && !self.is_more => {
                self.take(&raster, place);
            }
            _ => self.is_more = true,
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {
        self.is_more = true;
    }

    fn draw_glyph(
        &mut self,
        _: &Glyph<'a>,
        _: Affine,
        _: Affine,
        _: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        // What a scanner read of the page stands there unseen.
        self.is_more |= !matches!(mode, GlyphDrawMode::Invisible);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.is_more |= mask.is_some() || opacity < 1.0;
    }

    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.is_more |= mask.is_some();
    }

    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
