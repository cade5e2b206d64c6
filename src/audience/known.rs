//! The names that a school knows: a name that it does not know is refused, never passed over.

use std::collections::HashSet;

use super::error::RuleError;
use super::rule::Filter;
use super::words::nearest;
use crate::people::{Filing, unaccented_capitals};

/// Which of these names a filter of a rule means, as a rule understands what was typed; `None` where it means one that is
/// not among them.
#[must_use]
pub fn names_meant<'k>(
    filter: Filter,
    among: impl Iterator<Item = &'k str>,
    typed: &[String],
) -> Option<HashSet<&'k str>> {
    KnownNames::new(filter, among.collect()).meant(typed).ok()
}

/// The names that a filter can ask for.
pub(super) struct KnownNames<'k> {
    /// The filter.
    pub filter: Filter,
    /// As they are kept.
    pub names: HashSet<&'k str>,
    /// A name such that equal ones are one.
    pub folded: fn(&str) -> String,
    /// A name as it is told to people.
    pub shown: fn(&str) -> String,
}

impl<'k> KnownNames<'k> {
    /// Names that compare as people read them.
    pub(super) fn new(filter: Filter, names: HashSet<&'k str>) -> Self {
        Self { filter, names, folded: unaccented_capitals, shown: str::to_owned }
    }

    /// The kept names that are meant by what was typed.
    pub(super) fn meant(&self, typed: &[String]) -> Result<HashSet<&'k str>, RuleError> {
        let mut meant = HashSet::new();
        for name in typed {
            if let Some(known) = self.names.get(name.as_str()) {
                meant.insert(*known);
                continue;
            }
            let folded = (self.folded)(name);
            let is_alike = |known: &&&str| !folded.is_empty() && (self.folded)(known) == folded;
            let alike: Vec<&str> = self.names.iter().filter(is_alike).copied().collect();
            if alike.is_empty() {
                return Err(self.no_such(name));
            }
            meant.extend(alike);
        }
        Ok(meant)
    }

    /// What is said of a name that is not known.
    pub(super) fn no_such(&self, name: &str) -> RuleError {
        let mut known: Vec<String> = self.names.iter().map(|known| (self.shown)(known)).collect();
        match self.filter {
            Filter::Class | Filter::Level => {
                known.sort_by_cached_key(|name| Filing::of_class(name));
            }
            _ => known.sort(),
        }
        known.dedup();
        RuleError::NoSuchName {
            word: self.filter.with(&[name.to_owned()]),
            nearest: nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        }
    }
}
