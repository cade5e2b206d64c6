//! A record that the office changes by hand: what it says lies over every import, until the source says the same.

use super::correct::{CorrectError, RightContact, correction, lay};
use crate::people::{
    Act, By, Civility, Correction, HasParts, PartCorrection, Person, PersonKey, Pupil, PupilKey,
    RecordPart, SchoolId, Source,
};
use crate::store::{Store, StoreError, Tx, journal, people, pupil_corrections, pupils};

/// What is to be changed of an adult. `Debug` hides it.
#[derive(Clone, Default)]
pub struct AdultChanges {
    /// How they are addressed.
    pub civility: Option<Civility>,
    /// The first name.
    pub first_name: Option<String>,
    /// The family name in use.
    pub family_name: Option<String>,
    /// Ways to reach them.
    pub contacts: Vec<RightContact>,
}

/// What is to be changed of a pupil. `Debug` hides it.
#[derive(Clone, Default)]
pub struct PupilChanges {
    /// The first name.
    pub first_name: Option<String>,
    /// The family name in use.
    pub family_name: Option<String>,
    /// The class; empty for none.
    pub class: Option<String>,
}

impl std::fmt::Debug for AdultChanges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AdultChanges(…)")
    }
}

impl std::fmt::Debug for PupilChanges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PupilChanges(…)")
    }
}

/// Why a record stays as it is. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Nothing was said.
    #[error("what is to be changed was not said; nothing was changed")]
    Nothing,
    /// A name would be empty.
    #[error("a person takes a first name and a family name; nothing was changed")]
    NoName,
    /// They left meanwhile.
    #[error("the person is no longer in the directory; nothing was changed")]
    Gone,
    /// A contact cannot be put right so.
    #[error("{0}")]
    Contact(#[from] CorrectError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Parts, and what is to stand there.
type Said = Vec<(RecordPart, String)>;

/// Changes an adult; as they are then, without contact points.
pub async fn change_adult(
    store: &Store,
    school: &SchoolId,
    key: &PersonKey,
    changes: AdultChanges,
    by: By,
) -> Result<Person, ChangeError> {
    let AdultChanges { civility, first_name, family_name, contacts } = changes;
    let said = said([
        (RecordPart::Civility, civility.map(|it| it.as_str().to_owned())),
        (RecordPart::FirstName, named(first_name)?),
        (RecordPart::FamilyName, named(family_name)?),
    ]);
    if said.is_empty() && contacts.is_empty() {
        return Err(ChangeError::Nothing);
    }
    let (school, key) = (school.clone(), key.clone());
    store.write(move |tx| write_adult(tx, &school, &key, (said, contacts), &by)).await?
}

fn write_adult(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
    (said, contacts): (Said, Vec<RightContact>),
    by: &By,
) -> Result<Result<Person, ChangeError>, StoreError> {
    let Some(kept) = people::kept_person(tx, school, key)? else {
        return Ok(Err(ChangeError::Gone));
    };
    // What is refused is refused before anything is written.
    let points: Vec<_> = kept.points.into_iter().map(|kept| kept.point).collect();
    let rights: Result<Vec<_>, _> =
        contacts.into_iter().map(|it| correction(&points, it)).collect();
    let rights = match rights {
        Ok(rights) => rights,
        Err(refused) => return Ok(Err(ChangeError::Contact(refused))),
    };
    let mut person = kept.person;
    let parts = put_over(&mut person, said, key.source());
    people::put_person(tx, school, &person)?;
    let parts = parts.into_iter().map(Correction::Part);
    parts.chain(rights).try_for_each(|right| lay(tx, school, key, &right, by.at))?;
    journal::note(tx, school, by, Act::ChangePerson, &key.0)?;
    Ok(Ok(person))
}

/// Changes a pupil; as they are then.
pub async fn change_pupil(
    store: &Store,
    school: &SchoolId,
    key: &PupilKey,
    changes: PupilChanges,
    by: By,
) -> Result<Pupil, ChangeError> {
    let PupilChanges { first_name, family_name, class } = changes;
    let said = said([
        (RecordPart::FirstName, named(first_name)?),
        (RecordPart::FamilyName, named(family_name)?),
        (RecordPart::Class, class.map(|class| class.trim().to_owned())),
    ]);
    if said.is_empty() {
        return Err(ChangeError::Nothing);
    }
    let (school, key) = (school.clone(), key.clone());
    let write = move |tx: &Tx<'_>| {
        let Some(mut pupil) = pupils::one(tx, &school, &key)? else { return Ok(None) };
        for correction in put_over(&mut pupil, said, key.source()) {
            pupil_corrections::lay(tx, &school, &key, &correction, by.at)?;
        }
        pupils::put(tx, &school, &pupil)?;
        journal::note(tx, &school, &by, Act::ChangePerson, &key.0)?;
        Ok(Some(pupil))
    };
    store.write(write).await?.ok_or(ChangeError::Gone)
}

/// Puts what was said into a record; what has to lie over its source then. Nothing does for one that the office
/// added: no source stands behind it.
fn put_over(record: &mut impl HasParts, said: Said, source: Option<Source>) -> Vec<PartCorrection> {
    let mut over = Vec::new();
    for (part, becomes) in said {
        let correction = PartCorrection { part, was: record.part(part), becomes };
        correction.apply(record);
        over.push(correction);
    }
    if source == Some(Source::Hand) {
        record.take_the_name_in_use();
        over.clear();
    }
    over
}

fn said<const N: usize>(parts: [(RecordPart, Option<String>); N]) -> Said {
    parts.into_iter().filter_map(|(part, value)| Some((part, value?))).collect()
}

fn named(name: Option<String>) -> Result<Option<String>, ChangeError> {
    let name = name.map(|name| name.trim().to_owned());
    if name.as_deref() == Some("") { Err(ChangeError::NoName) } else { Ok(name) }
}
