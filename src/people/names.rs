//! One way to compare the names of people: folded, word by word. Whoever searches writes them as they hear
//! them: without accents, either part first, or only a part.

use super::unaccented_capitals;

/// Particles at the head of a family name: directories file by the word after them.
const PARTICLES: [&str; 8] = ["D", "DE", "DES", "DU", "L", "LA", "LE", "LES"];
/// What is left of a word without the particles that it was written together with has so many letters at least.
const SHORTEST_REST: usize = 3;
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
    in_directory(&name_words(family_name), &name_words(first_name))
}

/// A name's words in each order in which somebody is found by them.
#[derive(Debug, PartialEq, Eq)]
pub struct NameOrders {
    /// As a directory files the name in use: [`filed_words`].
    pub filed: String,
    /// The same by the family name, where that says something else.
    pub also_filed: Option<String>,
    /// From the first name on: whoever knows nothing else of somebody finds them by it.
    pub from_first_name: String,
    /// From a word on that stands within: the second of a double family name, else the second first name; none
    /// where there is no such word.
    pub from_within: Option<String>,
}

impl NameOrders {
    /// Of a name, folded once for all of them.
    #[must_use]
    pub fn of(family_name: &str, usage_name: Option<&str>, first_name: &str) -> Self {
        let (family, first) = (name_words(family_name), name_words(first_name));
        let usage = usage_name.map(name_words);
        let in_use = usage.as_ref().unwrap_or(&family);
        let filed = in_directory(in_use, &first);
        let also = usage.as_ref().map(|_| in_directory(&family, &first));
        Self {
            also_filed: also.filter(|also| *also != filed),
            filed,
            from_first_name: joined([&first, usage.as_deref().unwrap_or_default(), &family]),
            from_within: from_within(in_use, &first),
        }
    }
}

fn in_directory(family: &[String], first: &[String]) -> String {
    let before = family.iter().take_while(|word| is_particle(word)).count();
    let (particles, family) = family.split_at(before.min(family.len().saturating_sub(1)));
    joined([family, first, particles])
}

fn from_within(family: &[String], first: &[String]) -> Option<String> {
    match (family, first) {
        ([before, rest @ ..], _) if !rest.is_empty() && !is_particle(before) => {
            Some(joined([rest, first, std::slice::from_ref(before)]))
        }
        (_, [before, rest @ ..]) if !rest.is_empty() => {
            Some(joined([rest, family, std::slice::from_ref(before)]))
        }
        _ => None,
    }
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

fn joined(parts: [&[String]; 3]) -> String {
    let mut line = String::new();
    for word in parts.into_iter().flatten() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
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
    /// In the order of the alphabet.
    words: Vec<String>,
    as_typed: Vec<String>,
}

impl TypedName {
    /// Its words.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        Self::new(name_words(typed))
    }

    fn new(as_typed: Vec<String>) -> Self {
        let mut words = as_typed.clone();
        words.sort();
        Self { words, as_typed }
    }

    /// The same name with its particles written apart (`Latour` for `La Tour`), or together with the word after
    /// them (`Le Goff` for `Legoff`).
    #[must_use]
    pub fn otherwise_written(&self) -> Vec<Self> {
        let mut others = vec![self.together()];
        for (at, word) in self.as_typed.iter().enumerate() {
            others.extend(apart(word).into_iter().map(|parts| {
                let mut words = self.as_typed.clone();
                words.splice(at..=at, parts);
                words
            }));
        }
        others.retain(|words| *words != self.as_typed);
        others.into_iter().map(Self::new).collect()
    }

    /// Each particle together with the word after it.
    fn together(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut before = String::new();
        for word in &self.as_typed {
            before.push_str(word);
            if !PARTICLES.contains(&word.as_str()) {
                words.push(std::mem::take(&mut before));
            }
        }
        words.extend(Some(before).filter(|rest| !rest.is_empty()));
        words
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
}

/// A word without the particles at its head, each way: `DELATOUR` gives DE, LATOUR and DE, LA, TOUR.
fn apart(word: &str) -> Vec<Vec<String>> {
    let mut ways = Vec::new();
    for particle in PARTICLES {
        let Some(rest) = word.strip_prefix(particle).filter(|it| it.len() >= SHORTEST_REST) else {
            continue;
        };
        let head = particle.to_owned();
        ways.push(vec![head.clone(), rest.to_owned()]);
        ways.extend(apart(rest).into_iter().map(|way| [vec![head.clone()], way].concat()));
    }
    ways
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
    }

    #[test]
    fn particles_are_written_together_and_apart() {
        let fits = |typed: &str, family_name: &str| {
            let filed = filed_words(family_name, "Jean");
            let others = TypedName::of(typed).otherwise_written();
            others.iter().any(|other| other.fits(&filed).is_some())
        };
        for (typed, family_name) in [
            ("Latour", "de la Tour"),
            ("delatour jean", "de la Tour"),
            ("Legoff", "LE GOFF"),
            ("Le Goff", "LEGOFF"),
            ("lhay", "L'HAŸ"),
        ] {
            assert!(fits(typed, family_name), "{typed}");
        }
        assert!(!fits("Latour Paul", "de la Tour") && !fits("Durand", "RANDON"));
    }

    #[test]
    fn a_first_name_and_a_second_name_begin_a_place_of_their_own() {
        let tour = NameOrders::of("de la Tour", None, "Jean-Pierre");
        assert_eq!(tour.from_first_name, "JEAN PIERRE DE LA TOUR");
        for (family_name, first_name, within) in [
            ("DUPONT-MARTIN", "Anne", Some("MARTIN ANNE DUPONT")),
            ("LE GOFF", "Jean-Pierre", Some("PIERRE LE GOFF JEAN")),
            ("LE GOFF", "Yann", None),
            ("PETIT", "", None),
        ] {
            assert_eq!(
                NameOrders::of(family_name, None, first_name).from_within.as_deref(),
                within
            );
        }
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
