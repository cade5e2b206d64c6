//! One way to compare the names of people: folded, word by word. Whoever searches writes them as they hear
//! them: without accents, either part first, or only a part.

use super::unaccented_capitals;

/// Particles at the head of a family name: directories file by the word after them.
const PARTICLES: [&str; 8] = ["D", "DE", "DES", "DU", "L", "LA", "LE", "LES"];
/// Beside longer words, a word of so few letters would begin half of all names: it counts as a whole one.
const SHORT: usize = 2;

/// The words of a name without accents, in capitals: `Jean-Luc d'Ür` gives JEAN, LUC, D, UR.
#[must_use]
pub fn name_words(name: &str) -> Vec<String> {
    unaccented_capitals(name).split_whitespace().map(str::to_owned).collect()
}

/// The words by which a search finds somebody, in the order of a directory: the family name, the first names,
/// then the particles that stood at its head.
#[must_use]
pub fn filed_words(family_name: &str, first_name: &str) -> String {
    let mut family = name_words(family_name);
    let before = family.iter().take_while(|word| PARTICLES.contains(&word.as_str())).count();
    let particles = before.min(family.len().saturating_sub(1));
    family.rotate_left(particles);
    let first_names = family.len().saturating_sub(particles);
    family.splice(first_names..first_names, name_words(first_name));
    family.join(" ")
}

/// A part of an order of folded names: from one word on, up to before another.
pub struct NameRange {
    /// The first that belongs to it.
    pub from: String,
    /// The first after it.
    pub until: String,
}

/// How well a name is what somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Every word of it begins a word of the name.
    Part,
    /// The very words, in whatever order.
    Whole,
}

/// A name as somebody typed it. `Debug` hides it.
pub struct TypedName {
    words: Vec<String>,
}

impl TypedName {
    /// Its words.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        let mut words = name_words(typed);
        words.sort();
        Self { words }
    }

    /// Whether it has no letter and no digit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Where the filed words of whoever is meant begin, if any word of the typed name begins their family name.
    pub fn ranges(&self) -> impl Iterator<Item = NameRange> {
        let has_longer = self.words.iter().any(|word| word.len() > SHORT);
        self.words.iter().map(move |word| {
            // A blank follows a whole word, and `!` follows the blank.
            let whole = has_longer && word.len() <= SHORT;
            let after = if whole { '!' } else { char::MAX };
            NameRange { from: word.clone(), until: format!("{word}{after}") }
        })
    }

    /// How well filed words are what was typed; `None` when they are not.
    #[must_use]
    pub fn fits(&self, filed: &str) -> Option<Likeness> {
        let begins_one =
            |typed: &String| filed.split(' ').any(|word| word.starts_with(typed.as_str()));
        if !self.words.iter().all(begins_one) {
            return None;
        }
        let mut filed: Vec<&str> = filed.split(' ').collect();
        filed.sort_unstable();
        Some(if self.words == filed { Likeness::Whole } else { Likeness::Part })
    }

    /// The same of a name that joins its words otherwise (`Legoff` for `Le Goff`), or has the typed one within.
    #[must_use]
    pub fn is_within(&self, family_name: &str, first_name: &str) -> bool {
        let joined = [family_name, first_name].map(|name| name_words(name).concat());
        self.words.iter().all(|word| joined.iter().any(|name| name.contains(word.as_str())))
    }
}

impl std::fmt::Debug for TypedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_filed_by_the_word_that_a_directory_files_them_by() {
        for (family_name, first_name, filed) in [
            ("Durand", "Zoé", "DURAND ZOE"),
            ("de la Tour", "Jean-Pierre", "TOUR JEAN PIERRE DE LA"),
            ("L'HAŸ", "Ève", "HAY EVE L"),
            ("LE", "Anh", "LE ANH"),
            ("DUPONT-MARTIN", "", "DUPONT MARTIN"),
            ("", "Cher", "CHER"),
            ("", "", ""),
        ] {
            assert_eq!(filed_words(family_name, first_name), filed);
        }
    }

    #[test]
    fn a_name_is_found_by_its_words_in_any_order_and_by_their_beginnings() {
        let fits = |typed: &str, filed| TypedName::of(typed).fits(filed);
        let tour = filed_words("de la Tour", "Jean-Pierre");
        for whole in ["Jean-Pierre de la Tour", "DE LA TOUR jean pierre"] {
            assert_eq!(fits(whole, &tour), Some(Likeness::Whole), "{whole}");
        }
        for part in ["tour", "Tour Jean", "la tour p", "jean-p to"] {
            assert_eq!(fits(part, &tour), Some(Likeness::Part), "{part}");
        }
        for other in ["Tour Paul", "our", "Latour"] {
            assert_eq!(fits(other, &tour), None, "{other}");
        }
        assert!(TypedName::of("Latour").is_within("de la Tour", "Jean"));
        assert!(!TypedName::of("Latour Paul").is_within("de la Tour", "Jean"));
    }

    #[test]
    fn whoever_is_meant_stands_in_one_of_the_ranges() {
        let stands = |typed: &str, filed: &str| {
            let typed = TypedName::of(typed);
            typed.ranges().any(|range| range.from.as_str() <= filed && filed < range.until.as_str())
        };
        assert!(stands("zoé dur", "DURAND ZOE") && stands("Le Anh", "LE ANH"));
        assert!(stands("De", "DELMAS ANNE"), "alone, two letters begin a name");
        assert!(!stands("de Mas", "DELMAS ANNE"), "beside others, they are a word");
        assert!(!stands("zoé dur", "PETIT ZOE"));
    }
}
