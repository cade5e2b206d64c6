//! People whom the office adds by hand: the family that comes on Monday. Their records stand until a source
//! brings them; then the source's take their place, and what was noted by hand lies over it until it says the
//! same.

use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::email_address::EmailAddress;
use crate::id::Id;
use crate::people::{
    Act, By, Civility, ContactPoint, Correction, Duties, Guardianship, Person, PersonKey,
    PostalAddress, Pupil, PupilKey, Role, SchoolId, Source, Standing, TypedName, level_in_code,
};
use crate::phone_number::PhoneNumber;
use crate::store::contact_points::Given;
use crate::store::{
    Store, StoreError, Tx, contact_points, corrections, journal, people, pupils, restrictions,
};

use super::called::{Bearers, called};
use super::names::{name_of_person, name_of_pupil};

/// A pupil as the office tells of one.
#[derive(Clone)]
pub struct NewPupil {
    /// First name.
    pub first_name: String,
    /// Family name.
    pub family_name: String,
    /// The class, where it is known.
    pub class: Option<String>,
}

/// An adult as the office tells of one.
#[derive(Clone)]
pub struct NewAdult {
    /// Madame, Monsieur, or not said.
    pub civility: Option<Civility>,
    /// First name.
    pub first_name: String,
    /// Family name.
    pub family_name: String,
    /// Where they read.
    pub email: Option<EmailAddress>,
    /// Where they are called, and get text messages where it takes them.
    pub phone: Option<PhoneNumber>,
    /// Where they chat.
    pub chat: Option<ChatAddress>,
    /// Where their post goes.
    pub postal_address: Option<PostalAddress>,
}

/// What an adult is who is added.
#[derive(Clone)]
pub enum Place {
    /// The guardian of a pupil.
    GuardianOf {
        /// Whose.
        pupil: Pupil,
        /// As what.
        standing: Standing,
        /// Whether it is said that they are not the restricted person once more.
        is_somebody_else: bool,
    },
    /// Works at the school, as this.
    Staff(String),
}

/// Why nobody was added or archived. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ByHandError {
    /// They are there already.
    #[error("the school knows somebody of that name there already; nothing was changed")]
    Known,
    /// Nothing about the pupil may go to somebody, who may be this one.
    #[error(
        "a restriction is noted about that pupil: is it the restricted person once more? nothing was changed"
    )]
    Restricted,
    /// A name is missing.
    #[error("a person takes a first name and a family name; nothing was changed")]
    NoName,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl std::fmt::Debug for NewPupil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPupil(…)")
    }
}

impl std::fmt::Debug for NewAdult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewAdult(…)")
    }
}

/// Adds a pupil.
pub async fn add_pupil(
    store: &Store,
    school: &SchoolId,
    new: NewPupil,
    by: By,
) -> Result<Pupil, ByHandError> {
    let pupil = Pupil {
        key: PupilKey::of(Source::Hand, id(&by)),
        family_name: named(&new.family_name)?,
        usage_name: None,
        first_name: named(&new.first_name)?,
        level: new.class.as_deref().and_then(level_in_code).map(str::to_owned),
        class: new.class,
        groups: Vec::new(),
        left_on: None,
    };
    let (school, added) = (school.clone(), pupil.clone());
    store.write(move |tx| whole(write_pupil(tx, &school, &added, &by))).await??;
    Ok(pupil)
}

fn write_pupil(tx: &Tx<'_>, school: &SchoolId, pupil: &Pupil, by: &By) -> Result<(), ByHandError> {
    for key in namesakes(tx, school, &pupil.display_name())?.pupils.keys() {
        let known = pupils::one(tx, school, key)?.filter(|known| known.class == pupil.class);
        if known.is_some_and(|known| name_of_pupil(&known) == name_of_pupil(pupil)) {
            return Err(ByHandError::Known);
        }
    }
    pupils::put(tx, school, pupil)?;
    Ok(journal::note(tx, school, by, Act::AddPerson, &pupil.key.0)?)
}

/// Adds an adult, at their place.
pub async fn add_adult(
    store: &Store,
    school: &SchoolId,
    new: NewAdult,
    place: Place,
    by: By,
) -> Result<Person, ByHandError> {
    let role = match &place {
        Place::GuardianOf { .. } => Role::Guardian,
        Place::Staff(function) => {
            Role::Staff(Box::new(Duties { function: function.clone(), ..Duties::default() }))
        }
    };
    let written =
        [new.email.clone().map(ContactPoint::Email), new.chat.clone().map(ContactPoint::Chat)];
    let called = new.phone.iter().flat_map(ContactPoint::of_phone);
    let person = Person {
        key: PersonKey::of(Source::Hand, id(&by)),
        role,
        civility: new.civility,
        family_name: named(&new.family_name)?,
        usage_name: None,
        first_name: named(&new.first_name)?,
        contact_points: written.into_iter().flatten().chain(called).collect(),
        typed: Vec::new(),
        postal_address: new.postal_address.clone(),
        accepts_sms: true,
    };
    let (school, added) = (school.clone(), person.clone());
    store.write(move |tx| whole(write_adult(tx, &school, (&added, &new), &place, &by))).await??;
    Ok(person)
}

fn write_adult(
    tx: &Tx<'_>,
    school: &SchoolId,
    (person, new): (&Person, &NewAdult),
    place: &Place,
    by: &By,
) -> Result<(), ByHandError> {
    let beside = beside(tx, school, person, place)?;
    if beside.iter().any(|known| name_of_person(known) == name_of_person(person)) {
        return Err(ByHandError::Known);
    }
    people::put_person(tx, school, person)?;
    for (rank, point) in person.contact_points.iter().enumerate() {
        let given = Given { rank, source: Source::Hand, typed: None };
        contact_points::put(tx, school, &person.key, point, &given, by.at)?;
    }
    // Over whatever a source will say.
    for correction in known_better(new) {
        corrections::put(tx, school, &person.key, &correction, by.at)?;
    }
    if let Place::GuardianOf { pupil, standing, .. } = place {
        let tie = Guardianship {
            pupil: pupil.key.clone(),
            person: person.key.clone(),
            standing: *standing,
            kinship: Guardianship::UNTOLD,
        };
        pupils::put_guardianship(tx, school, &tie)?;
    }
    Ok(journal::note(tx, school, by, Act::AddPerson, &person.key.0)?)
}

/// Those at the place of an adult who may be them.
fn beside(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &Person,
    place: &Place,
) -> Result<Vec<Person>, ByHandError> {
    match place {
        Place::GuardianOf { pupil, standing, is_somebody_else } => {
            let shown = pupil.display_name();
            let is_doubted = *standing == Standing::LegalRepresentative && !is_somebody_else;
            if is_doubted && restrictions::all(tx, school)?.concern(pupil.which(&shown)) {
                return Err(ByHandError::Restricted);
            }
            Ok(people::guardians_of(tx, school, &pupil.key)?)
        }
        Place::Staff(_) => {
            let namesakes = namesakes(tx, school, &person.display_name())?;
            let kept = namesakes.persons.keys().map(|key| people::kept_person(tx, school, key));
            let kept: Vec<_> = kept.collect::<Result<_, _>>()?;
            Ok(kept.into_iter().flatten().map(|kept| kept.person).collect())
        }
    }
}

/// Those who are called so, asked of the index.
fn namesakes(tx: &Tx<'_>, school: &SchoolId, shown: &str) -> Result<Bearers, StoreError> {
    Ok(called(tx, school, &TypedName::of(shown))?.wholly)
}

/// What the office knows of an adult before any source does.
fn known_better(new: &NewAdult) -> Vec<Correction> {
    let email = new.email.clone().map(|is| Correction::Email { was: None, becomes: Some(is) });
    let phone = new.phone.clone().map(|is| Correction::Phone { was: None, becomes: Some(is) });
    let chat = new.chat.clone().map(|is| Correction::Chat { was: None, becomes: Some(is) });
    let post = new.postal_address.clone().map(Correction::Post);
    [email, phone, chat, post].into_iter().flatten().collect()
}

/// Takes somebody out of the directory; a complete file that still holds them brings them back.
pub async fn archive_by_hand(
    store: &Store,
    school: &SchoolId,
    who: Archived,
    by: By,
) -> Result<(), StoreError> {
    let school = school.clone();
    store
        .write(move |tx| {
            let key = match &who {
                Archived::Person(key) => {
                    people::archive_person(tx, &school, key, by.at)?;
                    &key.0
                }
                Archived::Pupil(key) => {
                    pupils::archive(tx, &school, key, by.at)?;
                    &key.0
                }
            };
            journal::note(tx, &school, &by, Act::ArchivePerson, key)
        })
        .await
}

/// Who is archived.
#[derive(Debug, Clone)]
pub enum Archived {
    /// An adult.
    Person(PersonKey),
    /// A pupil.
    Pupil(PupilKey),
}

/// What the database refuses is kept in no part.
fn whole(done: Result<(), ByHandError>) -> Result<Result<(), ByHandError>, StoreError> {
    match done {
        Err(ByHandError::Store(error)) => Err(error),
        refused_or_done => Ok(refused_or_done),
    }
}

fn named(name: &str) -> Result<String, ByHandError> {
    let name = name.trim();
    if name.is_empty() { Err(ByHandError::NoName) } else { Ok(name.to_owned()) }
}

/// An id that tells nothing: whoever has it is known again by name.
fn id(by: &By) -> String {
    format!("~{}", Id::<Channel>::new(by.at))
}
