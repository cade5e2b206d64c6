//! For which pupils something is left.

use std::fmt;

use super::PupilKey;

/// For which pupils something is left: a document of a teacher's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeantFor {
    /// Every pupil.
    Everybody,
    /// Those of a level: `6e`.
    Level(String),
    /// Those of a class: `6A`.
    Class(String),
    /// Those of a teaching group.
    Group(String),
    /// One.
    Pupil(PupilKey),
}

/// A pupil, as far as it is asked what is left for them.
#[derive(Debug, Clone, Copy)]
pub struct ForWhom<'a> {
    /// Who.
    pub pupil: Option<&'a PupilKey>,
    /// In which class.
    pub class: Option<&'a str>,
    /// At which level.
    pub level: Option<&'a str>,
    /// In which groups.
    pub groups: &'a [String],
}

impl MeantFor {
    /// Whether this pupil is among them.
    #[must_use]
    pub fn has(&self, whom: ForWhom<'_>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Level(level) => whom.level == Some(level),
            Self::Class(class) => whom.class == Some(class),
            Self::Group(group) => whom.groups.contains(group),
            Self::Pupil(key) => whom.pupil == Some(key),
        }
    }

    /// The name of the class, the level or the group, or the key of the pupil.
    #[must_use]
    pub fn name(&self) -> &str {
        self.parts().1
    }

    /// What the database keeps: `class:6A`.
    #[must_use]
    pub fn to_stored(&self) -> String {
        let (kind, name) = self.parts();
        format!("{kind}:{name}")
    }

    /// Of what the database keeps; `None` for words that it never wrote.
    #[must_use]
    pub fn from_stored(stored: &str) -> Option<Self> {
        let (kind, name) = stored.split_once(':')?;
        Some(match kind {
            "everybody" => Self::Everybody,
            "level" => Self::Level(name.to_owned()),
            "class" => Self::Class(name.to_owned()),
            "group" => Self::Group(name.to_owned()),
            "pupil" => Self::Pupil(PupilKey(name.to_owned())),
            _ => return None,
        })
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Everybody => ("everybody", ""),
            Self::Level(level) => ("level", level),
            Self::Class(class) => ("class", class),
            Self::Group(group) => ("group", group),
            Self::Pupil(key) => ("pupil", &key.0),
        }
    }
}

impl fmt::Display for MeantFor {
    /// As a listing names them; a pupil by their key, which tells no name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Everybody { "everybody" } else { self.name() })
    }
}

impl serde::Serialize for MeantFor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_stored())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_kept_in_words_and_has_its_own_pupils_alone() {
        let (key, groups) = (PupilKey("siecle:1".into()), ["LATIN".to_owned()]);
        let zoe =
            ForWhom { pupil: Some(&key), class: Some("6A"), level: Some("6e"), groups: &groups };
        let nobody = ForWhom { pupil: None, class: None, level: None, groups: &[] };
        for (meant, has_nobody) in [
            (MeantFor::Everybody, true),
            (MeantFor::Level("6e".into()), false),
            (MeantFor::Class("6A".into()), false),
            (MeantFor::Group("LATIN".into()), false),
            (MeantFor::Pupil(key.clone()), false),
        ] {
            assert_eq!(MeantFor::from_stored(&meant.to_stored()), Some(meant.clone()));
            assert!(meant.has(zoe), "{meant}");
            assert_eq!(meant.has(nobody), has_nobody, "{meant}");
        }
        for other in [
            MeantFor::Class("6B".into()),
            MeantFor::Class("6e".into()),
            MeantFor::Group("6A".into()),
        ] {
            assert!(!other.has(zoe), "{other}");
        }
        assert_eq!(MeantFor::from_stored("6A"), None);
    }
}
