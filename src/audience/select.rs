//! From the rule to the recipients.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use super::family::families;
use super::rule::{Base, Rule};
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::directory::{Roll, first_point};
use crate::people::{
    ContactPoint, Guardianship, Person, PersonKey, Pupil, PupilKey, Role, Standing,
};

/// The recipients of a rule.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Each once, in the order of their first pupil's class and name.
    pub recipients: Vec<Recipient>,
    /// Pupils and persons whom the rule means and nobody can be written to for.
    pub left_out: Vec<LeftOut>,
}

/// Somebody left out, and why: a human must see to them.
#[derive(Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Who.
    pub name: String,
    /// Why, in French.
    pub reason: String,
}

impl std::fmt::Debug for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LeftOut({})", self.reason)
    }
}

/// Everybody whom `rule` means: for families, **all** legal representatives of each pupil who has not
/// left by `today`.
#[must_use]
pub fn select(roll: &Roll, rule: &Rule, today: Date) -> Selection {
    let mut selection = match rule.base {
        Base::Families => select_families(roll, rule, today),
        Base::Staff => select_staff(roll, rule),
    };
    mark_shared(roll, &mut selection.recipients);
    selection
}

fn select_families(roll: &Roll, rule: &Rule, today: Date) -> Selection {
    let meant = |pupil: &&Pupil| {
        pupil.left_on.is_none_or(|last_day| last_day > today)
            && rule.includes(pupil.class.as_deref(), pupil.level.as_deref())
    };
    let mut pupils: Vec<&Pupil> = roll.pupils.values().filter(meant).collect();
    pupils.sort_by_cached_key(|pupil| (pupil.class.clone(), pupil.display_name()));

    let persons: HashMap<&PersonKey, &Person> =
        roll.persons.iter().map(|person| (&person.key, person)).collect();
    let mut guardians: HashMap<&PupilKey, Vec<&Guardianship>> = HashMap::new();
    for link in representatives(roll) {
        guardians.entry(&link.pupil).or_default().push(link);
    }

    let mut selection = Selection::default();
    let mut places: HashMap<&PersonKey, usize> = HashMap::new();
    for pupil in pupils {
        let links = guardians.get(&pupil.key).map_or(&[][..], Vec::as_slice);
        let present = links.iter().filter_map(|link| persons.get(&link.person));
        let mut found = false;
        for person in present {
            found = true;
            let place = *places.entry(&person.key).or_insert_with(|| {
                selection.recipients.push(recipient(person));
                selection.recipients.len() - 1
            });
            selection.recipients[place].about.push(about(pupil));
        }
        if !found {
            selection.left_out.push(LeftOut {
                name: pupil.display_name(),
                reason: "aucun représentant légal connu".to_owned(),
            });
        }
    }
    selection
}

fn representatives(roll: &Roll) -> impl Iterator<Item = &Guardianship> {
    roll.guardianships.iter().filter(|link| link.standing == Standing::LegalRepresentative)
}

fn select_staff(roll: &Roll, rule: &Rule) -> Selection {
    let meant = |person: &&Person| match &person.role {
        Role::Guardian => false,
        Role::Staff { form_teacher_of, .. } => {
            !rule.is_narrowed()
                || form_teacher_of.iter().any(|class| rule.includes(Some(class), None))
        }
    };
    let mut staff: Vec<&Person> = roll.persons.iter().filter(meant).collect();
    staff.sort_by_cached_key(|person| (person.family_name.clone(), person.first_name.clone()));
    Selection { recipients: staff.into_iter().map(recipient).collect(), left_out: Vec::new() }
}

fn about(pupil: &Pupil) -> About {
    About { name: pupil.display_name(), class: pupil.class.clone() }
}

/// The person with the first usable way on each channel. A family that declined SMS is reached
/// otherwise (SIECLE `ACCEPTE_SMS`).
fn recipient(person: &Person) -> Recipient {
    let point = |channel| first_point(person, channel).cloned();
    let number = |channel| match point(channel) {
        Some(ContactPoint::Sms(number) | ContactPoint::Phone(number)) => Some(number),
        _ => None,
    };
    Recipient {
        person: person.key.clone(),
        name: person.display_name(),
        civility: person.civility,
        about: Vec::new(),
        ent: point(Channel::Ent).map(|point| point.value().to_owned()),
        email: match point(Channel::Email) {
            Some(ContactPoint::Email(address)) => Some(address),
            _ => None,
        },
        sms: number(Channel::Sms).filter(|_| person.accepts_sms),
        phone: number(Channel::Phone),
        post: person.postal_address.clone(),
        shared: BTreeMap::new(),
    }
}

/// Gives those of one family who share an address on a channel the same key for it.
fn mark_shared(roll: &Roll, recipients: &mut [Recipient]) {
    let links: Vec<&Guardianship> = representatives(roll).collect();
    let families = families(&links);
    let key = |recipient: &Recipient, channel: Channel| {
        let family = families.get(&recipient.person)?;
        let address = match channel {
            Channel::Letter => {
                let post = recipient.post.as_ref()?;
                format!("{}/{}/{}", post.lines.join("/"), post.postcode, post.town).to_uppercase()
            }
            // An account is one person's.
            Channel::Ent | Channel::Chat => return None,
            other => recipient.contact_point(other)?.value().to_lowercase(),
        };
        Some(format!("{channel}|{family}|{address}"))
    };
    for channel in Channel::ALL {
        let mut seen = HashSet::new();
        let keys = recipients.iter().filter_map(|recipient| key(recipient, channel));
        let shared: HashSet<String> = keys.filter(|key| !seen.insert(key.clone())).collect();
        if shared.is_empty() {
            continue;
        }
        for recipient in recipients.iter_mut() {
            if let Some(key) = key(recipient, channel).filter(|key| shared.contains(key)) {
                recipient.shared.insert(channel, key);
            }
        }
    }
}
