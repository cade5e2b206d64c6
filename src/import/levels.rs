//! Year levels, from `Nomenclature.xml` and `Structures.xml` where they are given, and otherwise
//! from what a class is called.

use std::collections::HashMap;

use crate::people::unaccented_capitals;

use super::expected::Expected;
use super::header::for_each_record;
use super::records::Records;
use super::refused::Refused;

/// What is known of training modules (MEF) and of classes.
#[derive(Default)]
pub(super) struct Levels {
    by_mef: HashMap<String, &'static str>,
    by_class: HashMap<String, &'static str>,
}

impl Levels {
    /// Reads `Nomenclature.xml` and `Structures.xml`, each if given.
    pub(super) fn read(
        nomenclature: Option<Records<'_>>,
        structures: Option<Records<'_>>,
        expected: &Expected,
    ) -> Result<Self, Refused> {
        let mut levels = Self::default();
        if let Some(mut records) = nomenclature {
            levels.read_nomenclature(&mut records, expected)?;
        }
        if let Some(mut records) = structures {
            levels.read_structures(&mut records, expected)?;
        }
        Ok(levels)
    }

    /// A pupil's level: by the MEF, else by the class's MEF, else by the class's code.
    pub(super) fn of(&self, mef: &str, class: Option<&str>) -> Option<String> {
        let of_class = |class: &str| self.by_class.get(class).copied().or_else(|| named_in(class));
        let level = self.by_mef.get(mef).copied().or_else(|| class.and_then(of_class));
        level.map(str::to_owned)
    }

    /// Notes the level of a training module, by the first of its labels that names one.
    pub(super) fn learn<'a>(&mut self, mef: &str, labels: impl IntoIterator<Item = &'a str>) {
        if let Some(level) = labels.into_iter().find_map(named_in_label) {
            self.by_mef.insert(mef.to_owned(), level);
        }
    }

    fn read_nomenclature(
        &mut self,
        records: &mut Records<'_>,
        expected: &Expected,
    ) -> Result<(), Refused> {
        for_each_record(records, expected, &["DONNEES/MEFS/MEF"], |mef| {
            let labels = ["LIBELLE_LONG", "LIBELLE_EDITION", "LIBELLE_COURT", "FORMATION"];
            self.learn(mef.attribute("CODE_MEF"), labels.map(|label| mef.text_of(label)));
            Ok(())
        })
    }

    /// A class of several levels has none of its own.
    fn read_structures(
        &mut self,
        records: &mut Records<'_>,
        expected: &Expected,
    ) -> Result<(), Refused> {
        for_each_record(records, expected, &["DONNEES/DIVISIONS/DIVISION"], |class| {
            let mut levels: Vec<&'static str> = class
                .list("MEFS_APPARTENANCE", "MEF_APPARTENANCE")
                .filter_map(|mef| self.by_mef.get(mef.text_of("CODE_MEF")).copied())
                .collect();
            levels.dedup();
            if let [level] = levels.as_slice() {
                self.by_class.insert(class.attribute("CODE_STRUCTURE").to_owned(), level);
            }
            Ok(())
        })
    }
}

/// Levels whose name is a word, at the beginning of a label; a class code is never read so.
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
pub(super) fn named_in_label(label: &str) -> Option<&'static str> {
    let label = unaccented_capitals(label.trim());
    let first = label.split(|letter: char| !letter.is_alphanumeric()).next();
    let word = WORDS.into_iter().find(|(word, _)| Some(*word) == first);
    match word {
        Some((_, level)) if !label.contains("CAP") && !label.contains("BTS") => Some(level),
        _ => named_in(&label),
    }
}

/// The level that a label ("6EME", "2NDE GENERALE") or a class code ("6A", "TG2") names by how it
/// begins.
fn named_in(text: &str) -> Option<&'static str> {
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
    use super::{named_in, named_in_label};

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
            assert_eq!(named_in_label(label), level, "{label}");
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
            assert_eq!(named_in(text), level, "{text}");
        }
    }
}
