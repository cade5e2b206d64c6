//! Whom a name means. Several may have it: pupil, class and address tell them apart, as the office knows
//! them; nobody has to know the key of a record. Whoever acts on somebody names them wholly; whoever only asks
//! may type a part of a name, a number or an e-mail address.

use std::collections::BTreeSet;

use super::called::{Bearers, Namesakes, called, called_otherwise};
use crate::people::{
    ContactPoint, Filing, Likeness, Person, PersonKey, PostalAddress, Pupil, PupilKey, SchoolId,
    TypedName, filed_words, unaccented_capitals,
};
use crate::store::{Store, StoreError, Tx, contact_points, people, pupils};

/// Of several who have a name, this many are told.
const TOLD: usize = 20;

/// A person as the office names one. `Debug` hides the names.
#[derive(Clone, Default)]
pub struct Who {
    /// The name as on the roll, whichever part comes first; or a key.
    pub name: String,
    /// The e-mail address or the number that was typed in the place of a name.
    pub point: Option<ContactPoint>,
    /// The name of a pupil of theirs, or a key.
    pub pupil: Option<String>,
    /// The class of a pupil of theirs.
    pub class: Option<String>,
    /// A part of their postal address, an e-mail address or a number of theirs.
    pub address: Option<String>,
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Who(…)")
    }
}

/// One of several who have a name, and what tells them from the others. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct Namesake {
    /// `Isabelle GARNIER`.
    pub name: String,
    /// Their pupils: `Inès BON (6A)`.
    pub pupils: Vec<String>,
    /// Postal address, e-mail addresses and numbers.
    pub addresses: Vec<String>,
}

impl std::fmt::Debug for Namesake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Namesake(…)")
    }
}

/// Why nobody, or more than one, was found by a name. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WhoError {
    /// Nobody has the name, and what was said beside it.
    #[error("nobody is called \"{0}\", with what is said beside it")]
    Nobody(String),
    /// Those who have it are not tied to that pupil.
    #[error("nobody called \"{0}\" is a guardian of that pupil; nothing was changed")]
    NotTied(String),
    /// Several have it.
    #[error("{of} persons are called \"{name}\"")]
    Several {
        /// The name, as typed.
        name: String,
        /// How many have it.
        of: usize,
        /// Who they are, the first ones of many.
        among: Vec<Namesake>,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The one person who is meant.
pub async fn find_person(store: &Store, school: &SchoolId, who: &Who) -> Result<Person, WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(Search { tx, school: &school, who: &who }.person())).await?
}

/// Those whom somebody asks about: the one person who is meant; where a pupil has the name, all who stand for
/// that pupil; where an address was typed, all who have it.
pub async fn find_asked_about(
    store: &Store,
    school: &SchoolId,
    who: &Who,
) -> Result<Vec<Person>, WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(Search { tx, school: &school, who: &who }.asked_about())).await?
}

/// The one pupil who is meant.
pub async fn find_pupil(store: &Store, school: &SchoolId, who: &Who) -> Result<Pupil, WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(Search { tx, school: &school, who: &who }.pupil())).await?
}

/// The one tie that is meant: a person, and a pupil of theirs by the name that `who` says.
pub async fn find_tie(
    store: &Store,
    school: &SchoolId,
    who: &Who,
) -> Result<(Person, Pupil), WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(Search { tx, school: &school, who: &who }.tie())).await?
}

/// One question.
struct Search<'a> {
    tx: &'a Tx<'a>,
    school: &'a SchoolId,
    who: &'a Who,
}

impl Search<'_> {
    fn person(&self) -> Result<Person, WhoError> {
        let wholly = self.called()?.wholly;
        let mut found = self.meant(wholly.persons.keys())?;
        match (found.pop(), found.is_empty()) {
            (Some(person), true) => Ok(person),
            (Some(last), false) => {
                found.push(last);
                Err(self.several(found.len(), found, Vec::new())?)
            }
            (None, _) if self.who.pupil.is_some() && !wholly.persons.is_empty() => {
                Err(WhoError::NotTied(self.who.name.clone()))
            }
            (None, _) => Err(WhoError::Nobody(self.who.name.clone())),
        }
    }

    fn pupil(&self) -> Result<Pupil, WhoError> {
        let wholly = self.called()?.wholly;
        let mut found = self.in_class(wholly.pupils.keys())?;
        match (found.pop(), found.is_empty()) {
            (Some(pupil), true) => Ok(pupil),
            (None, _) => Err(self.nobody()),
            (Some(last), false) => {
                found.push(last);
                Err(self.several(found.len(), Vec::new(), found)?)
            }
        }
    }

    /// Whoever has the very name, then whoever has a part of it, then a name that holds it.
    fn asked_about(&self) -> Result<Vec<Person>, WhoError> {
        if self.who.point.is_some() {
            let owners = self.meant(&self.owners()?)?;
            return if owners.is_empty() { Err(self.nobody()) } else { Ok(owners) };
        }
        let Namesakes { wholly, partly } = self.called()?;
        let Bearers { persons, pupils } = wholly;
        for bearers in [
            Bearers { persons, ..Bearers::default() },
            Bearers { pupils, ..Bearers::default() },
            partly,
        ] {
            if let Some(found) = self.only_of(bearers)? {
                return Ok(found);
            }
        }
        let otherwise = called_otherwise(self.tx, self.school, &TypedName::of(&self.who.name))?;
        self.only_of(otherwise)?.ok_or_else(|| self.nobody())
    }

    /// The one person, or those who stand for the one pupil; refused where there are several, `None` where
    /// there is nobody.
    fn only_of(&self, bearers: Bearers) -> Result<Option<Vec<Person>>, WhoError> {
        let Who { pupil, class, address, .. } = self.who;
        let (of, is_alone) = (bearers.len(), [pupil, class, address].iter().all(|it| it.is_none()));
        // Of many, nobody reads all: only what is said beside the name makes it worth a look at each.
        let bearers = if is_alone { bearers.first(TOLD) } else { bearers };
        let persons = self.meant(bearers.persons.keys())?;
        let pupils =
            if pupil.is_none() { self.in_class(bearers.pupils.keys())? } else { Vec::new() };
        match (persons.len(), pupils.as_slice()) {
            (0, []) => Ok(None),
            (1, []) => Ok(Some(persons)),
            (0, [pupil]) => Ok(Some(self.who_stand_for(pupil)?)),
            (_, [pupil]) if self.all_stand_for(pupil, &persons)? => {
                Ok(Some(self.who_stand_for(pupil)?))
            }
            (found, more) => {
                let of = if is_alone { of } else { found + more.len() };
                Err(self.several(of, persons, pupils)?)
            }
        }
    }

    fn tie(&self) -> Result<(Person, Pupil), WhoError> {
        let person = self.person()?;
        let wanted = self.who.pupil.as_deref().unwrap_or_default();
        let class = self.who.class.as_deref();
        let mut own = self.pupils_of(&person.key)?;
        own.retain(|pupil| is_pupil(pupil, wanted, class));
        match (own.pop(), own.is_empty()) {
            (Some(pupil), true) => Ok((person, pupil)),
            (None, _) => Err(WhoError::Nobody(wanted.to_owned())),
            (Some(last), false) => {
                own.push(last);
                Err(self.several(own.len(), Vec::new(), own)?)
            }
        }
    }

    /// Everybody of the name, or of the key.
    fn called(&self) -> Result<Namesakes, StoreError> {
        if self.who.point.is_some() {
            let mut owners = Namesakes::default();
            owners.wholly.persons =
                self.owners()?.into_iter().map(|key| (key, String::new())).collect();
            return Ok(owners);
        }
        let mut called = called(self.tx, self.school, &TypedName::of(&self.who.name))?;
        if self.who.name.contains(':') {
            let key = self.who.name.clone();
            called.wholly.persons.insert(PersonKey(key.clone()), key.clone());
            called.wholly.pupils.insert(PupilKey(key.clone()), key);
        }
        Ok(called)
    }

    /// Everybody who has the address that was typed.
    fn owners(&self) -> Result<BTreeSet<PersonKey>, StoreError> {
        let mut owners = BTreeSet::new();
        let point = self.who.point.as_ref();
        let points = match point {
            Some(ContactPoint::Phone(number)) => ContactPoint::of_phone(number).collect(),
            _ => point.cloned().into_iter().collect::<Vec<_>>(),
        };
        for point in points {
            owners.extend(contact_points::owners(self.tx, self.school, &point)?);
        }
        Ok(owners)
    }

    /// Those of some persons who are at the school, and of whom what was said beside the name is true.
    fn meant<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k PersonKey>,
    ) -> Result<Vec<Person>, StoreError> {
        let mut meant = Vec::new();
        for key in keys {
            let Some(kept) = people::kept_person(self.tx, self.school, key)? else { continue };
            if !self.has_pupil(key)? {
                continue;
            }
            let usable = kept.points.iter().filter(|point| point.state.is_usable());
            let contact_points = usable.map(|kept| kept.point.clone()).collect();
            let takes_post = kept.post_state.is_usable();
            let postal_address = kept.person.postal_address.filter(|_| takes_post);
            let person = Person { contact_points, postal_address, ..kept.person };
            if self.who.address.as_deref().is_none_or(|typed| has_address(&person, typed)) {
                meant.push(person);
            }
        }
        Ok(meant)
    }

    fn has_pupil(&self, key: &PersonKey) -> Result<bool, StoreError> {
        let (name, class) = (self.who.pupil.as_deref(), self.who.class.as_deref());
        if name.is_none() && class.is_none() {
            return Ok(true);
        }
        let own = self.pupils_of(key)?;
        Ok(own.iter().any(|pupil| is_pupil(pupil, name.unwrap_or_default(), class)))
    }

    fn in_class<'k>(
        &self,
        keys: impl Iterator<Item = &'k PupilKey>,
    ) -> Result<Vec<Pupil>, StoreError> {
        let mut found = Vec::new();
        for key in keys {
            let pupil = pupils::one(self.tx, self.school, key)?;
            found.extend(pupil.filter(|it| is_pupil(it, "", self.who.class.as_deref())));
        }
        Ok(found)
    }

    /// Whether a pupil and these persons are one family: a family name finds all of it.
    fn all_stand_for(&self, pupil: &Pupil, persons: &[Person]) -> Result<bool, StoreError> {
        let guardians = people::guardians_of(self.tx, self.school, &pupil.key)?;
        Ok(persons.iter().all(|person| guardians.iter().any(|it| it.key == person.key)))
    }

    fn who_stand_for(&self, pupil: &Pupil) -> Result<Vec<Person>, StoreError> {
        let keys = people::guardians_of(self.tx, self.school, &pupil.key)?;
        let keys: Vec<PersonKey> = keys.into_iter().map(|person| person.key).collect();
        let nothing_beside = Who::default();
        let mut all = Search { who: &nothing_beside, ..*self }.meant(&keys)?;
        all.sort_by_cached_key(|person| Filing::of_adult(person, None));
        Ok(all)
    }

    /// In the order of a list.
    fn pupils_of(&self, person: &PersonKey) -> Result<Vec<Pupil>, StoreError> {
        let own = pupils::of_person(self.tx, self.school, person)?;
        let mut own: Vec<Pupil> = own.into_iter().map(|(pupil, _)| pupil).collect();
        own.sort_by_cached_key(|pupil| (Filing::of_pupil(pupil), pupil.key.clone()));
        Ok(own)
    }

    /// Refused: so many have the name, of whom these are told.
    fn several(
        &self,
        of: usize,
        persons: Vec<Person>,
        mut pupils: Vec<Pupil>,
    ) -> Result<WhoError, StoreError> {
        let mut named = Vec::with_capacity(persons.len());
        for person in persons {
            let own = self.pupils_of(&person.key)?;
            let namesake = Namesake {
                name: person.display_name(),
                pupils: own.iter().map(Pupil::with_class).collect(),
                addresses: addresses(&person),
            };
            named.push((Filing::of_adult(&person, own.first()), namesake));
        }
        named.sort_by(|(a, _), (b, _)| a.cmp(b));
        pupils.sort_by_cached_key(|pupil| (Filing::of_pupil(pupil), pupil.key.clone()));
        let pupils = pupils.iter().map(|pupil| Namesake {
            name: pupil.display_name(),
            pupils: pupil.class.iter().cloned().collect(),
            addresses: Vec::new(),
        });
        let among = named.into_iter().map(|(_, it)| it).chain(pupils).take(TOLD).collect();
        Ok(WhoError::Several { name: self.who.name.clone(), of, among })
    }

    fn nobody(&self) -> WhoError {
        WhoError::Nobody(self.who.name.clone())
    }
}

/// Whether a pupil bears a name, where one is said, and is in a class, where one is said.
fn is_pupil(pupil: &Pupil, name: &str, class: Option<&str>) -> bool {
    let folded = |class: &str| unaccented_capitals(class);
    let typed = TypedName::of(name);
    let bears = |family_name: &String| {
        typed.fits(&filed_words(family_name, &pupil.first_name)) == Some(Likeness::Whole)
    };
    let is_called = name.is_empty()
        || pupil.key.0 == name
        || [&pupil.family_name].into_iter().chain(&pupil.usage_name).any(bears);
    is_called && class.is_none_or(|it| pupil.class.as_deref().map(folded) == Some(folded(it)))
}

fn has_address(person: &Person, typed: &str) -> bool {
    let folded = |text: &str| unaccented_capitals(text).replace(' ', "");
    let wanted = folded(typed);
    !wanted.is_empty() && addresses(person).iter().any(|one| folded(one).contains(&wanted))
}

fn addresses(person: &Person) -> Vec<String> {
    let post = person.postal_address.iter().map(PostalAddress::in_one_line);
    let mut all: Vec<String> =
        post.chain(person.contact_points.iter().filter_map(ContactPoint::shown)).collect();
    all.dedup();
    all
}
