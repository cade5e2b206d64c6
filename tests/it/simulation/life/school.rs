//! A small fictional school, and what it writes: drawn from a seed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::{About, Recipient};
use chappe::demo::stage;
use chappe::email_address::EmailAddress;
use chappe::id::Id;
use chappe::message::{Code, Message, Plan, Proof, Rung, Terms, Urgency};
use chappe::people::{Actor, Person, PersonKey, PostalAddress, Pupil, PupilKey, Role, SchoolId};
use chappe::phone_number::PhoneNumber;
use fastrand::Rng;

use super::answers::question;

/// The channels that plans are made of.
const WAYS: [Channel; 5] =
    [Channel::Ent, Channel::Email, Channel::Sms, Channel::Phone, Channel::Letter];

/// Of the guardians of a family: it is by their names that a restriction knows them.
const FIRST_NAMES: [&str; 3] = ["Inès", "Paul", "Rosa"];

/// The families of a school.
pub struct School {
    families: Vec<Vec<Recipient>>,
}

/// A message and those whom it is for.
#[derive(Clone)]
pub struct Announcement {
    pub message: Message,
    pub recipients: Vec<Recipient>,
}

impl School {
    /// A school of one to seven families.
    pub fn found(chance: &mut Rng) -> Self {
        let families = chance.usize(1..8);
        Self { families: (0..families).map(|family| household(chance, family)).collect() }
    }

    /// One of the guardians, as they can be reached now, and their child.
    pub fn somebody(&self, chance: &mut Rng) -> (Person, Pupil) {
        let family = &self.families[chance.usize(0..self.families.len())];
        on_the_roll(&family[chance.usize(0..family.len())])
    }

    /// A message of a random plan, for some of the families; one of them has moved now and then.
    pub fn announce(
        &mut self,
        chance: &mut Rng,
        school: &SchoolId,
        codes: &mut BTreeSet<String>,
        now: Moment,
    ) -> Announcement {
        if chance.u32(0..4) == 0 {
            let family = chance.usize(0..self.families.len());
            self.families[family] = household(chance, family);
        }
        let chosen = self.families.iter().filter(|_| chance.u32(0..5) > 0);
        let recipients = chosen.flatten().cloned().collect();
        Announcement { message: announcement(chance, school, codes, now), recipients }
    }
}

/// A guardian as the directory has them, and their child.
pub fn on_the_roll(to: &Recipient) -> (Person, Pupil) {
    let (first_name, family_name) = to.name.split_once(' ').expect("two names");
    let channels = [Channel::Ent, Channel::Email, Channel::Sms, Channel::Phone];
    let person = Person {
        key: to.person.clone(),
        role: Role::Guardian,
        civility: None,
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        contact_points: channels.iter().filter_map(|it| to.contact_point(*it)).collect(),
        typed: Vec::new(),
        postal_address: to.post.clone(),
        accepts_sms: true,
    };
    let pupil = Pupil {
        key: to.about[0].pupil.clone().expect("a key"),
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: "Zoé".to_owned(),
        class: Some("6A".to_owned()),
        groups: Vec::new(),
        level: None,
        left_on: None,
    };
    (person, pupil)
}

/// A message of a random plan.
fn announcement(
    chance: &mut Rng,
    school: &SchoolId,
    codes: &mut BTreeSet<String>,
    now: Moment,
) -> Message {
    let urgency = Urgency::of_lane(chance.i64(0..3)).expect("a lane");
    let code = loop {
        let code = Code::from_chance(chance.u32(..));
        if codes.insert(code.as_str().to_owned()) {
            break code;
        }
    };
    let mut message = message(school, code, plan(chance), urgency, now);
    message.question = question(&message.code);
    if chance.u32(0..4) == 0 {
        message.terms.expires_at = Some(now + Duration::from_mins(chance.u64(30..2_880)));
    }
    if chance.u32(0..4) == 0 {
        message.terms.starts_at = Some(now + Duration::from_mins(chance.u64(1..30)));
    }
    message
}

/// A message that is not launched yet.
pub fn message(
    school: &SchoolId,
    code: Code,
    plan: Plan,
    urgency: Urgency,
    launched_at: Moment,
) -> Message {
    Message {
        id: Id::new(launched_at),
        school: school.clone(),
        code,
        template: "fermeture".to_owned(),
        fields: stage::announcement(jiff::civil::date(2026, 11, 30)),
        audience: "familles".to_owned(),
        plan,
        plans: BTreeMap::new(),
        urgency,
        plain_sms: false,
        question: None,
        launched_at,
        launched_by: Actor::Program,
        terms: Terms::default(),
    }
}

/// One or two guardians of a family, who may share an address.
fn household(chance: &mut Rng, family: usize) -> Vec<Recipient> {
    let shares: Vec<Channel> = WAYS.into_iter().filter(|_| chance.u32(0..3) == 0).collect();
    let guardians = chance.usize(1..4);
    (0..guardians).map(|guardian| person(chance, family, guardian, &shares, guardians)).collect()
}

fn person(
    chance: &mut Rng,
    family: usize,
    guardian: usize,
    shares: &[Channel],
    guardians: usize,
) -> Recipient {
    let key = PersonKey(format!("simulated:{family}-{guardian}"));
    let pupil = About {
        pupil: Some(PupilKey(format!("simulated:{family}"))),
        name: format!("Zoé FAMILLE{family}"),
        class: Some("6A".to_owned()),
        level: None,
    };
    let name = format!("{} FAMILLE{family}", FIRST_NAMES[guardian]);
    let mut recipient = Recipient::without_address(key, name, None, vec![pupil]);
    for channel in WAYS.into_iter().filter(|_| chance.u32(0..3) > 0) {
        let is_shared = guardians > 1 && shares.contains(&channel);
        let number = if is_shared { family * 10 } else { family * 10 + guardian + 1 };
        give(&mut recipient, channel, number);
        if is_shared {
            recipient.shared.insert(channel, format!("{channel}:{number}"));
        }
    }
    recipient
}

/// Gives a recipient an address on a channel: the same one for the same number.
pub fn give(to: &mut Recipient, channel: Channel, number: usize) {
    let telephone = PhoneNumber::from_e164(&format!("+3363998{number:04}"));
    match channel {
        Channel::Ent => to.ent = Some(format!("account-{number}")),
        Channel::Email => {
            to.email = EmailAddress::parse(&format!("famille{number}@example.org")).ok();
        }
        Channel::Sms => to.sms = telephone,
        Channel::Phone => to.phone = telephone,
        Channel::Letter => {
            to.post = Some(PostalAddress {
                lines: vec![format!("{number} RUE DU MOULIN")],
                postcode: "31000".to_owned(),
                town: "VILLE-FICTIVE".to_owned(),
                country: None,
            });
        }
        Channel::Chat => {}
    }
}

/// One to five channels in any order, on one to five rungs.
fn plan(chance: &mut Rng) -> Plan {
    let mut ways = WAYS.to_vec();
    chance.shuffle(&mut ways);
    ways.truncate(chance.usize(1..=WAYS.len()));
    let mut rungs: Vec<Vec<Channel>> = Vec::new();
    for way in ways {
        match rungs.last_mut() {
            Some(rung) if chance.u32(0..3) == 0 => rung.push(way),
            _ => rungs.push(vec![way]),
        }
    }
    let rungs = rungs.into_iter().map(|channels| {
        let enough = if chance.bool() { Proof::Accepted } else { Proof::Delivered };
        Rung::new(channels, enough, Duration::from_mins(chance.u64(5..360)))
    });
    Plan::new("simulated", rungs.collect()).expect("a plan of one to five channels")
}
