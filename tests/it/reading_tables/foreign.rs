//! What is plainly no table says what it is, and what to do.

use chappe::import::Foreign;

use super::*;

#[test]
fn a_picture_a_pdf_a_page_and_a_document_are_called_so() {
    let page = b"\xEF\xBB\xBF\r\n<HTML><body><table><tr><td>Nom</td></tr></table></body></HTML>";
    let cases: [(&[u8], Foreign); 16] = [
        (b"\x89PNG\r\n\x1A\n\0\0", Foreign::Picture),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Foreign::Picture),
        (b"GIF89a\x01\0", Foreign::Picture),
        (b"II*\0\x08\0\0\0", Foreign::Picture),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Foreign::Picture),
        (b"\0\0\0\x18ftypheic", Foreign::Picture),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0", Foreign::Picture),
        (b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", Foreign::Picture),
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3", Foreign::Pdf),
        (page, Foreign::WebPage),
        (b"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html>", Foreign::WebPage),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", Foreign::WebPage),
        (b"{\\rtf1\\ansi", Foreign::Document),
        (b"\x1F\x8B\x08\0", Foreign::OtherArchive),
        (b"7z\xBC\xAF\x27\x1C", Foreign::OtherArchive),
        (
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            Foreign::OtherSpreadsheet,
        ),
    ];
    for (file, foreign) in cases {
        assert_eq!(refusal(file), (None, Reason::Foreign(foreign)), "{foreign:?}");
    }
    let told = reading(&[page]).unwrap_err().to_string();
    assert!(told.contains("a web page") && told.contains("save it as .xlsx"), "{told}");
}

#[test]
fn a_text_document_and_slides_are_archives_of_something_else() {
    for part in ["word/document.xml", "ppt/presentation.xml"] {
        let file = zipped(&[("[Content_Types].xml", b"<Types/>"), (part, b"<x/>")]);
        assert_eq!(refusal(&file), (None, Reason::Foreign(Foreign::Document)));
    }
    let inside = zipped(&[("scan.png", b"\x89PNG\r\n\x1A\n")]);
    let told = reading(&[&inside]).unwrap_err();
    assert_eq!(
        (told.file.as_str(), told.reason),
        ("export.csv/scan.png", Reason::Foreign(Foreign::Picture))
    );
}
