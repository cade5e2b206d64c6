//! Ids, and what names them: each exists, and once.

use std::collections::BTreeSet;

use super::document::{Document, Element};

/// Attributes that name ids, several apart by spaces.
const NAMING: [&str; 9] = [
    "for",
    "form",
    "list",
    "headers",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-errormessage",
];

pub(super) fn faults(document: &Document) -> Vec<String> {
    let (mut ids, mut faults) = (BTreeSet::new(), Vec::new());
    for id in document.elements.iter().filter_map(|element| element.get("id")) {
        if !ids.insert(id) {
            faults.push(format!("the id {id:?} stands twice"));
        }
    }
    for element in &document.elements {
        for id in named_by(element).into_iter().filter(|id| !ids.contains(id)) {
            faults.push(format!("{} names {id:?}, which is nowhere", element.told()));
        }
    }
    faults
}

fn named_by(element: &Element) -> Vec<&str> {
    let attributes = NAMING.iter().filter_map(|attribute| element.get(attribute));
    let place = element.get("href").and_then(|href| href.strip_prefix('#'));
    attributes.flat_map(str::split_whitespace).chain(place).collect()
}
