//! Spaces before and after signs, and around the `h` of an hour.

use super::words::{NARROW, WIDE, begins_number, digits, ends_word, is_blank};

/// A sign of the text as set, and the place of the typed sign that it comes from.
pub type Placed = (char, usize);

/// The longest number of hours: `100h`.
const LONGEST_HOURS: usize = 3;

/// Sets the spaces: `Objet : oui`, `« oui »`, `18 h 30`, `20 %`.
pub fn set(signs: &[char], kept: &[bool]) -> Vec<Placed> {
    let mut placed = Vec::with_capacity(signs.len() + 8);
    let mut at = 0;
    while let Some(&sign) = signs.get(at) {
        let rest = signs.get(at + 1..).unwrap_or_default();
        if kept.get(at) == Some(&true) {
            placed.push((sign, at));
            at += 1;
            continue;
        }
        let hour = hour(signs, at);
        if hour > 0 {
            put_hour(&mut placed, signs, at, hour);
            at += hour;
            continue;
        }
        match sign {
            ';' | '!' | '?' if ends_before(rest) => put_space(&mut placed, NARROW, sign, at),
            '»' => put_space(&mut placed, NARROW, sign, at),
            ':' if rest.first().is_none_or(|next| next.is_whitespace() || *next == '»') => {
                put_space(&mut placed, WIDE, sign, at);
            }
            '%' | '€' if ends_word(rest) => put_space_of_number(&mut placed, at),
            _ => {}
        }
        placed.push((sign, at));
        at += 1;
        if sign == '«' {
            at += rest.iter().take_while(|next| is_blank(**next)).count();
            if signs.get(at).is_some_and(|next| *next != '\n') {
                placed.push((NARROW, at - 1));
            }
        }
    }
    placed
}

/// How many signs the hour has that begins there: `18h`, `18h30`; none where there is none.
fn hour(signs: &[char], at: usize) -> usize {
    let (before, rest) = signs.split_at(at);
    let hours = digits(rest);
    let after = rest.get(hours..).unwrap_or_default();
    if !(1..=LONGEST_HOURS).contains(&hours)
        || after.first() != Some(&'h')
        || !begins_number(before)
    {
        return 0;
    }
    let after = after.get(1..).unwrap_or_default();
    let minutes = digits(after);
    let is_minutes =
        minutes == 0 || (minutes == 2 && after.first().is_some_and(|tens| *tens < '6'));
    let ends = ends_word(after.get(minutes..).unwrap_or_default());
    if is_minutes && ends { hours + 1 + minutes } else { 0 }
}

fn put_hour(placed: &mut Vec<Placed>, signs: &[char], at: usize, length: usize) {
    for (place, sign) in signs.iter().enumerate().skip(at).take(length) {
        if *sign == 'h' {
            placed.push((WIDE, place));
        }
        placed.push((*sign, place));
        if *sign == 'h' && place + 1 < at + length {
            placed.push((WIDE, place));
        }
    }
}

/// Replaces the blanks at the end by a space that does not break, where a number stands before them.
fn put_space_of_number(placed: &mut Vec<Placed>, at: usize) {
    let kept = without_blanks(placed);
    let follows_number = kept.checked_sub(1).and_then(|last| placed.get(last));
    if follows_number.is_some_and(|(sign, _)| sign.is_ascii_digit()) {
        placed.truncate(kept);
        placed.push((WIDE, at));
    }
}

/// Replaces the blanks at the end by `space`, unless nothing stands before them on the line, or the
/// sign belongs to a run (`?!`) or opens a bracket's content (`(!)`).
fn put_space(placed: &mut Vec<Placed>, space: char, sign: char, at: usize) {
    let kept = without_blanks(placed);
    let had_blank = kept < placed.len();
    let previous = kept.checked_sub(1).and_then(|last| placed.get(last)).map(|(sign, _)| *sign);
    let glued = match previous {
        None | Some('\n') => true,
        Some(_) if had_blank => false,
        Some('!' | '?' | ';' | ':' | '…') => sign != '»',
        Some('(' | '[' | '{' | '"' | '“' | '\'' | '’' | '/') => true,
        Some(_) => false,
    };
    if !glued {
        placed.truncate(kept);
        placed.push((space, at));
    }
}

/// How many signs there are without the blanks at the end.
fn without_blanks(placed: &[Placed]) -> usize {
    placed.len() - placed.iter().rev().take_while(|(sign, _)| is_blank(*sign)).count()
}

fn ends_before(rest: &[char]) -> bool {
    rest.first().is_none_or(|next| {
        next.is_whitespace() || matches!(next, ')' | ']' | '»' | '"' | '”' | '!' | '?' | '.' | '…')
    })
}
