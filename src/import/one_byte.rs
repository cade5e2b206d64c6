//! Text in a one-byte encoding. None says of itself which one it is, but one alone makes French words
//! of the bytes; where two do, or none, nothing is guessed.

use encoding_rs::{Encoding, ISO_8859_15, MACINTOSH, WINDOWS_1252};

use super::decode::is_hole;

/// The upper half of code page 850, in which DOS wrote French (Unicode Consortium, `CP850.TXT`).
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
                             └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";
/// Letters that French has beyond ASCII, small.
const FRENCH: &str = "àâäçéèêëîïôöœùûüÿ";
/// Letters of names from elsewhere, small.
const OF_NAMES: &str = "áãåæìíñòóõøúýšžß";
/// Signs by which an encoding is judged; more make it no surer.
const ENOUGH: usize = 20_000;
/// From so many accents on, one at least is an é: no other is as frequent in French.
const MANY: usize = 8;
/// One sign in so many may stand oddly: people type so.
const ODD_ONE_IN: usize = 5;

/// One encoding's upper half, byte 0x80 first; `None` where it has no sign.
pub(super) struct OneByte([Option<char>; 128]);

/// Why bytes are not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Untold {
    /// windows-1252 has no sign for this one, and no other encoding is certain.
    Hole(usize),
    /// Several encodings make words of them, or none does; this is the first byte that differs.
    Unclear(usize),
}

impl OneByte {
    pub(super) fn windows_1252() -> Self {
        Self::of(WINDOWS_1252)
    }

    pub(super) fn mac_roman() -> Self {
        let mut letters = Self::of(MACINTOSH);
        // The maker's own sign is no letter.
        letters.0[0x70] = None;
        letters
    }

    pub(super) fn code_page_850() -> Self {
        let mut letters = CODE_PAGE_850.chars();
        Self(std::array::from_fn(|_| letters.next()))
    }

    fn of(encoding: &'static Encoding) -> Self {
        let mut bytes = 0x80..=0xFF_u8;
        let has_holes = encoding != MACINTOSH;
        Self(std::array::from_fn(|_| {
            let byte = bytes.next().filter(|byte| !(has_holes && is_hole(*byte, encoding)))?;
            let (text, _) = encoding.decode_without_bom_handling(std::slice::from_ref(&byte));
            text.chars().next()
        }))
    }

    /// The sign of a byte.
    fn letter(&self, byte: u8) -> Option<char> {
        if byte.is_ascii() { Some(char::from(byte)) } else { self.0[usize::from(byte & 0x7F)] }
    }

    /// The byte of a sign beyond ASCII.
    pub(super) fn byte(&self, letter: char) -> Option<u8> {
        let at = self.0.iter().position(|other| *other == Some(letter))?;
        u8::try_from(at + 0x80).ok()
    }

    fn decode(&self, text: &[u8]) -> String {
        text.iter().map(|byte| self.letter(*byte).unwrap_or('\u{FFFD}')).collect()
    }

    fn judged(&self, text: &[u8]) -> Judgement {
        let mut judgement = Judgement::default();
        let letter = |at: usize| text.get(at).map(|byte| self.letter(*byte).unwrap_or('\u{FFFD}'));
        let signs = text.iter().enumerate().filter(|(_, byte)| !byte.is_ascii());
        for (at, byte) in signs.take(ENOUGH) {
            let before = at.checked_sub(1).and_then(letter).unwrap_or(' ');
            let after = letter(at + 1).unwrap_or(' ');
            let stands = self.letter(*byte).map_or(Stands::Oddly, |it| stands(before, it, after));
            judgement.take(stands, self.letter(*byte));
        }
        judgement
    }

    /// 1 where the middle one of three signs stands oddly.
    fn judged_middle(&self, three: &[u8]) -> usize {
        let [before, letter, after] =
            [0, 1, 2].map(|at| three.get(at).and_then(|byte| self.letter(*byte)).unwrap_or(' '));
        usize::from(stands(before, letter, after) == Stands::Oddly)
    }
}

/// Reads text of which only the ASCII half is certain.
pub(super) fn decoded(text: &[u8]) -> Result<String, Untold> {
    let western = western(text);
    let is_western = western.judged(text).is_sound();
    let rivals = [OneByte::mac_roman(), OneByte::code_page_850()];
    let may_be: Vec<(&OneByte, Judgement)> = rivals
        .iter()
        .map(|rival| (rival, rival.judged(text)))
        .filter(|(_, judgement)| judgement.is_sound())
        .collect();
    match may_be.as_slice() {
        rivals if is_western && !rivals.iter().any(|(_, it)| it.is_french()) => {
            Ok(western.decode(text))
        }
        [(rival, judgement)] if !is_western && judgement.is_french() => Ok(rival.decode(text)),
        _ => Err(untold(&western, text)),
    }
}

/// What calls itself ISO-8859-1 or -15 is windows-1252 in practice, unless œ and € say otherwise.
fn western(text: &[u8]) -> OneByte {
    let [usual, other] = [WINDOWS_1252, ISO_8859_15].map(OneByte::of);
    if text.iter().any(|byte| other.letter(*byte).is_none()) {
        return usual;
    }
    // Only the eight signs that they do not share can tell.
    let differs = |byte: &u8| usual.letter(*byte) != other.letter(*byte);
    let windows = text.windows(3).filter(|three| differs(&three[1]));
    let odd = |encoding: &OneByte| windows.clone().map(|it| encoding.judged_middle(it)).sum();
    let [odd_usual, odd_other]: [usize; 2] = [odd(&usual), odd(&other)];
    if odd_other < odd_usual { other } else { usual }
}

fn untold(western: &OneByte, text: &[u8]) -> Untold {
    if let Some(hole) = text.iter().position(|byte| western.letter(*byte).is_none()) {
        return Untold::Hole(hole);
    }
    Untold::Unclear(text.iter().position(|byte| !byte.is_ascii()).unwrap_or(0))
}

/// How the signs beyond ASCII stand in their words, in one encoding.
#[derive(Default)]
struct Judgement {
    well: usize,
    oddly: usize,
    french: usize,
    has_e_acute: bool,
}

impl Judgement {
    fn take(&mut self, stands: Stands, letter: Option<char>) {
        match stands {
            Stands::Well => {
                self.well += 1;
                let letter = letter.map_or(' ', small);
                self.french += usize::from(FRENCH.contains(letter));
                self.has_e_acute |= letter == 'é';
            }
            Stands::Oddly => self.oddly += 1,
            Stands::Anyhow => {}
        }
    }

    fn is_sound(&self) -> bool {
        self.oddly * ODD_ONE_IN <= self.well + self.oddly
    }

    /// Whether French words come of it; without one, letters may have fallen into place by chance.
    fn is_french(&self) -> bool {
        self.french > 0 && (self.has_e_acute || self.well < MANY)
    }
}

/// Whether a sign can stand where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Well,
    Oddly,
    /// It says nothing.
    Anyhow,
}

fn stands(before: char, letter: char, after: char) -> Stands {
    let well = |is_well| if is_well { Stands::Well } else { Stands::Oddly };
    let touches_a_letter = before.is_alphabetic() || after.is_alphabetic();
    let is_within = before.is_alphanumeric() && after.is_alphanumeric();
    match letter {
        _ if letter.is_lowercase() && is_of_words(letter) => {
            well(!small_one_is_odd(before, letter, after))
        }
        _ if is_of_words(small(letter)) => well(!capital_is_odd(before, after)),
        '’' => well(before.is_alphanumeric()),
        '«' | '“' | '‘' | '„' => well(!before.is_alphanumeric()),
        '»' | '”' => well(!after.is_alphanumeric()),
        '·' | '–' => Stands::Well,
        '°' | 'º' => well("nN".contains(before) || !before.is_alphabetic()),
        '\u{A0}' => Stands::Anyhow,
        '…' | '²' | '€' if !is_within => Stands::Anyhow,
        _ if touches_a_letter || is_within || letter == '\u{FFFD}' => Stands::Oddly,
        _ => Stands::Anyhow,
    }
}

fn is_of_words(letter: char) -> bool {
    FRENCH.contains(letter) || OF_NAMES.contains(letter)
}

fn small(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// Whether a small letter stands oddly: before a digit, between a small letter and a capital, or amid
/// capitals where it is none that a French keyboard has: the others are usual there.
fn small_one_is_odd(before: char, letter: char, after: char) -> bool {
    let is_amid_capitals = before.is_uppercase() && !after.is_lowercase() || after.is_uppercase();
    after.is_ascii_digit()
        || before.is_lowercase() && after.is_uppercase()
        || is_amid_capitals && !FRENCH.contains(letter)
}

/// Whether a capital stands neither at the beginning of a word nor amid capitals.
fn capital_is_odd(before: char, after: char) -> bool {
    before.is_lowercase()
        || before.is_ascii_digit()
        || before.is_alphabetic() && after.is_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_one(encoding: &OneByte, text: &str) -> Vec<u8> {
        let byte = |letter: char| {
            u8::try_from(letter).ok().filter(u8::is_ascii).or_else(|| encoding.byte(letter))
        };
        text.chars().map(|letter| byte(letter).unwrap()).collect()
    }

    #[test]
    fn each_encoding_is_told_by_the_words_that_come_of_it() {
        let text =
            "Nom;Prénom;Tél. portable\r\nBérard;Amélie;06\r\nNOËL;Zoë;07\r\nHÉLÈNE;François;08";
        let all = [OneByte::windows_1252(), OneByte::mac_roman(), OneByte::code_page_850()];
        for encoding in all {
            assert_eq!(decoded(&in_one(&encoding, text)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn one_accent_is_enough_where_only_one_encoding_makes_a_word_of_it() {
        for word in
            ["Léo", "ANDRÉ", "FORÊT", "MUÑOZ", "João", "Müller", "N°Tél", "À", "5ème", "O’Neil"]
        {
            let bytes = in_one(&OneByte::windows_1252(), word);
            assert_eq!(decoded(&bytes).as_deref(), Ok(word));
        }
    }

    #[test]
    fn capitals_with_small_accents_are_windows_letters() {
        let text = "HéLèNE;RENé;JéRôME;ZOé;LéA;ANDRé;BENOîT;DéSIRé;FRANçOIS";
        assert_eq!(decoded(&in_one(&OneByte::windows_1252(), text)).as_deref(), Ok(text));
    }

    #[test]
    fn what_two_encodings_make_words_of_is_not_guessed() {
        // RENé in windows-1252, RENÈ in Mac Roman.
        assert_eq!(decoded(b"REN\xE9"), Err(Untold::Unclear(3)));
        // Noël in Mac Roman, Noæl in code page 850.
        assert!(decoded(b"No\x91l").is_err());
        assert_eq!(decoded(b"DURAND\x9D\xE9;6A"), Err(Untold::Hole(6)));
    }

    #[test]
    fn oe_and_the_euro_tell_iso_8859_15() {
        assert_eq!(decoded(b"LEB\xBCUF;Zo\xE9;S\xBDur").as_deref(), Ok("LEBŒUF;Zoé;Sœur"));
    }
}
