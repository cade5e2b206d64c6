//! Whose families somebody has to do with.

use super::{Account, Pupil, PupilKey};

/// Whom somebody has to do with. Whoever is not among them is nobody there; says nothing of what they may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
    #[default]
    Everybody,
    /// The pupils of these classes, these pupils, and whoever stands for them.
    Own {
        /// Classes, as the roll has them.
        classes: Vec<String>,
        /// Pupils, by their keys.
        pupils: Vec<PupilKey>,
    },
}

impl Whom {
    /// Whom an account has to do with: everybody, but for a professeur principal and a tutor.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        if account.role.has_pupils_of_its_own() {
            Self::Own { classes: account.classes.clone(), pupils: account.pupils.clone() }
        } else {
            Self::Everybody
        }
    }

    /// Whether a pupil is in it, by key or by class.
    #[must_use]
    pub fn has(&self, pupil: Option<&PupilKey>, class: Option<&str>) -> bool {
        let is_own =
            |pupils: &[PupilKey]| pupil.is_some_and(|pupil| pupils.iter().any(|own| own == pupil));
        match self {
            Self::Everybody => true,
            Self::Own { pupils, .. } => {
                is_own(pupils) || class.is_some_and(|class| self.has_class(class))
            }
        }
    }

    /// The same of a pupil of the roll.
    #[must_use]
    pub fn has_pupil(&self, pupil: &Pupil) -> bool {
        self.has(Some(&pupil.key), pupil.class.as_deref())
    }

    /// Whether all of a class is.
    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::Own { classes, .. } => classes.iter().any(|own| own == class),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_own_pupils_has_to_do_with_no_other() {
        let key = |key: &str| PupilKey(key.to_owned());
        let own = Whom::Own { classes: vec!["6A".to_owned()], pupils: vec![key("siecle:1")] };
        assert!(own.has(Some(&key("siecle:2")), Some("6A")) && own.has(None, Some("6A")));
        assert!(
            own.has(Some(&key("siecle:1")), Some("6B")) && own.has(Some(&key("siecle:1")), None)
        );
        assert!(!own.has(Some(&key("siecle:2")), Some("6B")) && !own.has(None, None));
        assert!(Whom::Everybody.has(None, None) && Whom::Everybody.has_class("6B"));
    }
}
