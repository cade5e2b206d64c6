//! Who is at the school now, in memory: what audiences choose from. Where each can be written to is
//! read when a message leaves; what only some audiences ask about is read when one does.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::rule::Filter;
use crate::channel::Channel;
use crate::message::AnswerChoice;
use crate::people::{
    Filing, Guardianship, Households, Mark, Person, PersonKey, PostalAddress, Profile, Pupil,
    PupilKey, Restriction, SchoolId, Standing,
};
use crate::store::addressees::{self, Missed};
use crate::store::{
    Store, StoreError, Tx, answers, households, lists, messages, people, pupils, restrictions,
};

/// The roll of a school: everybody, and what a rule asks about besides.
#[derive(Debug, Clone, Default)]
pub struct Roll {
    /// Who there is.
    everybody: Arc<Everybody>,
    /// Saved lists by name, if they were asked for.
    pub(super) lists: BTreeMap<String, SavedList>,
    /// Whom a message missed, or who answered it so: by the filter and what it names, for those that were asked
    /// for.
    pub(super) copies: BTreeMap<(Filter, String), CopiesOf>,
}

impl Deref for Roll {
    type Target = Everybody;

    fn deref(&self) -> &Everybody {
        &self.everybody
    }
}

/// Who there is at a school, whatever is asked.
#[derive(Debug, Clone, Default)]
pub struct Everybody {
    /// Pupils, in the order of their keys.
    pub pupils: Vec<Pupil>,
    /// The pupils in the order of class and name.
    pub(super) filed: Vec<Filed>,
    /// The keys of the guardians, each with a number below their count.
    pub guardians: HashMap<PersonKey, usize>,
    /// The same, by their numbers.
    pub(super) numbered: Vec<PersonKey>,
    /// Staff, without their contact points.
    pub staff: Vec<Person>,
    /// Who is whose guardian, in the order of the pupils' keys.
    pub guardianships: Vec<Guardianship>,
    /// Ties by which nothing may go, whatever the source says.
    pub restrictions: HashMap<(PupilKey, PersonKey), Restriction>,
    /// The guardians in `restrictions`, whom a human may have to see to.
    pub restricted: HashMap<PersonKey, Person>,
    /// The channels on which a representative has an address that is not used for a pupil, because somebody
    /// who must not hear of them has it as well.
    pub spoilt: HashMap<(PupilKey, PersonKey), Spoilt>,
    /// The household of each guardian, by their numbers, if it was asked for; equal ones live together.
    pub(super) households: Vec<usize>,
    /// What is known of households, if it was asked for.
    pub(super) profiles: Profiles,
}

/// A pupil in their class. `Debug` hides who.
#[derive(Clone)]
pub(super) struct Filed {
    /// Their place among the pupils.
    pupil: usize,
    /// As they are shown: `Zoé DURAND`.
    name: String,
    /// The places of the links to their guardians.
    links: Range<usize>,
}

impl std::fmt::Debug for Filed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filed({})", self.pupil)
    }
}

/// The addresses of somebody that are not used for a pupil. `Debug` hides whose.
#[derive(Clone, serde::Serialize)]
pub struct Spoilt {
    /// Whose: `Inès DURAND`.
    pub name: String,
    /// On which channels.
    pub channels: BTreeSet<Channel>,
}

impl std::fmt::Debug for Spoilt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spoilt({:?})", self.channels)
    }
}

/// A saved list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SavedList {
    /// An audience under a name, as typed.
    Rule(String),
    /// Pupils picked one by one.
    Names(HashSet<PupilKey>),
}

/// Some of those whom a message was for.
#[derive(Debug, Clone)]
pub(super) struct CopiesOf {
    /// For whom the message was, as typed.
    pub audience: String,
    /// Whether it can be answered.
    pub asks: bool,
    /// Those who are meant.
    pub recipients: Vec<Missed>,
}

/// What is known of households, each kept with one of its persons at least.
#[derive(Debug, Clone, Default)]
pub(super) struct Profiles {
    of_persons: HashMap<PersonKey, Profile>,
    of_households: HashMap<usize, Profile>,
}

impl Profiles {
    /// Every profile.
    pub(super) fn all(&self) -> impl Iterator<Item = &Profile> {
        self.of_persons.values()
    }
}

impl Roll {
    /// Reads the roll of a school, without what has to be asked for.
    pub async fn load(store: &Store, school: &SchoolId) -> Result<Self, StoreError> {
        let school = school.clone();
        store.read(move |tx| Self::read(tx, &school)).await
    }

    /// The same within a transaction.
    pub fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        Ok(Self::of(Arc::new(Everybody::read(tx, school)?)))
    }

    /// That of those who are known, of whom nothing was asked yet.
    pub(super) fn of(everybody: Arc<Everybody>) -> Self {
        Self { everybody, ..Self::default() }
    }

    /// Reads what is known of households, unless it is known.
    pub(super) fn read_households(
        &mut self,
        tx: &Tx<'_>,
        school: &SchoolId,
    ) -> Result<(), StoreError> {
        if self.households.len() == self.guardians.len() {
            return Ok(());
        }
        Arc::make_mut(&mut self.everybody).read_households(tx, school)
    }

    /// Reads what the saved lists are, and of lists of names who is in them.
    pub(super) fn read_lists(&mut self, tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
        for kept in lists::all(tx, school)? {
            let list = match kept.rule {
                Some(rule) => SavedList::Rule(rule),
                None => {
                    SavedList::Names(lists::members(tx, school, &kept.name)?.into_iter().collect())
                }
            };
            self.lists.insert(kept.name, list);
        }
        Ok(())
    }

    /// Reads whom a filter of messages means by one of its values; nothing when there is no such message.
    pub(super) fn read_copies(
        &mut self,
        tx: &Tx<'_>,
        school: &SchoolId,
        (filter, value): (Filter, &str),
    ) -> Result<(), StoreError> {
        let (answer, code) = value.split_once(' ').unwrap_or(("", value));
        let Some(message) = messages::by_code(tx, school, code)? else { return Ok(()) };
        let recipients = if filter == Filter::Missed {
            addressees::missed(tx, school, message.id)?
        } else {
            // What is asked for is either no answer, or this one.
            let wanted = AnswerChoice::from_word(answer);
            let all = answers::by_copy(tx, school, message.id)?.into_iter();
            all.filter(|(_, given)| *given == wanted).map(|(copy, _)| copy).collect()
        };
        let asks = message.takes().is_some();
        let copies = CopiesOf { audience: message.audience, asks, recipients };
        self.copies.insert((filter, value.to_owned()), copies);
        Ok(())
    }
}

impl Everybody {
    /// Reads who there is, without their households.
    fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let numbered = people::guardians(tx, school)?;
        let mut everybody = Self {
            pupils: pupils::all(tx, school)?,
            guardians: numbered.iter().cloned().zip(0..).collect(),
            numbered,
            staff: people::staff(tx, school)?,
            guardianships: pupils::guardianships(tx, school)?,
            ..Self::default()
        };
        // Databases differ in how they order text, and those who walk both side by side rely on it.
        everybody.pupils.sort_by(|a, b| a.key.cmp(&b.key));
        everybody.guardianships.sort_by(|a, b| (&a.pupil, &a.person).cmp(&(&b.pupil, &b.person)));
        everybody.file();
        everybody.read_restrictions(tx, school)?;
        Ok(everybody)
    }

    /// Puts the pupils in the order of class and name, each with the links to their guardians.
    fn file(&mut self) {
        let (pupils, mut from) = (&self.pupils, 0);
        let filed = pupils.iter().enumerate().map(|(pupil, one)| {
            let key = &one.key;
            let rest = &self.guardianships[from..];
            let begin = from + rest.iter().take_while(|link| link.pupil < *key).count();
            let own = self.guardianships[begin..].iter().take_while(|link| link.pupil == *key);
            from = begin + own.count();
            Filed { pupil, name: one.display_name(), links: begin..from }
        });
        let mut filed: Vec<Filed> = filed.collect();
        filed.sort_by_cached_key(|one| Filing::of_pupil(&pupils[one.pupil]));
        self.filed = filed;
    }

    /// The same with their households.
    pub(super) fn read_whole(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let mut everybody = Self::read(tx, school)?;
        everybody.read_households(tx, school)?;
        Ok(everybody)
    }

    /// Finds which ties are restricted, by the humans and not by their records alone, and who has an address
    /// where somebody would read it who must not.
    fn read_restrictions(&mut self, tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
        let restrictions = restrictions::all(tx, school)?;
        if restrictions.is_empty() {
            return Ok(());
        }
        for pupil in &self.pupils {
            let name = pupil.display_name();
            if !restrictions.concern(pupil.which(&name)) {
                continue;
            }
            let ties = self.guardianships.iter().filter(|tie| tie.pupil == pupil.key);
            for Guardianship { person: key, .. } in ties {
                let Some(person) = people::person(tx, school, key)? else { continue };
                let tie = (pupil.key.clone(), key.clone());
                let shown = person.shown_names();
                let mut on =
                    shown.iter().filter_map(|it| restrictions.on(pupil.which(&name), key, it));
                if let Some(known) = on.next() {
                    self.restrictions.insert(tie, known.tie.why);
                    self.restricted.insert(key.clone(), person);
                    continue;
                }
                let spoilt = |mark: &Mark| restrictions.spoil(pupil.which(&name), mark);
                let spoilt = person.marks().into_iter().filter(|(_, mark)| spoilt(mark));
                let channels: BTreeSet<Channel> = spoilt.map(|(channel, _)| channel).collect();
                if !channels.is_empty() {
                    self.spoilt.insert(tie, Spoilt { name: person.display_name(), channels });
                }
            }
        }
        Ok(())
    }

    /// Works out who lives with whom: representatives at one address with a pupil in common. Two
    /// are never one household with somebody who must not learn of one of their pupils, nor an
    /// adult pupil with their parents: they get their own mail. Then reads what is known of each.
    fn read_households(&mut self, tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
        let mut together = Households::default();
        households::each_address(tx, school, |person, address| {
            if self.guardians.contains_key(&person) {
                together.enter(&person, address.as_ref().and_then(PostalAddress::place));
            }
        })?;
        let ties = self.guardianships.iter().filter(|tie| {
            tie.standing == Standing::LegalRepresentative
                && tie.kinship != Guardianship::ONESELF
                && !self.restricted.contains_key(&tie.person)
        });
        ties.for_each(|tie| together.tie(tie));
        self.households = vec![0; self.guardians.len()];
        for (person, number) in &self.guardians {
            // Whoever was not entered is alone, under a number that nobody was given.
            let alone = self.guardians.len() + number;
            self.households[*number] = together.number_of(person).unwrap_or(alone);
        }
        self.read_profiles(tx, school)
    }

    fn read_profiles(&mut self, tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
        for (person, profile) in households::profiles(tx, school)? {
            if let Some(number) = self.household(&person) {
                self.profiles.of_households.entry(number).or_insert_with(|| profile.clone());
            }
            self.profiles.of_persons.insert(person, profile);
        }
        Ok(())
    }

    /// Each pupil in the order of class and name, with their name and the links to their guardians.
    pub(super) fn with_links(&self) -> impl Iterator<Item = (&Pupil, &str, &[Guardianship])> {
        self.filed.iter().map(|it| {
            let links = &self.guardianships[it.links.clone()];
            (&self.pupils[it.pupil], it.name.as_str(), links)
        })
    }

    fn household(&self, person: &PersonKey) -> Option<usize> {
        self.households.get(*self.guardians.get(person)?).copied()
    }

    /// What is known of the household of a guardian: kept with them, or with whom they live.
    #[must_use]
    pub(super) fn profile(&self, person: &PersonKey) -> Option<&Profile> {
        self.profiles.of_persons.get(person).or_else(|| {
            let number = self.household(person)?;
            self.profiles.of_households.get(&number)
        })
    }
}

/// Whose addresses are not used for a pupil, because somebody who must not hear of them has the same, and on
/// which channels.
pub async fn spoilt_about(
    store: &Store,
    school: &SchoolId,
    pupil: &PupilKey,
) -> Result<Vec<Spoilt>, StoreError> {
    let roll = Roll::load(store, school).await?;
    let of_pupil = roll.spoilt.iter().filter(|((of, _), _)| of == pupil);
    let mut about: Vec<Spoilt> = of_pupil.map(|(_, spoilt)| spoilt.clone()).collect();
    about.sort_by_cached_key(|one| Filing::of_shown(None, &one.name));
    Ok(about)
}
