//! A search that answers while one types: people by the beginnings of their names' words in any order, by the
//! beginning of a number, by an e-mail address, by a class; each asked of an index.

use std::collections::BTreeSet;

use super::called::{Bearers, Namesakes, called, called_otherwise};
use super::whom::{has_person, own_pupils, present_guardians};
use crate::email_address::EmailAddress;
use crate::people::{
    ContactPoint, Filing, NameOrders, Person, PersonKey, Pupil, PupilKey, SchoolId, TypedName,
    Whom, unaccented_capitals,
};
use crate::phone_number;
use crate::store::{Store, StoreError, Tx, contact_points, people, pupils};

/// Of those who are found for whoever does not see everybody, none is left out unseen; of all others this many are
/// looked at more closely.
const LOOKED_AT: usize = 400;

/// What a search found. `Debug` hides it.
#[derive(Clone, Default)]
pub struct FoundPeople {
    /// Classes of which the name begins so, with how many pupils.
    pub classes: Vec<(String, usize)>,
    /// Pupils, each with whoever stands for them.
    pub pupils: Vec<(Pupil, Vec<Person>)>,
    /// Adults, each with the pupils whom they stand for.
    pub persons: Vec<(Person, Vec<Pupil>)>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
}

impl std::fmt::Debug for FoundPeople {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FoundPeople({} pupils, {} persons)", self.pupils.len(), self.persons.len())
    }
}

/// Looks for what was typed among those whom somebody may look at: `most` pupils and `most` adults at most.
pub async fn look_up(
    store: &Store,
    school: &SchoolId,
    whom: &Whom,
    typed: &str,
    most: usize,
) -> Result<FoundPeople, StoreError> {
    let (school, whom, typed) = (school.clone(), whom.clone(), typed.to_owned());
    store.read(move |tx| LookUp { tx, school: &school, whom: &whom, most }.of(&typed)).await
}

/// Every class in which somebody may look at pupils, in the order of schools; `None` for those in none.
pub async fn classes(
    store: &Store,
    school: &SchoolId,
    whom: &Whom,
) -> Result<Vec<(Option<String>, usize)>, StoreError> {
    let (school, whom) = (school.clone(), whom.clone());
    store.read(move |tx| seen_classes(tx, &school, &whom)).await
}

fn seen_classes(
    tx: &Tx<'_>,
    school: &SchoolId,
    whom: &Whom,
) -> Result<Vec<(Option<String>, usize)>, StoreError> {
    let classes = pupils::classes(tx, school)?.into_iter();
    let mut classes: Vec<_> = classes.map(|(class, _, many)| (class, many)).collect();
    classes.retain(|(class, _)| match class {
        Some(class) => whom.has_class(class),
        None => *whom == Whom::Everybody,
    });
    classes.sort_by_cached_key(|(class, _)| {
        (class.is_none(), Filing::of_class(class.as_deref().unwrap_or_default()))
    });
    Ok(classes)
}

/// One question.
struct LookUp<'a> {
    tx: &'a Tx<'a>,
    school: &'a SchoolId,
    whom: &'a Whom,
    most: usize,
}

/// Those whom a name finds, likeliest first, until there are enough.
#[derive(Default)]
struct Gathered {
    pupils: Vec<Pupil>,
    persons: Vec<Person>,
    seen_pupils: BTreeSet<PupilKey>,
    seen_persons: BTreeSet<PersonKey>,
    has_more: bool,
}

impl LookUp<'_> {
    fn of(&self, typed: &str) -> Result<FoundPeople, StoreError> {
        let classes = seen_classes(self.tx, self.school, self.whom)?;
        let beginning = self.beginning(typed, &classes);
        let gathered = if typed.contains('@') {
            self.of_persons(self.owners_of_email(typed)?)?
        } else if typed.contains(char::is_alphabetic) {
            self.by_name(typed, &classes)?
        } else {
            self.of_persons(self.owners_of_number(typed)?)?
        };
        self.found(beginning, gathered)
    }

    /// The classes of which the name begins with all that was typed.
    fn beginning(&self, typed: &str, classes: &[(Option<String>, usize)]) -> Vec<(String, usize)> {
        let typed = folded_class(typed);
        let named = classes.iter().filter_map(|(class, many)| Some((class.clone()?, *many)));
        let begin = named.filter(|(class, _)| folded_class(class).starts_with(&typed));
        if typed.is_empty() { Vec::new() } else { begin.take(self.most).collect() }
    }

    fn owners_of_email(&self, typed: &str) -> Result<Vec<PersonKey>, StoreError> {
        let Ok(address) = EmailAddress::parse(typed.trim()) else { return Ok(Vec::new()) };
        contact_points::owners(self.tx, self.school, &ContactPoint::Email(address))
    }

    fn owners_of_number(&self, typed: &str) -> Result<Vec<PersonKey>, StoreError> {
        let mut owners = BTreeSet::new();
        for beginning in phone_number::beginnings(typed) {
            let found =
                contact_points::owners_beginning(self.tx, self.school, &beginning, LOOKED_AT)?;
            owners.extend(found);
        }
        Ok(owners.into_iter().collect())
    }

    fn of_persons(&self, keys: Vec<PersonKey>) -> Result<Gathered, StoreError> {
        let mut gathered = Gathered::default();
        for key in keys {
            self.take_person(&key, None, &mut gathered)?;
        }
        gathered.persons.sort_by_cached_key(|person| Filing::of_adult(person, None));
        gathered.has_more = gathered.persons.len() > self.most;
        gathered.persons.truncate(self.most);
        Ok(gathered)
    }

    /// By the words of a name; a word that is a class says in which.
    fn by_name(
        &self,
        typed: &str,
        classes: &[(Option<String>, usize)],
    ) -> Result<Gathered, StoreError> {
        let is_class = |word: &str| {
            let known = classes.iter().filter_map(|(class, _)| class.as_deref());
            known.into_iter().find(|class| folded_class(class) == folded_class(word))
        };
        let (said, name): (Vec<&str>, Vec<&str>) =
            typed.split_whitespace().partition(|word| is_class(word).is_some());
        let class = said.first().and_then(|word| is_class(word)).filter(|_| !name.is_empty());
        let name = if class.is_some() { name.join(" ") } else { typed.to_owned() };
        let typed = TypedName::of(&name);
        match self.whom {
            Whom::Everybody => self.among_all(&typed, class),
            Whom::Own { classes, pupils } => self.among_own(&typed, class, (classes, pupils)),
        }
    }

    /// Family names first, whole ones before parts; then first names, where there is room left.
    fn among_all(&self, typed: &TypedName, class: Option<&str>) -> Result<Gathered, StoreError> {
        let mut gathered = Gathered::default();
        let Namesakes { wholly, partly } = called(self.tx, self.school, typed)?;
        for bearers in [wholly, partly] {
            self.take(bearers, class, &mut gathered)?;
        }
        if !gathered.has_more {
            let otherwise = called_otherwise(self.tx, self.school, typed)?;
            self.take(otherwise, class, &mut gathered)?;
        }
        Ok(gathered)
    }

    fn take(
        &self,
        bearers: Bearers,
        class: Option<&str>,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        let Bearers { persons, pupils } = bearers.first(LOOKED_AT);
        for key in in_order(pupils) {
            self.take_pupil(&key, class, gathered)?;
        }
        for key in in_order(persons) {
            self.take_person(&key, class, gathered)?;
        }
        Ok(())
    }

    fn take_pupil(
        &self,
        key: &PupilKey,
        class: Option<&str>,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        if gathered.pupils.len() > self.most || !gathered.seen_pupils.insert(key.clone()) {
            gathered.has_more |= gathered.pupils.len() > self.most;
            return Ok(());
        }
        let pupil = pupils::one(self.tx, self.school, key)?;
        let in_class = |pupil: &Pupil| class.is_none_or(|it| pupil.class.as_deref() == Some(it));
        gathered.pupils.extend(pupil.filter(in_class));
        Ok(())
    }

    fn take_person(
        &self,
        key: &PersonKey,
        class: Option<&str>,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        if gathered.persons.len() > self.most || !gathered.seen_persons.insert(key.clone()) {
            gathered.has_more |= gathered.persons.len() > self.most;
            return Ok(());
        }
        if !has_person(self.tx, self.school, self.whom, key)? {
            return Ok(());
        }
        if let Some(class) = class {
            let own = pupils::of_person(self.tx, self.school, key)?;
            if own.iter().all(|(pupil, _)| pupil.class.as_deref() != Some(class)) {
                return Ok(());
            }
        }
        let kept = people::kept_person(self.tx, self.school, key)?;
        gathered.persons.extend(kept.map(|kept| kept.person));
        Ok(())
    }

    /// Few enough that each is compared.
    fn among_own(
        &self,
        typed: &TypedName,
        class: Option<&str>,
        own: (&[String], &[PupilKey]),
    ) -> Result<Gathered, StoreError> {
        let mut gathered = Gathered::default();
        for pupil in own_pupils(self.tx, self.school, own)? {
            if class.is_some_and(|class| pupil.class.as_deref() != Some(class)) {
                continue;
            }
            for person in present_guardians(self.tx, self.school, &pupil.key)? {
                if fits(typed, (&person.family_name, &person.usage_name, &person.first_name))
                    && gathered.seen_persons.insert(person.key.clone())
                {
                    gathered.persons.push(person);
                }
            }
            if fits(typed, (&pupil.family_name, &pupil.usage_name, &pupil.first_name)) {
                gathered.pupils.push(pupil);
            }
        }
        gathered.pupils.sort_by_cached_key(Filing::of_pupil);
        gathered.persons.sort_by_cached_key(|person| Filing::of_adult(person, None));
        Ok(gathered)
    }

    /// What was gathered, cut to what was asked for, with whom each belongs to.
    fn found(
        &self,
        classes: Vec<(String, usize)>,
        mut gathered: Gathered,
    ) -> Result<FoundPeople, StoreError> {
        let lengths = [gathered.pupils.len(), gathered.persons.len()];
        let has_more = gathered.has_more || lengths.into_iter().any(|many| many > self.most);
        gathered.pupils.truncate(self.most);
        gathered.persons.truncate(self.most);
        let mut found = FoundPeople { classes, has_more, ..FoundPeople::default() };
        for pupil in gathered.pupils {
            let guardians = present_guardians(self.tx, self.school, &pupil.key)?;
            found.pupils.push((pupil, guardians));
        }
        for person in gathered.persons {
            let mut own = pupils::of_person(self.tx, self.school, &person.key)?;
            own.retain(|(pupil, _)| self.whom.has_pupil(pupil));
            let mut own: Vec<Pupil> = own.into_iter().map(|(pupil, _)| pupil).collect();
            own.sort_by_cached_key(Filing::of_pupil);
            found.persons.push((person, own));
        }
        Ok(found)
    }
}

/// The keys, as a directory lists what they were found by.
fn in_order<K>(found: std::collections::BTreeMap<K, String>) -> impl Iterator<Item = K> {
    let mut found: Vec<(K, String)> = found.into_iter().collect();
    found.sort_by(|(_, a), (_, b)| a.cmp(b));
    found.into_iter().map(|(key, _)| key)
}

fn fits(typed: &TypedName, (family, usage, first): (&str, &Option<String>, &str)) -> bool {
    let orders = NameOrders::of(family, usage.as_deref(), first);
    let is_one = |typed: &TypedName| {
        let also = orders.also_filed.as_deref();
        [Some(orders.filed.as_str()), also].into_iter().flatten().any(|it| typed.fits(it).is_some())
    };
    is_one(typed) || typed.otherwise_written().iter().any(is_one)
}

/// A class as it is typed: `6 A`, `6a` and `6A` are one.
fn folded_class(typed: &str) -> String {
    unaccented_capitals(typed).replace(' ', "")
}
