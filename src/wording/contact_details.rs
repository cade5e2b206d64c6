//! Web addresses, e-mail addresses and telephone numbers within a text: what some providers refuse to
//! carry when no sender is declared.

use serde::Serialize;

/// What one writes or calls to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactDetail {
    /// `https://…`, `www.…`, or the name of a site.
    WebAddress,
    /// `nom@example.org`.
    EmailAddress,
    /// Ten digits, or more after a `+`.
    PhoneNumber,
}

impl ContactDetail {
    /// As an error names it.
    #[must_use]
    pub const fn in_english(self) -> &'static str {
        match self {
            Self::WebAddress => "a web address",
            Self::EmailAddress => "an e-mail address",
            Self::PhoneNumber => "a telephone number",
        }
    }
}

/// The ends of the sites that a school writes; a sentence may lack the blank after its full stop.
const ENDS_OF_SITES: [&str; 22] = [
    "app", "be", "bzh", "ch", "com", "corsica", "edu", "eu", "fr", "gl", "gouv", "info", "io",
    "lu", "ly", "nc", "net", "org", "paris", "pf", "pm", "site",
];
/// Digits of a national number, its zero included.
const NATIONAL: usize = 10;
/// Digits of the shortest number after a `+`.
const INTERNATIONAL: usize = 8;

/// Which of them a text holds, each once.
#[must_use]
pub fn contact_details(text: &str) -> Vec<ContactDetail> {
    let mut found: Vec<ContactDetail> = text.split_whitespace().filter_map(of_word).collect();
    if holds_number(text) {
        found.push(ContactDetail::PhoneNumber);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn of_word(word: &str) -> Option<ContactDetail> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/').to_lowercase();
    if word.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.'))
    {
        return Some(ContactDetail::EmailAddress);
    }
    let is_site = word.contains("://") || word.starts_with("www.") || is_name_of_site(&word);
    is_site.then_some(ContactDetail::WebAddress)
}

fn is_name_of_site(word: &str) -> bool {
    let host = word.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.rsplit_once('.')
        .is_some_and(|(name, end)| ENDS_OF_SITES.contains(&end) && name.split('.').all(is_label))
}

/// Whether somebody's number stands in the text, in groups of two digits or more with one sign between
/// them. A date and an hour are none.
fn holds_number(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        let follows_word = at > 0 && signs.get(at - 1).is_some_and(|it| it.is_alphanumeric());
        let rest = signs.get(at..).unwrap_or_default();
        match rest.first() {
            Some('+')
                if begins_with_number(rest.get(1..).unwrap_or_default(), INTERNATIONAL, 1) =>
            {
                return true;
            }
            Some('0') if !follows_word => {
                if is_date(rest) {
                    at += LENGTH_OF_DATE;
                    continue;
                }
                if begins_with_number(rest, NATIONAL, 2) {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

const LENGTH_OF_DATE: usize = 10;

/// Whether it begins as `05/03/2026` does.
fn is_date(signs: &[char]) -> bool {
    let is_digit = |at: usize| signs.get(at).is_some_and(char::is_ascii_digit);
    let separator = signs.get(2).filter(|sign| "./-".contains(**sign));
    [0, 1, 3, 4, 6, 7, 8, 9].into_iter().all(is_digit)
        && separator.is_some()
        && signs.get(5) == separator
        && signs.get(6) == Some(&'2')
}

/// Whether so many digits follow, in groups of `fewest` or more with one sign between them, and no letter
/// after them.
fn begins_with_number(signs: &[char], digits: usize, fewest: usize) -> bool {
    let (mut count, mut group) = (0, 0);
    for (at, sign) in signs.iter().enumerate() {
        let next_is_digit = signs.get(at + 1).is_some_and(|it| it.is_ascii_digit() || *it == '(');
        match sign {
            '0'..='9' => (count, group) = (count + 1, group + 1),
            '(' | ')' if fewest == 1 => {}
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '.' | '-' | '/'
                // `0 800 12 34 56` begins with its zero alone.
                if (group >= fewest || count == 1) && next_is_digit && count < digits =>
            {
                group = 0;
            }
            other => return count >= digits && group >= fewest && !other.is_alphanumeric(),
        }
    }
    count >= digits && group >= fewest
}

#[cfg(test)]
mod tests {
    use super::ContactDetail::{EmailAddress, PhoneNumber, WebAddress};
    use super::contact_details;

    #[test]
    fn numbers_and_addresses_are_seen_as_people_write_them() {
        for text in [
            "au 05 36 49 00 00",
            "tel:0536490000.",
            "05.36.49.00.00, merci",
            "05\u{a0}36\u{202f}49 00 00",
            "0590 12 34 56",
            "0 800 12 34 56",
            "+33 6 39 98 00 01",
            "+33 (0)6 39 98 00 01",
            "(+262639980001)",
        ] {
            assert_eq!(contact_details(text), [PhoneNumber], "{text}");
        }
        for text in ["https://x", "www.college", "(clg-moulin.fr/info)", "ent.example.org."] {
            assert_eq!(contact_details(text), [WebAddress], "{text}");
        }
        assert_eq!(contact_details("<a.b@example.org>"), [EmailAddress]);
        let all = "www.x.fr ou a@x.fr ou 05 36 49 00 00";
        assert_eq!(contact_details(all), [WebAddress, EmailAddress, PhoneNumber]);
    }

    #[test]
    fn dates_hours_and_references_are_none() {
        for text in [
            "Lundi 11 mai : 6e à 8h30, 5e à 9h30.",
            "le 05/03/2026 18h30",
            "le 05.03.2026 10 h",
            "du 02-03-2026 au 06-03-2026",
            "de 08 h 30 à 09 h 45",
            "(réf. 7K4M-02QB)",
            "réf. 0123-4567",
            "le 3018, gratuit",
            "Reprise lundi.Bus à l'heure.Merci",
            "1 000 000 000 fois",
        ] {
            assert_eq!(contact_details(text), [], "{text}");
        }
    }
}
