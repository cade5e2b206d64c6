//! The files that can be read, told by their XML root, never by their name.

use std::fmt;

use serde::Serialize;

/// What a file is. The next source joins here, and in one reader beside the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
    /// `sts_emp_<UAI>_<année>.xml`.
    Sts,
}

impl Kind {
    /// Every kind, in the order in which the interface lists them.
    pub const ALL: [Self; 5] = [
        Self::SiecleEleves,
        Self::SiecleResponsables,
        Self::SiecleStructures,
        Self::SiecleNomenclature,
        Self::Sts,
    ];

    /// The kind that a root announces.
    #[must_use]
    pub fn of_root(root: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.root() == root)
    }

    /// The word for it in JSON and in the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SiecleEleves => "siecle-eleves",
            Self::SiecleResponsables => "siecle-responsables",
            Self::SiecleStructures => "siecle-structures",
            Self::SiecleNomenclature => "siecle-nomenclature",
            Self::Sts => "sts",
        }
    }

    const fn root(self) -> &'static str {
        match self {
            Self::SiecleEleves => "BEE_ELEVES",
            Self::SiecleResponsables => "BEE_RESPONSABLES",
            Self::SiecleStructures => "BEE_STRUCTURES",
            Self::SiecleNomenclature => "BEE_NOMENCLATURE",
            Self::Sts => "STS_EDT",
        }
    }

    const fn usual_name(self) -> &'static str {
        match self {
            Self::SiecleEleves => "ElevesSansAdresses.xml",
            Self::SiecleResponsables => "ResponsablesAvecAdresses.xml",
            Self::SiecleStructures => "Structures.xml",
            Self::SiecleNomenclature => "Nomenclature.xml",
            Self::Sts => "sts_emp_<UAI>_<année>.xml",
        }
    }

    pub(super) fn roots() -> String {
        Self::ALL.map(Self::root).join(", ")
    }

    pub(super) fn files_in_french() -> String {
        Self::ALL.map(Self::usual_name).join(", ")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
