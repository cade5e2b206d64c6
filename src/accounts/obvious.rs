//! Passwords that are guessed first.

use crate::people::unaccented_capitals;

/// Words that passwords are made of, and rows of keys; folded.
const WORDS: [&str; 25] = [
    "MOTDEPASSE",
    "PASSWORD",
    "PASSWORT",
    "AZERTYUIOP",
    "QSDFGHJKLM",
    "WXCVBN",
    "AZERTY",
    "QWERTYUIOP",
    "QWERTY",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ABCDEFGH",
    "1234567890",
    "0123456789",
    "12345678",
    "123456",
    "98765432",
    "SECRETARIAT",
    "SECRET",
    "BONJOUR",
    "SOLEIL",
    "CHAPPE",
    "COLLEGE",
    "ECOLE",
    "LYCEE",
    "ADMINISTRATEUR",
];
/// What must be left of a password without them.
const LEAST_LEFT: usize = 6;
/// How many different letters it must have.
const LEAST_DIFFERENT: usize = 5;

/// Whether whoever guesses tries this soon: the words that everybody takes, these `names` (a login, the
/// school's), a row of keys, a few letters again and again.
pub(super) fn is_obvious(password: &str, names: &[&str]) -> bool {
    let mut left = joined(password);
    let own = names.iter().flat_map(|name| words_of(name)).filter(|word| word.len() > 2);
    let mut words: Vec<String> = own.chain(WORDS.map(str::to_owned)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &words {
        left = left.replace(word.as_str(), "");
    }
    different(password) < LEAST_DIFFERENT || (left.len() < LEAST_LEFT && left != joined(password))
}

/// A name whole, and each word of it.
fn words_of(name: &str) -> Vec<String> {
    let apart = unaccented_capitals(name);
    let mut words: Vec<String> = apart.split(' ').map(str::to_owned).collect();
    words.push(joined(name));
    words
}

fn joined(text: &str) -> String {
    unaccented_capitals(text).replace(' ', "")
}

fn different(password: &str) -> usize {
    let mut letters: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len()
}

#[cfg(test)]
mod tests {
    use super::is_obvious;

    #[test]
    fn what_everybody_tries_first_is_obvious_and_a_sentence_is_not() {
        let names = ["sylvie.durand", "Collège Jean-Moulin", "0319999Z"];
        for obvious in [
            "motdepasse2026",
            "Mot de passe 1!",
            "sylviedurand31",
            "Durand.Sylvie!",
            "jeanmoulin2026",
            "aaaaaaaaaaaa",
            "121212121212",
            "azertyuiop12",
            "1234567890123",
            "0319999z-0319999z",
            "CollegeJeanMoulin",
            "Collège-2026!",
        ] {
            assert!(is_obvious(obvious, &names), "{obvious}");
        }
        for sound in
            ["quatre lapins verts", "Tr0ub4dor&3xyz", "la cantine de sylvie ferme", "!$%&/()=?+*#"]
        {
            assert!(!is_obvious(sound, &names), "{sound}");
        }
    }
}
