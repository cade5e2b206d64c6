//! A whole name in one cell: `DURAND Zoé`, `Mme LE GOFF Anne`, `Zoé Durand`.

use crate::people::Civility;

use super::fields::civility;

/// What somebody is called.
pub(super) struct Called {
    pub(super) family: String,
    /// The name in use, where it differs.
    pub(super) usage: Option<String>,
    /// Empty where it is not told.
    pub(super) first: String,
    /// As the name in one cell tells it.
    pub(super) civility: Option<Civility>,
}

/// Reads it. Words in capitals are the family name, wherever they stand. Without any, or with nothing
/// else, the order tells: of `NOM Prénom` the last word is the first name, of `Prénom NOM` the first.
/// Two people in one cell stay one name. `None` for a text that is no name.
pub(super) fn read(text: &str, begins_with_first: bool) -> Option<Called> {
    if !may_be_name(text) {
        return None;
    }
    let words: Vec<&str> =
        text.split([' ', '\u{a0}', '\u{202f}', ',']).filter(|it| !it.is_empty()).collect();
    if names_two(&words) {
        return Some(called(&words, &[], None));
    }
    let (civility, words) = match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && civility(first).is_some() => {
            (civility(first), rest)
        }
        _ => (None, words.as_slice()),
    };
    let (capitals, others): (Vec<&str>, Vec<&str>) =
        words.iter().copied().partition(|word| is_in_capitals(word));
    if !capitals.is_empty() && !others.is_empty() {
        return Some(called(&capitals, &others, civility));
    }
    Some(match (words, begins_with_first) {
        ([family], _) => called(&[*family], &[], civility),
        ([first, family @ ..], true) | ([family @ .., first], false) => {
            called(family, &[*first], civility)
        }
        ([], _) => return None,
    })
}

/// Whether a text may be what somebody is called: it has a letter, and no sign of an address or of a
/// line that introduces something.
pub(super) fn may_be_name(text: &str) -> bool {
    text.contains(char::is_alphabetic) && !text.contains('@') && !text.trim_end().ends_with(':')
}

fn names_two(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "et" | "ET" | "&" | "ou") || word.contains(['/', '&']))
}

fn is_in_capitals(word: &str) -> bool {
    word.chars().filter(|letter| letter.is_alphabetic()).count() > 1
        && !word.contains(char::is_lowercase)
}

fn called(family: &[&str], first: &[&str], civility: Option<Civility>) -> Called {
    Called { family: family.join(" "), usage: None, first: first.join(" "), civility }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_whole_name_is_taken_apart_by_its_capitals_and_else_by_its_order() {
        for (text, begins_with_first, family, first) in [
            ("DURAND Zoé", false, "DURAND", "Zoé"),
            ("Zoé DURAND", false, "DURAND", "Zoé"),
            ("LE GOFF Anne-Marie", true, "LE GOFF", "Anne-Marie"),
            ("Le Goff Anne", false, "Le Goff", "Anne"),
            ("Anne Le Goff", true, "Le Goff", "Anne"),
            ("DURAND ZOE", false, "DURAND", "ZOE"),
            ("ZOE DURAND", true, "DURAND", "ZOE"),
            ("DURAND", false, "DURAND", ""),
            ("Mme DURAND Inès", false, "DURAND", "Inès"),
            ("M. et Mme DURAND", false, "M. et Mme DURAND", ""),
            ("DURAND J. Paul", false, "DURAND", "J. Paul"),
        ] {
            let called = read(text, begins_with_first).expect(text);
            assert_eq!((called.family.as_str(), called.first.as_str()), (family, first), "{text}");
        }
    }

    #[test]
    fn a_number_an_address_or_a_line_that_introduces_something_is_no_name() {
        for text in ["06 39 98 00 01", "a@example.org", "Professeur principal :", "", "-"] {
            assert!(read(text, false).is_none(), "{text}");
        }
    }
}
