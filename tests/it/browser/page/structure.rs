//! What a screen reader says first: language, title, the one heading of the page.

use super::document::{Document, Element};

/// Before a title, where something that was typed is refused.
const REFUSED: &str = "Erreur : ";

pub(super) fn faults(document: &Document) -> Vec<String> {
    let mut faults = Vec::new();
    if document.named("html").any(|html| html.get("lang") != Some("fr")) {
        faults.push("the page is not said to be in French: lang".to_owned());
    }
    let headings: Vec<String> = document.named("h1").map(Element::words).collect();
    let [heading] = headings.as_slice() else {
        faults.push(format!("one h1, not {headings:?}"));
        return faults;
    };
    let titles: Vec<String> = document.named("title").map(Element::words).collect();
    let title = titles.first().map_or("", String::as_str);
    let begins = title.strip_prefix(REFUSED).unwrap_or(title).starts_with(heading);
    if !begins || heading.is_empty() {
        faults.push(format!("the title {title:?} does not begin with the h1 {heading:?}"));
    }
    let mains = document.named("main").count();
    if mains != 1 {
        faults.push(format!("one main, not {mains}"));
    }
    faults
}
