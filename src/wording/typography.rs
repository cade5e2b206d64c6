//! French spacing: a narrow no-break space (U+202F) before `;` `!` `?` `»` and after `«`, a no-break
//! space (U+00A0) before `:`. For screen and paper; never for SMS, where these spaces cost dear.

const NARROW: char = '\u{202f}';
const WIDE: char = '\u{a0}';

/// The text with French spaces. Addresses (`https://…`) and times (8:30) stay as they are; applying
/// it twice changes nothing more.
#[must_use]
pub fn french_spaces(text: &str) -> String {
    french_spaces_after(None, text)
}

/// The same for a text that follows `before` on its line, as after a word in bold.
#[must_use]
pub fn french_spaces_after(before: Option<char>, text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let in_address = mask_addresses(&signs);
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(&sign) = signs.get(at) {
        let next = signs.get(at + 1).copied();
        let untouched = in_address.get(at) == Some(&true);
        match sign {
            _ if untouched => spaced.push(sign),
            ';' | '!' | '?' if ends_a_word(next) => {
                put_space(&mut spaced, before, NARROW, sign);
                spaced.push(sign);
            }
            '»' => {
                put_space(&mut spaced, before, NARROW, sign);
                spaced.push(sign);
            }
            ':' if next.is_none_or(|next| next.is_whitespace() || next == '»') => {
                put_space(&mut spaced, before, WIDE, sign);
                spaced.push(sign);
            }
            '«' => {
                spaced.push(sign);
                while signs.get(at + 1).is_some_and(|next| is_blank(*next)) {
                    at += 1;
                }
                if signs.get(at + 1).is_some_and(|next| *next != '\n') {
                    spaced.push(NARROW);
                }
            }
            _ => spaced.push(sign),
        }
        at += 1;
    }
    spaced
}

/// Replaces the blanks at the end by `space`, unless nothing stands before them on the line, or the
/// sign belongs to a run (`?!`) or opens a bracket's content (`(!)`).
fn put_space(spaced: &mut String, before: Option<char>, space: char, sign: char) {
    let kept = spaced.trim_end_matches(is_blank).len();
    let had_blank = kept < spaced.len();
    let previous = spaced.get(..kept).and_then(|kept| kept.chars().next_back()).or(before);
    let glued = match previous {
        None | Some('\n') => true,
        Some(_) if had_blank => false,
        Some('!' | '?' | ';' | ':' | '…') => sign != '»',
        Some('(' | '[' | '{' | '"' | '“' | '\'' | '’' | '/') => true,
        Some(previous) => is_blank(previous),
    };
    if !glued {
        spaced.truncate(kept);
        spaced.push(space);
    }
}

fn ends_a_word(next: Option<char>) -> bool {
    next.is_none_or(|next| {
        next.is_whitespace() || matches!(next, ')' | ']' | '»' | '"' | '”' | '!' | '?' | '.' | '…')
    })
}

fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | WIDE | NARROW | '\u{2009}')
}

/// Which signs belong to a word that is an address.
fn mask_addresses(signs: &[char]) -> Vec<bool> {
    let mut mask = Vec::with_capacity(signs.len());
    for word in signs.split_inclusive(|sign| sign.is_whitespace()) {
        let text: String = word.iter().collect();
        let is_address = ["://", "www.", "mailto:", "tel:"].iter().any(|mark| text.contains(mark));
        mask.extend(word.iter().map(|sign| is_address && !sign.is_whitespace()));
    }
    mask
}
