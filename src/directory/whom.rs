//! Whom somebody may look at: the professeur principal has to do with a class, the tutor with a few pupils.

use crate::people::{Person, PersonKey, Pupil, PupilKey, SchoolId, Whom};
use crate::store::{StoreError, Tx, people, pupils};

/// Whether a person is among them; for whoever has to do with pupils of their own, by one of these.
pub fn has_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    whom: &Whom,
    person: &PersonKey,
) -> Result<bool, StoreError> {
    if *whom == Whom::Everybody {
        return Ok(true);
    }
    let own = pupils::of_person(tx, school, person)?;
    Ok(own.iter().any(|(pupil, _)| whom.has_pupil(pupil)))
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
