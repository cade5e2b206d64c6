//! One table in every encoding, with every separator and end of line.

use encoding_rs::{ISO_8859_15, MACINTOSH, WINDOWS_1252};

use super::Case;

const TABLE: &str = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Tél. portable parent 1;Courriel parent 1\n\
                     Bérard;Amélie;6A;Bérard;Inés;0639980101;i.berard@example.org\n\
                     Étienne;Noël;6A;Étienne;Hélène;0639980102;h.etienne@example.org\n";

/// The bytes of a text, in one encoding.
type Encode = fn(&str) -> Vec<u8>;

const ENCODINGS: [(&str, Encode); 15] = [
    ("UTF-8", |text| text.into()),
    ("UTF-8 with its mark", |text| format!("\u{feff}{text}").into()),
    ("UTF-8 with two marks", |text| format!("\u{feff}\u{feff}{text}").into()),
    ("UTF-16 of Windows", |text| in_utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes)),
    ("UTF-16 of others", |text| in_utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes)),
    ("UTF-16 of Windows without mark", |text| in_utf_16(text, u16::to_le_bytes)),
    ("UTF-16 of others without mark", |text| in_utf_16(text, u16::to_be_bytes)),
    ("windows-1252", |text| WINDOWS_1252.encode(text).0.into()),
    ("ISO-8859-15", |text| ISO_8859_15.encode(text).0.into()),
    ("Mac Roman", |text| MACINTOSH.encode(text).0.into()),
    ("code page 850", |text| text.chars().map(in_code_page_850).collect()),
    ("UTF-8 taken for windows-1252", |text| taken_for(text, WINDOWS_1252).into()),
    ("UTF-8 taken for Mac Roman", |text| taken_for(text, MACINTOSH).into()),
    ("UTF-8 taken twice for windows-1252", |text| {
        taken_for(&taken_for(text, WINDOWS_1252), WINDOWS_1252).into()
    }),
    ("UTF-8 in decomposed letters", |text| text.replace('é', "e\u{301}").into()),
];

fn in_utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn in_code_page_850(letter: char) -> u8 {
    match letter {
        'é' => 0x82,
        'É' => 0x90,
        'è' => 0x8A,
        'ë' => 0x89,
        letter => u8::try_from(letter).unwrap(),
    }
}

fn taken_for(text: &str, encoding: &'static encoding_rs::Encoding) -> String {
    text.bytes().map(|byte| encoding.decode_without_bom_handling(&[byte]).0.into_owned()).collect()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, encode) in ENCODINGS {
        for (separator, end) in
            [(";", "\n"), (";", "\r\n"), (";", "\r"), (",", "\r\n"), ("\t", "\n"), ("|", "\n")]
        {
            let text = TABLE.replace(';', separator).replace('\n', end);
            let what = format!("{name}, parted by {separator:?}, lines end in {end:?}");
            let holds = if name.contains("decomposed") {
                ["e\u{301}", "+33639980102"]
            } else {
                ["Hélène", "+33639980102"]
            };
            cases.push(Case::taken(what, encode(&text), [2, 2], &holds));
        }
    }
    cases.extend(refused());
    cases
}

fn refused() -> Vec<Case> {
    let change = |from: &str, to: &[u8]| {
        let bytes = TABLE.as_bytes();
        let at = TABLE.find(from).unwrap();
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let latin = WINDOWS_1252.encode(TABLE).0.into_owned();
    vec![
        Case::refused(
            "a lost letter",
            change("Noël", "No\u{fffd}l".as_bytes()),
            "line 3: letters are lost",
        ),
        Case::refused("lost letters alone", "\u{fffd};\u{fffd}\n\u{fffd};x\n", "letters are lost"),
        Case::refused(
            "question marks",
            TABLE.replace(|it: char| !it.is_ascii(), "?"),
            "letters are lost",
        ),
        Case::refused("one letter in windows-1252", change("Noël", b"No\xEBl"), "mixes UTF-8"),
        Case::refused(
            "cut within a letter",
            change("Noël;6A;Étienne;Hélène;0639980102;h.etienne@example.org\n", b"No\xC3"),
            "mixes UTF-8",
        ),
        Case::refused(
            "UTF-8 after windows-1252",
            [latin.as_slice(), TABLE.as_bytes()].concat(),
            "mixes UTF-8",
        ),
        Case::refused(
            "half a letter of UTF-16",
            [in_utf_16(&format!("\u{feff}{TABLE}"), u16::to_le_bytes), vec![0x41]].concat(),
            "declared as UTF-16",
        ),
        Case::refused(
            "half a pair of UTF-16",
            in_utf_16("\u{feff}Nom;Classe\nA", u16::to_le_bytes)
                .into_iter()
                .chain([0x00, 0xD8, 0x41, 0x00])
                .collect::<Vec<_>>(),
            "declared as UTF-16",
        ),
        Case::refused(
            "UTF-32",
            TABLE.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect::<Vec<_>>(),
            "control character",
        ),
        Case::refused("a NUL", change("Noël", b"No\0l"), "line 3: byte"),
        Case::refused("an escape", change("Noël", b"No\x1B[31ml"), "control character"),
        Case::refused("a bell", change("Noël", b"No\x07l"), "control character"),
        Case::refused("two readings of one letter", &b"Nom;Classe\nREN\xE9;6A\n"[..], "CSV UTF-8"),
        Case::refused(
            "a hole of every encoding",
            &b"Nom;Classe\nDURAND\x9D\xE9;6A\n"[..],
            "declared as windows-1252",
        ),
        Case::refused("a mark alone", &b"\xEF\xBB\xBF"[..], "empty"),
        Case::refused("a mark of UTF-16 alone", &b"\xFF\xFE"[..], "UTF-16"),
    ]
}
