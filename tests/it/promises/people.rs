//! Small fictional families, made by hand.

use chappe::demo::ent::EntAccount;
use chappe::email_address::EmailAddress;
use chappe::import::{Covers, Reading};
use chappe::people::{
    Civility, ContactPoint, Guardianship, Person, PersonKey, PostalAddress, Pupil, PupilKey, Role,
    Standing,
};
use chappe::phone_number::PhoneNumber;

/// A way to reach somebody.
#[derive(Clone, Copy)]
pub enum Way {
    /// An account in the ENT, in use.
    Account,
    /// An account that was never opened.
    UnopenedAccount,
    /// A mailbox.
    Email(&'static str),
    /// A mobile number, for SMS and calls.
    Mobile(&'static str),
    /// A street of the town.
    Home(&'static str),
}

/// The people of a school, and how its SMS service treats their numbers.
#[derive(Default)]
pub struct People {
    pub reading: Reading,
    pub accounts: Vec<EntAccount>,
    /// Numbers (E.164) whose messages do not arrive.
    pub failing: Vec<String>,
    /// What these numbers (E.164) answer.
    pub replies: Vec<(String, String)>,
}

impl People {
    pub fn none() -> Self {
        let reading = Reading {
            covers: Covers { pupils: true, guardians: true, staff: true },
            ..Reading::default()
        };
        Self { reading, ..Self::default() }
    }

    /// Somebody's mother: `Ines DURAND`.
    pub fn guardian(&mut self, name: &str, ways: &[Way]) -> PersonKey {
        let number = self.reading.persons.len() + 1;
        let (first_name, family_name) = name.split_once(' ').unwrap();
        let mut person = Person {
            key: PersonKey(format!("siecle:{number}")),
            role: Role::Guardian,
            civility: Some(Civility::Mme),
            family_name: family_name.to_owned(),
            usage_name: None,
            first_name: first_name.to_owned(),
            contact_points: Vec::new(),
            typed: Vec::new(),
            postal_address: None,
            accepts_sms: true,
        };
        for way in ways {
            match way {
                Way::Account | Way::UnopenedAccount => {
                    let id = format!("ent-{number}");
                    person.contact_points.push(ContactPoint::Ent(id.as_str().into()));
                    self.accounts.push(EntAccount {
                        id,
                        display_name: person.display_name(),
                        profile: "Relative".to_owned(),
                        active: matches!(way, Way::Account),
                        children: Vec::new(),
                    });
                }
                Way::Email(typed) => {
                    let address = EmailAddress::parse(typed).unwrap();
                    person.contact_points.push(ContactPoint::Email(address));
                }
                Way::Mobile(typed) => {
                    let number = PhoneNumber::parse(typed, "FR").unwrap();
                    person.contact_points.push(ContactPoint::Sms(number.clone()));
                    person.contact_points.push(ContactPoint::Phone(number));
                }
                Way::Home(street) => person.postal_address = Some(home(street)),
            }
        }
        let key = person.key.clone();
        self.reading.persons.push(person);
        key
    }

    /// Their child: `Zoe DURAND`, in `6A`.
    pub fn pupil(&mut self, name: &str, class: &str, guardians: &[&PersonKey]) {
        let key = PupilKey(format!("siecle:{}", self.reading.pupils.len() + 1));
        let (first_name, family_name) = name.split_once(' ').unwrap();
        self.reading.guardianships.extend(guardians.iter().map(|person| Guardianship {
            pupil: key.clone(),
            person: (*person).clone(),
            standing: Standing::LegalRepresentative,
            kinship: 10,
        }));
        self.reading.pupils.push(Pupil {
            key,
            family_name: family_name.to_owned(),
            usage_name: None,
            first_name: first_name.to_owned(),
            class: Some(class.to_owned()),
            groups: Vec::new(),
            level: Some("6e".to_owned()),
            left_on: None,
        });
    }

    /// A guardian and an only child of the same name, in `6A`.
    pub fn family(&mut self, name: &str, ways: &[Way]) -> PersonKey {
        let key = self.guardian(name, ways);
        let (_, family_name) = name.split_once(' ').unwrap();
        self.pupil(&format!("Zoe {family_name}"), "6A", &[&key]);
        key
    }

    /// So many families of one guardian each, with an account, a mailbox, or both.
    pub fn families(&mut self, count: usize, has_account: bool, has_email: bool) -> Vec<PersonKey> {
        let families = (0..count).map(|number| {
            let ways: &[Way] = if has_account { &[Way::Account] } else { &[] };
            let key = self.family(&format!("Alix {}", family_name(number)), ways);
            let person = self.reading.persons.last_mut().unwrap();
            if has_email {
                let address = format!("{}@example.org", key.0.replace(':', "-"));
                let address = EmailAddress::parse(&address).unwrap();
                person.contact_points.push(ContactPoint::Email(address));
            }
            key
        });
        families.collect()
    }

    pub fn person(&mut self, key: &PersonKey) -> &mut Person {
        self.reading.persons.iter_mut().find(|person| person.key == *key).unwrap()
    }
}

/// `AABDURAND`, and another for each number.
fn family_name(number: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap());
    format!("{}{}{}DURAND", letter(number / 676), letter(number / 26), letter(number))
}

pub fn home(street: &str) -> PostalAddress {
    PostalAddress {
        lines: vec![street.to_owned()],
        postcode: "31999".to_owned(),
        town: "VALCLAIR".to_owned(),
        country: None,
    }
}
