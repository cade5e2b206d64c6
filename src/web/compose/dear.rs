//! A text message, and what makes it dear.

use crate::wording::sms::{plain_rewrite, segments};

/// What a text message takes, why, and how the same is said for less.
pub(super) struct DearSms {
    /// `3 SMS, 213 signes`.
    pub(super) size: String,
    /// Each sign that makes it dearer.
    pub(super) dear: Vec<String>,
    /// The same for less, to be accepted.
    pub(super) proposed: Option<PlainerSms>,
    /// Somebody accepted it.
    pub(super) is_plain: bool,
}

/// A text for less.
pub(super) struct PlainerSms {
    /// Its words.
    pub(super) text: String,
    /// What is gained: `2 SMS au lieu de 4`.
    pub(super) gain: String,
    /// What is written in whose place: `« ê » devient « e »`.
    pub(super) changes: Vec<String>,
}

impl DearSms {
    /// Of a text as it is previewed, with its size in brackets on a last line.
    pub(super) fn of(previewed: &str, is_plain: bool) -> Self {
        let text = previewed.rsplit_once("\n(").map_or(previewed, |(text, _)| text);
        let size = segments(text);
        let dear = size.costly.iter().map(|(sign, why)| format!("« {sign} » {}", why.in_french()));
        let rewrite = plain_rewrite(text);
        let is_less = rewrite.size.segments < size.segments;
        let change = |(sign, form): &(char, String)| match form.as_str() {
            "" => format!("« {sign} » disparaît"),
            form => format!("« {sign} » devient « {form} »"),
        };
        Self {
            size: format!("{} SMS, {} signes", size.segments, size.units),
            dear: dear.collect(),
            proposed: is_less.then(|| PlainerSms {
                gain: format!("{} SMS au lieu de {}", rewrite.size.segments, size.segments),
                changes: rewrite.changes.iter().map(change).collect(),
                text: rewrite.text,
            }),
            is_plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_it_dear_is_named_and_the_same_said_for_less() {
        let sms = DearSms::of(&format!("Fête {}\n(2 SMS)", "a".repeat(100)), false);
        assert_eq!(sms.size, "2 SMS, 105 signes");
        assert!(sms.dear[0].starts_with("« ê » oblige"), "{:?}", sms.dear);
        let proposed = sms.proposed.unwrap();
        assert_eq!(proposed.gain, "1 SMS au lieu de 2");
        assert!(proposed.text.starts_with("Fete"));
        assert_eq!(proposed.changes, ["« ê » devient « e »"]);
        assert!(DearSms::of("Tout va bien.\n(1 SMS)", false).proposed.is_none());
    }
}
