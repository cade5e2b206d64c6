//! Whom a name means. Several may have it: pupil, class and address tell them apart, as the office knows
//! them; nobody has to know the key of a record.

use std::collections::{HashMap, HashSet};

use crate::people::{
    ContactPoint, Filing, Guardianship, Person, PersonKey, PostalAddress, Pupil, PupilKey,
    SchoolId, unaccented_capitals,
};
use crate::store::{Store, StoreError, Tx, people, pupils};

/// A person as the office names one. `Debug` hides the names.
#[derive(Clone, Default)]
pub struct Who {
    /// The name as on the roll, whichever part comes first; or a key.
    pub name: String,
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
    #[error("nobody is called \"{0}\", with what you say beside it; write the name as on the roll")]
    Nobody(String),
    /// Those who have it are not tied to that pupil.
    #[error("nobody called \"{0}\" is a guardian of that pupil; nothing was changed")]
    NotTied(String),
    /// Several have it.
    #[error("{} persons are called \"{name}\"; nothing was changed", .among.len())]
    Several {
        /// The name, as typed.
        name: String,
        /// Who they are.
        among: Vec<Namesake>,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The one person who is meant.
pub async fn find_person(store: &Store, school: &SchoolId, who: &Who) -> Result<Person, WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(People::read(tx, &school)?.person(tx, &school, &who))).await?
}

/// Those whom somebody asks about: the one person who is meant or, where a pupil has the name, all who stand
/// for that pupil.
pub async fn find_asked_about(
    store: &Store,
    school: &SchoolId,
    who: &Who,
) -> Result<Vec<Person>, WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(People::read(tx, &school)?.asked_about(tx, &school, &who))).await?
}

/// The one tie that is meant: a person, and a pupil of theirs by the name that `who` says.
pub async fn find_tie(
    store: &Store,
    school: &SchoolId,
    who: &Who,
) -> Result<(Person, Pupil), WhoError> {
    let (school, who) = (school.clone(), who.clone());
    store.read(move |tx| Ok(People::read(tx, &school)?.tie(tx, &school, &who))).await?
}

/// Everybody, and who is whose.
struct People {
    persons: Vec<Person>,
    pupils: HashMap<PupilKey, Pupil>,
    ties: HashMap<PersonKey, Vec<PupilKey>>,
}

impl People {
    fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let mut ties: HashMap<PersonKey, Vec<PupilKey>> = HashMap::new();
        for Guardianship { pupil, person, .. } in pupils::guardianships(tx, school)? {
            ties.entry(person).or_default().push(pupil);
        }
        let pupils = pupils::all(tx, school)?.into_iter();
        Ok(Self {
            persons: people::persons(tx, school)?,
            pupils: pupils.map(|pupil| (pupil.key.clone(), pupil)).collect(),
            ties,
        })
    }

    fn person(&self, tx: &Tx<'_>, school: &SchoolId, who: &Who) -> Result<Person, WhoError> {
        let mut found = self.meant(tx, school, who)?;
        if found.len() > 1 {
            return Err(self.several(&who.name, found));
        }
        if let Some(person) = found.pop() {
            return Ok(person);
        }
        let by_name = Who { name: who.name.clone(), ..Who::default() };
        let is_known = who.pupil.is_some() && !self.meant(tx, school, &by_name)?.is_empty();
        let not_found = if is_known { WhoError::NotTied } else { WhoError::Nobody };
        Err(not_found(who.name.clone()))
    }

    fn asked_about(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        who: &Who,
    ) -> Result<Vec<Person>, WhoError> {
        match self.person(tx, school, who) {
            Err(WhoError::Nobody(name)) if who.pupil.is_none() => {
                Ok(self.who_stand_for(self.one_pupil(&name, who.class.as_deref())?))
            }
            person => person.map(|person| vec![person]),
        }
    }

    fn one_pupil(&self, name: &str, class: Option<&str>) -> Result<&Pupil, WhoError> {
        let mut called: Vec<&Pupil> =
            self.pupils.values().filter(|pupil| is_pupil(pupil, name, class)).collect();
        called.sort_by_cached_key(|pupil| (Filing::of_pupil(pupil), pupil.key.clone()));
        match (called.pop(), called.is_empty()) {
            (Some(pupil), true) => Ok(pupil),
            (None, _) => Err(WhoError::Nobody(name.to_owned())),
            (Some(last), false) => {
                let namesake = |pupil: &Pupil| Namesake {
                    name: pupil.display_name(),
                    pupils: pupil.class.iter().cloned().collect(),
                    addresses: Vec::new(),
                };
                let among = called.into_iter().chain([last]).map(namesake).collect();
                Err(WhoError::Several { name: name.to_owned(), among })
            }
        }
    }

    fn who_stand_for(&self, pupil: &Pupil) -> Vec<Person> {
        let stands = |person: &&Person| {
            self.ties.get(&person.key).is_some_and(|own| own.contains(&pupil.key))
        };
        let mut all: Vec<Person> = self.persons.iter().filter(stands).cloned().collect();
        all.sort_by_cached_key(|person| Filing::of_adult(person, None));
        all
    }

    fn tie(&self, tx: &Tx<'_>, school: &SchoolId, who: &Who) -> Result<(Person, Pupil), WhoError> {
        let person = self.person(tx, school, who)?;
        let wanted = who.pupil.as_deref().unwrap_or_default();
        let class = who.class.as_deref();
        let own = self.pupils_of(&person.key).filter(|pupil| is_pupil(pupil, wanted, class));
        let mut own: Vec<&Pupil> = own.collect();
        match (own.pop(), own.is_empty()) {
            (Some(pupil), true) => Ok((person, pupil.clone())),
            (None, _) => Err(WhoError::Nobody(wanted.to_owned())),
            (Some(_), false) => Err(self.several(wanted, vec![person])),
        }
    }

    /// Everybody who may be meant, with their addresses where several have the name.
    fn meant(&self, tx: &Tx<'_>, school: &SchoolId, who: &Who) -> Result<Vec<Person>, StoreError> {
        let wanted = words(&who.name);
        let is_called = |person: &&Person| {
            person.key.0 == who.name || person.shown_names().iter().any(|it| words(it) == wanted)
        };
        let has_pupil = |person: &&Person| {
            let (name, class) = (who.pupil.as_deref(), who.class.as_deref());
            (name.is_none() && class.is_none())
                || self
                    .pupils_of(&person.key)
                    .any(|it| is_pupil(it, name.unwrap_or_default(), class))
        };
        let found: Vec<&Person> = self.persons.iter().filter(is_called).filter(has_pupil).collect();
        let mut meant = Vec::new();
        for person in found {
            let Some(whole) = people::person(tx, school, &person.key)? else { continue };
            if who.address.as_deref().is_none_or(|typed| has_address(&whole, typed)) {
                meant.push(whole);
            }
        }
        Ok(meant)
    }

    fn pupils_of<'p>(&'p self, person: &PersonKey) -> impl Iterator<Item = &'p Pupil> {
        let keys = self.ties.get(person).into_iter().flatten().collect::<HashSet<_>>();
        let mut own: Vec<&Pupil> =
            keys.into_iter().filter_map(|key| self.pupils.get(key)).collect();
        own.sort_by_cached_key(|pupil| (Filing::of_pupil(pupil), pupil.key.clone()));
        own.into_iter()
    }

    fn several(&self, name: &str, mut persons: Vec<Person>) -> WhoError {
        persons.sort_by_cached_key(|person| {
            Filing::of_adult(person, self.pupils_of(&person.key).next())
        });
        let namesake = |person: Person| Namesake {
            name: person.display_name(),
            pupils: self.pupils_of(&person.key).map(Pupil::with_class).collect(),
            addresses: addresses(&person),
        };
        let among = persons.into_iter().map(namesake).collect();
        WhoError::Several { name: name.to_owned(), among }
    }
}

/// Whether a pupil bears a name, where one is said, and is in a class, where one is said.
fn is_pupil(pupil: &Pupil, name: &str, class: Option<&str>) -> bool {
    let folded = |class: &str| unaccented_capitals(class);
    let is_called = name.is_empty()
        || pupil.key.0 == name
        || [&pupil.family_name]
            .into_iter()
            .chain(&pupil.usage_name)
            .any(|family| words(&Pupil::shown(&pupil.first_name, family)) == words(name));
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

/// The words of a name, whichever comes first.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = unaccented_capitals(name).split(' ').map(str::to_owned).collect();
    words.sort();
    words
}
