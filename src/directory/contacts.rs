//! Contacts that work: which do, which do not, which are missing, and which the office put right by hand.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde::{Serialize, Serializer};

use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Proof;
use crate::people::{
    ContactState, Correction, Filing, Guardianship, Person, PersonKey, Pupil, PupilKey, RecordPart,
    Role, SchoolId, Source, Standing,
};
use crate::store::people::KeptPerson;
use crate::store::{Store, StoreError, Tx, corrections, people, pupils};

/// A list of contacts for the office to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactList {
    /// Every contact point.
    All,
    /// Never used, or never with a proof.
    NeverVerified,
    /// Failed at their last use.
    Failing,
    /// Do not exist, or no longer.
    Dead,
    /// Persons without any usable e-mail address, mobile number or postal address.
    Missing,
    /// Put right by hand, and not yet in the source.
    ToCorrect,
}

impl ContactList {
    /// Every list, in the order in which the interface shows them.
    pub const ALL: [Self; 6] =
        [Self::All, Self::NeverVerified, Self::Failing, Self::Dead, Self::Missing, Self::ToCorrect];

    /// The word for it in commands and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::NeverVerified => "never-verified",
            Self::Failing => "failing",
            Self::Dead => "dead",
            Self::Missing => "missing",
            Self::ToCorrect => "to-correct",
        }
    }

    /// The list of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.as_str() == word)
    }
}

/// One contact on a list. `Debug` hides whose it is.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ContactLine {
    /// The key of the person.
    pub person: PersonKey,
    /// By name.
    pub name: String,
    /// Their pupils, with the class.
    pub about: Vec<String>,
    /// On which channel; `None` for a part of the record.
    pub channel: Option<Channel>,
    /// The part of the record that was put right by hand; `None` for a contact.
    pub part: Option<RecordPart>,
    /// The address or the number; empty for one that is missing.
    pub value: String,
    /// Where we have it from; an empty word in JSON for one that is missing.
    #[serde(serialize_with = "word_or_empty")]
    pub source: Option<Source>,
    /// What we know of it; `None` for one that is missing.
    pub state: Option<ContactState>,
    /// The best proof of its last use that had one.
    pub proof: Option<Proof>,
    /// When that was.
    pub proven_at: Option<Moment>,
    /// What was typed for it, where that says more than the number.
    pub typed: Option<String>,
    /// What the source says, for one that was put right by hand; empty for nothing.
    pub was: Option<String>,
}

impl std::fmt::Debug for ContactLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContactLine({}, {:?})", self.person.0, self.channel)
    }
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn word_or_empty<S: Serializer>(source: &Option<Source>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(source.map_or("", Source::as_str))
}

/// The contacts of a list, each person's with the first of their pupils; `among` narrows it to some persons.
pub async fn contacts(
    store: &Store,
    school: &SchoolId,
    list: ContactList,
    among: Option<BTreeSet<PersonKey>>,
) -> Result<Vec<ContactLine>, StoreError> {
    let school = school.clone();
    let mut persons = store.read(move |tx| gather(tx, &school, list, among.as_ref())).await?;
    persons.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(persons.into_iter().flat_map(|(_, lines)| lines).collect())
}

/// How many contacts stand on each list.
pub async fn count_contacts(
    store: &Store,
    school: &SchoolId,
) -> Result<BTreeMap<ContactList, usize>, StoreError> {
    let school = school.clone();
    store.read(move |tx| count(tx, &school)).await
}

fn count(tx: &Tx<'_>, school: &SchoolId) -> Result<BTreeMap<ContactList, usize>, StoreError> {
    let mut counts: BTreeMap<_, _> = ContactList::ALL.into_iter().map(|list| (list, 0)).collect();
    let known = Known::read(tx, school)?;
    people::each_person(tx, school, |kept| {
        for (list, count) in &mut counts {
            *count += known.lines(&kept, *list).len();
        }
        Ok(())
    })?;
    Ok(counts)
}

/// Where a person stands in a list, and their lines of it.
type Lines = (Filing, Vec<ContactLine>);

fn gather(
    tx: &Tx<'_>,
    school: &SchoolId,
    list: ContactList,
    among: Option<&BTreeSet<PersonKey>>,
) -> Result<Vec<Lines>, StoreError> {
    let known = Known::read(tx, school)?;
    let mut persons = Vec::new();
    people::each_person(tx, school, |kept| {
        if among.is_none_or(|among| among.contains(&kept.person.key)) {
            let mut lines = known.lines(&kept, list);
            if !lines.is_empty() {
                lines.sort_by_key(|line| line.channel);
                let first = known.pupils_of(&kept.person).first().map(Rc::as_ref);
                persons.push((Filing::of_adult(&kept.person, first), lines));
            }
        }
        Ok(())
    })?;
    Ok(persons)
}

/// What is known beside the persons themselves.
struct Known {
    pupils: HashMap<PersonKey, Vec<Rc<Pupil>>>,
    corrections: HashMap<PersonKey, Vec<Correction>>,
}

impl Known {
    fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let mut corrections: HashMap<PersonKey, Vec<Correction>> = HashMap::new();
        for (person, correction) in corrections::all(tx, school)? {
            corrections.entry(person).or_default().push(correction);
        }
        Ok(Self { pupils: pupils_of(tx, school)?, corrections })
    }

    fn pupils_of(&self, person: &Person) -> &[Rc<Pupil>] {
        self.pupils.get(&person.key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The lines of a person on a list.
    fn lines(&self, kept: &KeptPerson, list: ContactList) -> Vec<ContactLine> {
        let about: Vec<String> =
            self.pupils_of(&kept.person).iter().map(|pupil| pupil.with_class()).collect();
        let mut lines = Vec::new();
        match list {
            ContactList::Missing => missing(kept, &about, &mut lines),
            ContactList::ToCorrect => {
                let own = self.corrections.get(&kept.person.key).into_iter().flatten();
                // Nobody can correct a chat address at its source: none has one.
                let own = own.filter(|it| it.channel() != Some(Channel::Chat));
                lines.extend(own.map(|correction| to_correct(&kept.person, &about, correction)));
            }
            _ => in_state(kept, &about, list, &mut lines),
        }
        lines
    }
}

/// The pupils of each legal representative, in the order of a list.
fn pupils_of(
    tx: &Tx<'_>,
    school: &SchoolId,
) -> Result<HashMap<PersonKey, Vec<Rc<Pupil>>>, StoreError> {
    let all = pupils::all(tx, school)?.into_iter();
    let pupils: HashMap<PupilKey, Rc<Pupil>> =
        all.map(|pupil| (pupil.key.clone(), Rc::new(pupil))).collect();
    let mut of_persons: HashMap<PersonKey, Vec<Rc<Pupil>>> = HashMap::new();
    pupils::each_guardianship(tx, school, |Guardianship { pupil, person, standing, .. }| {
        if let (Standing::LegalRepresentative, Some(pupil)) = (standing, pupils.get(&pupil)) {
            of_persons.entry(person).or_default().push(Rc::clone(pupil));
        }
        Ok(())
    })?;
    for own in of_persons.values_mut().filter(|own| own.len() > 1) {
        own.sort_by_cached_key(|pupil| Filing::of_pupil(pupil));
    }
    Ok(of_persons)
}

fn in_state(kept: &KeptPerson, about: &[String], list: ContactList, lines: &mut Vec<ContactLine>) {
    let belongs = |state: ContactState| match list {
        ContactList::NeverVerified => state == ContactState::Unverified,
        ContactList::Failing => state == ContactState::Failing,
        ContactList::Dead => state == ContactState::Dead,
        _ => true,
    };
    for kept_point in kept.points.iter().filter(|kept| belongs(kept.state)) {
        lines.push(ContactLine {
            channel: Some(kept_point.point.channel()),
            value: kept_point.point.value().to_owned(),
            source: kept_point.source,
            state: Some(kept_point.state),
            proof: kept_point.proof,
            proven_at: kept_point.proven_at,
            typed: kept_point.typed.clone(),
            ..line(&kept.person, about)
        });
    }
    if let Some(address) = kept.person.postal_address.as_ref().filter(|_| belongs(kept.post_state))
    {
        lines.push(ContactLine {
            channel: Some(Channel::Letter),
            value: address.in_one_line(),
            source: kept.person.key.source(),
            state: Some(kept.post_state),
            ..line(&kept.person, about)
        });
    }
}

/// What a guardian of a present pupil, or a member of staff, has no usable way of.
fn missing(kept: &KeptPerson, about: &[String], lines: &mut Vec<ContactLine>) {
    if kept.person.role == Role::Guardian && about.is_empty() {
        return;
    }
    let has = |channel: Channel| match channel {
        Channel::Letter => kept.person.postal_address.is_some() && kept.post_state.is_usable(),
        other => {
            kept.points.iter().any(|one| one.point.channel() == other && one.state.is_usable())
        }
    };
    let wanted: &[Channel] = match kept.person.role {
        Role::Guardian => &[Channel::Email, Channel::Sms, Channel::Letter],
        Role::Staff(_) => &[Channel::Email, Channel::Sms],
    };
    for channel in wanted.iter().copied().filter(|channel| !has(*channel)) {
        lines.push(ContactLine { channel: Some(channel), ..line(&kept.person, about) });
    }
}

fn to_correct(person: &Person, about: &[String], correction: &Correction) -> ContactLine {
    ContactLine {
        channel: correction.channel(),
        part: correction.part(),
        value: correction.becomes(),
        source: Some(Source::Hand),
        was: Some(correction.was().to_owned()),
        ..line(person, about)
    }
}

/// A line about a person, to be filled in.
fn line(person: &Person, about: &[String]) -> ContactLine {
    ContactLine {
        person: person.key.clone(),
        name: person.display_name(),
        about: about.to_vec(),
        channel: None,
        part: None,
        value: String::new(),
        source: None,
        state: None,
        proof: None,
        proven_at: None,
        typed: None,
        was: None,
    }
}
