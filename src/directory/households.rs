//! What the school knows of households and of ties, by hand: how a home is connected, and by which ties
//! nothing may go. Imports never touch it.

use crate::clock::Moment;
use crate::people::{Households, Person, PersonKey, Profile, PupilKey, RestrictedTie, SchoolId};
use crate::store::{Store, StoreError, Tx, households, people};

/// Why a tie cannot be restricted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TieError {
    /// The two are not tied.
    #[error("the person is no guardian of that pupil; nothing was changed")]
    NotTied,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes how the household of a person is connected, for all who live there; their names.
pub async fn connect(
    store: &Store,
    school: &SchoolId,
    person: &PersonKey,
    profile: Profile,
    now: Moment,
) -> Result<Vec<String>, StoreError> {
    let (school, person) = (school.clone(), person.clone());
    store
        .write(move |tx| {
            let members = members(tx, &school, &person)?;
            for member in &members {
                households::put_profile(tx, &school, &member.key, &profile, now)?;
            }
            Ok(members.iter().map(Person::display_name).collect())
        })
        .await
}

/// Notes that nothing about a pupil goes to one of their guardians.
pub async fn restrict(
    store: &Store,
    school: &SchoolId,
    tie: RestrictedTie,
    now: Moment,
) -> Result<(), TieError> {
    let school = school.clone();
    let is_tied = store
        .write(move |tx| {
            let mut is_tied = false;
            people::each_guardianship(tx, &school, |known| {
                is_tied |= known.pupil == tie.pupil && known.person == tie.person;
                Ok(())
            })?;
            if is_tied {
                households::put_restriction(tx, &school, &tie, now)?;
            }
            Ok(is_tied)
        })
        .await?;
    if is_tied { Ok(()) } else { Err(TieError::NotTied) }
}

/// Lifts a restriction; `false` when there was none.
pub async fn lift(
    store: &Store,
    school: &SchoolId,
    pupil: &PupilKey,
    person: &PersonKey,
) -> Result<bool, StoreError> {
    let (school, pupil, person) = (school.clone(), pupil.clone(), person.clone());
    store.write(move |tx| households::lift_restriction(tx, &school, &pupil, &person)).await
}

/// Those who live with a person, themselves among them.
fn members(tx: &Tx<'_>, school: &SchoolId, person: &PersonKey) -> Result<Vec<Person>, StoreError> {
    let persons = people::persons(tx, school)?;
    let ties = people::guardianships(tx, school)?;
    let places = persons.iter().map(|one| (&one.key, one.postal_address.as_ref()));
    let households = Households::derive(places, ties.iter());
    let home = households.number_of(person);
    let lives_there = |one: &Person| one.key == *person || households.number_of(&one.key) == home;
    Ok(persons.into_iter().filter(lives_there).collect())
}
