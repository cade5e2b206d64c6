//! Words of a provider, made fit for logs and screens.

/// The longest text that is kept of an answer, in characters.
const LONGEST: usize = 200;

/// From this many digits on, a run of them may be a telephone number.
const DIGITS_OF_A_NUMBER: usize = 8;

/// `words` on one line, shortened, without anything that may be an e-mail address or a telephone
/// number: providers like to repeat the recipient in their refusals.
pub(super) fn masked(words: &str) -> String {
    let mut kept = String::new();
    for word in words.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        if word.contains('@') || holds_a_number(word) {
            kept.push('…');
        } else {
            kept.push_str(word);
        }
    }
    match kept.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            kept.truncate(end);
            kept.push('…');
            kept
        }
        None => kept,
    }
}

/// Whether a run of digits in `word` (dots and dashes between them do not end it) is long enough.
fn holds_a_number(word: &str) -> bool {
    let mut run = 0;
    for c in word.chars() {
        match c {
            '0'..='9' => run += 1,
            '.' | '-' | '(' | ')' => {}
            _ => run = 0,
        }
        if run >= DIGITS_OF_A_NUMBER {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_in_a_refusal_is_masked() {
        assert_eq!(
            masked("5.1.1 <ines.durand@example.org>: Recipient\r\nunknown"),
            "5.1.1 … Recipient unknown"
        );
    }

    #[test]
    fn a_number_in_a_refusal_is_masked() {
        assert_eq!(masked("receiver +33639980001 is invalid"), "receiver … is invalid");
        assert_eq!(masked("receiver 06.39.98.00.01 is invalid"), "receiver … is invalid");
        assert_eq!(masked("queued as 4XyZ12 in 2026"), "queued as 4XyZ12 in 2026");
    }

    #[test]
    fn a_long_answer_is_shortened() {
        assert_eq!(masked(&"é".repeat(500)).chars().count(), 201);
    }
}
