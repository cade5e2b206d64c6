//! A small town of fictional families, written down as people would tell it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chappe::audience::{self, Chosen, LeftOut, Memory, Rule, Selection};
use chappe::clock::Moment;
use chappe::delivery::{About, Recipient};
use chappe::directory;
use chappe::email_address::EmailAddress;
use chappe::import::{Covers, Reading};
use chappe::people::{
    By, Civility, ContactPoint, Duties, Guardianship, Person, PersonKey, PostalAddress, Profile,
    Pupil, PupilKey, RestrictedTie, Restriction, Role, SchoolId, Standing,
};
use chappe::phone_number::PhoneNumber;
use chappe::store::{Store, Tx, households, restrictions};
use jiff::civil::{Date, date};
use tempfile::TempDir;

use crate::databases;

/// The day on which all of it happens.
pub const TODAY: Date = date(2026, 3, 16);
pub const NOW: Moment = Moment(1_773_644_400_000);

pub fn school() -> SchoolId {
    SchoolId::parse("0319999Z").unwrap()
}

/// People who are still to be imported.
#[derive(Default)]
pub struct Town {
    pub reading: Reading,
    restrictions: Vec<RestrictedTie>,
    profiles: Vec<(PersonKey, Profile)>,
}

/// Imported people.
pub struct Settled {
    _folder: TempDir,
    pub store: Store,
    /// What was read stays in memory, over all that a test changes.
    memory: Arc<Memory>,
    pub persons: Vec<Person>,
    pub pupils: Vec<Pupil>,
}

impl Town {
    /// Adults, one a line: `Inès DURAND: ent mail=ines mobile=01 home=LILAS no-sms`.
    pub fn adults(mut self, lines: &str) -> Self {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, ways) = line.split_once(':').unwrap();
            let person = person(name, ways, Role::Guardian);
            self.reading.persons.push(person);
        }
        self
    }

    /// Staff, one a line: `Anne LEROY: ENS pp=6A teaches=6A,5B skills=arabe mobile=09`.
    pub fn staff(mut self, lines: &str) -> Self {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, words) = line.split_once(':').unwrap();
            let mut duties = Duties::default();
            for word in words.split_whitespace() {
                let list = |values: &str| values.split(',').map(str::to_owned).collect();
                match word.split_once('=') {
                    Some(("pp", classes)) => duties.form_teacher_of = list(classes),
                    Some(("teaches", classes)) => duties.teaches = list(classes),
                    Some(("skills", skills)) => duties.skills = list(skills),
                    Some(_) => {}
                    None => duties.function = word.replace('_', " "),
                }
            }
            let mut person = person(name, words, Role::Staff(Box::new(duties)));
            person.key = PersonKey(format!("sts:{name}"));
            self.reading.persons.push(person);
        }
        self
    }

    /// Pupils, one a line: `Zoé DURAND 6A 6LATIN: Inès DURAND, Paul DURAND`. After a name may stand
    /// `(charge)`, `(urgence)`, `(soi)`; a pupil who left is `parti`.
    pub fn pupils(mut self, lines: &str) -> Self {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (pupil, guardians) = line.split_once(':').unwrap();
            let words: Vec<&str> = pupil.split_whitespace().collect();
            let key = PupilKey(format!("siecle:{} {}", words[0], words[1]));
            let class = words.get(2).map(|class| class.replace('_', " "));
            for guardian in guardians.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let (name, standing, kinship) = standing(guardian);
                self.reading.guardianships.push(Guardianship {
                    pupil: key.clone(),
                    person: key_of(name),
                    standing,
                    kinship,
                });
            }
            self.reading.pupils.push(Pupil {
                key,
                first_name: words[0].to_owned(),
                family_name: words[1].to_owned(),
                usage_name: None,
                level: class.as_deref().and_then(level),
                class,
                groups: words[words.len().min(3)..]
                    .iter()
                    .filter(|word| **word != "parti")
                    .map(|word| (*word).to_owned())
                    .collect(),
                left_on: words.contains(&"parti").then_some(date(2026, 3, 2)),
            });
        }
        self
    }

    /// Nothing about this pupil goes to this guardian.
    pub fn restricted(mut self, pupil: &str, person: &str, why: Restriction) -> Self {
        self.restrictions.push(RestrictedTie {
            pupil: PupilKey(format!("siecle:{pupil}")),
            person: key_of(person),
            why,
            note: "jugement du 3 février 2026".to_owned(),
        });
        self
    }

    pub fn profile(mut self, person: &str, profile: Profile) -> Self {
        self.profiles.push((key_of(person), profile));
        self
    }

    /// Imports them all.
    pub async fn settle(self) -> Settled {
        let folder = TempDir::new().unwrap();
        let store = databases::store(folder.path());
        let covers = Covers { pupils: true, guardians: true, staff: true };
        let reading = Reading { covers, ..self.reading };
        let (persons, pupils) = (reading.persons.clone(), reading.pupils.clone());
        let diff = directory::diff(&store, &school(), reading).await.unwrap();
        directory::apply(&store, &school(), &diff, By::program(NOW)).await.unwrap();
        let (restrictions, profiles) = (self.restrictions, self.profiles);
        let noted = store.write(move |tx| {
            for tie in &restrictions {
                restrictions::put(tx, &school(), tie, &By::program(NOW))?;
            }
            for (person, profile) in &profiles {
                households::put_profile(tx, &school(), person, profile, NOW)?;
            }
            Ok(())
        });
        noted.await.unwrap();
        Settled { _folder: folder, store, memory: Arc::default(), persons, pupils }
    }
}

impl Settled {
    pub async fn find(&self, rule: &str) -> Result<Selection, audience::AudienceError> {
        let rule: Rule = rule.parse()?;
        let found = audience::find(&self.store, &school(), &rule, TODAY).await;
        let known = self.memory.find(&self.store, &school(), &rule, TODAY).await;
        match (&found, &known) {
            (Ok(found), Ok(known)) => {
                assert_eq!(known.chosen, found.chosen, "{rule} out of memory");
                assert!(known.left_out == found.left_out, "{rule} out of memory");
                assert_eq!(known.households, found.households, "{rule} out of memory");
            }
            (Err(found), Err(known)) => assert_eq!(known.to_string(), found.to_string()),
            _ => panic!("{rule}: out of memory {known:?}, but {found:?}"),
        }
        found
    }

    /// Whom a rule means, by name and in order.
    pub async fn named(&self, rule: &str) -> Vec<String> {
        self.recipients(rule).await.0.into_iter().map(|recipient| recipient.name).collect()
    }

    /// Each whom a rule means with the pupils whom it is about: `Inès DURAND — Zoé DURAND (6A)`.
    pub async fn told(&self, rule: &str) -> Vec<String> {
        let recipients = self.recipients(rule).await.0;
        recipients.iter().map(|it| format!("{} — {}", it.name, about(it))).collect()
    }

    pub async fn recipients(&self, rule: &str) -> (Vec<Recipient>, Vec<LeftOut>) {
        let Selection { chosen, left_out, .. } = match self.find(rule).await {
            Ok(selection) => selection,
            Err(refused) => panic!("{rule}: {refused}"),
        };
        let recipients =
            audience::recipients(&self.store, &school(), chosen.clone()).await.unwrap();
        assert!(self.known_recipients(chosen).await == recipients, "{rule} out of memory");
        (recipients, left_out)
    }

    async fn known_recipients(&self, chosen: Vec<Chosen>) -> Vec<Recipient> {
        let memory = Arc::clone(&self.memory);
        let look = move |tx: &Tx<'_>| {
            let mut all = BTreeMap::new();
            memory.each_recipient(tx, &school(), &chosen, |number, recipient| {
                all.insert(number, recipient);
                Ok(())
            })?;
            Ok(all.into_values().collect())
        };
        self.store.read(look).await.unwrap()
    }

    /// Why a rule is refused.
    pub async fn refusal(&self, rule: &str) -> String {
        match self.find(rule).await {
            Ok(selection) => panic!("{rule} means {} recipients", selection.chosen.len()),
            Err(refused) => refused.to_string(),
        }
    }

    pub fn person(&self, key: &PersonKey) -> &Person {
        self.persons.iter().find(|person| person.key == *key).unwrap()
    }
}

/// `Zoé DURAND (6A), Léo DURAND (3B)`.
pub fn about(recipient: &Recipient) -> String {
    recipient.about.iter().map(About::with_class).collect::<Vec<_>>().join(", ")
}

pub fn key_of(name: &str) -> PersonKey {
    PersonKey(format!("siecle:{name}"))
}

/// The streets of those who are told apart by them.
pub fn streets(persons: &[&Person]) -> BTreeSet<String> {
    persons
        .iter()
        .flat_map(|person| &person.postal_address)
        .flat_map(|it| it.lines.clone())
        .collect()
}

fn person(name: &str, ways: &str, role: Role) -> Person {
    let (first_name, family_name) = name.split_once(' ').unwrap();
    let mut person = Person {
        key: key_of(name),
        role,
        civility: Some(Civility::Mme),
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: !ways.contains("no-sms"),
    };
    for way in ways.split_whitespace() {
        match way.split_once('=') {
            Some(("mail", name)) => {
                let address = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
                person.contact_points.push(ContactPoint::Email(address));
            }
            Some(("mobile", number)) => {
                let number = PhoneNumber::parse(&format!("06 39 98 00 {number}"), "FR").unwrap();
                person.contact_points.push(ContactPoint::Sms(number.clone()));
                person.contact_points.push(ContactPoint::Phone(number));
            }
            Some(("home", street)) => person.postal_address = Some(home(street)),
            None if way == "ent" => {
                person.contact_points.push(ContactPoint::Ent(format!("ent-{first_name}").into()));
            }
            _ => {}
        }
    }
    person
}

/// `LILAS` and `lilas` are one house, as two hands write it.
fn home(street: &str) -> PostalAddress {
    let is_loud = street.chars().all(char::is_uppercase);
    let line =
        if is_loud { format!("12 RUE DES {street}") } else { format!("12, rue des {street}") };
    PostalAddress {
        lines: vec![line],
        postcode: "31999".to_owned(),
        town: if is_loud { "VALCLAIR" } else { "Valclair" }.to_owned(),
        country: None,
    }
}

fn standing(guardian: &str) -> (&str, Standing, u8) {
    let (name, standing) = guardian.split_once(" (").unwrap_or((guardian, ""));
    match standing {
        "charge)" => (name, Standing::Caretaker, 38),
        "urgence)" => (name, Standing::EmergencyContact, 39),
        "soi)" => (name, Standing::LegalRepresentative, Guardianship::ONESELF),
        _ => (name, Standing::LegalRepresentative, 10),
    }
}

/// `6A` is of the level `6e`, `CM1 A` of `CM1`.
fn level(class: &str) -> Option<String> {
    let first = class.chars().next()?;
    let level = class.split(' ').next()?;
    Some(if first.is_ascii_digit() { format!("{first}e") } else { level.to_owned() })
}
