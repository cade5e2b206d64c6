//! What a text message costs, and how the same could be said for less.
//!
//! Alphabet: 3GPP TS 23.038 (GSM 03.38). Sizes: 160 septets alone, 153 a part; 70 UTF-16 units
//! alone, 67 a part (six bytes of each part say which of how many it is).

use serde::{Deserialize, Serialize};

/// How a text message is written on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Seven bits a sign: the European alphabet of 1990.
    Gsm7,
    /// Sixteen bits a sign: everything else.
    Ucs2,
}

/// Why a sign makes a message dearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// It takes two septets: `€`, brackets, braces.
    CountsTwice,
    /// It is not in the alphabet: the whole message is sent at sixteen bits a sign.
    ForcesUcs2,
}

impl Cost {
    /// What the office reads.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::CountsTwice => "compte double",
            Self::ForcesUcs2 => "oblige à envoyer tout le message en Unicode (70 signes par SMS)",
        }
    }
}

/// The size of one text message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    /// How it is written.
    pub encoding: Encoding,
    /// Septets, or UTF-16 code units.
    pub units: u32,
    /// What providers bill; 0 for an empty text.
    pub segments: u32,
    /// Each sign that makes it dearer, once, in the order of the text.
    pub costly: Vec<(char, Cost)>,
}

/// A text message said for less; a person accepts it or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewrite {
    /// The proposed text.
    pub text: String,
    /// Its size.
    pub size: Segments,
    /// Each sign that was replaced, once, with what replaces it.
    pub changes: Vec<(char, String)>,
}

/// Counts the segments of `text`. An escape pair or a surrogate pair is never split over two parts.
#[must_use]
pub fn segments(text: &str) -> Segments {
    let gsm = text.chars().all(|sign| septets(sign).is_some());
    let mut costly: Vec<(char, Cost)> = Vec::new();
    for sign in text.chars() {
        let cost = match septets(sign) {
            Some(1) => continue,
            Some(_) if gsm => Cost::CountsTwice,
            Some(_) => continue,
            None => Cost::ForcesUcs2,
        };
        if !costly.iter().any(|(known, _)| *known == sign) {
            costly.push((sign, cost));
        }
    }
    let (encoding, alone, part) =
        if gsm { (Encoding::Gsm7, 160, 153) } else { (Encoding::Ucs2, 70, 67) };
    let sizes = || text.chars().map(|sign| units(sign, encoding));
    let total = sizes().sum();
    let segments = if total <= alone { u32::from(total > 0) } else { walk(sizes(), part) };
    Segments { encoding, units: total, segments, costly }
}

/// Proposes the same text in the cheaper alphabet. What has no plain form (Cyrillic, emoji) stays,
/// so that nothing is lost.
#[must_use]
pub fn plain_rewrite(text: &str) -> Rewrite {
    let mut plain = String::with_capacity(text.len());
    let mut changes: Vec<(char, String)> = Vec::new();
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        if let Some(composed) = signs.peek().and_then(|accent| compose(sign, *accent)) {
            signs.next();
            plain.push(composed);
            continue;
        }
        let Some(form) = plain_form(sign) else {
            plain.push(sign);
            continue;
        };
        // The blanks inside French quotation marks would look odd inside straight ones.
        match sign {
            '«' => while signs.next_if(|next| is_blank(*next)).is_some() {},
            '»' => plain.truncate(plain.trim_end_matches(is_blank).len()),
            _ => {}
        }
        plain.push_str(form);
        if !changes.iter().any(|(known, _)| *known == sign) {
            changes.push((sign, form.to_owned()));
        }
    }
    let size = segments(&plain);
    Rewrite { text: plain, size, changes }
}

/// A text that was rewritten, its names left as they are: each sign of it that has become fewer was replaced.
#[must_use]
pub fn rewritten(text: &str, plain: String) -> Rewrite {
    let count = |text: &str, sign: char| text.chars().filter(|it| *it == sign).count();
    let mut changes = plain_rewrite(text).changes;
    changes.retain(|(sign, _)| count(&plain, *sign) < count(text, *sign));
    Rewrite { size: segments(&plain), text: plain, changes }
}

/// The signs of a rewritten text that no plain form exists of, each once, and how many segments the text
/// would take without them.
#[must_use]
pub fn stubborn(rewrite: &Rewrite) -> (Vec<char>, u32) {
    let is_stubborn = |sign: &char| septets(*sign).is_none();
    let costly = rewrite.size.costly.iter().map(|(sign, _)| *sign);
    let plain: String =
        rewrite.text.chars().map(|c| if is_stubborn(&c) { 'x' } else { c }).collect();
    (costly.filter(is_stubborn).collect(), segments(&plain).segments)
}

/// Whether a sign is nowhere to be seen: it joins, parts or turns what stands beside it.
#[must_use]
pub fn is_unseen(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}'))
}

/// How many septets a sign takes; `None` when the alphabet lacks it.
fn septets(sign: char) -> Option<u32> {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                         ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENSION: &str = "\u{c}^{}\\[~]|€";
    if sign.is_ascii_alphanumeric() || sign == ' ' || BASIC.contains(sign) {
        Some(1)
    } else if EXTENSION.contains(sign) {
        Some(2)
    } else {
        None
    }
}

fn units(sign: char, encoding: Encoding) -> u32 {
    match encoding {
        Encoding::Gsm7 => septets(sign).unwrap_or(1),
        Encoding::Ucs2 => u32::from(sign.len_utf16() == 2) + 1,
    }
}

/// Fills parts sign by sign: one that does not fit whole begins the next part.
fn walk(sizes: impl Iterator<Item = u32>, part: u32) -> u32 {
    let mut parts = 1;
    let mut filled = 0;
    for size in sizes {
        if filled + size > part {
            parts += 1;
            filled = 0;
        }
        filled += size;
    }
    parts
}

/// A blank of any width that ends no line.
fn is_blank(sign: char) -> bool {
    sign.is_whitespace() && !ends_line(sign)
}

fn ends_line(sign: char) -> bool {
    matches!(sign, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A letter and a combining accent (as some word processors and phones write them) as one sign of
/// the alphabet; an accent that the alphabet lacks falls away.
fn compose(letter: char, accent: char) -> Option<char> {
    match (letter, accent) {
        ('e', '\u{301}') => Some('é'),
        ('e', '\u{300}') => Some('è'),
        ('a', '\u{300}') => Some('à'),
        ('u', '\u{300}') => Some('ù'),
        ('E', '\u{301}') => Some('É'),
        ('C', '\u{327}') => Some('Ç'),
        (letter, '\u{300}'..='\u{36f}') if letter.is_ascii_alphabetic() => Some(letter),
        _ => None,
    }
}

fn plain_form(sign: char) -> Option<&'static str> {
    Some(match sign {
        '’' | '‘' | '‛' | 'ʼ' | '´' | '`' | '′' => "'",
        '«' | '»' | '“' | '”' | '„' | '″' => "\"",
        '‹' => "<",
        '›' => ">",
        '…' => "...",
        '–' | '—' | '‐' | '‑' | '‒' | '−' | '•' | '·' | '●' | '▪' => "-",
        '\n' | '\r' | '\u{c}' | ' ' => return None,
        other if ends_line(other) => "\n",
        other if is_blank(other) => " ",
        other if is_unseen(other) => "",
        'â' | 'á' | 'ã' | 'ª' => "a",
        'ê' | 'ë' => "e",
        'î' | 'ï' | 'í' => "i",
        'ô' | 'ó' | 'õ' | '°' | 'º' => "o",
        'û' | 'ú' => "u",
        'ÿ' => "y",
        'ç' => "c",
        'œ' => "oe",
        'À' | 'Â' | 'Á' | 'Ã' => "A",
        'È' | 'Ê' | 'Ë' => "E",
        'Î' | 'Ï' | 'Í' => "I",
        'Ô' | 'Ó' | 'Õ' => "O",
        'Ù' | 'Û' | 'Ú' => "U",
        'Ÿ' => "Y",
        'Œ' => "OE",
        '²' => "2",
        '³' => "3",
        '×' => "x",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '→' => "->",
        _ => return None,
    })
}
