//! From those whom a rule means to recipients: where each can be written to now.
//!
//! They are read a few at a time, family by family: a launch to a whole département takes hardly more memory than one
//! to a class, and an address can only be shared within a family.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};

use super::selection::Chosen;
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::people::{
    Connectivity, ContactPoint, Mark, Person, PersonKey, PostalAddress, Profile, Restrictions,
    SchoolId,
};
use crate::store::{Store, StoreError, Tx, households, people, restrictions};

/// What decides where people are written to, beside their own addresses.
pub(super) struct WayRules {
    restrictions: Restrictions,
    /// What is known of households, each kept with one of its persons at least.
    homes: HashMap<PersonKey, HomeFacts>,
}

/// What of a household decides how it is written to.
#[derive(Clone)]
struct HomeFacts {
    connectivity: Connectivity,
    large_print: bool,
    pick_up: Option<String>,
}

impl WayRules {
    pub(super) fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let profiles = households::profiles(tx, school)?.into_iter();
        Ok(Self {
            restrictions: restrictions::all(tx, school)?,
            homes: profiles.map(|(it, profile)| (it, HomeFacts::of(profile))).collect(),
        })
    }
}

/// Hands over the recipient for each of `chosen`, with its number among them; families stay together.
pub fn each_recipient(
    tx: &Tx<'_>,
    school: &SchoolId,
    chosen: &[Chosen],
    take: impl FnMut(usize, Recipient) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    // What was noted since they were chosen holds as well.
    let rules = WayRules::read(tx, school)?;
    let numbers = by_family(chosen);
    let people = numbers.chunks(people::AT_ONCE).flat_map(|some| {
        let keys: Vec<&PersonKey> = some.iter().map(|number| &chosen[*number].person).collect();
        read(tx, school, &keys)
    });
    each_family(chosen, &numbers, &rules, people, take)
}

/// The same of people who are known.
pub(super) fn each_of<'p>(
    chosen: &[Chosen],
    rules: &WayRules,
    person: impl Fn(&PersonKey) -> Option<&'p Person>,
    take: impl FnMut(usize, Recipient) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let numbers = by_family(chosen);
    let people = numbers.iter().map(|number| person(&chosen[*number].person).ok_or_else(gone));
    each_family(chosen, &numbers, rules, people, take)
}

fn by_family(chosen: &[Chosen]) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..chosen.len()).collect();
    numbers.sort_by_key(|number| (chosen[*number].family, *number));
    numbers
}

fn each_family(
    chosen: &[Chosen],
    numbers: &[usize],
    rules: &WayRules,
    mut people: impl Iterator<Item = Result<impl Borrow<Person>, StoreError>>,
    mut take: impl FnMut(usize, Recipient) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let WayRules { restrictions, homes } = rules;
    for family in numbers.chunk_by(|a, b| chosen[*a].family == chosen[*b].family) {
        let mut numbers = Vec::with_capacity(family.len());
        let mut recipients = Vec::with_capacity(family.len());
        for number in family {
            let person = people.next().transpose()?.ok_or_else(gone)?;
            let recipient = recipient(person.borrow(), chosen[*number].about.clone(), restrictions);
            if let Some(recipient) = recipient.allowed(restrictions).of(recipient) {
                recipients.push(recipient);
                numbers.push(*number);
            }
        }
        mark_shared(&mut recipients, &numbers);
        mark_homes(&mut recipients, homes);
        for (number, recipient) in numbers.into_iter().zip(recipients) {
            take(number, recipient)?;
        }
    }
    Ok(())
}

/// The recipients for all of `chosen`, in their order.
pub async fn recipients(
    store: &Store,
    school: &SchoolId,
    chosen: Vec<Chosen>,
) -> Result<Vec<Recipient>, StoreError> {
    let school = school.clone();
    store
        .read(move |tx| {
            let mut all = BTreeMap::new();
            each_recipient(tx, &school, &chosen, |number, recipient| {
                all.insert(number, recipient);
                Ok(())
            })?;
            Ok(all.into_values().collect())
        })
        .await
}

/// Adults in the order of their keys, of which one may come again.
fn read(tx: &Tx<'_>, school: &SchoolId, keys: &[&PersonKey]) -> Vec<Result<Person, StoreError>> {
    match people::some(tx, school, keys) {
        Ok(found) => keys.iter().map(|key| found.get(*key).cloned().ok_or_else(gone)).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn gone() -> StoreError {
    StoreError::Unreadable("a person who is gone".to_owned())
}

/// The person with the first usable way on each channel. A family that declined SMS is reached
/// otherwise (SIECLE `ACCEPTE_SMS`).
fn recipient(person: &Person, about: Vec<About>, restrictions: &Restrictions) -> Recipient {
    let name = person.display_name();
    let mut recipient = Recipient {
        post: person.postal_address.clone(),
        ..Recipient::without_address(person.key.clone(), name, person.civility, about)
    };
    for point in &person.contact_points {
        // Another one of theirs may do.
        if is_spoilt(point, &recipient.about, restrictions) {
            continue;
        }
        match point {
            ContactPoint::Ent(id) => keep_first(&mut recipient.ent, || id.clone().into()),
            ContactPoint::Email(address) => keep_first(&mut recipient.email, || address.clone()),
            ContactPoint::Sms(number) => keep_first(&mut recipient.sms, || number.clone()),
            ContactPoint::Phone(number) => keep_first(&mut recipient.phone, || number.clone()),
            ContactPoint::Chat(address) => keep_first(&mut recipient.chat, || address.clone()),
        }
    }
    recipient.sms = recipient.sms.filter(|_| person.accepts_sms);
    recipient
}

fn keep_first<T>(place: &mut Option<T>, found: impl FnOnce() -> T) {
    place.get_or_insert_with(found);
}

fn is_spoilt(point: &ContactPoint, about: &[About], restrictions: &Restrictions) -> bool {
    !restrictions.is_empty() && {
        let mark = Mark::of_point(point);
        about.iter().any(|pupil| restrictions.spoil(pupil.which(), &mark))
    }
}

/// Gives those of one family who share an address on a channel the same key for it, when the copy
/// there says the same to them: one about another pupil must not stand in for theirs.
fn mark_shared(family: &mut [Recipient], numbers: &[usize]) {
    if family.len() < 2 {
        return;
    }
    for channel in Channel::ALL {
        let copies = family.iter().enumerate().filter_map(|(at, recipient)| {
            Some((address(recipient, channel)?, recipient.about.as_slice(), at))
        });
        let mut copies: Vec<(String, &[About], usize)> = copies.collect();
        copies.sort_unstable();
        let same = copies.chunk_by(|(one, of, _), (other, too, _)| one == other && of == too);
        let shared = same.filter(|sharers| sharers.len() > 1);
        let shared: Vec<Vec<usize>> =
            shared.map(|sharers| sharers.iter().map(|(_, _, at)| *at).collect()).collect();
        for sharers in shared {
            let key = format!("{channel}|{}", numbers[sharers[0]]);
            for at in &sharers {
                let others = sharers.iter().filter(|other| *other != at);
                let persons = others.flat_map(|other| family[*other].persons());
                let greeted_too = persons.map(|(civility, _)| civility).collect();
                family[*at].greeted_too.insert(channel, greeted_too);
                family[*at].shared.insert(channel, key.clone());
            }
        }
    }
}

impl HomeFacts {
    fn of(profile: Profile) -> Self {
        let Profile { connectivity, large_print, pick_up, .. } = profile;
        Self { connectivity, large_print, pick_up }
    }
}

/// Tells what is known of each household, by what is kept with them or with whom they live.
fn mark_homes(family: &mut [Recipient], kept: &HashMap<PersonKey, HomeFacts>) {
    if kept.is_empty() {
        return;
    }
    let place = |recipient: &Recipient| recipient.post.as_ref().and_then(PostalAddress::place);
    let mut of_places: HashMap<u64, &HomeFacts> = HashMap::new();
    for recipient in family.iter() {
        if let (Some(place), Some(own)) = (place(recipient), kept.get(&recipient.person)) {
            of_places.entry(place).or_insert(own);
        }
    }
    for recipient in family {
        let with_them = || place(recipient).and_then(|place| of_places.get(&place).copied());
        if let Some(home) = kept.get(&recipient.person).or_else(with_them) {
            recipient.connectivity = Some(home.connectivity);
            recipient.large_print = home.large_print;
            recipient.pick_up.clone_from(&home.pick_up);
        }
    }
}

/// An address such that equal ones lead to the same place; an account is one person's.
fn address(recipient: &Recipient, channel: Channel) -> Option<String> {
    match channel {
        Channel::Letter => Some(recipient.post.as_ref()?.place()?.to_string()),
        Channel::Ent | Channel::Chat => None,
        other => Some(recipient.contact_point(other)?.value().to_lowercase()),
    }
}
