//! The one folding of letters: how two hands write one name, and how the post reads an address.

/// `text` in capitals without accents or punctuation: `L'Haÿ-les-Roses` gives `L HAY LES ROSES`. Names stand so
/// in the database (its index, restrictions): a letter that is to fold in another way needs a migration.
#[must_use]
pub fn unaccented_capitals(text: &str) -> String {
    folded(text, false)
}

/// The same, where a hyphen says something.
pub(super) fn folded_but_hyphens(text: &str) -> String {
    folded(text, true)
}

fn folded(text: &str, keeps_hyphens: bool) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        // Nearly all letters are ASCII, and those have one capital.
        if letter.is_ascii() {
            put(&mut folded, letter.to_ascii_uppercase(), keeps_hyphens);
        } else {
            letter.to_uppercase().for_each(|capital| put(&mut folded, capital, keeps_hyphens));
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn put(folded: &mut String, capital: char, keeps_hyphens: bool) {
    match capital {
        'A'..='Z' | '0'..='9' => folded.push(capital),
        '-' if keeps_hyphens => folded.push('-'),
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => folded.push('A'),
        'Æ' => folded.push_str("AE"),
        'Ç' | 'Ć' | 'Č' => folded.push('C'),
        'Ď' | 'Đ' | 'Ð' => folded.push('D'),
        'È'..='Ë' | 'Ē' | 'Ę' | 'Ě' => folded.push('E'),
        'Ğ' => folded.push('G'),
        'Ì'..='Ï' | 'İ' | 'Ī' => folded.push('I'),
        'Ł' => folded.push('L'),
        'Ñ' | 'Ń' | 'Ň' => folded.push('N'),
        'Ò'..='Ö' | 'Ø' | 'Ő' | 'Ō' => folded.push('O'),
        'Œ' => folded.push_str("OE"),
        'Ř' => folded.push('R'),
        'Ś' | 'Š' | 'Ş' | 'Ș' => folded.push('S'),
        'Ť' | 'Ţ' | 'Ț' => folded.push('T'),
        'Ù'..='Ü' | 'Ű' | 'Ů' | 'Ū' => folded.push('U'),
        'Ý' | 'Ÿ' => folded.push('Y'),
        'Ź' | 'Ż' | 'Ž' => folded.push('Z'),
        // Accents that stand alone after their letter (decomposed text) vanish.
        '\u{300}'..='\u{36f}' => {}
        letter if letter.is_alphanumeric() => folded.push(letter),
        _ if folded.is_empty() || folded.ends_with(' ') => {}
        _ => folded.push(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The letters that names are written with, and what stands for each in databases that exist.
    const TABLE: [(&str, &str); 20] = [
        ("aAàÀáÁâÂãÃäÄåÅāĀăĂąĄ", "A"),
        ("æÆ", "AE"),
        ("cCçÇćĆčČ", "C"),
        ("dDďĎđĐðÐ", "D"),
        ("eEèÈéÉêÊëËēĒęĘěĚ", "E"),
        ("gGğĞ", "G"),
        ("iIìÌíÍîÎïÏİīĪı", "I"),
        ("lLłŁ", "L"),
        ("nNñÑńŃňŇ", "N"),
        ("oOòÒóÓôÔõÕöÖøØőŐōŌ", "O"),
        ("œŒ", "OE"),
        ("rRřŘ", "R"),
        ("sSśŚšŠşŞșȘſ", "S"),
        ("ß", "SS"),
        ("tTťŤţŢțȚ", "T"),
        ("uUùÙúÚûÛüÜűŰůŮūŪ", "U"),
        ("yYýÝÿŸ", "Y"),
        ("zZźŹżŻžŽ", "Z"),
        ("-'’.,/&()°«»·\u{a0}\u{202f}", ""),
        ("\u{300}\u{301}\u{302}\u{308}\u{327}", ""),
    ];
    /// Letters of which nobody said yet what stands for them: each is its own capital.
    const THEMSELVES: [(&str, &str); 8] = [
        ("ĥ", "Ĥ"),
        ("ĺ", "Ĺ"),
        ("ŕ", "Ŕ"),
        ("ŵ", "Ŵ"),
        ("ĕ", "Ĕ"),
        ("þ", "Þ"),
        ("ω", "Ω"),
        ("ж", "Ж"),
    ];

    #[test]
    fn each_letter_of_a_name_folds_as_it_does_in_databases_that_exist() {
        for (letters, fold) in TABLE {
            for letter in letters.chars() {
                assert_eq!(unaccented_capitals(&letter.to_string()), fold, "{letter:?}");
            }
        }
        for (letter, fold) in THEMSELVES {
            assert_eq!(unaccented_capitals(letter), fold);
        }
    }

    #[test]
    fn an_accent_alone_vanishes_a_sign_is_a_blank_and_blanks_are_one() {
        for (name, fold) in [
            ("L'Haÿ-les-Roses", "L HAY LES ROSES"),
            ("  Zoe\u{308}  d’Ür ", "ZOE D UR"),
            ("N'Guyên / Lœuf", "N GUYEN LOEUF"),
            ("6e - A2", "6E A2"),
        ] {
            assert_eq!(unaccented_capitals(name), fold);
        }
        assert_eq!(folded_but_hyphens("1000-001 Lisboa"), "1000-001 LISBOA");
    }

    #[test]
    fn what_is_folded_folds_to_itself() {
        for letter in '\u{21}'..='\u{24f}' {
            let once = unaccented_capitals(&letter.to_string());
            assert_eq!(unaccented_capitals(&once), once, "{letter:?}");
        }
    }
}
