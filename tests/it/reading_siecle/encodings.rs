//! The declaration and the bytes.

use super::*;

fn declared(label: &str) -> String {
    pupils(ZOE, ZOE_IN_6A).replace("\"UTF-8\"", &format!("\"{label}\""))
}

/// One byte a letter, as ISO-8859-15 and its cousins write `é`.
fn one_byte_a_letter(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("one byte")).collect()
}

fn first_name(bytes: &[u8]) -> String {
    reading_bytes(&[bytes]).expect("a sound file").pupils[0].first_name.clone()
}

#[test]
fn the_declaration_decides() {
    for label in ["ISO-8859-15", "ISO-8859-1", "windows-1252", "iso-8859-15"] {
        assert_eq!(first_name(&one_byte_a_letter(&declared(label))), "Zoé", "{label}");
    }
    assert_eq!(first_name(declared("UTF-8").as_bytes()), "Zoé");
    assert_eq!(first_name(format!("\u{feff}{}", declared("UTF-8")).as_bytes()), "Zoé");
    let without = declared("UTF-8").replace(" encoding=\"UTF-8\"", "");
    assert_eq!(first_name(without.as_bytes()), "Zoé");
    let quoted = declared("UTF-8").replace("\"UTF-8\"", "'utf-8'");
    assert_eq!(first_name(quoted.as_bytes()), "Zoé");
}

#[test]
fn iso_8859_15_has_letters_of_its_own() {
    let bytes = |label| one_byte_a_letter(&declared(label).replace('é', "\u{bd}\u{a4}"));
    assert_eq!(first_name(&bytes("ISO-8859-15")), "Zoœ€");
    assert_eq!(first_name(&bytes("ISO-8859-1")), "Zo½¤");
}

#[test]
fn bytes_that_contradict_the_declaration_are_refused_with_their_line() {
    let latin_called_utf_8 = one_byte_a_letter(&declared("UTF-8"));
    let byte = latin_called_utf_8.iter().position(|byte| *byte == 0xE9).unwrap();
    let wrong = |declared: &str, byte| {
        (Some(3), Reason::WrongEncoding { declared: declared.to_owned(), byte })
    };
    assert_eq!(refusal(&latin_called_utf_8), wrong("UTF-8", byte));
    let utf_8_called_latin = declared("ISO-8859-15");
    let byte = utf_8_called_latin.find('é').unwrap();
    assert_eq!(refusal(&utf_8_called_latin), wrong("ISO-8859-15", byte));
    let windows_called_latin = one_byte_a_letter(&declared("ISO-8859-15").replace('é', "\u{9c}"));
    assert_eq!(refusal(&windows_called_latin).1, wrong("ISO-8859-15", byte).1);
}

#[test]
fn an_unknown_encoding_is_refused() {
    for label in ["UTF-16", "Shift_JIS", "EBCDIC"] {
        let file = declared(label);
        assert_eq!(refusal(file).1, Reason::UnknownEncoding(label.to_owned()));
    }
    let utf_16: Vec<u8> = format!("\u{feff}{}", declared("UTF-16"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(refusal(utf_16).1, Reason::UnknownEncoding("UTF-16".to_owned()));
}

#[test]
fn a_control_character_is_refused() {
    let file = declared("UTF-8").replace("Zoé", "Zo\0");
    assert!(matches!(refusal(file), (Some(3), Reason::ControlCharacter(_))));
    let reference = declared("UTF-8").replace("Zoé", "Zo&#1;");
    assert_eq!(refusal(reference).1, Reason::UnknownEntity);
}

#[test]
fn a_record_that_was_encoded_twice_in_the_source_is_undone() {
    assert_eq!(first_name(declared("UTF-8").replace('é', "Ã©").as_bytes()), "Zoé");
}

#[test]
fn a_letter_that_the_source_lost_is_refused_with_its_line() {
    let lost = declared("UTF-8").replace('é', "\u{fffd}");
    assert_eq!(refusal(&lost), (Some(3), Reason::LostLetters));
}

#[test]
fn what_steers_a_terminal_or_turns_a_line_is_gone_from_names() {
    let file = declared("UTF-8").replace('é', "\u{202e}é\u{9b}\u{200b}");
    assert_eq!(first_name(file.as_bytes()), "Zoé");
}
