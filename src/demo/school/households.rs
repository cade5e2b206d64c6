//! Households: who lives under one roof, and what can reach them there.

use crate::people::{Civility, ContactPoint, Person, PersonKey, Role, Source, Standing};

use super::names::{FAMILY_NAMES, MEN, WOMEN};
use super::staff::pick;
use super::town::Town;

/// How the adults of a family live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Couple,
    Separated,
    Alone,
    /// A mother, her new partner and a child of theirs; an elder child whose father lives elsewhere.
    Reconstituted,
    /// The child lives with a carer (level 2), the mother elsewhere.
    Entrusted,
    /// Separated parents and a guardian appointed by a court.
    ThreeRepresentatives,
    /// Separated, one of them in Belgium.
    Abroad,
}

/// What reaches the first household of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    Usual,
    SharedMobile,
    SharedEmail,
    NoEmail,
    NoMobile,
    PaperOnly,
    EmailOnly,
    /// Neither number nor address: only the name is known.
    OutOfReach,
    RefusesSms,
}

/// One adult of a household, and what they are to its children.
pub(super) struct HouseholdAdult {
    pub(super) person: Person,
    pub(super) standing: Standing,
    pub(super) kinship: u8,
}

impl Town<'_> {
    /// The adults of a family, roof by roof; the one whose name the children bear comes last.
    pub(super) fn households(&mut self, family: Family) -> Vec<Vec<HouseholdAdult>> {
        let legal = Standing::LegalRepresentative;
        match family {
            Family::Couple => {
                vec![vec![self.member(true, legal, 10), self.member(false, legal, 20)]]
            }
            Family::Separated | Family::Reconstituted | Family::Abroad => {
                vec![vec![self.member(true, legal, 10)], vec![self.member(false, legal, 20)]]
            }
            Family::Alone => {
                let is_woman = self.rng.u8(..10) < 8;
                vec![vec![self.member(is_woman, legal, if is_woman { 10 } else { 20 })]]
            }
            Family::Entrusted => vec![
                vec![self.member(true, Standing::Caretaker, 42)],
                vec![self.member(true, legal, 10)],
            ],
            Family::ThreeRepresentatives => vec![
                vec![self.member(true, legal, 10)],
                vec![self.member(true, legal, 50)],
                vec![self.member(false, legal, 20)],
            ],
        }
    }

    fn member(&mut self, is_woman: bool, standing: Standing, kinship: u8) -> HouseholdAdult {
        HouseholdAdult { person: self.adult(is_woman), standing, kinship }
    }

    pub(super) fn adult(&mut self, is_woman: bool) -> Person {
        self.person_ids += 1;
        let first_names = if is_woman { &WOMEN } else { &MEN };
        Person {
            key: PersonKey::of(Source::Siecle, self.person_ids),
            role: Role::Guardian,
            civility: Some(if is_woman { Civility::Mme } else { Civility::M }),
            family_name: pick(self.rng, &FAMILY_NAMES),
            usage_name: None,
            first_name: pick(self.rng, first_names),
            contact_points: Vec::new(),
            typed: Vec::new(),
            postal_address: None,
            accepts_sms: true,
        }
    }

    pub(super) fn grandparent(&mut self) -> HouseholdAdult {
        let is_woman = self.rng.bool();
        let mut member = self.member(is_woman, Standing::EmergencyContact, 38);
        member.person.contact_points =
            if self.rng.bool() { self.register.mobile() } else { self.register.landline() };
        if self.rng.bool() {
            member.person.postal_address = Some(self.register.home(self.rng));
        }
        member
    }

    /// Gives each household its address and what reaches it.
    pub(super) fn furnish(
        &mut self,
        households: &mut [Vec<HouseholdAdult>],
        family: Family,
        habit: Habit,
    ) {
        for (n, household) in households.iter_mut().enumerate() {
            let home = if family == Family::Abroad && n == 1 {
                self.school.census.abroad += 1;
                self.register.home_abroad()
            } else {
                self.register.home(self.rng)
            };
            if let [wife, husband] = household.as_mut_slice()
                && wife.person.family_name != husband.person.family_name
                && self.rng.u8(..10) < 3
            {
                wife.person.usage_name = Some(husband.person.family_name.clone());
            }
            let is_shared = matches!(habit, Habit::SharedMobile | Habit::SharedEmail);
            let applies = n == 0 && (household.len() > 1 || !is_shared);
            let habit = if applies { habit } else { Habit::Usual };
            self.equip(household, habit);
            let is_known = !matches!(habit, Habit::EmailOnly | Habit::OutOfReach);
            for member in household {
                member.person.postal_address = is_known.then(|| home.clone());
            }
        }
    }

    fn equip(&mut self, household: &mut [HouseholdAdult], habit: Habit) {
        if matches!(habit, Habit::PaperOnly | Habit::OutOfReach) {
            return;
        }
        let has_landline = match habit {
            Habit::NoMobile => true,
            Habit::EmailOnly => false,
            _ => self.rng.u8(..10) < 3,
        };
        let landline = if has_landline { self.register.landline() } else { Vec::new() };
        let mut shared: Vec<ContactPoint> = Vec::new();
        for (n, HouseholdAdult { person, .. }) in household.iter_mut().enumerate() {
            let mobile = match habit {
                Habit::NoMobile | Habit::EmailOnly => Vec::new(),
                Habit::SharedMobile if n > 0 => shared.clone(),
                _ => self.register.mobile(),
            };
            let mailbox = match habit {
                Habit::NoEmail => Vec::new(),
                Habit::SharedEmail if n > 0 => shared.clone(),
                _ => self.register.mailbox(&person.first_name, &person.family_name),
            };
            if n == 0 {
                shared = if habit == Habit::SharedEmail { mailbox.clone() } else { mobile.clone() };
            }
            person.contact_points = [mobile, landline.clone(), mailbox].concat();
            person.accepts_sms = habit != Habit::RefusesSms;
        }
        self.school.census.shared_mobiles += usize::from(habit == Habit::SharedMobile);
        self.school.census.shared_emails += usize::from(habit == Habit::SharedEmail);
    }
}
