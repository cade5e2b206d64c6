//! What lies over a page and is seen on paper: what was typed into a form, notes, stamps. Their links, actions and
//! the rest stay behind.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::numbers::{corners, matrix, number};
use super::pages::Overlay;
use super::place::{PageBox, Transform};
use super::unfit::UnfitDocument;

/// Flags of an annotation (ISO 32000-1, table 165).
const HIDDEN: i64 = 1 << 1;
const PRINTED: i64 = 1 << 2;
const NOT_SEEN: i64 = 1 << 5;
/// Kinds that draw nothing on paper, whatever their flags say.
const UNSEEN: [&[u8]; 9] = [
    b"Link",
    b"Popup",
    b"Movie",
    b"Sound",
    b"Screen",
    b"RichMedia",
    b"3D",
    b"FileAttachment",
    b"TrapNet",
];

/// What lies over this page, in its order.
pub fn over(
    document: &Document,
    page: &Dictionary,
    number: usize,
) -> Result<Vec<Overlay>, UnfitDocument> {
    let all = page.get_deref(b"Annots", document).and_then(Object::as_array);
    let mut found = Vec::new();
    for annotation in all.into_iter().flatten() {
        let Ok((_, Object::Dictionary(annotation))) = document.dereference(annotation) else {
            continue;
        };
        if let Some(drawn) = drawn(document, annotation, number)? {
            found.push(drawn);
        }
    }
    Ok(found)
}

fn drawn(
    document: &Document,
    annotation: &Dictionary,
    page: usize,
) -> Result<Option<Overlay>, UnfitDocument> {
    let kind = annotation.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    let flags = annotation.get(b"F").and_then(Object::as_i64).unwrap_or_default();
    let is_field = kind == b"Widget";
    let is_out = flags & (HIDDEN | NOT_SEEN) != 0 || (!is_field && flags & PRINTED == 0);
    if is_out || UNSEEN.contains(&kind) {
        return Ok(None);
    }
    let Some(form) = appearance(document, annotation) else {
        let was_typed = is_field && has_value(document, annotation);
        return if was_typed { Err(UnfitDocument::Undrawn(page)) } else { Ok(None) };
    };
    let rect = annotation.get_deref(b"Rect", document).ok();
    let Some(rect) = rect.and_then(|it| corners(document, it)) else { return Ok(None) };
    let at = document.get_object(form).and_then(Object::as_stream);
    let at = at.ok().and_then(|stream| fitting(document, &stream.dict, PageBox::new(rect)));
    Ok(at.map(|at| Overlay { form, at }))
}

/// The stream that draws it, for the state in which it is.
fn appearance(document: &Document, annotation: &Dictionary) -> Option<ObjectId> {
    let all = annotation.get_deref(b"AP", document).and_then(Object::as_dict).ok()?;
    let normal = all.get(b"N").ok()?;
    let id = normal.as_reference().ok();
    match document.dereference(normal).ok()?.1 {
        Object::Stream(_) => id,
        Object::Dictionary(states) => {
            let state = annotation.get(b"AS").and_then(Object::as_name).ok()?;
            let id = states.get(state).and_then(Object::as_reference).ok()?;
            document.get_object(id).and_then(Object::as_stream).is_ok().then_some(id)
        }
        _ => None,
    }
}

/// Whether something was typed or chosen there; a field has it from the one above, as kinds of boxes do.
fn has_value(document: &Document, annotation: &Dictionary) -> bool {
    let above = annotation.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
    let is_button =
        |field: &Dictionary| field.get(b"FT").and_then(Object::as_name).ok() == Some(b"Btn");
    let fields = || std::iter::once(annotation).chain(above);
    // A box that is not ticked has no drawing, and needs none.
    if fields().any(is_button) {
        return false;
    }
    let is_said = |value: &Object| match document.dereference(value) {
        Ok((_, Object::String(text, _))) => !text.is_empty() && text != b"\xFE\xFF",
        Ok((_, Object::Array(chosen))) => !chosen.is_empty(),
        _ => false,
    };
    fields().any(|field| field.get(b"V").is_ok_and(is_said))
}

/// Where a drawing comes to lie so that it fills a place on the page (ISO 32000-1, 12.5.5).
fn fitting(document: &Document, form: &Dictionary, place: PageBox) -> Option<Transform> {
    let own = form.get_deref(b"BBox", document).ok().and_then(|it| corners(document, it))?;
    let own = PageBox::new(own);
    let turned = form.get_deref(b"Matrix", document).ok().and_then(|it| matrix(document, it));
    let turned = turned.unwrap_or(Transform([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
    let points = [
        (own.left, own.bottom),
        (own.right, own.bottom),
        (own.left, own.top),
        (own.right, own.top),
    ]
    .map(|point| turned.moves(point));
    let least = points.iter().fold((f32::MAX, f32::MAX), |at, it| (at.0.min(it.0), at.1.min(it.1)));
    let most = points.iter().fold((f32::MIN, f32::MIN), |at, it| (at.0.max(it.0), at.1.max(it.1)));
    let (width, height) = (most.0 - least.0, most.1 - least.1);
    if !(width > 0.0 && height > 0.0) {
        return None;
    }
    let (x, y) = (place.width() / width, place.height() / height);
    let [left, bottom] = [number(place.left - least.0 * x)?, number(place.bottom - least.1 * y)?];
    Some(Transform([number(x)?, 0.0, 0.0, number(y)?, left, bottom]))
}
