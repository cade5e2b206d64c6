//! Year levels, from `Nomenclature.xml` and `Structures.xml` where they are given, and otherwise
//! from what a class is called.

use std::collections::HashMap;

use crate::people::{level_in_code, level_in_label};

use super::expected::Expected;
use super::header::for_each_record;
use super::records::Records;
use super::refused::Refused;

/// What is known of training modules (MEF) and of classes.
#[derive(Default)]
pub(super) struct KnownLevels {
    by_mef: HashMap<String, &'static str>,
    by_class: HashMap<String, &'static str>,
}

impl KnownLevels {
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
        let of_class =
            |class: &str| self.by_class.get(class).copied().or_else(|| level_in_code(class));
        let level = self.by_mef.get(mef).copied().or_else(|| class.and_then(of_class));
        level.map(str::to_owned)
    }

    /// Notes the level of a training module, by the first of its labels that names one.
    pub(super) fn learn<'a>(&mut self, mef: &str, labels: impl IntoIterator<Item = &'a str>) {
        if let Some(level) = labels.into_iter().find_map(level_in_label) {
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
