//! Documents as programs write them: pages with a word on each.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// A page.
#[derive(Clone)]
pub struct Sheet {
    /// What stands on it.
    pub word: String,
    /// Where, in points from the left and from below.
    pub at: (f32, f32),
    /// Its size.
    pub size: [f32; 2],
    /// The part of it that is shown.
    pub shown: Option<[f32; 4]>,
    /// By how many degrees it is turned clockwise when it is shown.
    pub turned: i64,
    /// Its size and its font stand in the tree above it.
    pub inherits: bool,
    /// What draws it is in two streams, and the second one says « suite ».
    pub in_two: bool,
}

/// An A4 page that says a word at its top.
pub fn sheet(word: &str) -> Sheet {
    Sheet {
        word: word.to_owned(),
        at: (72.0, 742.0),
        size: [595.0, 842.0],
        shown: None,
        turned: 0,
        inherits: false,
        in_two: false,
    }
}

/// A document of these pages.
pub fn pdf_of(sheets: &[Sheet]) -> Vec<u8> {
    let (mut document, pages) = begun();
    let kids: Vec<Object> = sheets.iter().map(|it| add(&mut document, pages, it).into()).collect();
    ended(document, pages, kids, Dictionary::new())
}

/// A document with a field in which something was typed, a link and a script. Its program drew what was typed, or
/// left that to whoever shows it.
pub fn form(typed: &str, is_drawn: bool) -> Vec<u8> {
    let (mut document, pages) = begun();
    let page = add(&mut document, pages, &sheet("formulaire"));
    let mut field = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx",
        "T" => Object::string_literal("age"),
        "Rect" => vec![100.into(), 690.into(), 300.into(), 720.into()],
        "V" => lopdf::text_string(typed),
    };
    if is_drawn {
        let font = document.add_object(font());
        let words = format!("/Tx BMC q BT /F 12 Tf 2 8 Td ({typed}) Tj ET Q EMC");
        let form = dictionary! {
            "Type" => "XObject", "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), 200.into(), 30.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        };
        let drawn = document.add_object(Stream::new(form, words.replace('é', "e").into_bytes()));
        field.set("AP", dictionary! { "N" => drawn });
    }
    let field = document.add_object(field);
    let link = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Link", "F" => 4,
        "Rect" => vec![0.into(), 0.into(), 100.into(), 100.into()],
        "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.org/") },
    });
    let annotations: Vec<Object> = vec![field.into(), link.into()];
    document.get_dictionary_mut(page).unwrap().set("Annots", annotations);
    let script = dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("1") };
    let catalog = dictionary! {
        "AcroForm" => dictionary! { "Fields" => vec![Object::Reference(field)], "NeedAppearances" => !is_drawn },
        "OpenAction" => script,
    };
    ended(document, pages, vec![page.into()], catalog)
}

/// A document in which a layer, the answers perhaps, is not to be seen.
pub fn with_hidden_layer() -> Vec<u8> {
    let (mut document, pages) = begun();
    let page = add(&mut document, pages, &sheet("corrige"));
    let layer = document.add_object(dictionary! {
        "Type" => "OCG", "Name" => Object::string_literal("Reponses"),
    });
    let layers: Vec<Object> = vec![layer.into()];
    let catalog = dictionary! {
        "OCProperties" => dictionary! {
            "OCGs" => layers.clone(),
            "D" => dictionary! { "OFF" => layers },
        },
    };
    ended(document, pages, vec![page.into()], catalog)
}

/// A photograph that says how it is to be turned, and where it was taken.
pub fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    // TIFF, one entry: tag 0x0112, a short, once.
    let mut tiff = b"MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01".to_vec();
    tiff.extend(orientation.to_be_bytes());
    tiff.extend([0; 6]);
    let exif = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xFF\xE1", &length, &exif, &jpeg[2..]].concat()
}

fn begun() -> (Document, ObjectId) {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    (document, pages)
}

fn font() -> Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" }
}

fn add(document: &mut Document, pages: ObjectId, sheet: &Sheet) -> ObjectId {
    let font = document.add_object(font());
    let (x, y) = sheet.at;
    // The word is upright once the page is turned.
    let along = match sheet.turned {
        90 => format!("0 1 -1 0 {y} {x} Tm"),
        _ => format!("1 0 0 1 {x} {y} Tm"),
    };
    let first = format!("BT /F 14 Tf {along} ({}) Tj ET", sheet.word);
    let mut streams = vec![first];
    if sheet.in_two {
        streams.push("BT /F 14 Tf 72 700 Td (suite) Tj ET".to_owned());
    }
    let streams: Vec<Object> = streams
        .into_iter()
        .map(|it| document.add_object(Stream::new(Dictionary::new(), it.into_bytes())).into())
        .collect();
    let mut page = dictionary! { "Type" => "Page", "Parent" => pages };
    match streams.as_slice() {
        [only] => page.set("Contents", only.clone()),
        _ => page.set("Contents", streams),
    }
    if !sheet.inherits {
        let [width, height] = sheet.size;
        page.set("MediaBox", vec![0.into(), 0.into(), width.into(), height.into()]);
        page.set("Resources", dictionary! { "Font" => dictionary! { "F" => font } });
    }
    if let Some(shown) = sheet.shown {
        page.set("CropBox", shown.map(Object::Real).to_vec());
    }
    if sheet.turned != 0 {
        page.set("Rotate", sheet.turned);
    }
    document.add_object(page)
}

fn ended(
    mut document: Document,
    pages: ObjectId,
    kids: Vec<Object>,
    catalog: Dictionary,
) -> Vec<u8> {
    let font = document.add_object(font());
    let count = i64::try_from(kids.len()).unwrap();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    };
    document.objects.insert(pages, tree.into());
    let mut catalog = catalog;
    catalog.set("Type", "Catalog");
    catalog.set("Pages", pages);
    let root = document.add_object(catalog);
    document.trailer.set("Root", root);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
