//! A pupils' export, changed in one place.

use super::Case;
use crate::commands::office::{small_school, today};

/// What is replaced, by what, and what is said of it.
const CHANGES: [(&str, &str, &str, &str); 21] = [
    ("another school", "0319999Z", "0310001A", "another school"),
    ("a tag that closes another", "</PRENOM>", "</NOM>", "not well-formed"),
    ("a tag that is never closed", "</PRENOM>", "", "not well-formed"),
    ("an unknown root", "<BEE_ELEVES", "<BEE_CANTINE", "unknown root"),
    ("a stray ampersand", "</PRENOM>", "&</PRENOM>", "nothing was changed"),
    ("an entity of its own", "</PRENOM>", "&xxe;</PRENOM>", "an entity that XML does not define"),
    ("a control character", "</PRENOM>", "\u{1}</PRENOM>", "control character"),
    ("a control character by number", "</PRENOM>", "&#1;</PRENOM>", "nothing was changed"),
    ("an escape by number", "</PRENOM>", "&#27;[31m</PRENOM>", "nothing was changed"),
    ("a number beyond Unicode", "</PRENOM>", "&#x110000;</PRENOM>", "nothing was changed"),
    ("an encoding that it is not in", "ISO-8859-15", "UTF-8", "declared as UTF-8"),
    ("an unknown encoding", "ISO-8859-15", "EBCDIC", "unknown encoding"),
    ("UTF-7", "ISO-8859-15", "UTF-7", "unknown encoding"),
    ("UTF-16 in one byte", "ISO-8859-15", "UTF-16", "unknown encoding"),
    ("a type of its own", "<BEE_ELEVES", "<!DOCTYPE x [<!ENTITY a \"b\">]><BEE_ELEVES", "DOCTYPE"),
    (
        "a type from outside",
        "<BEE_ELEVES",
        "<!DOCTYPE x SYSTEM \"file:///dev/null\"><BEE_ELEVES",
        "DOCTYPE",
    ),
    ("a page inside", "<BEE_ELEVES", "<html><BEE_ELEVES", "a web page"),
    ("a text before the root", "<BEE_ELEVES", "x<BEE_ELEVES", "outside the root"),
    ("a second root", "</BEE_ELEVES>", "</BEE_ELEVES><x/>", "a second root"),
    ("a text after the root", "</BEE_ELEVES>", "</BEE_ELEVES>x", "outside the root"),
    ("another first sign", "<?xml", "x<?xml", "nothing was changed"),
];

pub(super) fn cases() -> Vec<Case> {
    let files = small_school().siecle_files(today());
    let (_, export) = files.into_iter().find(|(name, _)| name == "ElevesSansAdresses.xml").unwrap();
    let mut cases: Vec<Case> = CHANGES
        .iter()
        .map(|(what, from, to, words)| Case::refused(*what, changed(&export, from, to), words))
        .collect();
    let cut = (1..10).map(|tenths| {
        let what = format!("{tenths} tenths of an export");
        Case::refused(what, &export[..export.len() * tenths / 10], "nothing was changed")
    });
    cases.extend(cut);
    let deep = ["<A>".repeat(100), "</A>".repeat(100)].concat();
    cases.push(Case::refused(
        "a hundred deep",
        changed(&export, "</PRENOM>", &format!("{deep}</PRENOM>")),
        "more than 32 deep",
    ));
    let long = format!("{}</PRENOM>", "x".repeat(100_000));
    cases.push(Case::refused(
        "a name of 100 kB",
        changed(&export, "</PRENOM>", &long),
        "larger than any",
    ));
    let lost = changed(&changed(&export, "ISO-8859-15", "UTF-8"), "</PRENOM>", "\u{fffd}</PRENOM>");
    let (text, ..) = encoding_rs::ISO_8859_15.decode(&export);
    let in_utf_8 = text.replacen("ISO-8859-15", "UTF-8", 1);
    let lost_in_utf_8 = in_utf_8.replacen("</PRENOM>", "\u{fffd}</PRENOM>", 1);
    cases.push(Case::refused("a lost letter", lost_in_utf_8, "letters are lost"));
    cases.push(Case::refused("a lost letter among others", lost, "declared as UTF-8"));
    cases
}

fn changed(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = file.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
    [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
}
