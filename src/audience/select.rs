//! From the rule to those whom it means.

use std::collections::HashMap;

use jiff::civil::Date;

use super::family::families;
use super::rule::{Base, Rule};
use crate::delivery::About;
use crate::directory::Roll;
use crate::people::{Guardianship, Person, PersonKey, Pupil, PupilKey, Role, Standing};

/// Those whom a rule means.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Each once, in the order of their first pupil's class and name.
    pub chosen: Vec<Chosen>,
    /// Pupils and persons whom the rule means and nobody can be written to for.
    pub left_out: Vec<LeftOut>,
}

/// One whom a rule means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Who.
    pub person: PersonKey,
    /// The pupils whom the message is about, for this person; none for staff.
    pub about: Vec<About>,
    /// Their family, by the place of the first of it among the chosen.
    pub family: usize,
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
    match rule.base {
        Base::Families => select_families(roll, rule, today),
        Base::Staff => select_staff(roll, rule),
    }
}

fn select_families(roll: &Roll, rule: &Rule, today: Date) -> Selection {
    let meant = |pupil: &&Pupil| {
        pupil.left_on.is_none_or(|last_day| last_day > today)
            && rule.includes(pupil.class.as_deref(), pupil.level.as_deref())
    };
    let mut pupils: Vec<(&Pupil, String)> =
        roll.pupils.iter().filter(meant).map(|pupil| (pupil, pupil.display_name())).collect();
    pupils.sort_by(|(a, a_name), (b, b_name)| (&a.class, a_name).cmp(&(&b.class, b_name)));

    let mut guardians: HashMap<&PupilKey, Vec<&PersonKey>> = HashMap::new();
    for link in representatives(roll).filter(|link| roll.guardians.contains(&link.person)) {
        guardians.entry(&link.pupil).or_default().push(&link.person);
    }

    let mut selection = Selection::default();
    let mut places: HashMap<&PersonKey, usize> = HashMap::new();
    for (pupil, name) in pupils {
        let Some(present) = guardians.get(&pupil.key) else {
            let reason = "aucun représentant légal connu".to_owned();
            selection.left_out.push(LeftOut { name, reason });
            continue;
        };
        for person in present {
            let place = *places.entry(person).or_insert_with(|| {
                selection.chosen.push(Chosen::new(person, selection.chosen.len()));
                selection.chosen.len() - 1
            });
            let about = About { name: name.clone(), class: pupil.class.clone() };
            selection.chosen[place].about.push(about);
        }
    }
    bring_together(roll, &mut selection.chosen);
    selection
}

fn representatives(roll: &Roll) -> impl Iterator<Item = &Guardianship> {
    roll.guardianships.iter().filter(|link| link.standing == Standing::LegalRepresentative)
}

/// Tells everybody's family.
fn bring_together(roll: &Roll, chosen: &mut [Chosen]) {
    let families = families(representatives(roll));
    let mut firsts: HashMap<usize, usize> = HashMap::new();
    for one in chosen {
        if let Some(family) = families.get(&one.person) {
            one.family = *firsts.entry(*family).or_insert(one.family);
        }
    }
}

fn select_staff(roll: &Roll, rule: &Rule) -> Selection {
    let meant = |person: &&Person| match &person.role {
        Role::Guardian => false,
        Role::Staff(duties) => {
            !rule.is_narrowed()
                || duties.form_teacher_of.iter().any(|class| rule.includes(Some(class), None))
        }
    };
    let mut staff: Vec<&Person> = roll.staff.iter().filter(meant).collect();
    staff.sort_by_cached_key(|person| (person.family_name.clone(), person.first_name.clone()));
    let chosen = staff.into_iter().zip(0..).map(|(person, at)| Chosen::new(&person.key, at));
    Selection { chosen: chosen.collect(), left_out: Vec::new() }
}

impl Chosen {
    /// Somebody at this place, about no pupil and of no family yet.
    fn new(person: &PersonKey, place: usize) -> Self {
        // Most are there for one pupil alone.
        Self { person: person.clone(), about: Vec::with_capacity(1), family: place }
    }
}
