//! Every number of a cell: people write several into one, and remarks beside them. A whole number is kept
//! whatever stands beside it; half a number is never completed.

use std::borrow::Cow;

use super::PhoneNumber;

/// Digits from which a run is half a number or a short one, and not a word of the typist ("poste 12").
const FEWEST_DIGITS: usize = 4;
/// Digits of one run beyond which nobody wrote numbers.
const MOST_DIGITS: usize = 100;
/// Digits of the longest number, with the `00` before it (ITU-T E.164).
const LONGEST_NUMBER: usize = 17;

/// A text that holds no valid number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPhoneNumber {
    /// Not a number at all, or letters among the digits.
    #[error("is not a telephone number")]
    NotANumber,
    /// Digits, but no number of the numbering plan.
    #[error("is not a number of the numbering plan")]
    NotInThePlan,
    /// Two numbers or more where one was due.
    #[error("holds several telephone numbers")]
    Several,
}

/// What a cell holds.
#[derive(Debug, Default)]
pub struct CellNumbers {
    /// Its numbers, each once, in their order.
    pub numbers: Vec<PhoneNumber>,
    /// The digits that are no number, nor a day or an hour.
    pub left_over: Vec<String>,
}

/// Digits that stand together, and what parts them from those before.
struct DigitGroup<'t> {
    apart: &'t str,
    digits: &'t str,
    is_international: bool,
}

impl DigitGroup<'_> {
    /// Whether one number may end before it: it stands behind more than a blank, a dot or a dash.
    fn begins_anew(&self) -> bool {
        let is_dash_between_blanks = self.apart.contains('-') && self.apart.contains(' ');
        self.is_international
            || is_dash_between_blanks
            || self.apart.contains(['/', ',', '(', ')', '+'])
    }
}

impl PhoneNumber {
    /// Reads `typed` as someone in `region` (ISO 3166, "FR", "RE", …) would dial it; a remark beside
    /// the number ("06 39 98 00 01 (mère)") is left out. Nine digits without their leading zero, as
    /// spreadsheets leave them, are taken for French ones.
    pub fn parse(typed: &str, region: &str) -> Result<Self, BadPhoneNumber> {
        let CellNumbers { mut numbers, left_over } = Self::find(typed, region);
        match (numbers.pop(), numbers.is_empty() && left_over.is_empty()) {
            (Some(number), true) => Ok(number),
            (Some(_), false) => Err(BadPhoneNumber::Several),
            (None, true) => Err(BadPhoneNumber::NotANumber),
            (None, false) => Err(BadPhoneNumber::NotInThePlan),
        }
    }

    /// Every whole number in `typed`, whatever stands beside it: "06 39 98 00 01 (mère), 05 36 49 00 02".
    #[must_use]
    pub fn find(typed: &str, region: &str) -> CellNumbers {
        find(typed, region)
    }
}

fn find(typed: &str, region: &str) -> CellNumbers {
    let mut found = CellNumbers::default();
    let plain = without_dates(in_plain_signs(typed));
    let mut rest = plain.as_ref();
    while let Some(begin) = rest.find(is_dialling) {
        let from = rest.get(begin..).unwrap_or_default();
        let end = from.find(|letter| !is_dialling(letter)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let groups = groups(run);
        // "06 39 98 00 01 18h": the last digits are an hour, unless the number needs them.
        let is_spoilt = begins_an_hour(after) && numbers(&groups, region).is_none();
        let count = groups.len().saturating_sub(usize::from(is_spoilt));
        found.take(groups.get(..count).unwrap_or_default(), region);
        rest = after;
    }
    found
}

impl CellNumbers {
    fn take(&mut self, groups: &[DigitGroup<'_>], region: &str) {
        if let Some(numbers) = numbers(groups, region) {
            return self.add(numbers);
        }
        let pieces: Vec<&[DigitGroup<'_>]> =
            groups.chunk_by(|_, next| !next.begins_anew()).collect();
        let read: Vec<Option<Vec<PhoneNumber>>> =
            pieces.iter().map(|piece| numbers(piece, region)).collect();
        let has_numbers = read.iter().any(Option::is_some);
        let least = if has_numbers { 1 } else { FEWEST_DIGITS };
        for (piece, numbers) in pieces.into_iter().zip(read) {
            match numbers {
                Some(numbers) => self.add(numbers),
                None if count_digits(piece) < least => {}
                None => self.left_over.push(shown(piece)),
            }
        }
    }

    fn add(&mut self, numbers: Vec<PhoneNumber>) {
        for number in numbers {
            if !self.numbers.contains(&number) {
                self.numbers.push(number);
            }
        }
    }
}

fn in_plain_signs(typed: &str) -> Cow<'_, str> {
    let is_plain = typed.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'^' | b'`'..=b'~'));
    if is_plain { Cow::Borrowed(typed) } else { typed.chars().filter_map(plain).collect() }
}

/// One sign in place of all that look alike; what has no width is none.
fn plain(letter: char) -> Option<char> {
    match letter {
        '\n' => Some('\n'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' | '_' => {
            Some('-')
        }
        '·' | '\u{2024}' => Some('.'),
        '＋' => Some('+'),
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10),
        _ if letter.is_whitespace() => Some(' '),
        _ if crate::plain_text::is_signal(letter) => None,
        _ => Some(letter),
    }
}

fn is_dialling(letter: char) -> bool {
    letter.is_ascii_digit() || " +-.,()/".contains(letter)
}

fn groups(run: &str) -> Vec<DigitGroup<'_>> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let mut groups: Vec<DigitGroup<'_>> = Vec::new();
    let mut rest = run;
    while let Some(begin) = rest.find(is_digit) {
        let (apart, from) = rest.split_at(begin);
        let (digits, after) = from.split_at(from.find(|it| !is_digit(it)).unwrap_or(from.len()));
        rest = after;
        let is_long = groups.last().is_some_and(|before| before.digits.len() >= 9);
        if is_long && is_decimal(apart, digits) {
            continue;
        }
        // No country code begins with 0: that plus stands between two numbers.
        let is_international = apart.trim_end().ends_with('+') && !digits.starts_with('0');
        groups.push(DigitGroup { apart, digits, is_international });
    }
    groups
}

/// Nine digits and ".0" are what a program makes of a column of numbers in which one is missing.
fn is_decimal(apart: &str, digits: &str) -> bool {
    matches!(apart, "." | ",") && matches!(digits, "0" | "00")
}

/// The numbers that all these digits make together; `None` where some are left.
fn numbers(groups: &[DigitGroup<'_>], region: &str) -> Option<Vec<PhoneNumber>> {
    if groups.is_empty() || count_digits(groups) > MOST_DIGITS {
        return None;
    }
    if let Some(number) = one(groups, region) {
        return Some(vec![number]);
    }
    // From the end: each group that begins a number, where what follows it is numbers too.
    let mut from: Vec<Option<(PhoneNumber, usize)>> = vec![None; groups.len()];
    for begin in (0..groups.len()).rev() {
        let ends = (begin + 1..=groups.len()).take_while(|end| {
            groups.get(begin..*end).is_some_and(|some| count_digits(some) <= LONGEST_NUMBER)
        });
        let first =
            ends.filter(|end| *end == groups.len() || from[*end].is_some()).find_map(|end| {
                let some = groups.get(begin..end)?;
                // Nine digits without their zero are one cell of a spreadsheet.
                let is_whole =
                    some.len() == 1 || some[0].is_international || some[0].digits.starts_with('0');
                one(some, region).filter(|_| is_whole).map(|number| (number, end))
            });
        from[begin] = first;
    }
    let mut numbers = Vec::new();
    let mut at = 0;
    while let Some((number, end)) = from.get(at).cloned().flatten() {
        numbers.push(number);
        at = end;
    }
    (at == groups.len()).then_some(numbers)
}

fn one(groups: &[DigitGroup<'_>], region: &str) -> Option<PhoneNumber> {
    let (first, others) = groups.split_first()?;
    if others.iter().any(|group| group.is_international) {
        return None;
    }
    let plus = if first.is_international { "+" } else { "" };
    let digits = groups.iter().map(|group| group.digits);
    let dialled: String = std::iter::once(plus).chain(digits).collect();
    PhoneNumber::dialled(&dialled, region)
}

fn count_digits(groups: &[DigitGroup<'_>]) -> usize {
    groups.iter().map(|group| group.digits.len()).sum()
}

/// Whether what follows digits makes an hour of them: `h`, `h30`, `heures`; not a name, "Hélène".
fn begins_an_hour(after: &str) -> bool {
    let rest = after.strip_prefix(['h', 'H']);
    let is_alone = rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic));
    is_alone || after.starts_with("heure")
}

/// A text without the days that stand between its blanks and brackets: "(depuis le 01/09/2026)".
fn without_dates(text: Cow<'_, str>) -> Cow<'_, str> {
    let words = || text.split_inclusive([' ', '\n', '(', ')']);
    let is_dated = |word: &str| is_date(word.trim_matches(|letter: char| !letter.is_ascii_digit()));
    if !words().any(is_dated) {
        return text;
    }
    words().map(|word| if is_dated(word) { "\n" } else { word }).collect::<String>().into()
}

/// `01/09/2026`, `1.9.26`: six letters at least.
fn is_date(word: &str) -> bool {
    let is_up_to = |part: &str, most: u8| part.parse().is_ok_and(|it: u8| (1..=most).contains(&it));
    let may_be = word.len() >= 6;
    may_be
        && ['/', '.', '-'].into_iter().any(|sign| {
            let mut parts = word.split(sign);
            let date = [parts.next(), parts.next(), parts.next(), parts.next()];
            let [Some(day), Some(month), Some(year), None] = date else { return false };
            let is_year = matches!(year.len(), 2 | 4) && year.bytes().all(|it| it.is_ascii_digit());
            is_up_to(day, 31) && is_up_to(month, 12) && is_year
        })
}

fn shown(groups: &[DigitGroup<'_>]) -> String {
    groups.iter().map(|group| group.digits).collect::<Vec<_>>().join(" ")
}
