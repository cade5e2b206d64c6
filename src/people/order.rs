//! The order in which a school lists people: by class, then by family name, then by first name; those
//! without a class after them, and the staff last.

use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};

use super::levels::place_among_levels;
use super::{Person, Pupil, Role};

/// French goes by CLDR's root order: letters first, accents after them, capitals last; digits as the
/// numbers that they make. The data is compiled in, so that it is never missing.
static FRENCH: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut preferences = CollatorPreferences::default();
    preferences.numeric_ordering = Some(CollationNumericOrdering::True);
    Collator::try_new(preferences, CollatorOptions::default()).ok()
});

/// What CLDR puts between the fields of one key: accents tell two people apart only when neither their
/// family names nor their first names do.
const BETWEEN_FIELDS: char = '\u{fffe}';
/// Lower than any byte of a key.
const END: u8 = 0;
const NO_CLASS: u8 = u8::MAX - 1;
const STAFF: u8 = u8::MAX;

/// Where somebody stands in a list that people read or a pile that they handle: least first. Equal ones
/// stay as they were.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filing(Vec<u8>);

impl Filing {
    /// A class among the classes: as schools list the levels, then `6A2` before `6A10`.
    #[must_use]
    pub fn of_class(class: &str) -> Self {
        let level = u8::try_from(place_among_levels(class)).unwrap_or(NO_CLASS);
        Self(vec![level]).then(class)
    }

    /// A pupil, by the name in use.
    #[must_use]
    pub fn of_pupil(pupil: &Pupil) -> Self {
        let family_name = pupil.usage_name.as_deref().unwrap_or(&pupil.family_name);
        Self::in_class(pupil.class.as_deref()).then_name(family_name, &pupil.first_name)
    }

    /// An adult by the name in use, with the first of their pupils; without any, a guardian stands where
    /// pupils without a class do.
    #[must_use]
    pub fn of_adult(person: &Person, first: Option<&Pupil>) -> Self {
        let group = if person.role == Role::Guardian { NO_CLASS } else { STAFF };
        let family_name = person.usage_name.as_deref().unwrap_or(&person.family_name);
        let place = first.map_or_else(|| Self(vec![group]), Self::of_pupil);
        place.then_name(family_name, &person.first_name)
    }

    /// A pupil, or a guardian without one, of whom the shown name is all that is at hand: `Zoé DURAND`.
    #[must_use]
    pub fn of_shown(class: Option<&str>, name: &str) -> Self {
        Self::in_class(class).then_shown(name)
    }

    /// The same of a member of the staff.
    #[must_use]
    pub fn of_shown_staff(name: &str) -> Self {
        Self(vec![STAFF]).then_shown(name)
    }

    /// Among those who stand at one place, by a shown name.
    #[must_use]
    pub fn then_shown(self, name: &str) -> Self {
        let (first_name, family_name) = taken_apart(name);
        self.then_name(family_name, first_name)
    }

    /// What is no name of a person, by its words: a town, a place.
    #[must_use]
    pub fn of_words(words: &str) -> Self {
        Self(Vec::new()).then(words)
    }

    fn in_class(class: Option<&str>) -> Self {
        class.map_or_else(|| Self(vec![NO_CLASS]), Self::of_class)
    }

    fn then_name(self, family_name: &str, first_name: &str) -> Self {
        self.then(&format!("{family_name}{BETWEEN_FIELDS}{first_name}"))
    }

    fn then(mut self, text: &str) -> Self {
        // Word by word, however the words are joined: every MARTIN-… stands between MARTIN and MARTINEZ.
        let words = text.replace(['-', '\u{2010}', '\'', '\u{2019}', '\u{a0}', '\u{202f}'], " ");
        match &*FRENCH {
            Some(french) => {
                let Ok(()) = french.write_sort_key_to(&words, &mut self.0);
            }
            None => self.0.extend_from_slice(words.as_bytes()),
        }
        self.0.push(END);
        self
    }
}

impl std::fmt::Debug for Filing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Filing(…)")
    }
}

/// First name and family name of a name as it is shown. The family name stands last, in capitals; where
/// the first name is in capitals too, it is taken for one word.
fn taken_apart(shown: &str) -> (&str, &str) {
    let last_small = shown.rfind(char::is_lowercase).unwrap_or(0);
    let (before, after) = shown.split_at(last_small);
    match after.split_once(' ') {
        Some((end, family_name)) => {
            let first_name = shown.get(..before.len() + end.len()).unwrap_or_default();
            (first_name, family_name)
        }
        None => ("", shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_order<T: std::fmt::Debug + ?Sized>(all: &[&T], filing: impl Fn(&T) -> Filing) {
        for pair in all.windows(2) {
            assert!(filing(pair[0]) < filing(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn classes_stand_as_schools_list_them() {
        check_order(
            &[
                "PS-MS", "GS", "CPA", "CPB", "CE1-CE2", "CM1 A", "CM2", "6 SEGPA", "6A", "6B",
                "6e 1", "601", "602", "610", "5A", "4e2", "4e10", "3A2", "3A10", "3e ULIS",
                "2nde 3", "2NDE 10", "201", "1G1", "10A", "TG2", "TG10", "TSTMG", "1CAP2", "2CAP2",
                "BTS1", "BTS2", "CPGE", "UPE2A",
            ],
            Filing::of_class,
        );
    }

    #[test]
    fn names_stand_as_in_a_french_directory() {
        check_order(
            &[
                "Zoé D'ARTAGNAN",
                "Léo D’ARTAGNANT",
                "Anne DABADIE",
                "Anne DE LA TOUR",
                "Anne DEBORD",
                "Zoé DUPONT",
                "Anne DUPONT DURAND",
                "Zoé DUPONT-MARTIN",
                "Anne DUPONTEL",
                "Anne-Marie ÉLOI",
                "Zoé ELOI",
                "Zoé ÉLOI",
                "Yann LE GOFF",
                "Anne LEBLANC",
                "ANNE LEGER",
                "Anne LÉGER",
                "Jean Paul LEGER",
                "Zoé LEGER",
                "Zoe ŒUVRARD",
                "Zoé OFFRET",
                "Parent 2 de Zoé PETIT",
                "Parent 10 de Zoé PETIT",
            ],
            |name| Filing::of_shown(Some("6A"), name),
        );
    }

    #[test]
    fn pupils_without_a_class_stand_after_the_classes_and_staff_last() {
        let zoe = |class| Filing::of_shown(class, "Zoé DURAND");
        assert!(zoe(Some("3A")) < zoe(Some("ULIS")) && zoe(Some("ULIS")) < zoe(None));
        assert!(zoe(None) < Filing::of_shown_staff("Anne ARNAUD"));
        let of_zoe = |parent| zoe(Some("6A")).then_shown(parent);
        assert!(of_zoe("Paul DURAND") < of_zoe("Anne PETIT"));
        let other = Filing::of_shown(Some("6A"), "Zoé DURANDET");
        assert!(zoe(Some("6A")) < of_zoe("Anne PETIT") && of_zoe("Anne PETIT") < other);
    }

    #[test]
    fn a_shown_name_is_taken_apart_where_the_capitals_begin() {
        for (shown, first_name, family_name) in [
            ("Zoé DURAND", "Zoé", "DURAND"),
            ("Marie-Lou DE LA TOUR", "Marie-Lou", "DE LA TOUR"),
            ("J. Paul D'ARTAGNAN", "J. Paul", "D'ARTAGNAN"),
            ("ZOE LE GOFF", "ZOE", "LE GOFF"),
            ("Ève B", "Ève", "B"),
            ("É B", "É", "B"),
            (" M. ET MME DURAND", "", "M. ET MME DURAND"),
            ("DURAND", "", "DURAND"),
            ("Zoé ", "Zoé", ""),
            ("Zoé", "", "Zoé"),
            ("", "", ""),
        ] {
            assert_eq!(taken_apart(shown), (first_name, family_name), "{shown}");
        }
    }

    #[test]
    fn a_frozen_name_stands_where_the_record_does() {
        for (first_name, family_name) in
            [("Zoé", "Durand"), ("Anne-Lise", "le Goff"), ("", "Petit")]
        {
            let pupil = Pupil {
                key: super::super::PupilKey("siecle:1".to_owned()),
                family_name: family_name.to_uppercase(),
                usage_name: None,
                first_name: first_name.to_owned(),
                class: Some("6A".to_owned()),
                groups: Vec::new(),
                level: None,
                left_on: None,
            };
            let frozen = Filing::of_shown(Some("6A"), &pupil.display_name());
            assert!(frozen == Filing::of_pupil(&pupil), "{family_name}");
        }
    }
}
