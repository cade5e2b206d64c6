//! E-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::plain_text::is_signal;

/// An address that an SMTP server can be given. `Debug` masks it: logs never hold one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(Box<str>);

/// A text that is no usable address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address")]
pub struct BadEmailAddress;

impl EmailAddress {
    /// Reads what was typed: one `@`, a dot in the domain, no blank, no control character, at most
    /// 254 octets (RFC 5321). The domain is lowered, and stands in its ASCII form (RFC 5891) where it has
    /// accents; the local part is kept as it is.
    pub fn parse(typed: &str) -> Result<Self, BadEmailAddress> {
        let (local, domain) = typed.trim().rsplit_once('@').ok_or(BadEmailAddress)?;
        let domain = if domain.is_ascii() {
            domain.to_lowercase()
        } else {
            idna::domain_to_ascii_strict(domain).map_err(|_| BadEmailAddress)?
        };
        let labels_are_sound = domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        let local_is_sound = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        let length = local.len() + 1 + domain.len();
        if !labels_are_sound || !domain.contains('.') || !local_is_sound || length > 254 {
            return Err(BadEmailAddress);
        }
        Ok(Self(format!("{local}@{domain}").into()))
    }

    /// Every whole address in `typed`, each once, and the words with an `@` that are none: "Ida Delta
    /// <ida@example.org> ou i.delta@example.org." holds two.
    #[must_use]
    pub fn find(typed: &str) -> (Vec<Self>, Vec<String>) {
        let clean: String = typed.chars().filter(|c| c.is_whitespace() || !is_signal(*c)).collect();
        let mut found = (Vec::new(), Vec::new());
        for word in clean.split(|c: char| c.is_whitespace() || ";,|<>()[]\"«»".contains(c)) {
            for word in parts(word).filter(|part| part.contains('@')) {
                match Self::parse(bare(word)) {
                    Ok(address) if found.0.contains(&address) => {}
                    Ok(address) => found.0.push(address),
                    Err(_) => found.1.push(word.to_owned()),
                }
            }
        }
        found
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A slash may stand in an address; between two it parts them.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let parts_two = word.split('/').all(|part| part.contains('@'));
    word.split(move |letter| parts_two && letter == '/')
}

/// A word without what a mail program, a browser or a sentence puts around an address.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(['.', ':', '\'', '’', '‘', '`', '*']);
    let scheme = word.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let word = scheme.and_then(|_| word.get(7..)).unwrap_or(word);
    // What follows a question mark in a link is its subject.
    scheme.and_then(|_| word.split('?').next()).unwrap_or(word)
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> (Vec<String>, Vec<String>) {
        let (addresses, left_over) = EmailAddress::find(typed);
        (addresses.iter().map(|it| it.as_str().to_owned()).collect(), left_over)
    }

    #[test]
    fn every_whole_address_of_a_cell_is_kept() {
        for typed in [
            "a@example.org\nb@example.org",
            "a@example.org / b@example.org",
            "a@example.org/b@example.org",
            "a@example.org ou b@example.org",
            "<a@example.org> <b@example.org>",
            "Ida Delta <a@example.org>, \"Delta, I.\" <b@example.org>",
            "mailto:a@example.org;MAILTO:b@example.org?subject=Bonjour",
            "a@example.org. b@EXAMPLE.org.",
            "a@example.org\u{a0}| b@example.org\u{202f}",
            "\u{200b}a@exam\u{ad}ple.org\u{feff} ; b@example.org",
            "mère : a@example.org (père : b@example.org)",
            "'a@example.org' b@example.org a@example.org",
        ] {
            let both = ["a@example.org", "b@example.org"].map(str::to_owned).to_vec();
            assert_eq!(found(typed), (both, Vec::new()), "{typed}");
        }
    }

    #[test]
    fn a_word_that_is_no_address_is_left_over_and_the_others_are_kept() {
        let (kept, left) = found("a@example.org ou b@example, c@@example.org");
        assert_eq!(
            (kept, left),
            (
                vec!["a@example.org".to_owned()],
                vec!["b@example".to_owned(), "c@@example.org".to_owned()]
            )
        );
        assert_eq!(found("néant"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_domain_with_accents_stands_in_its_ascii_form() {
        let address = |typed| EmailAddress::parse(typed).map(|it| it.as_str().to_owned());
        assert_eq!(
            address("ida@Collège.example.org").as_deref(),
            Ok("ida@xn--collge-6ua.example.org")
        );
        assert_eq!(
            address("ida@colle\u{300}ge.example.org").as_deref(),
            Ok("ida@xn--collge-6ua.example.org")
        );
        assert!(address("ida@ex ample.org").is_err());
    }
}
