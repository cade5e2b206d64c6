//! Year levels: how schools list them, and which one a label or the code of a class names.

use super::unaccented_capitals;

/// The levels in the order in which schools list them: up to CM2 by age, then from the sixième to the
/// terminale, then CAP and BTS.
const IN_ORDER: [&str; 20] = [
    "TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "6e", "5e", "4e", "3e", "2de",
    "1re", "Tle", "CAP1", "CAP2", "BTS1", "BTS2",
];

/// Where a class stands among the levels, by its code alone, so that pupils of two levels stay
/// together in it: `CM1-CM2`, `6A`, `TG2`; after all of them where the code names none.
pub(super) fn place_among_levels(class: &str) -> usize {
    let code = unaccented_capitals(class);
    let first = code.split(' ').next().unwrap_or_default();
    let begins_with = |level: &&str| {
        let letter = first.strip_prefix(&level.to_uppercase());
        letter.is_some_and(|letter| letter.len() <= 1) // `CM1`, `CM1A`, and not `CPGE`
    };
    let named = IN_ORDER.into_iter().find(begins_with).or_else(|| level_in_label(&code));
    let place = named.and_then(|named| IN_ORDER.into_iter().position(|level| level == named));
    place.unwrap_or(IN_ORDER.len())
}

/// Levels whose name is a word, at the beginning of a label; an import reads no class code so.
const WORDS: [(&str, &str); 11] = [
    ("CP", "CP"),
    ("CE1", "CE1"),
    ("CE2", "CE2"),
    ("CM1", "CM1"),
    ("CM2", "CM2"),
    ("SIXIEME", "6e"),
    ("CINQUIEME", "5e"),
    ("QUATRIEME", "4e"),
    ("TROISIEME", "3e"),
    ("SECONDE", "2de"),
    ("PREMIERE", "1re"),
];

/// The level that the label of a training module names: `6EME`, `PREMIERE GENERALE`, `CM1`.
#[must_use]
pub fn level_in_label(label: &str) -> Option<&'static str> {
    let label = unaccented_capitals(label.trim());
    let first = label.split(|letter: char| !letter.is_alphanumeric()).next();
    let word = WORDS.into_iter().find(|(word, _)| Some(*word) == first);
    match word {
        Some((_, level)) if !label.contains("CAP") && !label.contains("BTS") => Some(level),
        _ => level_in_code(&label),
    }
}

/// The level that a label ("6EME", "2NDE GENERALE") or a class code ("6A", "TG2") names by how it
/// begins.
#[must_use]
pub fn level_in_code(text: &str) -> Option<&'static str> {
    let text = text.trim().to_uppercase();
    let first = text.chars().next()?;
    let vocational = |first_year, second_year| if first == '2' { second_year } else { first_year };
    if text.contains("CAP") {
        return Some(vocational("CAP1", "CAP2"));
    }
    if text.contains("BTS") {
        let ends_second = first != '1' && text.ends_with('2');
        return Some(if ends_second { "BTS2" } else { vocational("BTS1", "BTS2") });
    }
    match first {
        '6' => Some("6e"),
        '5' => Some("5e"),
        '4' => Some("4e"),
        '3' => Some("3e"),
        '2' => Some("2de"),
        '1' => Some("1re"),
        'T' => Some("Tle"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_may_spell_its_level_out() {
        for (label, level) in [
            ("6EME", Some("6e")),
            ("TROISIEME GENERALE", Some("3e")),
            ("Première générale & techno YC BT", Some("1re")),
            ("SECONDE GENERALE", Some("2de")),
            ("TERMINALE GENERALE", Some("Tle")),
            ("PREMIERE ANNEE DE CAP", Some("CAP1")),
            ("CM2", Some("CM2")),
            ("CPGE", None),
            ("", None),
        ] {
            assert_eq!(level_in_label(label), level, "{label}");
        }
    }

    #[test]
    fn a_level_is_told_by_how_a_label_or_a_code_begins() {
        for (text, level) in [
            ("6A", Some("6e")),
            ("601", Some("6e")),
            ("5EME BILANGUE", Some("5e")),
            ("3EME SEGPA", Some("3e")),
            ("2NDE GENERALE ET TECHNOLOGIQUE", Some("2de")),
            ("1STMG2", Some("1re")),
            ("TG4", Some("Tle")),
            ("Terminale générale", Some("Tle")),
            ("1CAP2 CUISINE", Some("CAP1")),
            ("2CAP2 CUISINE", Some("CAP2")),
            ("BTS2", Some("BTS2")),
            ("ULIS", None),
            ("", None),
        ] {
            assert_eq!(level_in_code(text), level, "{text}");
        }
    }
}
