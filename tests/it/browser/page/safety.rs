//! What a page must not carry: scripts and styles in its text, traces of templates, weight; and the headers
//! that keep it from shared computers.

use super::Page;
use super::document::Element;

/// No page is heavier, in octets.
const HEAVIEST: usize = 100_000;
/// What a template or a value of the program leaves when it was not shown as a person reads it.
const TRACES: [&str; 6] = ["{{", "{%", "{#", "None", "Some(", "Err("];
/// Rules without which the policy would not hold; `*` ends what may follow.
const POLICY: [&str; 4] = ["default-src ", "frame-ancestors ", "base-uri ", "form-action "];

pub(super) fn faults(page: &Page) -> Vec<String> {
    let mut faults: Vec<String> = page.document.elements.iter().flat_map(of_element).collect();
    faults.extend(traces(page));
    if page.html.len() > HEAVIEST {
        faults.push(format!("{} octets: more than {HEAVIEST}", page.html.len()));
    }
    faults.extend(of_headers(page));
    faults
}

fn of_element(element: &Element) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, value) in element.attributes() {
        if name == "style" || name.starts_with("on") {
            faults.push(format!("{} has {name}=", element.told()));
        }
        if value.trim_start().to_lowercase().starts_with("javascript:") {
            faults.push(format!("{} leads to a script", element.told()));
        }
        if is_elsewhere(element, name, value) {
            faults.push(format!("{} asks another house: {value}", element.told()));
        }
    }
    let is_code = ["script", "style"].contains(&element.name.as_str());
    if is_code && !element.words().is_empty() {
        faults.push(format!("{} stands in the page", element.told()));
    }
    faults
}

/// Whether a page makes the browser ask an address that is not ours; a link only offers one.
fn is_elsewhere(element: &Element, name: &str, value: &str) -> bool {
    let is_asked = name == "src" || name == "srcset" || (name == "href" && element.name == "link");
    is_asked && (value.starts_with("//") || value.contains("://"))
}

fn traces(page: &Page) -> Vec<String> {
    let shown = page.document.blocks.iter().map(|block| block.ours.as_str());
    let values =
        page.document.elements.iter().flat_map(Element::attributes).map(|(_, value)| value);
    let all = shown.chain(values);
    let has = |text: &str| TRACES.into_iter().find(|trace| text.contains(trace));
    all.filter(|text| has(text).is_some())
        .map(|text| format!("a trace of the program: {text:?}"))
        .collect()
}

fn of_headers(page: &Page) -> Vec<String> {
    let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap());
    let mut faults = Vec::new();
    let kind = header("content-type");
    if kind != "text/html; charset=utf-8" {
        faults.push(format!("Content-Type: {kind}"));
    }
    if !header("cache-control").contains("no-store") {
        faults.push("it may be stored: Cache-Control".to_owned());
    }
    let policy = header("content-security-policy");
    if policy.contains("unsafe-") {
        faults.push(format!("its policy allows what is unsafe: {policy}"));
    }
    for rule in POLICY.iter().filter(|rule| !policy.contains(*rule)) {
        faults.push(format!("its policy has no {}", rule.trim()));
    }
    faults
}
