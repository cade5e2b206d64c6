//! Everybody whom any rule could mean: each tie of a present pupil to a legal representative, and
//! the staff. What a rule means is told as marks on these, so that rules add up and take away.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::directory::Roll;
use crate::people::{
    Duties, Guardianship, Person, PersonKey, Pupil, PupilKey, Restriction, Role, Standing,
};

/// Everybody whom any rule could mean.
pub(super) struct Universe<'r> {
    /// What is known of them.
    pub roll: &'r Roll,
    /// Present pupils and their names, in the order of class and name.
    pub pupils: Vec<(&'r Pupil, String)>,
    /// Their ties, in the order of the pupils.
    pub ties: Vec<Tie<'r>>,
    /// Staff and what they do, in the order of their names.
    pub staff: Vec<(&'r Person, &'r Duties)>,
}

/// A pupil and a legal representative of theirs.
#[derive(Clone, Copy)]
pub(super) struct Tie<'r> {
    /// The place of the pupil.
    pub pupil: usize,
    /// The representative; `None` stands for all of a pupil who has none.
    pub person: Option<&'r PersonKey>,
    /// Why nothing may go by this tie.
    pub restriction: Option<Restriction>,
}

/// Marks on everybody.
#[derive(Clone)]
pub(super) struct Marks {
    /// One a tie.
    pub ties: Vec<bool>,
    /// One a member of staff.
    pub staff: Vec<bool>,
}

impl<'r> Universe<'r> {
    /// Those who are there on a day.
    pub(super) fn of(roll: &'r Roll, today: Date) -> Self {
        let is_present = |pupil: &&Pupil| pupil.left_on.is_none_or(|last_day| last_day > today);
        let present = roll.pupils.iter().filter(is_present);
        let mut pupils: Vec<_> = present.map(|pupil| (pupil, pupil.display_name())).collect();
        pupils.sort_by(|(a, a_name), (b, b_name)| (&a.class, a_name).cmp(&(&b.class, b_name)));
        let ties = ties(roll, &pupils);
        let duties = |person: &'r Person| match &person.role {
            Role::Staff(duties) => Some((person, duties)),
            Role::Guardian => None,
        };
        let mut staff: Vec<_> = roll.staff.iter().filter_map(duties).collect();
        staff.sort_by_key(|(person, _)| (&person.family_name, &person.first_name));
        Self { roll, pupils, ties, staff }
    }

    /// The pupil of a tie.
    pub(super) fn pupil(&self, tie: &Tie<'_>) -> &'r Pupil {
        self.pupils[tie.pupil].0
    }

    /// A mark on each tie and each member of staff for which the question is true.
    pub(super) fn mark(
        &self,
        mut tie: impl FnMut(&Tie<'r>) -> bool,
        mut staff: impl FnMut(&Person, &Duties) -> bool,
    ) -> Marks {
        Marks {
            ties: self.ties.iter().map(&mut tie).collect(),
            staff: self.staff.iter().map(|(person, duties)| staff(person, duties)).collect(),
        }
    }
}

impl Marks {
    /// Leaves those that `other` has as well.
    pub(super) fn keep(&mut self, other: &Self) {
        self.combine(other, |mine, other| mine && other);
    }

    /// Adds those that `other` has.
    pub(super) fn add(&mut self, other: &Self) {
        self.combine(other, |mine, other| mine || other);
    }

    /// Takes away those that `other` has.
    pub(super) fn take_away(&mut self, other: &Self) {
        self.combine(other, |mine, other| mine && !other);
    }

    fn combine(&mut self, other: &Self, combined: impl Fn(bool, bool) -> bool) {
        let ties = self.ties.iter_mut().zip(&other.ties);
        for (mine, other) in ties.chain(self.staff.iter_mut().zip(&other.staff)) {
            *mine = combined(*mine, *other);
        }
    }
}

/// The ties of legal representation.
pub(super) fn representatives(roll: &Roll) -> impl Iterator<Item = &Guardianship> {
    roll.guardianships.iter().filter(|link| link.standing == Standing::LegalRepresentative)
}

fn ties<'r>(roll: &'r Roll, pupils: &[(&'r Pupil, String)]) -> Vec<Tie<'r>> {
    let mut guardians: HashMap<&PupilKey, Vec<&PersonKey>> = HashMap::new();
    for link in representatives(roll).filter(|link| roll.guardians.contains(&link.person)) {
        guardians.entry(&link.pupil).or_default().push(&link.person);
    }
    let mut ties = Vec::with_capacity(roll.guardianships.len());
    for (place, (pupil, _)) in pupils.iter().enumerate() {
        let Some(present) = guardians.get(&pupil.key) else {
            ties.push(Tie { pupil: place, person: None, restriction: None });
            continue;
        };
        ties.extend(present.iter().map(|person| Tie {
            pupil: place,
            person: Some(person),
            restriction: restriction(roll, pupil, person),
        }));
    }
    ties
}

fn restriction(roll: &Roll, pupil: &Pupil, person: &PersonKey) -> Option<Restriction> {
    // Hardly anybody is restricted, and a key for all the others would be made in vain.
    if !roll.restricted.contains_key(person) {
        return None;
    }
    roll.restrictions.get(&(pupil.key.clone(), person.clone())).copied()
}
