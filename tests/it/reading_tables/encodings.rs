//! Every encoding that a table comes in; what is none is refused with its line.

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
