//! What people choose by mistake: pictures, documents, pages, archives, other programs' files.

use super::Case;
use crate::reading_tables::zipped;

/// First bytes, with something after them, and what is said of it.
const BEGINNINGS: [(&str, &[u8], &str); 37] = [
    ("nothing", b"", "the file is empty"),
    ("blanks", b"  \r\n\t\r\n ", "empty"),
    ("PNG", b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", "a picture"),
    ("JPEG", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0", "a picture"),
    ("JPEG of a camera", b"\xFF\xD8\xFF\xE1\x1F\xFEExif\0", "a picture"),
    ("GIF", b"GIF89a\x01\0\x01\0", "a picture"),
    ("TIFF", b"II*\0\x08\0\0\0", "a picture"),
    ("TIFF of a Mac", b"MM\0*\0\0\0\x08", "a picture"),
    ("BMP", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "a picture"),
    ("WebP", b"RIFF\x24\0\0\0WEBPVP8 ", "a picture"),
    ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0", "a picture"),
    ("SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "a picture"),
    ("PDF", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj", "a PDF"),
    ("PostScript", b"%!PS-Adobe-3.0\n", "a PDF"),
    ("RTF", b"{\\rtf1\\ansi\\ansicpg1252 Nom}", "a text document"),
    ("an old workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", "old format"),
    ("a page named .xls", b"<html><body><table><tr><td>Nom</td></tr></table></body></html>", "a web page"),
    ("a page's table", b"<table border=1><tr><td>Nom<td>Classe</table>", "a web page"),
    ("a page with its type", b"<!DOCTYPE html>\n<html lang=\"fr\"></html>", "a web page"),
    ("a page in capitals", b"\xEF\xBB\xBF\r\n<HTML><HEAD></HEAD></HTML>", "a web page"),
    ("a page of Excel", b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table/></html>", "a web page"),
    ("a page in XML", b"<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\" \"y\"><html/>", "a web page"),
    ("a page in UTF-16", b"\xFF\xFE<\0h\0t\0m\0l\0>\0", "a web page"),
    ("a page in one file", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "a web page"),
    ("a workbook of 2003 in XML", b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>", "another format"),
    ("a flat workbook", b"<?xml version=\"1.0\"?><office:document xmlns:office=\"x\"/>", "another format"),
    ("gzip", b"\x1F\x8B\x08\0\0\0\0\0", "no ZIP"),
    ("7z", b"7z\xBC\xAF\x27\x1C\0\x04", "no ZIP"),
    ("RAR", b"Rar!\x1A\x07\0", "no ZIP"),
    ("bzip2", b"BZh91AY&SY", "no ZIP"),
    ("xz", b"\xFD7zXZ\0\0", "no ZIP"),
    ("a program", b"\x7FELF\x02\x01\x01\0", "control character"),
    ("a program of Windows", b"MZ\x90\0\x03\0\0\0", "nothing was changed"),
    ("a database", b"SQLite format 3\0\x10\0", "control character"),
    ("JSON", b"{\"pupils\": [{\"nom\": \"DURAND\"}]}", "no row of titles"),
    ("an address book", b"BEGIN:VCARD\nFN:Anne\nEND:VCARD\n", "no row of titles"),
    ("a letter", b"Bonjour,\nvoici la liste.\nCordialement\n", "no row of titles"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        BEGINNINGS.iter().map(|(what, file, words)| Case::refused(*what, *file, words)).collect();
    cases.extend(archives());
    cases
}

fn archives() -> Vec<Case> {
    let table = b"Nom;Prenom;Classe\nDURAND;Ana;6A\n";
    let many: Vec<(String, &[u8])> =
        (0..70).map(|number| (format!("{number}.csv"), table.as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, it)| (name.as_str(), *it)).collect();
    let inner = zipped(&[("liste.csv", table)]);
    let cut = inner[..inner.len() - 10].to_vec();
    let types = ("[Content_Types].xml", b"<Types/>".as_slice());
    vec![
        Case::refused(
            "a document",
            zipped(&[types, ("word/document.xml", b"<x/>")]),
            "a text document",
        ),
        Case::refused(
            "slides",
            zipped(&[types, ("ppt/presentation.xml", b"<x/>")]),
            "a text document",
        ),
        Case::refused(
            "a workbook of a Mac",
            zipped(&[("Index/Document.iwa", b"x"), ("Metadata/Properties.plist", b"x")]),
            "another format",
        ),
        Case::refused(
            "a workbook without sheets",
            zipped(&[types, ("xl/styles.xml", b"<x/>")]),
            "damaged",
        ),
        Case::refused("an archive of nothing", zipped(&[]), "empty"),
        Case::refused(
            "an archive in an archive",
            zipped(&[("a.zip", &inner)]),
            "an archive lies inside",
        ),
        Case::refused(
            "a picture in an archive",
            zipped(&[("a.png", b"\x89PNG\r\n\x1A\n")]),
            "a picture",
        ),
        Case::refused("a page in an archive", zipped(&[("a.xls", b"<html></html>")]), "a web page"),
        Case::refused("seventy files", zipped(&many), "more than 64 files"),
        Case::refused("an archive without its end", cut, "damaged"),
        Case::refused("the beginning of an archive", &b"PK\x03\x04\x14\0"[..], "damaged"),
    ]
}
