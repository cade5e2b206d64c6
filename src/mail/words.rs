//! What a mail says, for people: as text, of a size that is kept, without what it quotes.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{Message, PartType};

use crate::plain_text::cleaned;

/// Octets of a text that are looked at.
const LARGEST: usize = 256 * 1024;
/// Signs that are kept.
const LONGEST: usize = 20_000;
/// What stands above what is quoted.
const ABOVE_A_QUOTE: [&str; 4] = ["a écrit :", "a écrit:", "wrote:", "a ecrit :"];
/// … or divides it off.
const DIVIDES: [&str; 4] = [
    "-----original message",
    "-----message d'origine",
    "-----message original",
    "________________",
];

/// The words of a mail's own.
pub(super) fn of(mail: &Message<'_>) -> String {
    let bodies = mail.text_body.iter().chain(&mail.html_body);
    let mut texts = bodies.filter_map(|at| mail.part(*at)).map(|part| match &part.body {
        PartType::Text(text) => begin_of(text).to_owned(),
        PartType::Html(html) => html_to_text(begin_of(html)),
        _ => String::new(),
    });
    let text = texts.find(|text| !text.trim().is_empty()).unwrap_or_default();
    kept(&own(&text))
}

/// The words of what is no mail that can be taken apart.
pub(super) fn of_octets(raw: &[u8]) -> String {
    kept(&String::from_utf8_lossy(raw.get(..LARGEST).unwrap_or(raw)))
}

/// What the text of a bounce says of an address: `OpenSMTPD` has no other place for it.
pub(super) fn said_of(mail: &Message<'_>, address: &str) -> Option<String> {
    if address.is_empty() {
        return None;
    }
    let texts = mail.text_body.iter().filter_map(|at| mail.part(*at)?.text_contents());
    let texts: Vec<&str> = texts.map(begin_of).collect();
    texts.iter().flat_map(|text| text.lines()).find_map(|line| {
        let said = line.trim_start_matches('<').strip_prefix(address)?;
        Some(said.trim_start_matches(['>', ':', ' ']).trim().to_owned())
    })
}

/// Without what it quotes, where something is left then.
fn own(text: &str) -> String {
    let is_above = |line: &str| ABOVE_A_QUOTE.iter().any(|it| line.trim_end().ends_with(it));
    let divides = |line: &str| {
        let line = line.trim_start().to_lowercase();
        DIVIDES.iter().any(|it| line.starts_with(it))
    };
    let lines = text.lines().take_while(|line| !divides(line));
    let lines: Vec<&str> = lines.filter(|line| !line.trim_start().starts_with('>')).collect();
    let end = lines.iter().rposition(|line| !line.trim().is_empty() && !is_above(line));
    let own = lines.get(..end.map_or(0, |at| at + 1)).unwrap_or_default().join("\n");
    if own.trim().is_empty() { text.to_owned() } else { own }
}

fn kept(text: &str) -> String {
    cleaned(text).trim().chars().take(LONGEST).collect()
}

fn begin_of(text: &str) -> &str {
    let mut end = text.len().min(LARGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn what_is_quoted_is_not_theirs() {
        for (text, expected) in [
            ("Oui\n\nLe lun. 16 mars 2026, Collège a écrit :\n> Bonjour\n> Venez-vous ?", "Oui"),
            ("> Venez-vous ?\nNon, merci\n", "Non, merci"),
            ("Oui\r\n-----Message d'origine-----\r\nDe : Collège", "Oui"),
            ("> Oui", "> Oui"),
            ("Il a écrit : oui\nMerci", "Il a écrit : oui\nMerci"),
        ] {
            assert_eq!(own(text).trim(), expected);
        }
    }
}
