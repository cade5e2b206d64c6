//! What a joined PDF says of itself beside its pages: how it asks to be shown and printed, and its metadata.

use lopdf::{Dictionary, Document, Object, dictionary};

use super::sides::Sides;

/// How the file asks to be shown, and to be printed where nobody chooses.
pub fn preferences(sides: Sides) -> Dictionary {
    let duplex = match sides {
        Sides::Two => "DuplexFlipLongEdge",
        Sides::One => "Simplex",
    };
    dictionary! { "DisplayDocTitle" => true, "Duplex" => duplex }
}

/// What a PDF says of itself in XMP; nothing where it says nothing.
pub fn metadata_of(document: &Document, catalog: &Dictionary) -> String {
    let stream = catalog.get_deref(b"Metadata", document).and_then(Object::as_stream);
    let bytes = stream.ok().map(|stream| stream.content.clone()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The same said of so many pages: all the rest is true of every part.
pub fn with_pages(metadata: &str, pages: i64) -> String {
    let (opens, closes) = ("<xmpTPg:NPages>", "</xmpTPg:NPages>");
    let parts = metadata.split_once(opens).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(closes)?;
        Some((before, after))
    });
    match parts {
        Some((before, after)) => format!("{before}{opens}{pages}{closes}{after}"),
        None => metadata.to_owned(),
    }
}

/// The same without the standards that it says to keep: PDF/A and PDF/UA.
pub fn without_standards(metadata: &str) -> String {
    let mut left = metadata.to_owned();
    for name in ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part"] {
        let (opens, closes) = (format!("<{name}>"), format!("</{name}>"));
        if let Some((before, rest)) = left.split_once(&opens)
            && let Some((_, after)) = rest.split_once(&closes)
        {
            left = format!("{before}{after}");
        }
    }
    left
}
