//! Contacts that work: which do, which do not, which are missing, and what the office puts right by hand.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use serde::Serialize;

use super::diff::BY_HAND;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::email_address::EmailAddress;
use crate::message::Proof;
use crate::people::{
    Act, By, ContactPoint, ContactState, Correction, Filing, Guardianship, Person, PersonKey,
    PostalAddress, Pupil, PupilKey, Role, SchoolId, Standing,
};
use crate::phone_number::PhoneNumber;
use crate::store::contact_points::Given;
use crate::store::people::KeptPerson;
use crate::store::{Store, StoreError, Tx, contact_points, corrections, journal, people, pupils};

/// A list of contacts for the office to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// On which channel.
    pub channel: Channel,
    /// The address or the number; empty for one that is missing.
    pub value: String,
    /// Where we have it from: `siecle`, `sts`, `table`, `ent`, `hand`.
    pub source: String,
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
        write!(f, "ContactLine({}, {})", self.person.0, self.channel)
    }
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

/// Where a person stands in a list, and their lines of it.
type Lines = (Filing, Vec<ContactLine>);

/// What the office says is right.
#[derive(Debug, Clone)]
pub enum Right {
    /// An e-mail address, in the place of `was`; `None` when there is none any more.
    Email {
        /// The one that is wrong; may be left out when there is one at most.
        was: Option<EmailAddress>,
        /// The right one.
        is: Option<EmailAddress>,
    },
    /// A telephone number, likewise.
    Phone {
        /// The one that is wrong; may be left out when there is one at most.
        was: Option<PhoneNumber>,
        /// The right one.
        is: Option<PhoneNumber>,
    },
    /// The postal address.
    Post(PostalAddress),
}

/// Why a contact cannot be put right. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// The one that is said to be wrong is none of the person's.
    #[error("the person has no such address or number; nothing was changed")]
    NotTheirs,
    /// There are several, and it is not said which one is wrong.
    #[error("the person has several, and which one is wrong was not said; nothing was changed")]
    Which,
    /// There is none to take away.
    #[error("the person has none; nothing was changed")]
    None,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Keeps what the office knows better, at once and over every import to come.
pub async fn correct(
    store: &Store,
    school: &SchoolId,
    person: &PersonKey,
    right: Right,
    by: By,
) -> Result<(), CorrectError> {
    let (school, person, now) = (school.clone(), person.clone(), by.at);
    let refused = store
        .write(move |tx| {
            let kept = kept_points(tx, &school, &person)?;
            let correction = match correction(&kept, right) {
                Ok(correction) => correction,
                Err(refused) => return Ok(Some(refused)),
            };
            put_right(tx, &school, &person, &correction, now)?;
            journal::note(tx, &school, &by, Act::CorrectContact, &person.0)?;
            let earlier = corrections::all(tx, &school)?;
            let mut own = earlier.iter().filter(|(whose, _)| *whose == person);
            let correction = match own.find_map(|(_, it)| it.followed_by(&correction)) {
                Some((earlier, both)) => {
                    corrections::forget(tx, &school, &person, &earlier)?;
                    both
                }
                None => correction,
            };
            if !correction.says_nothing() {
                corrections::put(tx, &school, &person, &correction, now)?;
            }
            Ok(None)
        })
        .await?;
    refused.map_or(Ok(()), Err)
}

fn kept_points(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Vec<ContactPoint>, StoreError> {
    let mut found = Vec::new();
    people::each_person(tx, school, |kept| {
        if kept.person.key == *person {
            found = kept.points.into_iter().map(|kept| kept.point).collect();
        }
        Ok(())
    })?;
    Ok(found)
}

/// What is to be kept, once it is clear what is replaced.
fn correction(kept: &[ContactPoint], right: Right) -> Result<Correction, CorrectError> {
    match right {
        Right::Email { was, is } => {
            let known = kept.iter().filter_map(|point| match point {
                ContactPoint::Email(address) => Some(address.clone()),
                _ => None,
            });
            let was = replaced(&known.collect::<Vec<_>>(), was, is.is_none())?;
            Ok(Correction::Email { was, becomes: is })
        }
        Right::Phone { was, is } => {
            let known = kept.iter().filter_map(|point| match point {
                ContactPoint::Phone(number) => Some(number.clone()),
                _ => None,
            });
            let was = replaced(&known.collect::<Vec<_>>(), was, is.is_none())?;
            Ok(Correction::Phone { was, becomes: is })
        }
        Right::Post(address) => Ok(Correction::Post(address)),
    }
}

/// Which of the known ones is wrong.
fn replaced<T: PartialEq + Clone>(
    known: &[T],
    was: Option<T>,
    is_taken_away: bool,
) -> Result<Option<T>, CorrectError> {
    match (was, known) {
        (Some(was), known) if known.contains(&was) => Ok(Some(was)),
        (Some(_), _) => Err(CorrectError::NotTheirs),
        (None, [only]) => Ok(Some(only.clone())),
        (None, []) if is_taken_away => Err(CorrectError::None),
        (None, []) => Ok(None),
        (None, _) => Err(CorrectError::Which),
    }
}

/// Puts a correction over what is kept now; the source's next word will be corrected as it comes.
fn put_right(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
    correction: &Correction,
    now: Moment,
) -> Result<(), StoreError> {
    if let Correction::Post(address) = correction {
        let Some(person) = people::person(tx, school, key)? else { return Ok(()) };
        let postal_address = Some(address.clone());
        return people::put_person(tx, school, &Person { postal_address, ..person });
    }
    let (gone, new): (Vec<ContactPoint>, Vec<ContactPoint>) = match correction {
        Correction::Email { was, becomes } => (
            was.iter().cloned().map(ContactPoint::Email).collect(),
            becomes.iter().cloned().map(ContactPoint::Email).collect(),
        ),
        Correction::Phone { was, becomes } => (
            was.iter().flat_map(ContactPoint::of_phone).collect(),
            becomes.iter().flat_map(ContactPoint::of_phone).collect(),
        ),
        Correction::Post(_) => (Vec::new(), Vec::new()),
    };
    for point in &gone {
        contact_points::forget(tx, school, key, point)?;
    }
    for point in &new {
        contact_points::make_room(tx, school, key, point.channel())?;
        let given = Given { rank: 0, source: BY_HAND, typed: None };
        contact_points::put(tx, school, key, point, &given, now)?;
    }
    Ok(())
}

fn gather(
    tx: &Tx<'_>,
    school: &SchoolId,
    list: ContactList,
    among: Option<&BTreeSet<PersonKey>>,
) -> Result<Vec<Lines>, StoreError> {
    let pupils = pupils_of(tx, school)?;
    let corrected = corrections::all(tx, school)?;
    let mut persons = Vec::new();
    people::each_person(tx, school, |kept| {
        if among.is_none_or(|among| among.contains(&kept.person.key)) {
            let own = pupils.get(&kept.person.key).map(Vec::as_slice).unwrap_or_default();
            let about: Vec<String> = own.iter().map(|pupil| pupil.with_class()).collect();
            let corrected = corrected.iter().filter(|(person, _)| *person == kept.person.key);
            let mut lines = Vec::new();
            match list {
                ContactList::Missing => missing(&kept, &about, &mut lines),
                ContactList::ToCorrect => lines.extend(
                    corrected.map(|(_, correction)| to_correct(&kept.person, &about, correction)),
                ),
                _ => in_state(&kept, &about, list, &mut lines),
            }
            if !lines.is_empty() {
                lines.sort_by_key(|line| line.channel);
                let first = own.first().map(Rc::as_ref);
                persons.push((Filing::of_adult(&kept.person, first), lines));
            }
        }
        Ok(())
    })?;
    Ok(persons)
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
            channel: kept_point.point.channel(),
            value: kept_point.point.value().to_owned(),
            source: kept_point.source.clone(),
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
            value: address.in_one_line(),
            source: kept.person.key.source().to_owned(),
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
        lines.push(ContactLine { channel, ..line(&kept.person, about) });
    }
}

fn to_correct(person: &Person, about: &[String], correction: &Correction) -> ContactLine {
    ContactLine {
        channel: correction.channel(),
        value: correction.becomes(),
        source: BY_HAND.to_owned(),
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
        channel: Channel::Letter,
        value: String::new(),
        source: String::new(),
        state: None,
        proof: None,
        proven_at: None,
        typed: None,
        was: None,
    }
}
