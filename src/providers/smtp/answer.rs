//! One answer of a relay (RFC 5321, 4.2): its digits decide, its words are for people.

/// An answer, all its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RelayAnswer {
    /// Its three digits, 200 to 599.
    pub code: u16,
    /// The words of its lines, a line break between two.
    text: String,
}

/// What is no line of an answer, or of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nonsense;

impl RelayAnswer {
    /// An answer, and whether it goes on after this line; `line` ends before its line break.
    pub fn begun_with(line: &[u8]) -> Result<(Self, bool), Nonsense> {
        let (code, goes_on, words) = parts(line)?;
        Ok((Self { code, text: decoded(words) }, goes_on))
    }

    /// Takes in one more line; whether the answer goes on after it.
    pub fn goes_on_with(&mut self, line: &[u8]) -> Result<bool, Nonsense> {
        let (code, goes_on, words) = parts(line)?;
        if code != self.code {
            return Err(Nonsense);
        }
        self.text.push('\n');
        self.text.push_str(&decoded(words));
        Ok(goes_on)
    }

    /// The words of each line.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.split('\n')
    }

    /// Its words on one line; a code that each line repeats stands once.
    pub fn words(&self) -> String {
        let code = self.text.split_whitespace().next().filter(|word| enhanced(word).is_some());
        let mut lines = self.lines();
        let mut words = lines.next().unwrap_or_default().trim().to_owned();
        for line in lines {
            let line = line.trim();
            words.push(' ');
            words.push_str(code.and_then(|code| line.strip_prefix(code)).unwrap_or(line).trim());
        }
        words
    }

    /// Subject and detail of its enhanced code (RFC 3463): 7 and 1 of `5.7.1`.
    pub fn subject(&self) -> Option<(u16, u16)> {
        enhanced(self.text.split_whitespace().next()?)
    }
}

fn parts(line: &[u8]) -> Result<(u16, bool, &[u8]), Nonsense> {
    let (digits, rest) = line.split_at_checked(3).ok_or(Nonsense)?;
    let digits = std::str::from_utf8(digits).map_err(|_| Nonsense)?;
    if !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(Nonsense);
    }
    let code = digits.parse().map_err(|_| Nonsense)?;
    if !(200..=599).contains(&code) {
        return Err(Nonsense);
    }
    match rest {
        [] => Ok((code, false, rest)),
        [b' ', words @ ..] => Ok((code, false, words)),
        [b'-', words @ ..] => Ok((code, true, words)),
        _ => Err(Nonsense),
    }
}

/// UTF-8; and what is none, in Latin-1: every octet is a letter there.
fn decoded(words: &[u8]) -> String {
    match std::str::from_utf8(words) {
        Ok(words) => words.to_owned(),
        Err(_) => words.iter().copied().map(char::from).collect(),
    }
}

fn enhanced(word: &str) -> Option<(u16, u16)> {
    let mut parts = word.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !matches!(class, "2" | "4" | "5") {
        return None;
    }
    let number = |part: &str| {
        let is_number = part.bytes().all(|octet| octet.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    };
    Some((number(subject)?, number(detail)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<RelayAnswer> {
        let mut lines = text.split("\r\n");
        let (mut answer, mut goes_on) = RelayAnswer::begun_with(lines.next()?.as_bytes()).ok()?;
        while goes_on {
            goes_on = answer.goes_on_with(lines.next()?.as_bytes()).ok()?;
        }
        Some(answer)
    }

    #[test]
    fn the_digits_are_read_whatever_the_letters() {
        let (answer, goes_on) = RelayAnswer::begun_with(b"550 5.1.1 Bo\xeete inconnue").unwrap();
        assert_eq!((answer.code, goes_on), (550, false));
        assert_eq!(answer.words(), "5.1.1 Boîte inconnue");
    }

    #[test]
    fn a_code_that_every_line_repeats_stands_once() {
        let answer = read("550-5.7.25 No name\r\n550 5.7.25 for this address").unwrap();
        assert_eq!(answer.words(), "5.7.25 No name for this address");
        assert_eq!(answer.subject(), Some((7, 25)));
    }

    #[test]
    fn digits_alone_are_an_answer() {
        assert_eq!(read("250").unwrap().words(), "");
    }

    #[test]
    fn what_is_no_answer_is_nonsense() {
        for line in
            ["", "25", "abc", "2 50", "250ok", "099 ok", "600 ok", "+25 ok", "250-a\r\n550 b"]
        {
            assert_eq!(read(line), None, "{line:?}");
        }
    }

    #[test]
    fn only_three_numbers_are_an_enhanced_code() {
        for (words, expected) in [
            ("5.2.2 full", Some((2, 2))),
            ("5.2 full", None),
            ("5.2.2.1 full", None),
            ("9.2.2 full", None),
            ("5..2 full", None),
            ("5.99999.1 full", None),
            ("192.0.2.1 is listed", None),
            ("", None),
        ] {
            assert_eq!(read(&format!("550 {words}")).unwrap().subject(), expected, "{words}");
        }
    }
}
