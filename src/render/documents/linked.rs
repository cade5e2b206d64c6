//! Whether a text of a word processor shows what lies elsewhere: it is not fetched, and would be missing.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::unfit::UnfitDocument;

/// Octets of a part of a text that are read.
const LARGEST_PART: u64 = 32 * 1024 * 1024;
/// Parts of the longest text.
const MOST_PARTS: usize = 5_000;

/// Refuses a text, ODT or DOCX, that shows what does not lie in it, or that asks for a password.
pub fn refuse_linked_pictures(bytes: &[u8]) -> Result<(), UnfitDocument> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UnfitDocument::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(UnfitDocument::TooLarge);
    }
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| UnfitDocument::Damaged)?;
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        let (is_bad, why): (fn(&str) -> bool, _) = match name.as_str() {
            "META-INF/manifest.xml" => (is_locked, UnfitDocument::Locked),
            "content.xml" | "styles.xml" => (links_in_open_document, UnfitDocument::LinkedPictures),
            name if name.starts_with("word/") && name.rsplit('.').next() == Some("rels") => {
                (links_in_open_xml, UnfitDocument::LinkedPictures)
            }
            _ => continue,
        };
        let mut text = Vec::new();
        part.take(LARGEST_PART + 1).read_to_end(&mut text).map_err(|_| UnfitDocument::Damaged)?;
        if u64::try_from(text.len()).unwrap_or(u64::MAX) > LARGEST_PART {
            return Err(UnfitDocument::TooLarge);
        }
        if is_bad(&String::from_utf8_lossy(&text)) {
            return Err(why);
        }
    }
    Ok(())
}

/// `<draw:image xlink:href="https://…">`, and whatever else is shown: what lies in the file is named by its place there,
/// without a scheme. Where a link leads that is clicked is nothing to show.
fn links_in_open_document(part: &str) -> bool {
    part.split('<').skip(1).any(|element| {
        let is_clicked = ["text:a ", "draw:a "].iter().any(|it| element.starts_with(it));
        let element = element.split('>').next().unwrap_or_default();
        let lies_elsewhere = |place: &str| {
            let is_within = place.starts_with('#');
            !is_within
                && (place.contains(':') || place.starts_with('/') || place.starts_with("../"))
        };
        !is_clicked && attribute(element, "xlink:href").is_some_and(lies_elsewhere)
    })
}

/// Whether the manifest of a text says that its parts are encrypted.
fn is_locked(part: &str) -> bool {
    part.contains("<manifest:encryption-data")
}

/// `<Relationship Type="…/image" TargetMode="External">`; but for addresses to click, and the template that it was made with.
fn links_in_open_xml(part: &str) -> bool {
    const NOT_SHOWN: [&str; 2] = ["/hyperlink", "/attachedTemplate"];
    elements(part, "<Relationship ").any(|it| {
        let kind = attribute(it, "Type").unwrap_or_default();
        attribute(it, "TargetMode") == Some("External")
            && !NOT_SHOWN.iter().any(|known| kind.ends_with(known))
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
            // A formula, or a chart.
            ("./ObjectReplacements/Object 1", false),
        ] {
            let part =
                format!("<draw:frame><draw:image xlink:type='simple' xlink:href = \"{place}\"/>");
            assert_eq!(links_in_open_document(&part), is_linked, "{place}");
        }
        assert!(!links_in_open_document(
            "<text:a xlink:href=\"https://example.org/\">ici</text:a>"
        ));
        let section = "<text:section><text:section-source xlink:href=\"file:///C:/a.odt\"/>";
        assert!(links_in_open_document(section));
        let rel = |kind: &str, mode: &str| {
            format!(
                "<Relationships><Relationship Id=\"a\" Type=\"http://x/{kind}\" Target=\"y\"{mode}/>"
            )
        };
        let external = " TargetMode=\"External\"";
        assert!(links_in_open_xml(&rel("image", external)));
        assert!(!links_in_open_xml(&rel("image", "")));
        assert!(links_in_open_xml(&rel("oleObject", external)));
        assert!(!links_in_open_xml(&rel("hyperlink", external)), "an address is only written");
        assert!(is_locked("<manifest:file-entry><manifest:encryption-data>"));
    }
}
