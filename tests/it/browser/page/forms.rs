//! Forms that say where they go and prove where they come from; fields, links and buttons with a name.

use super::document::{Document, Element};
use crate::browser::visitor::CSRF;

/// Inputs that name themselves, or that nobody sees.
const NAMELESS: [&str; 5] = ["hidden", "submit", "button", "reset", "image"];

pub(super) fn faults(document: &Document) -> Vec<String> {
    // Before anybody has signed in there is no session that a token could be of.
    let has_session = document.named("input").any(is_token);
    let forms = document.named("form").flat_map(|form| of_form(document, form, has_session));
    let fields = document.elements.iter().filter(|element| is_field(element));
    let unlabelled = fields.filter(|field| !is_labelled(document, field));
    let unlabelled = unlabelled.map(|field| format!("{} has no label", field.told()));
    let pressed = document.elements.iter().filter(|element| is_pressed(element));
    let silent = pressed.filter(|element| !has_words(element));
    let silent = silent.map(|element| format!("{} says nothing", element.told()));
    forms.chain(unlabelled).chain(silent).collect()
}

fn of_form(document: &Document, form: &Element, has_session: bool) -> Vec<String> {
    let mut faults = Vec::new();
    if form.get("action").is_none_or(str::is_empty) {
        faults.push(format!("{} has no action", form.told()));
    }
    let method = form.get("method").unwrap_or_default().to_lowercase();
    if !["get", "post"].contains(&method.as_str()) {
        faults.push(format!("{} has no method", form.told()));
    }
    let fields: Vec<&Element> =
        document.named("input").filter(|field| is_of(document, field, form)).collect();
    let has_token = fields.iter().any(|field| is_token(field));
    if has_token != (has_session && method == "post") {
        faults.push(format!("{} has {CSRF:?}: {has_token}, method {method:?}", form.told()));
    }
    let has_file = fields.iter().any(|field| field.get("type") == Some("file"));
    if has_file && form.get("enctype") != Some("multipart/form-data") {
        faults.push(format!("{} sends a file's name alone: enctype", form.told()));
    }
    faults
}

fn is_token(field: &Element) -> bool {
    let has = |attribute, wanted: &str| field.get(attribute) == Some(wanted);
    let is_empty = field.get("value").is_none_or(str::is_empty);
    has("name", CSRF) && has("type", "hidden") && !is_empty
}

fn is_of(document: &Document, field: &Element, form: &Element) -> bool {
    document.around(field).any(|outer| std::ptr::eq(outer, form))
}

fn is_field(element: &Element) -> bool {
    match element.name.as_str() {
        "input" => !NAMELESS.contains(&element.get("type").unwrap_or_default()),
        name => ["select", "textarea"].contains(&name),
    }
}

fn is_labelled(document: &Document, field: &Element) -> bool {
    let mut labels = document.named("label").filter(|label| !label.words().is_empty());
    let is_wrapped = document.around(field).any(|outer| outer.name == "label");
    let is_for =
        |label: &Element| label.get("for").is_some() && label.get("for") == field.get("id");
    is_wrapped || labels.any(is_for) || has_aria_name(field)
}

fn has_aria_name(element: &Element) -> bool {
    let names = ["aria-label", "aria-labelledby"].iter().filter_map(|name| element.get(name));
    names.into_iter().any(|name| !name.trim().is_empty())
}

fn is_pressed(element: &Element) -> bool {
    element.name == "button" || (element.name == "a" && element.get("href").is_some())
}

fn has_words(element: &Element) -> bool {
    !element.words().is_empty() || has_aria_name(element)
}
