//! Year levels, from `Nomenclature.xml` and `Structures.xml` where they are given, and otherwise
//! from what a class is called.

use std::collections::HashMap;

use super::Expected;
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

    fn read_nomenclature(
        &mut self,
        records: &mut Records<'_>,
        expected: &Expected,
    ) -> Result<(), Refused> {
        for_each_record(records, expected, &["DONNEES/MEFS/MEF"], |mef| {
            let labels = ["LIBELLE_LONG", "LIBELLE_EDITION", "LIBELLE_COURT", "FORMATION"];
            let level = labels.into_iter().find_map(|label| named_in(mef.text_of(label)));
            if let Some(level) = level {
                self.by_mef.insert(mef.attribute("CODE_MEF").to_owned(), level);
            }
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
    use super::named_in;

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
