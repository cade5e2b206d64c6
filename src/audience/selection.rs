//! Those whom a rule means, and those who are left out.

use serde::Serialize;

use crate::delivery::About;
use crate::people::PersonKey;

/// Those whom a rule means.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Each once, in the order of their first pupil's class and name; staff after them.
    pub chosen: Vec<Chosen>,
    /// Pupils and persons whom the rule means and nobody can be written to for, and addresses that are not
    /// used.
    pub left_out: Vec<LeftOut>,
    /// How many households that is, where the rule asks for one copy each.
    pub households: Option<usize>,
}

/// One whom a rule means, for one copy.
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
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Who.
    pub name: String,
    /// Why, in French.
    pub reason: String,
}

impl std::fmt::Debug for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The reason may name a pupil as well.
        f.write_str("LeftOut(…)")
    }
}

impl Chosen {
    /// Somebody at this place, about no pupil and of no family yet.
    pub(super) fn new(person: &PersonKey, place: usize) -> Self {
        // Most are there for one pupil alone.
        let about = Vec::with_capacity(1);
        Self { person: person.clone(), about, family: place }
    }
}
