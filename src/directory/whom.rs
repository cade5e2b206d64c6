//! Whom somebody may look at: the professeur principal has to do with a class, the tutor with a few pupils.

use crate::people::{Account, Person, PersonKey, Pupil, PupilKey, SchoolId};
use crate::store::{StoreError, Tx, people, pupils};

/// Whom somebody may look at. Whoever is not among them is nobody there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
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
    /// Whom an account has to do with. Says nothing of what it may.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        if account.role.has_pupils_of_its_own() {
            Self::Own { classes: account.classes.clone(), pupils: account.pupils.clone() }
        } else {
            Self::Everybody
        }
    }

    /// Whether a pupil is in it.
    #[must_use]
    pub fn has_pupil(&self, pupil: &Pupil) -> bool {
        match self {
            Self::Everybody => true,
            Self::Own { pupils, .. } => {
                pupils.contains(&pupil.key)
                    || pupil.class.as_deref().is_some_and(|class| self.has_class(class))
            }
        }
    }

    /// Whether all of a class is.
    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::Own { classes, .. } => classes.iter().any(|own| own == class),
        }
    }

    /// Whether a person is; for whoever does not see everybody, by a pupil.
    pub fn has_person(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        person: &PersonKey,
    ) -> Result<bool, StoreError> {
        if *self == Self::Everybody {
            return Ok(true);
        }
        let own = pupils::of_person(tx, school, person)?;
        Ok(own.iter().any(|(pupil, _)| self.has_pupil(pupil)))
    }
}

/// The pupils of classes, and some others, once each.
pub(super) fn own_pupils(
    tx: &Tx<'_>,
    school: &SchoolId,
    (classes, others): (&[String], &[PupilKey]),
) -> Result<Vec<Pupil>, StoreError> {
    let mut own: Vec<Pupil> = Vec::new();
    for class in classes {
        own.extend(pupils::of_class(tx, school, class)?);
    }
    for key in others {
        own.extend(pupils::one(tx, school, key)?);
    }
    own.sort_by(|a, b| a.key.cmp(&b.key));
    own.dedup_by(|a, b| a.key == b.key);
    Ok(own)
}

/// Whoever stands for a pupil and is at the school now.
pub(super) fn present_guardians(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
) -> Result<Vec<Person>, StoreError> {
    let mut present = Vec::new();
    for guardian in people::guardians_of(tx, school, pupil)? {
        present.extend(people::kept_person(tx, school, &guardian.key)?.map(|kept| kept.person));
    }
    Ok(present)
}
