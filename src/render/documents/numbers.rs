//! Numbers of a PDF.

use lopdf::{Document, Object};

use super::place::Transform;

/// Four numbers.
pub fn corners(document: &Document, object: &Object) -> Option<[f32; 4]> {
    numbers(document, object)
}

/// Six numbers.
pub fn matrix(document: &Document, object: &Object) -> Option<Transform> {
    numbers(document, object).map(Transform)
}

fn numbers<const MANY: usize>(document: &Document, object: &Object) -> Option<[f32; MANY]> {
    let array = object.as_array().ok()?;
    let mut found = [0.0; MANY];
    for (place, value) in found.iter_mut().zip(array) {
        *place = number(document.dereference(value).ok()?.1.as_float().ok()?)?;
    }
    (array.len() == MANY).then_some(found)
}

/// A number that can be reckoned with.
pub fn number(value: f32) -> Option<f32> {
    value.is_finite().then_some(value)
}
