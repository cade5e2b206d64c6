//! Those whom a rule means, and those who are left out.

use serde::Serialize;

use crate::delivery::About;
use crate::people::{PersonKey, Restriction};

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
    /// Because nothing about one of the pupils may go to them.
    #[serde(skip)]
    pub is_restricted: bool,
}

impl LeftOut {
    /// Somebody whom a human must see to, and no more than that.
    pub(super) const fn new(name: String, reason: String) -> Self {
        Self { name, reason, is_restricted: false }
    }

    /// Somebody to whom nothing about a pupil, who is shown by this name, may go.
    #[must_use]
    pub fn restricted(name: String, why: Restriction, pupil: &str) -> Self {
        let reason = format!("{} (au sujet de {pupil})", why.in_french());
        Self { name, reason, is_restricted: true }
    }
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
