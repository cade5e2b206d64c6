//! Text that was encoded twice: a program took UTF-8 for a one-byte encoding and saved what it saw.
//! "PrÃ©nom" is undone letter by letter, since no name is written so; one record may be spoilt in the
//! source, or all of them.

use std::sync::LazyLock;

use super::one_byte::OneByte;

/// The encodings that UTF-8 is taken for.
static TAKEN_FOR: LazyLock<[OneByte; 3]> =
    LazyLock::new(|| [OneByte::windows_1252(), OneByte::mac_roman(), OneByte::code_page_850()]);
/// How the two or three bytes of a French letter or sign in UTF-8 begin, as those encodings show them.
const BEGINNINGS: &str = "ÂÃÅâ¬√≈‚┬├┼Ô";
/// What French text holds beyond ASCII.
const FRENCH_SIGNS: &str = "ŒœŸŠšŽž\u{A0}°«»’‘“”–—…€²·§";
/// Text may have gone through it more than once.
const MOST_TIMES: usize = 3;

/// The text as it was first; `None` where nothing of it is encoded twice.
pub(super) fn undone(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut undone = undone_once(text)?;
    for _ in 1..MOST_TIMES {
        match undone_once(&undone) {
            Some(further) => undone = further,
            None => break,
        }
    }
    Some(undone)
}

fn undone_once(text: &str) -> Option<String> {
    let begins = |it: char| !it.is_ascii() && BEGINNINGS.contains(it);
    if !text.contains(begins) {
        return None;
    }
    let mut rest = text;
    let mut undone = String::new();
    while let Some(at) = rest.find(begins) {
        let (before, from) = rest.split_at(at);
        undone.push_str(before);
        let (letter, length) = first_letter(from)?;
        undone.push(letter);
        rest = from.get(length..)?;
    }
    undone.push_str(rest);
    (undone != text).then_some(undone)
}

/// The letter with which a text begins, undone where it is encoded twice, and its bytes in the text.
fn first_letter(text: &str) -> Option<(char, usize)> {
    let twice = TAKEN_FOR.iter().find_map(|encoding| {
        [2, 3].into_iter().find_map(|count| {
            let shown = text.chars().take(count);
            let bytes: Vec<u8> =
                shown.clone().map(|it| byte(encoding, it)).collect::<Option<_>>()?;
            let letter = std::str::from_utf8(&bytes).ok()?.chars().next()?;
            let is_one = bytes.len() == count && letter.len_utf8() == count;
            // One that the encoding has too may be encoded twice once more.
            let may_be = is_expected(letter) || byte(encoding, letter).is_some();
            (is_one && may_be).then(|| (letter, shown.map(char::len_utf8).sum()))
        })
    });
    twice.or_else(|| text.chars().next().map(|letter| (letter, letter.len_utf8())))
}

/// Programs that have no sign for a byte keep it as the control character of its number.
fn byte(encoding: &OneByte, letter: char) -> Option<u8> {
    let as_control = u8::try_from(letter).ok().filter(|byte| matches!(byte, 0x80..=0x9F));
    encoding.byte(letter).or(as_control)
}

fn is_expected(letter: char) -> bool {
    matches!(letter, 'À'..='ÿ') && !matches!(letter, '×' | '÷') || FRENCH_SIGNS.contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str, encoding: &OneByte) -> String {
        let once = text.bytes();
        let shown = once.map(|byte| match encoding_letter(encoding, byte) {
            Some(letter) => letter,
            None => char::from(byte),
        });
        shown.collect()
    }

    fn encoding_letter(encoding: &OneByte, byte: u8) -> Option<char> {
        ('\u{80}'..='\u{FFFF}').find(|letter| encoding.byte(*letter) == Some(byte))
    }

    #[test]
    fn what_was_encoded_twice_or_thrice_is_undone() {
        let text = "Prénom;É à Œ œ ç « l’été » – 20 €;N° 5";
        for encoding in &*TAKEN_FOR {
            let once = twice(text, encoding);
            assert_ne!(once, text);
            assert_eq!(undone(&once).as_deref(), Some(text));
            assert_eq!(undone(&twice(&once, encoding)).as_deref(), Some(text));
        }
    }

    #[test]
    fn names_as_people_write_them_stay() {
        for text in ["JOÃO", "Ângela", "Åse", "CÔTÉ", "château", "« Âne »", "Ôter", "É", "TÂNIA"]
        {
            assert_eq!(undone(text), None, "{text}");
        }
    }
}
