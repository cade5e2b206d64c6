//! The trees of a PDF: of pages, of numbers, of names, of elements.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

/// How deep number trees and name trees are followed; Typst's have two floors.
const MAX_DEPTH: usize = 16;

/// What a page has from the nodes above it.
pub fn inherited(document: &Document, page_id: ObjectId) -> Vec<(&'static str, Object)> {
    let mut found = Vec::new();
    for key in ["Resources", "MediaBox", "CropBox", "Rotate"] {
        let mut node = document.get_dictionary(page_id).ok();
        for _ in 0..MAX_DEPTH {
            let Some(dictionary) = node else { break };
            if let Ok(value) = dictionary.get(key.as_bytes()) {
                found.push((key, value.clone()));
                break;
            }
            node = dictionary.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
        }
    }
    found
}

/// The pairs of a number tree or a name tree.
pub fn leaves(
    document: &Document,
    parent: &Dictionary,
    tree: &[u8],
    pairs: &[u8],
) -> Vec<(Object, Object)> {
    let mut found = Vec::new();
    let top = parent.get_deref(tree, document).and_then(Object::as_dict).ok();
    let mut level: Vec<&Dictionary> = top.into_iter().collect();
    for _ in 0..MAX_DEPTH {
        let mut below = Vec::new();
        for node in level {
            if let Ok(array) = node.get_deref(pairs, document).and_then(Object::as_array) {
                for pair in array.chunks_exact(2) {
                    if let [key, value] = pair {
                        found.push((key.clone(), value.clone()));
                    }
                }
            }
            let kids = node.get_deref(b"Kids", document).and_then(Object::as_array);
            let kids = kids.into_iter().flatten().filter_map(|kid| kid.as_reference().ok());
            below.extend(kids.filter_map(|kid| document.get_dictionary(kid).ok()));
        }
        level = below;
    }
    found
}

/// The elements that `/K` names: one, or an array.
pub fn references(document: &Document, kids: Option<&Object>) -> Vec<ObjectId> {
    let direct = match kids {
        Some(Object::Reference(id)) => match document.get_object(*id) {
            Ok(Object::Array(array)) => array.as_slice(),
            _ => return vec![*id],
        },
        Some(Object::Array(array)) => array.as_slice(),
        _ => &[],
    };
    direct.iter().filter_map(|kid| kid.as_reference().ok()).collect()
}

/// The leaves of a number tree, in its order: key, value.
pub fn number_leaves(mut parents: Vec<(i64, Object)>) -> Vec<Object> {
    parents.sort_by_key(|(key, _)| *key);
    parents.into_iter().flat_map(|(key, value)| [Object::Integer(key), value]).collect()
}

/// The leaves of a name tree, in its order: name, value.
pub fn name_leaves(mut names: Vec<(Vec<u8>, Object)>) -> Vec<Object> {
    names.sort_by(|(one, _), (other, _)| one.cmp(other));
    names
        .into_iter()
        .flat_map(|(name, value)| [Object::String(name, StringFormat::Literal), value])
        .collect()
}

/// Puts `part` before the id of an element and before those that it names: the heads of a cell.
pub fn begin_ids(dictionary: &mut Dictionary, part: &[u8]) {
    let begin = |id: &mut Object| {
        if let Object::String(id, _) = id {
            id.splice(..0, part.iter().copied());
        }
    };
    if dictionary.has(b"S")
        && let Ok(id) = dictionary.get_mut(b"ID")
    {
        begin(id);
    }
    if let Ok(Object::Array(heads)) = dictionary.get_mut(b"Headers") {
        heads.iter_mut().for_each(begin);
    }
    if let Ok(Object::Array(attributes)) = dictionary.get_mut(b"A") {
        for attribute in attributes {
            if let Object::Dictionary(attribute) = attribute {
                begin_ids(attribute, part);
            }
        }
    }
}
