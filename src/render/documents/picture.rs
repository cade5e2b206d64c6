//! A photograph of a sheet, as a page.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};
use lopdf::{Document, Object, Stream, dictionary};

use super::booklet::SheetShape;
use super::pages::{FitPages, FitPdf, SeenPage};
use super::place::PageBox;
use super::unfit::UnfitDocument;

/// Pixels of the longer side: A4 at 250 dots an inch. A telephone's photograph has more.
const LONGEST: u32 = 2_924;
/// Bytes that reading one may take: 60 megapixels.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// How true the picture stays, of 100.
const QUALITY: u8 = 80;

/// The page of a picture, upright. Where it was taken, and by what, is not taken over.
pub fn page(
    bytes: &[u8],
    format: ImageFormat,
    document: &mut Document,
) -> Result<SeenPage, UnfitDocument> {
    let picture = read(bytes, format).map_err(|error| match error {
        ImageError::Limits(_) => UnfitDocument::TooLarge,
        _ => UnfitDocument::Damaged,
    })?;
    let (width, height) = (picture.width(), picture.height());
    let picture = if width.max(height) > LONGEST {
        picture.resize(LONGEST, LONGEST, image::imageops::FilterType::Triangle)
    } else {
        picture
    };
    seen(&picture, document)
}

fn read(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(upright);
    Ok(picture)
}

/// The pages of A4 that these show, each a JPEG that was made here, its head up.
pub fn album(jpegs: &[Vec<u8>]) -> Result<FitPdf, UnfitDocument> {
    let (mut document, mut seen) = (Document::with_version("1.7"), Vec::new());
    for jpeg in jpegs {
        let decoder = JpegDecoder::new(Cursor::new(jpeg)).map_err(|_| UnfitDocument::Damaged)?;
        let is_grey = !decoder.color_type().has_color();
        let size = decoder.dimensions();
        seen.push(drawn(jpeg.clone(), size, is_grey, &mut document));
    }
    let mut pages = FitPages::new(document);
    SheetShape::Pages.lay(&seen, &mut pages)?;
    pages.finish()
}

/// The picture as something that is drawn on a page, as large as A4 lets it.
fn seen(picture: &DynamicImage, document: &mut Document) -> Result<SeenPage, UnfitDocument> {
    let is_grey = !picture.color().has_color();
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    let written = if is_grey {
        encoder.encode_image(&picture.to_luma8())
    } else {
        // What can be seen through is white on paper.
        encoder.encode_image(&on_white(picture))
    };
    written.map_err(|_| UnfitDocument::Damaged)?;
    Ok(drawn(jpeg, (picture.width(), picture.height()), is_grey, document))
}

/// A JPEG as something that is drawn on a page.
fn drawn(
    jpeg: Vec<u8>,
    (width, height): (u32, u32),
    is_grey: bool,
    document: &mut Document,
) -> SeenPage {
    let image = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => if is_grey { "DeviceGray" } else { "DeviceRGB" },
        "BitsPerComponent" => 8,
        "Filter" => "DCTDecode",
    };
    let image = document.add_object(Stream::new(image, jpeg));
    // Points, of which an inch has 72: as large as A4 at its own proportions.
    #[expect(clippy::cast_precision_loss, reason = "no picture has so many pixels")]
    let (width, height) = (width as f32, height as f32);
    let scale = super::place::HEIGHT / width.max(height);
    let shown = PageBox::new([0.0, 0.0, width * scale, height * scale]);
    let content = format!("q {:.3} 0 0 {:.3} 0 0 cm /I Do Q", shown.right, shown.top);
    let form = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => [shown.left, shown.bottom, shown.right, shown.top].map(Object::Real).to_vec(),
        "Resources" => dictionary! { "XObject" => dictionary! { "I" => image } },
    };
    let form = document.add_object(Stream::new(form, content.into_bytes()));
    SeenPage { shown, quarters: 0, form, over: Vec::new() }
}

fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    image::RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        let over = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}
