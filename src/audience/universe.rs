//! Everybody whom any rule could mean: each tie of a present pupil to a legal representative, and
//! the staff. What a rule means is told as marks on these, so that rules add up and take away.

use jiff::civil::Date;

use super::roll::Roll;
use crate::people::{
    Duties, Filing, Guardianship, Person, PersonKey, Pupil, Restriction, Role, Standing,
};

/// Everybody whom any rule could mean.
pub(super) struct Universe<'r> {
    /// What is known of them.
    pub roll: &'r Roll,
    /// Present pupils and their names, in the order of class and name.
    pub pupils: Vec<(&'r Pupil, &'r str)>,
    /// Their ties, in the order of the pupils.
    pub ties: Vec<FamilyTie>,
    /// Staff and what they do, in the order of their names.
    pub staff: Vec<(&'r Person, &'r Duties)>,
}

/// A pupil and a legal representative of theirs.
#[derive(Clone, Copy)]
pub(super) struct FamilyTie {
    /// The place of the pupil.
    pub pupil: usize,
    /// The number of the representative; `None` stands for all of a pupil who has none.
    pub person: Option<usize>,
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
        let present = roll
            .with_links()
            .filter(|(pupil, ..)| pupil.left_on.is_none_or(|last_day| last_day > today));
        let mut pupils = Vec::with_capacity(roll.pupils.len());
        let mut ties = Vec::with_capacity(roll.guardianships.len());
        for (pupil, name, links) in present {
            tie(roll, pupils.len(), pupil, links, &mut ties);
            pupils.push((pupil, name));
        }
        let duties = |person: &'r Person| match &person.role {
            Role::Staff(duties) => Some((person, &**duties)),
            Role::Guardian => None,
        };
        let mut staff: Vec<_> = roll.staff.iter().filter_map(duties).collect();
        staff.sort_by_cached_key(|(person, _)| Filing::of_adult(person, None));
        Self { roll, pupils, ties, staff }
    }

    /// The pupil of a tie.
    pub(super) fn pupil(&self, tie: &FamilyTie) -> &'r Pupil {
        self.pupils[tie.pupil].0
    }

    /// The representative of a tie.
    pub(super) fn person(&self, tie: &FamilyTie) -> Option<&'r PersonKey> {
        tie.person.map(|number| &self.roll.numbered[number])
    }

    /// A mark on each tie and each member of staff for which the question is true.
    pub(super) fn mark(
        &self,
        mut tie: impl FnMut(&FamilyTie) -> bool,
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

/// Adds the ties of the pupil at a place.
fn tie(
    roll: &Roll,
    place: usize,
    pupil: &Pupil,
    links: &[Guardianship],
    ties: &mut Vec<FamilyTie>,
) {
    let represents = |link: &&Guardianship| link.standing == Standing::LegalRepresentative;
    let before = ties.len();
    for link in links.iter().filter(represents) {
        if let Some(number) = roll.guardians.get(&link.person) {
            let restriction = restriction(roll, pupil, &link.person);
            ties.push(FamilyTie { pupil: place, person: Some(*number), restriction });
        }
    }
    if ties.len() == before {
        ties.push(FamilyTie { pupil: place, person: None, restriction: None });
    }
}

fn restriction(roll: &Roll, pupil: &Pupil, person: &PersonKey) -> Option<Restriction> {
    // Hardly anybody is restricted, and a key for all the others would be made in vain.
    if !roll.restricted.contains_key(person) {
        return None;
    }
    roll.restrictions.get(&(pupil.key.clone(), person.clone())).copied()
}
