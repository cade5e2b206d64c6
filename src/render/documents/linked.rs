//! Whether a text of a word processor shows pictures that lie elsewhere: they are not fetched, and would be missing.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::unfit::UnfitDocument;

/// Octets of a part of a text that are read.
const LARGEST_PART: u64 = 32 * 1024 * 1024;
/// Parts of the longest text.
const MOST_PARTS: usize = 5_000;

/// Refuses a text, ODT or DOCX, that shows pictures which do not lie in it.
pub fn refuse_linked_pictures(bytes: &[u8]) -> Result<(), UnfitDocument> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UnfitDocument::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(UnfitDocument::TooLarge);
    }
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| UnfitDocument::Damaged)?;
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        let is_linked: fn(&str) -> bool = match name.as_str() {
            "content.xml" | "styles.xml" => links_in_open_document,
            name if name.starts_with("word/") && name.rsplit('.').next() == Some("rels") => {
                links_in_open_xml
            }
            _ => continue,
        };
        let mut text = Vec::new();
        part.take(LARGEST_PART + 1).read_to_end(&mut text).map_err(|_| UnfitDocument::Damaged)?;
        if u64::try_from(text.len()).unwrap_or(u64::MAX) > LARGEST_PART {
            return Err(UnfitDocument::TooLarge);
        }
        if is_linked(&String::from_utf8_lossy(&text)) {
            return Err(UnfitDocument::LinkedPictures);
        }
    }
    Ok(())
}

/// `<draw:image xlink:href="https://…">`: what lies in the file is named by its place there, without a scheme.
fn links_in_open_document(part: &str) -> bool {
    let places = elements(part, "<draw:image").filter_map(|it| attribute(it, "xlink:href"));
    places.into_iter().any(|place| place.contains(':') || place.starts_with(['/', '.']))
}

/// `<Relationship Type="…/image" TargetMode="External">`.
fn links_in_open_xml(part: &str) -> bool {
    elements(part, "<Relationship ").any(|it| {
        let is_picture = attribute(it, "Type").is_some_and(|kind| kind.ends_with("/image"));
        is_picture && attribute(it, "TargetMode") == Some("External")
    })
}

/// The openings of the elements that begin so, without their ends.
fn elements<'a>(part: &'a str, begins: &str) -> impl Iterator<Item = &'a str> {
    part.split(begins).skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|it| "\"'".contains(*it))?;
    rest.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_lies_elsewhere_is_told_from_one_that_lies_in_the_text() {
        for (place, is_linked) in [
            ("Pictures/10000.png", false),
            ("https://example.org/a.png", true),
            ("file:///C:/Users/a.png", true),
            ("../a.png", true),
        ] {
            let part =
                format!("<draw:frame><draw:image xlink:type='simple' xlink:href = \"{place}\"/>");
            assert_eq!(links_in_open_document(&part), is_linked, "{place}");
        }
        let rel = |kind: &str, mode: &str| {
            format!(
                "<Relationships><Relationship Id=\"a\" Type=\"http://x/{kind}\" Target=\"y\"{mode}/>"
            )
        };
        let external = " TargetMode=\"External\"";
        assert!(links_in_open_xml(&rel("image", external)));
        assert!(!links_in_open_xml(&rel("image", "")));
        assert!(!links_in_open_xml(&rel("hyperlink", external)), "an address is only written");
    }
}
