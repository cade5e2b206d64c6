//! Addresses, numbers and mailboxes, each handed out once.

use crate::email_address::EmailAddress;
use crate::people::{ContactPoint, PostalAddress, unaccented_capitals};
use crate::phone_number::PhoneNumber;

use super::names::{COMPLEMENTS, STREETS};

const HOUSES: usize = 199;
/// Numbers that each fictional range holds.
const RANGE: usize = 10_000;

/// What has been handed out so far.
#[derive(Default)]
pub(super) struct Register {
    homes: usize,
    mobiles: usize,
    landlines: usize,
    mailboxes: usize,
}

impl Register {
    /// An address where nobody lives yet.
    pub(super) fn home(&mut self, rng: &mut fastrand::Rng) -> PostalAddress {
        let all = HOUSES * STREETS.len();
        // A step that shares no divisor with the count visits every house before any twice.
        let house = self.homes * 2_711 % all;
        let floor = self.homes / all;
        self.homes += 1;
        let street = STREETS[house % STREETS.len()];
        let mut lines = vec![format!("{} {street}", 1 + house / STREETS.len())];
        if floor > 0 {
            lines.push(format!("APT {floor}"));
        } else if rng.u8(..4) == 0 {
            lines.extend(rng.choice(COMPLEMENTS).map(str::to_owned));
        }
        PostalAddress {
            lines,
            postcode: "31999".to_owned(),
            town: "VALCLAIR".to_owned(),
            country: None,
        }
    }

    /// An address in Belgium, its postcode in the town as SIECLE writes it.
    pub(super) fn home_abroad(&mut self) -> PostalAddress {
        self.homes += 1;
        PostalAddress {
            lines: vec![format!("{} CHAUSSÉE DES DEUX TOURS", self.homes)],
            postcode: String::new(),
            town: "1099 BRUXELLES".to_owned(),
            country: Some("BELGIQUE".to_owned()),
        }
    }

    /// A mobile: for SMS and for calls.
    pub(super) fn mobile(&mut self) -> Vec<ContactPoint> {
        self.mobiles += 1;
        number("06 39 98", self.mobiles)
            .map(|number| vec![ContactPoint::Sms(number.clone()), ContactPoint::Phone(number)])
            .unwrap_or_default()
    }

    /// A landline.
    pub(super) fn landline(&mut self) -> Vec<ContactPoint> {
        self.landlines += 1;
        number("05 36 49", self.landlines).map(ContactPoint::Phone).into_iter().collect()
    }

    /// A mailbox under example.org.
    pub(super) fn mailbox(&mut self, first_name: &str, family_name: &str) -> Vec<ContactPoint> {
        self.mailboxes += 1;
        let name = format!("{first_name}.{family_name}");
        let plain = |part| unaccented_capitals(part).to_lowercase().replace(' ', "");
        let local: Vec<String> = name.split('.').map(plain).collect();
        EmailAddress::parse(&format!("{}{}@example.org", local.join("."), self.mailboxes))
            .map(ContactPoint::Email)
            .into_iter()
            .collect()
    }
}

fn number(range: &str, nth: usize) -> Option<PhoneNumber> {
    PhoneNumber::parse(&format!("{range} {:04}", nth % RANGE), "FR").ok()
}
