//! Words of a provider, made fit for logs and screens: codes stay, people do not.

use crate::delivery::{Accepted, Envelope, SendError};
use crate::people::{ContactPoint, unaccented_capitals};
use crate::plain_text::is_signal;

/// The longest text that is kept of an answer, in characters.
const LONGEST: usize = 200;

/// From this many digits on, they may be a telephone number, whatever stands between them.
const DIGITS_OF_A_NUMBER: usize = 8;

/// From this many letters on, a part of a name is known within a longer word too: `inesdurand`.
const LETTERS_OF_A_LOGIN: usize = 4;

/// `words` on one line, shortened, without anything that may be an e-mail address or a telephone
/// number: providers like to repeat the recipient in their refusals.
pub(super) fn masked(words: &str) -> String {
    let mut kept = String::new();
    let mut run: Vec<&str> = Vec::new();
    // What hides within a word would hide a name too; controls part words.
    let words: String = words.chars().filter(|&c| c.is_control() || !is_signal(c)).collect();
    let words = words.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        if word.contains('@') {
            add(&mut kept, &without_numbers(&std::mem::take(&mut run).join(" ")));
            add(&mut kept, "…");
        } else if is_status_code(word) {
            add(&mut kept, &without_numbers(&std::mem::take(&mut run).join(" ")));
            add(&mut kept, word);
        } else {
            run.push(word);
        }
    }
    add(&mut kept, &without_numbers(&run.join(" ")));
    match kept.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            kept.truncate(end);
            kept.push('…');
            kept
        }
        None => kept,
    }
}

/// The same error without any part of the recipient's name, or of their mailbox's.
pub(super) fn without_recipient(mut error: SendError, envelope: &Envelope) -> SendError {
    error.detail = without_names_of(envelope, &error.detail);
    error
}

/// The same answer, whatever it is, without any part of them.
pub(super) fn answer_without_recipient(
    answer: Result<Accepted, SendError>,
    envelope: &Envelope,
) -> Result<Accepted, SendError> {
    let mut accepted = answer.map_err(|error| without_recipient(error, envelope))?;
    accepted.answer = without_names_of(envelope, &accepted.answer);
    Ok(accepted)
}

/// A relay writes an address in ways of its own too: `ines.durand%example.org`.
fn without_names_of(envelope: &Envelope, text: &str) -> String {
    let text = without_name(text, &envelope.name);
    match &envelope.to {
        ContactPoint::Email(address) => {
            let mailbox = address.as_str().split('@').next().unwrap_or_default();
            without_name(&text, mailbox)
        }
        ContactPoint::Chat(address) => without_name(&text, address.name()),
        _ => text,
    }
}

fn add(kept: &mut String, words: &str) {
    if !kept.is_empty() && !words.is_empty() {
        kept.push(' ');
    }
    kept.push_str(words);
}

/// An enhanced status code (RFC 3463): its digits are no one's number.
fn is_status_code(word: &str) -> bool {
    let mut parts = word.split('.');
    let mut part = |most: usize| {
        parts.next().is_some_and(|part| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    part(1) && part(3) && part(3) && parts.next().is_none()
}

/// The text with each run of digits that is long enough masked; blanks and the signs that people put
/// into numbers do not end a run.
fn without_numbers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    // What may be a number: its text, up to its last digit, and how many digits it has.
    let (mut number, mut ends, mut digits) = (String::new(), 0, 0);
    for sign in text.chars().chain(std::iter::once('\n')) {
        if sign.is_numeric() {
            number.push(sign);
            (ends, digits) = (number.len(), digits + 1);
        } else if " .-_/,()+'".contains(sign) {
            number.push(sign);
        } else {
            match number.split_at_checked(ends).filter(|_| digits >= DIGITS_OF_A_NUMBER) {
                Some((masked, after)) => {
                    let before = masked.len() - masked.trim_start_matches([' ', ',', '/']).len();
                    kept.push_str(masked.get(..before).unwrap_or_default());
                    kept.push('…');
                    kept.push_str(after);
                }
                None => kept.push_str(&number),
            }
            kept.push(sign);
            number.clear();
            (ends, digits) = (0, 0);
        }
    }
    kept.pop();
    kept
}

/// The text without the parts of a name, however they are written.
fn without_name(text: &str, name: &str) -> String {
    let folded = unaccented_capitals(name);
    // Digits alone name nobody, and would hide a code.
    let names = |part: &&str| part.len() > 1 && part.contains(char::is_alphabetic);
    let parts: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(names).collect();
    let is_named = |word: &str| {
        let word = unaccented_capitals(word);
        parts
            .iter()
            .any(|part| word == *part || (part.len() >= LETTERS_OF_A_LOGIN && word.contains(part)))
    };
    let mut kept = String::with_capacity(text.len());
    let mut word = String::new();
    for sign in text.chars().chain(std::iter::once('\n')) {
        if sign.is_alphanumeric() {
            word.push(sign);
            continue;
        }
        kept.push_str(if is_named(&word) { "…" } else { &word });
        word.clear();
        kept.push(sign);
    }
    kept.pop();
    kept
}

#[cfg(test)]
mod tests {
    use super::{masked, without_name};

    #[test]
    fn an_address_in_a_refusal_is_masked() {
        assert_eq!(
            masked("5.1.1 <ines.durand@example.org>: Recipient\r\nunknown"),
            "5.1.1 … Recipient unknown"
        );
    }

    #[test]
    fn a_number_in_a_refusal_is_masked_however_it_is_written() {
        let numbers = [
            "+33639980001",
            "06.39.98.00.01",
            "06 39 98 00 01",
            "06\u{a0}39\u{202f}98 00\t01",
            "(+33) 6 39-98-00-01",
            "+33 (0)6 39 98 00 01",
            "0639/98/00/01",
            "06, 39, 98, 00, 01",
        ];
        for number in numbers {
            let words = masked(&format!("receiver {number} is invalid"));
            assert_eq!(words, "receiver … is invalid", "{number}");
            assert_eq!(masked(&format!("to={number}")), "to=…", "{number}");
        }
    }

    #[test]
    fn codes_years_and_words_stay() {
        for words in [
            "queued as 4XyZ12 in 2026",
            "550 5.1.1 452 4.2.2 mailbox full",
            "HTTP 400: conversation.error.send.visible",
        ] {
            assert_eq!(masked(words), words);
        }
    }

    #[test]
    fn what_turns_or_hides_a_text_is_gone() {
        assert_eq!(masked("550 5.1.1 \u{202E}no\u{200B}body\u{1b}[2J"), "550 5.1.1 nobody [2J");
    }

    #[test]
    fn a_long_answer_is_shortened() {
        assert_eq!(masked(&"é".repeat(500)).chars().count(), 201);
    }

    #[test]
    fn the_recipient_is_not_named() {
        let cases = [
            ("Inès DURAND is not visible", "… … is not visible"),
            ("INES.DURAND: unknown", "….…: unknown"),
            ("no inbox of inesdurand2", "no inbox of …"),
            ("refused for durand-martin", "refused for …-martin"),
        ];
        for (words, expected) in cases {
            assert_eq!(without_name(words, "Inès DURAND"), expected);
        }
    }
}
