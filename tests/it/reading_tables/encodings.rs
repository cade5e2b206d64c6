//! Every encoding that a table comes in; what is none is refused with its line.

use std::fmt::Write as _;

use super::*;

const TEXT: &str = "Nom;Prénom;Classe\r\nLEBŒUF;Zoé;6A\r\n";

fn name(file: &[u8]) -> String {
    sound(&[file]).pupils[0].display_name()
}

fn in_utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn utf_8_with_any_number_of_marks_utf_16_and_windows_1252_are_read() {
    assert_eq!(name(TEXT.as_bytes()), "Zoé LEBŒUF");
    assert_eq!(name(format!("\u{feff}{TEXT}").as_bytes()), "Zoé LEBŒUF");
    assert_eq!(name(format!("\u{feff}\u{feff}{TEXT}").as_bytes()), "Zoé LEBŒUF");
    let marked = format!("\u{feff}{TEXT}");
    assert_eq!(name(&in_utf_16(&marked, u16::to_le_bytes)), "Zoé LEBŒUF");
    assert_eq!(name(&in_utf_16(&marked, u16::to_be_bytes)), "Zoé LEBŒUF");
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(TEXT);
    assert_eq!(name(&latin), "Zoé LEBŒUF");
}

#[test]
fn two_encodings_in_one_file_are_refused_with_the_line() {
    let mut mixed = TEXT.as_bytes().to_vec();
    mixed.extend_from_slice(b"DURAND;L\xE9o;6A\r\n");
    assert_eq!(refusal(&mixed), (Some(3), Reason::MixedEncodings));
}

#[test]
fn a_utf_8_file_cut_within_a_letter_is_refused() {
    let text = format!("{}é", TEXT.trim_end());
    assert_eq!(refusal(&text.as_bytes()[..text.len() - 1]).1, Reason::MixedEncodings);
}

#[test]
fn half_a_utf_16_letter_is_refused() {
    let mut file = in_utf_16(&format!("\u{feff}{TEXT}"), u16::to_le_bytes);
    file.push(0x41);
    let (line, reason) = refusal(&file);
    assert_eq!(line, Some(3));
    assert!(matches!(reason, Reason::WrongEncoding { .. }));
}

#[test]
fn a_control_character_is_refused_with_the_line() {
    let file = TEXT.replace("LEB", "LEB\0");
    assert_eq!(refusal(file.as_bytes()), (Some(2), Reason::ControlCharacter(23)));
    let escape = TEXT.replace("LEB", "LEB\u{1f}");
    assert_eq!(refusal(escape.as_bytes()).0, Some(2));
}

#[test]
fn a_byte_that_is_no_letter_in_windows_1252_is_refused() {
    let file = b"Nom;Classe\nDURAND\x9D\xE9;6A\n";
    let (line, reason) = refusal(file);
    assert_eq!(line, Some(2));
    assert!(matches!(reason, Reason::WrongEncoding { .. }));
}

#[test]
fn an_old_workbook_and_an_empty_file_are_refused() {
    assert_eq!(refusal(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").1, Reason::OldWorkbook);
    assert_eq!(refusal(b"").1, Reason::Empty);
    assert_eq!(refusal(b"\xFF\xFE").1, Reason::UnknownEncoding("UTF-16".to_owned()));
}

const FAMILIES: &str = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Tél. portable parent 1;\
    Courriel parent 1\r\nBérard;Amélie;6A;Bérard;Inés;0639980101;i.berard@example.org\r\n\
    Etienne;Noël;6A;Etienne;Hélène;0639980102;regis@example.org\r\n";

/// The bytes of a text in code page 850; its table in the reader has a test of its own.
fn in_code_page_850(text: &str) -> Vec<u8> {
    let byte = |letter| match letter {
        'é' => 0x82,
        'è' => 0x8A,
        'ë' => 0x89,
        letter => u8::try_from(letter).ok().filter(u8::is_ascii).unwrap(),
    };
    text.chars().map(byte).collect()
}

/// UTF-8 that a program took for windows-1252.
fn twice(text: &str) -> String {
    text.bytes().map(|byte| encoding_rs::WINDOWS_1252.decode(&[byte]).0.into_owned()).collect()
}

fn families_are_whole(file: &[u8]) {
    let reading = sound(&[file]);
    let names: Vec<String> = reading.pupils.iter().map(Pupil::display_name).collect();
    assert_eq!(names, ["Amélie BÉRARD", "Noël ETIENNE"]);
    assert_eq!(ways(&reading.persons[0])[..1], ["+33639980101"]);
    assert!(ways(&reading.persons[1]).contains(&"regis@example.org"));
    assert_eq!(causes(&reading), []);
}

#[test]
fn small_files_of_a_mac_and_of_dos_are_read_whole() {
    families_are_whole(&encoding_rs::MACINTOSH.encode(FAMILIES).0);
    families_are_whole(&in_code_page_850(FAMILIES));
    families_are_whole(&encoding_rs::ISO_8859_15.encode(FAMILIES).0);
}

#[test]
fn utf_16_is_read_without_its_mark_too() {
    assert_eq!(name(&in_utf_16(TEXT, u16::to_le_bytes)), "Zoé LEBŒUF");
    assert_eq!(name(&in_utf_16(TEXT, u16::to_be_bytes)), "Zoé LEBŒUF");
}

#[test]
fn what_was_encoded_twice_is_undone_in_all_records_or_in_one() {
    families_are_whole(twice(FAMILIES).as_bytes());
    families_are_whole(twice(&twice(FAMILIES)).as_bytes());
    families_are_whole(FAMILIES.replace("Hélène", &twice("Hélène")).as_bytes());
    let sheet = format!(
        "<worksheet><sheetData><row><c t=\"str\"><v>Nom</v></c><c t=\"str\"><v>{}</v></c>\
         <c t=\"str\"><v>Classe</v></c></row><row><c t=\"str\"><v>DURAND</v></c><c t=\"str\"><v>{}\
         </v></c><c t=\"str\"><v>6A</v></c></row></sheetData></worksheet>",
        twice("Prénom"),
        twice("Zoé")
    );
    assert_eq!(name(&workbooks::excel(&sheet)), "Zoé DURAND");
}

#[test]
fn letters_that_a_program_lost_are_refused_with_their_line() {
    let file = FAMILIES.replace("Noël", "No\u{fffd}l");
    assert_eq!(refusal(file.as_bytes()), (Some(3), Reason::LostLetters));
    assert_eq!(
        refusal(&in_utf_16(&format!("\u{feff}{file}"), u16::to_le_bytes)).1,
        Reason::LostLetters
    );
}

#[test]
fn question_marks_within_words_are_lost_letters_where_no_accent_is_left() {
    let spoilt: String =
        FAMILIES.chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect();
    assert_eq!(refusal(spoilt.as_bytes()), (Some(1), Reason::LostLetters));
    let plain = "Nom;Prenom;Classe;Remarque\nDURAND;Ana;6A;vient ? https://example.org/a?b a@example.org?c\n";
    assert_eq!(name(plain.as_bytes()), "Ana DURAND");
}

#[test]
fn a_file_that_two_encodings_fit_is_refused_and_says_how_to_save_it() {
    let file = b"Nom;Classe\r\nREN\xE9;6A\r\n";
    assert_eq!(refusal(file), (Some(2), Reason::UntoldEncoding));
    let told = reading(&[file]).unwrap_err().to_string();
    assert!(told.contains("CSV UTF-8") && told.contains("nothing was changed"), "{told}");
}

/// The letters of French in code page 850, small ones first.
const IN_CODE_PAGE_850: [(&str, &[u8]); 2] = [
    ("éèêëàâäçîïôöùûü", b"\x82\x8A\x88\x89\x85\x83\x84\x87\x8C\x8B\x93\x94\x97\x96\x81"),
    ("ÉÈÊËÀÂÄÇÎÏÔÖÙÛÜ", b"\x90\xD4\xD2\xD3\xB7\xB6\x8E\x80\xD7\xD8\xE2\x99\xEB\xEA\x9A"),
];

/// A text in each one-byte encoding that has all of its signs.
fn in_each_encoding(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    use encoding_rs::{ISO_8859_15, MACINTOSH, WINDOWS_1252};
    let mut all = Vec::new();
    for encoding in [WINDOWS_1252, ISO_8859_15, MACINTOSH] {
        let (bytes, _, has_gaps) = encoding.encode(text);
        all.extend((!has_gaps).then(|| (encoding.name(), bytes.into_owned())));
    }
    let byte = |letter: char| {
        let by_table = IN_CODE_PAGE_850.iter().find_map(|(letters, bytes)| {
            bytes.get(letters.chars().position(|other| other == letter)?).copied()
        });
        by_table.or_else(|| u8::try_from(letter).ok().filter(u8::is_ascii))
    };
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    all.extend(bytes.map(|bytes| ("code page 850", bytes)));
    all
}

#[test]
fn small_lists_are_read_right_in_any_encoding_or_not_at_all() {
    const FIRST: [&str; 12] = [
        "Zoé",
        "Noël",
        "François",
        "Aïcha",
        "Jérôme",
        "Hélène",
        "Loïc",
        "Benoît",
        "Théo",
        "Maëlys",
        "Anaïs",
        "Gaëtan",
    ];
    const FAMILY: [&str; 10] = [
        "Lefèvre", "Bérard", "Côté", "Günther", "Hébert", "Forêt", "L'Haÿ", "Garçon", "Mûrier",
        "Brûlé",
    ];
    let mut chance = fastrand::Rng::with_seed(1794);
    let (mut read, mut refused) = (0, 0);
    for round in 0..400 {
        let head = if round % 2 == 0 { "Nom;Prénom;Classe" } else { "Nom;Prenom;Classe" };
        let mut rows = String::new();
        for _ in 0..chance.usize(1..6) {
            let (family, first) = (chance.choice(FAMILY).unwrap(), chance.choice(FIRST).unwrap());
            let capitals: String = match chance.u8(0..3) {
                0 => family.to_owned(),
                1 => family.to_uppercase(),
                // As a keyboard without accented capitals writes them.
                _ => family.chars().map(|it| it.to_ascii_uppercase()).collect(),
            };
            writeln!(rows, "{capitals};{first};6A").unwrap();
        }
        let text = format!("{head}\n{rows}");
        for (encoding, bytes) in in_each_encoding(&text) {
            let Ok(reading) = reading(&[&bytes]) else {
                refused += 1;
                continue;
            };
            read += 1;
            let right = sound(&[text.as_bytes()]);
            let names =
                |it: &Reading| it.pupils.iter().map(Pupil::display_name).collect::<Vec<_>>();
            assert_eq!(names(&reading), names(&right), "{encoding}: {text}");
        }
    }
    assert!(refused * 20 < read, "{refused} of {read} are refused");
}
