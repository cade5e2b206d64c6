//! A text message, and what makes it dear.

use crate::office::SeenSms;
use crate::wording::sms::Rewrite;

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
    /// Of a text message, written as somebody accepted or not.
    pub(super) fn of(SeenSms { size, plainer }: SeenSms, is_plain: bool) -> Self {
        let dear = size.costly.iter().map(|(sign, why)| format!("« {sign} » {}", why.in_french()));
        Self {
            size: format!("{} SMS, {} signes", size.segments, size.units),
            dear: dear.collect(),
            proposed: plainer.map(|it| PlainerSms::of(it, size.segments)),
            is_plain,
        }
    }
}

impl PlainerSms {
    fn of(plainer: Rewrite, segments: u32) -> Self {
        let change = |(sign, form): &(char, String)| match form.as_str() {
            "" => format!("« {sign} » disparaît"),
            form => format!("« {sign} » devient « {form} »"),
        };
        Self {
            gain: format!("{} SMS au lieu de {segments}", plainer.size.segments),
            changes: plainer.changes.iter().map(change).collect(),
            text: plainer.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::sms::{rewritten, segments};

    #[test]
    fn what_makes_it_dear_is_named_and_the_same_said_for_less() {
        let rest = "a".repeat(100);
        let text = format!("Fête de Noël LÊ {rest}");
        let plainer = rewritten(&text, format!("Fete de Noel LE {rest}"));
        let seen = SeenSms { size: segments(&text), plainer: Some(plainer) };
        let sms = DearSms::of(seen, false);
        assert_eq!(sms.size, "2 SMS, 116 signes");
        assert!(sms.dear[0].starts_with("« ê » oblige"), "{:?}", sms.dear);
        let proposed = sms.proposed.unwrap();
        assert_eq!(proposed.gain, "1 SMS au lieu de 2");
        assert!(proposed.text.starts_with("Fete"));
        let changes = ["« ê » devient « e »", "« ë » devient « e »", "« Ê » devient « E »"];
        assert_eq!(proposed.changes, changes);
    }

    #[test]
    fn what_stays_in_a_name_is_not_told_as_changed() {
        let rewrite = rewritten("Noël, Zoë LÊ", "Noel, Zoë LÊ".to_owned());
        assert_eq!(rewrite.changes, [('ë', "e".to_owned())], "one of two became fewer");
    }
}
