//! The files that can be read, told by what they hold: the root of an XML, the header row of a table;
//! never by their name.

use std::fmt;

use serde::Serialize;

use crate::people::Source;

/// How often a file is read from its beginning to its end at most: two surveys of the academic directory, each with a look
/// at all its bytes, and one such look before.
pub(super) const MOST_TIMES: u64 = 5;

/// What a file is. The next source joins here, and in one reader beside the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `ElevesSansAdresses.xml` or `ElevesAvecAdresses.xml`.
    SiecleEleves,
    /// `ResponsablesAvecAdresses.xml`.
    SiecleResponsables,
    /// `Structures.xml`.
    SiecleStructures,
    /// `Nomenclature.xml`.
    SiecleNomenclature,
    /// `Communs.xml`.
    SiecleCommuns,
    /// `sts_emp_<UAI>_<année>.xml`.
    Sts,
    /// `CSVExtraction.csv` of the pupils of a primary school.
    OndePupils,
    /// `CSVExtraction.csv` of their guardians.
    OndeGuardians,
    /// `CSVExtraction.csv` of its teachers.
    OndeTeachers,
    /// `Eleves.csv`, `Parents.csv`, `Enseignants.csv`, `Personnels.csv` of an Edifice ENT.
    Edifice,
    /// `ENT_Complet_*.xml` of the academic directory.
    Aaf,
    /// Any other table: CSV or a workbook.
    Table,
}

impl Kind {
    /// Every kind, in the order in which the interface lists them.
    pub const ALL: [Self; 12] = [
        Self::SiecleEleves,
        Self::SiecleResponsables,
        Self::SiecleStructures,
        Self::SiecleNomenclature,
        Self::SiecleCommuns,
        Self::Sts,
        Self::OndePupils,
        Self::OndeGuardians,
        Self::OndeTeachers,
        Self::Edifice,
        Self::Aaf,
        Self::Table,
    ];

    /// The kind that the root of an XML announces; private schools' SIECLE writes `EPHC` roots.
    #[must_use]
    pub fn of_root(root: &str) -> Option<Self> {
        let public = root.replacen("BEE_EPHC_", "BEE_", 1);
        Self::ALL.into_iter().find(|kind| kind.root() == Some(&public))
    }

    /// The word for it in JSON and in the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SiecleEleves => "siecle-eleves",
            Self::SiecleResponsables => "siecle-responsables",
            Self::SiecleStructures => "siecle-structures",
            Self::SiecleNomenclature => "siecle-nomenclature",
            Self::SiecleCommuns => "siecle-communs",
            Self::Sts => "sts",
            Self::OndePupils => "onde-pupils",
            Self::OndeGuardians => "onde-guardians",
            Self::OndeTeachers => "onde-teachers",
            Self::Edifice => "edifice",
            Self::Aaf => "aaf",
            Self::Table => "table",
        }
    }

    /// The source of its records.
    pub(super) const fn source(self) -> Source {
        match self {
            Self::SiecleEleves
            | Self::SiecleResponsables
            | Self::SiecleStructures
            | Self::SiecleNomenclature
            | Self::SiecleCommuns => Source::Siecle,
            Self::Sts => Source::Sts,
            Self::OndePupils | Self::OndeGuardians | Self::OndeTeachers => Source::Onde,
            Self::Edifice => Source::Edifice,
            Self::Aaf => Source::Aaf,
            Self::Table => Source::Table,
        }
    }

    /// Whether one import may hold several files of this kind: one for each sort of people.
    pub(super) const fn may_repeat(self) -> bool {
        matches!(self, Self::Edifice | Self::Aaf | Self::Table)
    }

    /// How often a file of it is read from its beginning to its end, the look at all its bytes included.
    pub(super) const fn times_read(self) -> u64 {
        match self {
            Self::OndePupils
            | Self::OndeGuardians
            | Self::OndeTeachers
            | Self::Edifice
            | Self::Table => 1,
            Self::SiecleEleves
            | Self::SiecleStructures
            | Self::SiecleNomenclature
            | Self::SiecleCommuns
            | Self::Sts => 2,
            // Ties first, then those whom they tie.
            Self::SiecleResponsables => 3,
            Self::Aaf => MOST_TIMES,
        }
    }

    const fn root(self) -> Option<&'static str> {
        match self {
            Self::SiecleEleves => Some("BEE_ELEVES"),
            Self::SiecleResponsables => Some("BEE_RESPONSABLES"),
            Self::SiecleStructures => Some("BEE_STRUCTURES"),
            Self::SiecleNomenclature => Some("BEE_NOMENCLATURE"),
            Self::SiecleCommuns => Some("BEE_COMMUN"),
            Self::Sts => Some("STS_EDT"),
            Self::Aaf => Some("ficAlimMENESR"),
            Self::OndePupils
            | Self::OndeGuardians
            | Self::OndeTeachers
            | Self::Edifice
            | Self::Table => None,
        }
    }

    const fn usual_name(self) -> &'static str {
        match self {
            Self::SiecleEleves => "ElevesSansAdresses.xml",
            Self::SiecleResponsables => "ResponsablesAvecAdresses.xml",
            Self::SiecleStructures => "Structures.xml",
            Self::SiecleNomenclature => "Nomenclature.xml",
            Self::SiecleCommuns => "Communs.xml",
            Self::Sts => "sts_emp_<UAI>_<année>.xml",
            Self::OndePupils | Self::OndeGuardians | Self::OndeTeachers => "CSVExtraction.csv",
            Self::Edifice => "Eleves.csv, Parents.csv, Enseignants.csv, Personnels.csv",
            Self::Aaf => "ENT_Complet_*.xml",
            Self::Table => "tableaux CSV, XLSX ou ODS",
        }
    }

    pub(super) fn roots() -> String {
        Self::ALL.into_iter().filter_map(Self::root).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn files_in_french() -> String {
        let mut names = Self::ALL.map(Self::usual_name).to_vec();
        names.dedup();
        names.join(", ")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
