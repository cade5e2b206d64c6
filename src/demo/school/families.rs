//! Families: who answers for whom; and those whom no family ties to the school any more.

use crate::people::{ContactPoint, Guardianship, Person, Pupil, PupilKey, Source, Standing};

use super::college::{College, Flaw, Leaver};
use super::households::{Family, Habit, HouseholdAdult};
use super::names::{FAMILY_NAMES, MEN, WOMEN};
use super::staff::pick;
use super::town::Town;

/// The first families to come: every kind and every habit is in the smallest school.
const FIRST_COMERS: [(Family, Habit); 16] = [
    (Family::Couple, Habit::SharedMobile),
    (Family::Couple, Habit::SharedEmail),
    (Family::Reconstituted, Habit::Usual),
    (Family::Separated, Habit::NoEmail),
    (Family::Entrusted, Habit::Usual),
    (Family::ThreeRepresentatives, Habit::Usual),
    (Family::Abroad, Habit::Usual),
    (Family::Alone, Habit::PaperOnly),
    (Family::Alone, Habit::RefusesSms),
    (Family::Couple, Habit::NoMobile),
    (Family::Separated, Habit::Usual),
    (Family::Alone, Habit::NoEmail),
    (Family::Alone, Habit::OutOfReach),
    (Family::Alone, Habit::EmailOnly),
    (Family::Alone, Habit::OutOfReach),
    (Family::Alone, Habit::EmailOnly),
];

/// In a hundred families.
const FAMILIES: [(Family, u8); 7] = [
    (Family::Couple, 52),
    (Family::Separated, 24),
    (Family::Alone, 16),
    (Family::Reconstituted, 4),
    (Family::Entrusted, 2),
    (Family::ThreeRepresentatives, 1),
    (Family::Abroad, 1),
];
const HABITS: [(Habit, u8); 7] = [
    (Habit::Usual, 68),
    (Habit::SharedEmail, 8),
    (Habit::NoEmail, 6),
    (Habit::SharedMobile, 5),
    (Habit::RefusesSms, 5),
    (Habit::NoMobile, 4),
    (Habit::PaperOnly, 4),
];

const BAD_PHONES: [&str; 3] = ["06 39 98 00", "néant", "06 39 98 OO 12"];
const BAD_EMAILS: [&str; 2] = ["parent(at)example.org", "boîte pleine"];
const STRANGERS: usize = 4;

/// Fills the school with families until it has so many pupils.
pub(super) fn settle(school: &mut College, rng: &mut fastrand::Rng, pupils: usize) {
    let mut town = Town::around(school, rng);
    let mut first_comers = FIRST_COMERS.into_iter();
    while town.school.pupils.len() < pupils {
        let room = pupils - town.school.pupils.len();
        let (family, habit) = first_comers
            .next()
            .unwrap_or_else(|| (drawn(town.rng, FAMILIES), drawn(town.rng, HABITS)));
        town.add_family(family, habit, room);
    }
    town.add_leavers(pupils.div_ceil(100));
    town.add_strangers();
    town.leave_one_without_class();
    town.mistype();
    town.count();
}

fn drawn<T: Copy>(rng: &mut fastrand::Rng, weighted: [(T, u8); 7]) -> T {
    let mut left = rng.u8(..100);
    let mut drawn = weighted[0].0;
    for (one, weight) in weighted {
        drawn = one;
        if left < weight {
            break;
        }
        left -= weight;
    }
    drawn
}

impl Town<'_> {
    fn add_family(&mut self, family: Family, habit: Habit, room: usize) {
        if family == Family::Reconstituted && room > 1 {
            return self.add_reconstituted(habit);
        }
        let mut households = self.households(family);
        let name = households.iter().flatten().last().map(|last| last.person.family_name.clone());
        self.furnish(&mut households, family, habit);
        if self.rng.u8(..100) < 8 {
            households.push(vec![self.grandparent()]);
        }
        let wanted = match self.rng.u8(..20) {
            0 => 3,
            1..=4 => 2,
            _ => 1,
        };
        let children = self.add_children(&name.unwrap_or_default(), wanted.min(room));
        let members: Vec<&HouseholdAdult> = households.iter().flatten().collect();
        for child in &children {
            for member in &members {
                self.tie(child, member, member.standing);
            }
        }
        let contacts = members.iter().filter(|m| m.standing == Standing::EmergencyContact).count();
        let census = &mut self.school.census;
        census.emergency_contacts += contacts * children.len();
        match family {
            Family::Couple => census.couples += 1,
            Family::Alone => {}
            Family::Entrusted => census.caretakers += children.len(),
            Family::ThreeRepresentatives => {
                census.pupils_with_two_homes += children.len();
                census.pupils_with_three_representatives += children.len();
            }
            Family::Separated | Family::Reconstituted | Family::Abroad => {
                census.pupils_with_two_homes += children.len();
            }
        }
        let people = households.into_iter().flatten().map(|member| member.person);
        self.school.guardians.extend(people);
    }

    fn add_reconstituted(&mut self, habit: Habit) {
        let mut households = self.households(Family::Couple);
        households.extend(self.households(Family::Alone));
        self.furnish(&mut households, Family::Couple, habit);
        let members: Vec<&HouseholdAdult> = households.iter().flatten().collect();
        let (mother, partner, father) = (members[0], members[1], members[2]);
        let children = self.add_children(&partner.person.family_name, 2);
        let (elder, younger) = (&children[0], &children[1]);
        for (child, member, standing) in [
            (elder, mother, Standing::LegalRepresentative),
            (elder, father, Standing::LegalRepresentative),
            (elder, partner, Standing::Caretaker),
            (younger, mother, Standing::LegalRepresentative),
            (younger, partner, Standing::LegalRepresentative),
        ] {
            self.tie(child, member, standing);
        }
        let census = &mut self.school.census;
        census.reconstituted_families += 1;
        census.couples += 1;
        census.caretakers += 1;
        census.pupils_with_two_homes += 1;
        let people = households.into_iter().flatten().map(|member| member.person);
        self.school.guardians.extend(people);
    }

    /// Siblings, each a level further, in the level that has room first.
    fn add_children(&mut self, family_name: &str, count: usize) -> Vec<PupilKey> {
        let emptiest = (0..self.levels.len()).min_by_key(|level| self.levels[*level].1);
        let first = self.school.pupils.len();
        for n in 0..count {
            let level = (emptiest.unwrap_or(0) + n) % self.levels.len();
            let pupil = self.pupil(family_name, level);
            self.school.pupils.push(pupil);
        }
        let added = &self.school.pupils[first..];
        let census = &mut self.school.census;
        census.families += 1;
        census.families_of_several += usize::from(count > 1);
        census.families_across_levels +=
            usize::from(added.iter().any(|pupil| pupil.level != added[0].level));
        if count == 1 {
            self.last_only_child = Some(first);
        }
        added.iter().map(|pupil| pupil.key.clone()).collect()
    }

    fn pupil(&mut self, family_name: &str, level: usize) -> Pupil {
        self.pupil_ids += 1;
        let (classes, count) = &mut self.levels[level];
        let class = classes[*count % classes.len()].clone();
        *count += 1;
        let digit = class.chars().next().unwrap_or('6');
        let has_usage_name = self.rng.u8(..20) == 0;
        let usage_name = has_usage_name.then(|| pick(self.rng, &FAMILY_NAMES));
        let first_names = if self.rng.bool() { &WOMEN } else { &MEN };
        Pupil {
            key: PupilKey::of(Source::Siecle, self.pupil_ids),
            family_name: family_name.to_owned(),
            usage_name: usage_name.filter(|name| name != family_name),
            first_name: pick(self.rng, first_names),
            groups: self.groups(digit),
            level: Some(format!("{digit}e")),
            class: Some(class),
            left_on: None,
        }
    }

    fn groups(&mut self, digit: char) -> Vec<String> {
        let mut groups = vec![format!("{digit}{}", if self.rng.bool() { "ESP" } else { "ALL" })];
        if self.rng.u8(..6) == 0 {
            groups.push(format!("{digit}LATIN"));
        }
        groups
    }

    fn tie(&mut self, pupil: &PupilKey, member: &HouseholdAdult, standing: Standing) {
        let kinship = if standing == Standing::Caretaker && member.kinship < 30 {
            90
        } else {
            member.kinship
        };
        self.school.guardianships.push(Guardianship {
            pupil: pupil.clone(),
            person: member.person.key.clone(),
            standing,
            kinship,
        });
    }

    fn add_leavers(&mut self, count: usize) {
        for n in 0..count {
            let guardian = self.adult(n % 2 == 0);
            let pupil = self.pupil(&guardian.family_name, n % self.levels.len());
            self.school.leavers.push(Leaver { pupil, guardian });
        }
    }

    /// Persons whom SIECLE keeps though nothing ties them to the school any more.
    fn add_strangers(&mut self) {
        for n in 0..STRANGERS {
            let mut stranger = self.adult(n % 2 == 0);
            stranger.contact_points = self.register.mobile();
            self.school.strangers.push(stranger);
        }
    }

    fn leave_one_without_class(&mut self) {
        let child = self.last_only_child.and_then(|at| self.school.pupils.get_mut(at));
        if let Some(pupil) = child {
            pupil.class = None;
            pupil.level = None;
            pupil.groups = Vec::new();
            self.school.census.without_class = 1;
        }
    }

    /// Mistyped texts where a number or an address is missing.
    fn mistype(&mut self) {
        let mut flaws = Vec::new();
        let mut note = |element, person: &Person, typed| {
            flaws.push(Flaw { person: person.key.clone(), element, typed });
        };
        let guardians = self.school.guardians.iter();
        let unphoned = guardians.clone().filter(|person| !has_mobile(person));
        unphoned.zip(BAD_PHONES).for_each(|(person, typed)| note("TEL_PORTABLE", person, typed));
        let unmailed = guardians.filter(|person| !has_email(person));
        unmailed.zip(BAD_EMAILS).for_each(|(person, typed)| note("MEL", person, typed));
        self.school.flaws = flaws;
    }

    fn count(&mut self) {
        let school = &mut *self.school;
        school.guardianships.sort_by(|a, b| {
            (&a.pupil, a.standing, &a.person).cmp(&(&b.pupil, b.standing, &b.person))
        });
        let who = |test: fn(&Person) -> bool| school.guardians.iter().filter(|p| test(p)).count();
        let flaws_in = |element| school.flaws.iter().filter(|flaw| flaw.element == element).count();
        let census = &mut school.census;
        census.pupils = school.pupils.len();
        census.leavers = school.leavers.len();
        census.guardians = school.guardians.len();
        census.without_email = who(|person| !has_email(person));
        census.without_mobile = who(|person| !has_mobile(person));
        census.on_paper_only =
            who(|person| person.contact_points.is_empty() && person.postal_address.is_some());
        census.out_of_reach =
            who(|person| person.contact_points.is_empty() && person.postal_address.is_none());
        census.on_email_only = who(is_on_email_only);
        census.refusing_sms = who(|person| !person.accepts_sms);
        census.bad_phones = flaws_in("TEL_PORTABLE");
        census.bad_emails = flaws_in("MEL");
        census.tied_to_nobody = school.leavers.len() + school.strangers.len();
    }
}

fn has_mobile(person: &Person) -> bool {
    person.contact_points.iter().any(|point| matches!(point, ContactPoint::Sms(_)))
}

/// Nothing but an e-mail address is known of them.
pub(super) fn is_on_email_only(person: &Person) -> bool {
    person.postal_address.is_none()
        && !person.contact_points.is_empty()
        && person.contact_points.iter().all(|point| matches!(point, ContactPoint::Email(_)))
}

fn has_email(person: &Person) -> bool {
    person.contact_points.iter().any(|point| matches!(point, ContactPoint::Email(_)))
}
