//! Pupils.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Source;

/// A pupil's key in the file that they came from: `siecle:1234567`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PupilKey(pub String);

impl PupilKey {
    /// The key of the record that has this id in a source.
    pub fn of(source: Source, id: impl fmt::Display) -> Self {
        Self(format!("{}{id}", source.prefix()))
    }

    /// The source of the record; none for a key that names none.
    #[must_use]
    pub fn source(&self) -> Option<Source> {
        Source::of_key(&self.0)
    }

    /// The id in the source.
    #[must_use]
    pub fn id(&self) -> &str {
        id_in(&self.0)
    }
}

/// What follows the source in a key.
pub(super) fn id_in(key: &str) -> &str {
    key.split_once(':').map_or(key, |(_, id)| id)
}

/// A pupil of the school. Birth, nationality and health stay out: no announcement needs them.
/// `Debug` shows the key alone: logs never hold a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pupil {
    /// Key in the source, which joins the files of one export.
    pub key: PupilKey,
    /// Family name as in the source.
    pub family_name: String,
    /// Name in use, where it differs.
    pub usage_name: Option<String>,
    /// First name.
    pub first_name: String,
    /// Class (SIECLE *division*); `None` for a pupil not placed yet.
    pub class: Option<String>,
    /// Teaching groups.
    pub groups: Vec<String>,
    /// Year level as a secretary says it: `6e`, `2de`, `CM1`.
    pub level: Option<String>,
    /// Last day, for a pupil who left.
    pub left_on: Option<Date>,
}

impl Pupil {
    /// The name by which the school calls the pupil: `Zoé DURAND`.
    #[must_use]
    pub fn display_name(&self) -> String {
        Self::shown(&self.first_name, self.usage_name.as_deref().unwrap_or(&self.family_name))
    }

    /// The same with the class, where there is one: `Zoé DURAND (6A)`.
    #[must_use]
    pub fn with_class(&self) -> String {
        match &self.class {
            Some(class) => format!("{} ({class})", self.display_name()),
            None => self.display_name(),
        }
    }

    /// The name of a pupil of these names.
    #[must_use]
    pub fn shown(first_name: &str, family_name: &str) -> String {
        format!("{first_name} {}", family_name.to_uppercase())
    }
}

impl fmt::Debug for Pupil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pupil({})", self.key.0)
    }
}
