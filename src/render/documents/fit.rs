//! A document of others, page by page, as pages of A4 that only show.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::annotations;
use super::booklet::SheetShape;
use super::linked::refuse_linked_pictures;
use super::numbers::corners;
use super::pages::{FitPages, FitPdf, SeenPage};
use super::picture;
use super::place::PageBox;
use super::unfit::{MOST_PAGES, UnfitDocument};
use crate::media_kind::MediaKind;
use crate::render::letters::inherited;

/// Octets that draw one page, unpacked.
const MOST_DRAWING: usize = 64 * 1024 * 1024;

/// Makes a document fit: its pages upright on A4, each as it is seen, with what was typed into forms, and without
/// links, scripts and all that acts.
pub fn fit(bytes: &[u8]) -> Result<FitPdf, UnfitDocument> {
    fit_as(bytes, SheetShape::Pages)
}

/// The same, its pages laid onto sheets so.
pub fn fit_as(bytes: &[u8], shape: SheetShape) -> Result<FitPdf, UnfitDocument> {
    let (document, seen) = match MediaKind::of(bytes) {
        Some(MediaKind::Pdf) => pages_of(bytes)?,
        Some(MediaKind::Picture(format)) => {
            let mut document = Document::with_version("1.7");
            let page = picture::page(bytes, format, &mut document)?;
            (document, vec![page])
        }
        Some(MediaKind::Text) => {
            refuse_linked_pictures(bytes)?;
            // Whoever started us has the program that draws it, or has none.
            return Err(UnfitDocument::NoWordProcessor);
        }
        None => return Err(UnfitDocument::Foreign),
    };
    let mut pages = FitPages::new(document);
    shape.lay(&seen, &mut pages)?;
    pages.finish()
}

/// The pages of a PDF, in the document whose objects they draw with.
fn pages_of(bytes: &[u8]) -> Result<(Document, Vec<SeenPage>), UnfitDocument> {
    let mut document = Document::load_mem(bytes).map_err(|error| match error {
        lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => UnfitDocument::Locked,
        _ => UnfitDocument::Damaged,
    })?;
    if document.trailer.has(b"Encrypt") {
        return Err(UnfitDocument::Locked);
    }
    if hides_layers(&document) {
        return Err(UnfitDocument::HiddenLayers);
    }
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    match pages.len() {
        0 => return Err(UnfitDocument::Empty),
        many if many > MOST_PAGES => return Err(UnfitDocument::TooManyPages),
        _ => {}
    }
    let seen = |(page, number)| seen(&mut document, page, number);
    let seen = pages.into_iter().zip(1..).map(seen).collect::<Result<Vec<_>, _>>()?;
    Ok((document, seen))
}

/// What is seen of a page.
fn seen(document: &mut Document, page: ObjectId, number: usize) -> Result<SeenPage, UnfitDocument> {
    let mut own = document.get_dictionary(page).map_err(|_| UnfitDocument::Damaged)?.clone();
    for (key, value) in inherited(document, page) {
        own.set(key, value);
    }
    let sheet = page_box(document, &own, b"MediaBox").ok_or(UnfitDocument::OddPage(number))?;
    let shown = page_box(document, &own, b"CropBox").map_or(sheet, |it| it.within(sheet));
    let turned = own.get_deref(b"Rotate", document).and_then(Object::as_i64).unwrap_or(0);
    let over = annotations::over(document, &own, number)?;
    let mut form = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => [shown.left, shown.bottom, shown.right, shown.top].map(Object::Real).to_vec(),
        "Resources" => own.get(b"Resources").cloned().unwrap_or_else(|_| Dictionary::new().into()),
    };
    if let Ok(group) = own.get(b"Group") {
        form.set("Group", group.clone());
    }
    let drawing = drawing(document, &own)?;
    for key in [b"Filter".as_slice(), b"DecodeParms"] {
        if let Ok(value) = drawing.dict.get(key) {
            form.set(key, value.clone());
        }
    }
    let form = document.add_object(Stream::new(form, drawing.content));
    Ok(SeenPage { shown, quarters: turned.div_euclid(90), form, over })
}

/// The one stream that draws a page; as it lies there where it is one.
fn drawing(document: &Document, own: &Dictionary) -> Result<Stream, UnfitDocument> {
    let contents = own.get_deref(b"Contents", document).ok();
    match contents {
        Some(Object::Stream(stream)) => Ok(stream.clone()),
        Some(Object::Array(parts)) if parts.len() == 1 => {
            let only = parts.first().and_then(|it| document.dereference(it).ok());
            let only = only.and_then(|(_, it)| it.as_stream().ok());
            only.cloned().ok_or(UnfitDocument::Damaged)
        }
        Some(Object::Array(parts)) => {
            let mut drawn = Vec::new();
            for part in parts {
                let (_, part) = document.dereference(part).map_err(|_| UnfitDocument::Damaged)?;
                let room = MOST_DRAWING.saturating_sub(drawn.len());
                let part = part.as_stream().and_then(|it| it.decompressed_content_with_limit(room));
                drawn.extend(part.map_err(|_| UnfitDocument::Damaged)?);
                drawn.push(b'\n');
            }
            let mut stream = Stream::new(Dictionary::new(), drawn);
            stream.compress().map_err(|_| UnfitDocument::Damaged)?;
            Ok(stream)
        }
        _ => Ok(Stream::new(Dictionary::new(), Vec::new())),
    }
}

/// Whether something in it is not to be seen (ISO 32000-1, 8.11.4): without the document's own list, it would be.
fn hides_layers(document: &Document) -> bool {
    let catalog = document.catalog();
    let usual =
        catalog.and_then(|it| it.get_deref(b"OCProperties", document)).and_then(Object::as_dict);
    let usual = usual.and_then(|it| it.get_deref(b"D", document)).and_then(Object::as_dict);
    usual.is_ok_and(|usual| {
        let off = usual.get_deref(b"OFF", document).and_then(Object::as_array);
        let base = usual.get(b"BaseState").and_then(Object::as_name);
        off.is_ok_and(|off| !off.is_empty()) || base.is_ok_and(|base| base == b"OFF")
    })
}

fn page_box(document: &Document, page: &Dictionary, key: &[u8]) -> Option<PageBox> {
    // A unit of its own (`UserUnit`) makes all of a page larger, and A4 is as large as it is.
    let found = page.get_deref(key, document).ok()?;
    corners(document, found).map(PageBox::new)
}
