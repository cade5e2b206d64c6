//! What the school knows of households and of ties, by hand: how a home is connected, and by which ties
//! nothing may go. Imports never touch it.

use crate::channel::Channel;
use crate::people::{
    Act, By, Filing, Guardianship, Households, Mark, Person, PersonKey, Profile, Pupil, PupilKey,
    RestrictedTie, Restriction, SaidOfHome, SchoolId,
};
use crate::store::{Store, StoreError, Tx, households, journal, people, pupils, restrictions};

/// The most signs of a place where letters are fetched: it stands large at the head of a sheet.
const LONGEST_PICK_UP: usize = 80;

/// Why nothing was noted of a household.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody said yet how it is connected.
    #[error("how the household is connected was not said; nothing was noted")]
    NoConnectivity,
    /// Where it fetches its letters takes more than a line.
    #[error("where letters are fetched takes at most {LONGEST_PICK_UP} signs; nothing was noted")]
    LongPickUp,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Why a tie cannot be restricted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TieError {
    /// An objection is an adult pupil's own.
    #[error("only an adult pupil can object, and not to themselves; nothing was changed")]
    NoAdultPupil,
    /// The two are not tied.
    #[error("the person is no guardian of that pupil; nothing was changed")]
    NotTied,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Notes how the household of a person is connected, for all who live there; their names.
pub async fn connect(
    store: &Store,
    school: &SchoolId,
    person: &PersonKey,
    said: SaidOfHome,
    by: By,
) -> Result<Vec<String>, ConnectError> {
    if said.pick_up.as_ref().is_some_and(|it| it.chars().count() > LONGEST_PICK_UP) {
        return Err(ConnectError::LongPickUp);
    }
    let (school, person) = (school.clone(), person.clone());
    let noted = store.write(move |tx| {
        let known = households::profile_of(tx, &school, &person)?;
        let Some(profile) = said.over(known) else { return Ok(None) };
        let mut members = members(tx, &school, &person)?;
        members.sort_by_cached_key(|member| Filing::of_adult(member, None));
        for member in &members {
            households::put_profile(tx, &school, &member.key, &profile, by.at)?;
        }
        journal::note(tx, &school, &by, Act::Connect, &person.0)?;
        Ok(Some(members.iter().map(Person::display_name).collect()))
    });
    noted.await?.ok_or(ConnectError::NoConnectivity)
}

/// Notes that nothing about a pupil goes to one of their guardians.
pub async fn restrict(
    store: &Store,
    school: &SchoolId,
    tie: RestrictedTie,
    by: By,
) -> Result<(), TieError> {
    let school = school.clone();
    let refused = store
        .write(move |tx| {
            let (mut is_tied, mut oneself) = (false, None);
            pupils::each_guardianship(tx, &school, |known| {
                if known.pupil == tie.pupil {
                    is_tied |= known.person == tie.person;
                    if known.kinship == Guardianship::ONESELF {
                        oneself = Some(known.person);
                    }
                }
                Ok(())
            })?;
            if !is_tied {
                return Ok(Some(TieError::NotTied));
            }
            let may_object = oneself.is_some_and(|adult| adult != tie.person);
            if tie.why == Restriction::Objection && !may_object {
                return Ok(Some(TieError::NoAdultPupil));
            }
            restrictions::put(tx, &school, &tie, &by)?;
            journal::note(tx, &school, &by, Act::Restrict, &about(&tie))?;
            Ok(None)
        })
        .await?;
    refused.map_or(Ok(()), Err)
}

/// The places where households fetch their letters, each once.
pub async fn pick_ups(store: &Store, school: &SchoolId) -> Result<Vec<String>, StoreError> {
    let school = school.clone();
    store.read(move |tx| households::pick_ups(tx, &school)).await
}

/// What is noted of the household of a person.
pub async fn profile_of(
    store: &Store,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Option<Profile>, StoreError> {
    let (school, person) = (school.clone(), person.clone());
    store.read(move |tx| households::profile_of(tx, &school, &person)).await
}

/// The restrictions on a person, whichever record of theirs they were noted on, each with the name of the
/// pupil.
pub async fn restrictions_of(
    store: &Store,
    school: &SchoolId,
    person: &Person,
) -> Result<Vec<(String, RestrictedTie)>, StoreError> {
    let (school, key, names) = (school.clone(), person.key.clone(), person.shown_names());
    store
        .read(move |tx| {
            let all = restrictions::all(tx, &school)?;
            let with_pupils = all.on_person(&key, &names).map(|one| {
                let pupil = one.pupil_names.last().cloned().unwrap_or_default();
                (pupil, one.tie.clone())
            });
            Ok(with_pupils.collect())
        })
        .await
}

/// Says that the addresses of a person may be used for a pupil, on some channels, although somebody who must
/// not hear of that pupil has them too; how many addresses that are.
pub async fn trust(
    store: &Store,
    school: &SchoolId,
    (person, pupil): (&Person, &PupilKey),
    channels: &[Channel],
    by: By,
) -> Result<usize, StoreError> {
    let (school, pupil) = (school.clone(), pupil.clone());
    let marks = person.marks().into_iter().filter(|(channel, _)| channels.contains(channel));
    let marks: Vec<Mark> = marks.map(|(_, mark)| mark).collect();
    store
        .write(move |tx| {
            restrictions::trust(tx, &school, &pupil, &marks, by.at)?;
            journal::note(tx, &school, &by, Act::Trust, &pupil.0)?;
            Ok(marks.len())
        })
        .await
}

/// Lifts what restricts a person about a pupil, whichever records it was noted on; `false` when nothing did.
pub async fn lift(
    store: &Store,
    school: &SchoolId,
    (person, pupil): (&Person, &Pupil),
    by: By,
) -> Result<bool, StoreError> {
    let (school, person, pupil) = (school.clone(), person.clone(), pupil.clone());
    store
        .write(move |tx| {
            let (names, name) = (person.shown_names(), pupil.display_name());
            let mut lifted = false;
            // Several records of one pupil, and of one person, may hold it.
            loop {
                let all = restrictions::all(tx, &school)?;
                let mut on = names.iter().filter_map(|shown| {
                    all.on(pupil.which(&name), &person.key, shown).map(|known| known.tie.clone())
                });
                let Some(tie) = on.next() else { return Ok(lifted) };
                lifted |= restrictions::lift(tx, &school, &tie.pupil, &tie.person)?;
                journal::note(tx, &school, &by, Act::Lift, &about(&tie))?;
            }
        })
        .await
}

/// The pupil and the person of a tie, by their keys.
fn about(tie: &RestrictedTie) -> String {
    format!("{} {}", tie.pupil.0, tie.person.0)
}

/// Those who live with a person, themselves among them.
fn members(tx: &Tx<'_>, school: &SchoolId, person: &PersonKey) -> Result<Vec<Person>, StoreError> {
    let persons = people::persons(tx, school)?;
    let ties = pupils::guardianships(tx, school)?;
    let places = persons.iter().map(|one| (&one.key, one.postal_address.as_ref()));
    let households = Households::derive(places, ties.iter());
    let home = households.number_of(person);
    let lives_there = |one: &Person| one.key == *person || households.number_of(&one.key) == home;
    Ok(persons.into_iter().filter(lives_there).collect())
}
