//! Which copies of a message are the same: a person may get several, each about other pupils.

use std::collections::{BTreeSet, HashMap};

use super::About;
use crate::people::PersonKey;

/// Copies of a message, and which of them still have to reach somebody.
#[derive(Default)]
pub struct Copies {
    all: Vec<Copy>,
    by_person: HashMap<PersonKey, Vec<usize>>,
}

struct Copy {
    pupils: BTreeSet<String>,
    is_left: bool,
}

impl Copies {
    /// Adds the copy of these persons about these pupils; `is_left`: it has not reached them.
    pub fn add<'p>(
        &mut self,
        persons: impl IntoIterator<Item = &'p PersonKey>,
        about: &[About],
        is_left: bool,
    ) {
        let pupils = about.iter().map(|pupil| pupil.name.clone()).collect();
        for person in persons {
            self.by_person.entry(person.clone()).or_default().push(self.all.len());
        }
        self.all.push(Copy { pupils, is_left });
    }

    /// Such a copy was made again: none like it is left.
    pub fn strike<'p>(
        &mut self,
        persons: impl IntoIterator<Item = &'p PersonKey>,
        about: &[About],
    ) {
        for place in self.like(persons, about) {
            self.all[place].is_left = false;
        }
    }

    /// Whether one like it is left.
    pub fn has_left<'p>(
        &self,
        persons: impl IntoIterator<Item = &'p PersonKey>,
        about: &[About],
    ) -> bool {
        self.like(persons, about).into_iter().any(|place| self.all[place].is_left)
    }

    /// Whether any is left.
    #[must_use]
    pub fn has_any_left(&self) -> bool {
        self.all.iter().any(|copy| copy.is_left)
    }

    /// Whether one of them is for one of these persons about one of these pupils.
    pub fn has<'p>(
        &self,
        persons: impl IntoIterator<Item = &'p PersonKey>,
        about: &[About],
    ) -> bool {
        self.of(persons).into_iter().any(|place| self.all[place].is_about(about))
    }

    /// Those for one of these persons about one of these pupils; all that a person has where none is: a
    /// pupil bears another name since, and nobody is forgotten or written to twice for that.
    fn like<'p>(
        &self,
        persons: impl IntoIterator<Item = &'p PersonKey>,
        about: &[About],
    ) -> BTreeSet<usize> {
        let theirs = self.of(persons);
        let same: BTreeSet<usize> =
            theirs.iter().copied().filter(|place| self.all[*place].is_about(about)).collect();
        if same.is_empty() { theirs } else { same }
    }

    fn of<'p>(&self, persons: impl IntoIterator<Item = &'p PersonKey>) -> BTreeSet<usize> {
        let places = persons.into_iter().filter_map(|person| self.by_person.get(person));
        places.flatten().copied().collect()
    }
}

impl Copy {
    /// About one of these pupils; about none, as those of staff are.
    fn is_about(&self, about: &[About]) -> bool {
        let is_mine = |pupil: &About| self.pupils.contains(&pupil.name);
        about.iter().any(is_mine) || (about.is_empty() && self.pupils.is_empty())
    }
}
