//! What a rule means: marks on everybody.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::error::RuleError;
use super::french;
use super::known::KnownNames;
use super::missed::mark_copies;
use super::parse::connection;
use super::roll::{Roll, SavedList};
use super::rule::{Base, Exclusion, Filter, Filters, Rule};
use super::universe::{Marks, Universe};
use crate::people::{Connectivity, Duties, PersonKey, Profile, Pupil, Role};

/// Lists within lists that are followed; nobody saves more.
const DEEPEST: usize = 16;

/// Works out what rules mean; each list is worked out once.
pub(super) struct Meaning<'u, 'r> {
    universe: &'u Universe<'r>,
    lists: HashMap<&'r str, Marks>,
    /// The lists that are being worked out, outermost first.
    open: Vec<&'r str>,
}

impl<'u, 'r> Meaning<'u, 'r> {
    /// Nothing is worked out yet.
    pub(super) fn new(universe: &'u Universe<'r>) -> Self {
        Self { universe, lists: HashMap::new(), open: Vec::new() }
    }

    /// Marks those whom `rule` means.
    pub(super) fn of(&mut self, rule: &Rule) -> Result<Marks, RuleError> {
        let mut meant = self.clause(rule.base, &rule.filters)?;
        for Exclusion { base, filters } in &rule.except {
            meant.take_away(&self.clause(base.unwrap_or(rule.base), filters)?);
        }
        Ok(meant)
    }

    fn clause(&mut self, base: Base, filters: &Filters) -> Result<Marks, RuleError> {
        let is_meant = |duties: &Duties| match base {
            Base::FormTeachers => !duties.form_teacher_of.is_empty(),
            other => other.has_staff(),
        };
        let mut meant = self.universe.mark(|_| base.has_families(), |_, duties| is_meant(duties));
        for (filter, values) in filters {
            meant.keep(&self.filter(base, *filter, values)?);
        }
        Ok(meant)
    }

    fn filter(
        &mut self,
        base: Base,
        filter: Filter,
        values: &[String],
    ) -> Result<Marks, RuleError> {
        match filter {
            Filter::List => self.lists(base, values),
            Filter::Missed | Filter::NotAnswered | Filter::Answered => {
                mark_copies(self.universe, filter, values)
            }
            Filter::Class | Filter::Level | Filter::Group => self.school(base, filter, values),
            Filter::Language => self.language(values),
            Filter::Connection => {
                let kinds = values.iter().map(|word| connection(word));
                let kinds = kinds.collect::<Result<Vec<Connectivity>, _>>()?;
                Ok(self.profiles(|profile| kinds.contains(&profile.connectivity)))
            }
            Filter::Offline => Ok(self.profiles(|profile| {
                matches!(profile.connectivity, Connectivity::None | Connectivity::PhoneOnly)
            })),
            Filter::NoPrinter => Ok(self.profiles(|profile| !profile.printer)),
            Filter::Function | Filter::Skill => self.duties(filter, values),
        }
    }

    // ---- lists -----------------------------------------------------------------------------------

    fn lists(&mut self, base: Base, typed: &[String]) -> Result<Marks, RuleError> {
        let roll = self.universe.roll;
        let names = roll.lists.keys().map(String::as_str).collect();
        let mut meant = self.universe.mark(|_| false, |_, _| false);
        for name in KnownNames::new(Filter::List, names).meant(typed)? {
            let not_for = || RuleError::NotFor {
                word: Filter::List.with(&[name.to_owned()]),
                base: base.to_string(),
            };
            match roll.lists.get(name) {
                Some(SavedList::Names(_)) if !base.has_families() => return Err(not_for()),
                Some(SavedList::Names(pupils)) => {
                    let universe = self.universe;
                    let is_in = |pupil: &Pupil| pupils.contains(&pupil.key);
                    meant.add(&universe.mark(|tie| is_in(universe.pupil(tie)), |_, _| false));
                }
                Some(SavedList::Rule(text)) => {
                    let rule = understood(name, text)?;
                    let families = base.has_families() && rule.base.has_families();
                    let staff = base.has_staff() && rule.base.has_staff();
                    if !families && !staff {
                        return Err(not_for());
                    }
                    meant.add(self.list(name, &rule)?);
                }
                None => {}
            }
        }
        Ok(meant)
    }

    fn list(&mut self, name: &'r str, rule: &Rule) -> Result<&Marks, RuleError> {
        if self.open.contains(&name) {
            return Err(RuleError::UsesItself(name.to_owned()));
        }
        if self.open.len() >= DEEPEST {
            return Err(RuleError::TooDeep { list: name.to_owned(), most: DEEPEST });
        }
        if !self.lists.contains_key(name) {
            self.open.push(name);
            let meant = self.of(rule).map_err(|error| within(name, error))?;
            self.open.pop();
            self.lists.insert(name, meant);
        }
        let nothing = || RuleError::UsesItself(name.to_owned());
        self.lists.get(name).ok_or_else(nothing)
    }

    // ---- classes, levels, groups ------------------------------------------------------------------

    fn school(&self, base: Base, filter: Filter, values: &[String]) -> Result<Marks, RuleError> {
        let universe = self.universe;
        let names = of_school(universe.roll, base, filter);
        // Where no pupil was imported yet nothing is known, and nothing is refused.
        if universe.roll.pupils.is_empty() && names.is_empty() {
            return Ok(universe.mark(|_| false, |_, _| false));
        }
        let meant = KnownNames::new(filter, names).meant(values)?;
        let of_staff = match filter {
            Filter::Level => classes_of(universe.roll, &meant),
            _ => meant.clone(),
        };
        Ok(universe.mark(
            |tie| names_of(universe.pupil(tie), filter).any(|name| meant.contains(name)),
            |_, duties| in_charge(base, duties).any(|name| of_staff.contains(name)),
        ))
    }

    // ---- households -------------------------------------------------------------------------------

    fn language(&self, values: &[String]) -> Result<Marks, RuleError> {
        let kept = self.universe.roll.profiles.all().filter_map(|one| one.language.as_deref());
        let known = KnownNames {
            folded: french::language_code,
            shown: french::language_name,
            ..KnownNames::new(Filter::Language, kept.collect())
        };
        let meant = known.meant(values)?;
        let reads = |profile: &Profile| {
            profile.language.as_deref().is_some_and(|language| meant.contains(language))
        };
        Ok(self.profiles(reads))
    }

    fn profiles(&self, is_meant: impl Fn(&Profile) -> bool) -> Marks {
        let profile = |person: &PersonKey| self.universe.roll.profile(person);
        self.universe.mark(
            |tie| self.universe.person(tie).and_then(profile).is_some_and(&is_meant),
            |_, _| false,
        )
    }

    // ---- staff ------------------------------------------------------------------------------------

    fn duties(&self, filter: Filter, values: &[String]) -> Result<Marks, RuleError> {
        let universe = self.universe;
        if universe.roll.staff.is_empty() {
            return Ok(universe.mark(|_| false, |_, _| false));
        }
        let mut known = KnownNames::new(filter, HashSet::new());
        let staff = universe.staff.iter().map(|(_, duties)| *duties);
        if filter == Filter::Function {
            (known.folded, known.shown) = (french::function_code, french::function_name);
            known.names = staff.map(|duties| duties.function.as_str()).collect();
            known.names.remove("");
        } else {
            known.names = staff.flat_map(|duties| &duties.skills).map(String::as_str).collect();
        }
        let meant = known.meant(values)?;
        Ok(universe.mark(
            |_| false,
            |_, duties| match filter {
                Filter::Function => meant.contains(duties.function.as_str()),
                _ => duties.skills.iter().any(|skill| meant.contains(skill.as_str())),
            },
        ))
    }
}

/// The rule of a saved list.
pub(super) fn understood(list: &str, text: &str) -> Result<Rule, RuleError> {
    text.parse().map_err(|error| within(list, error))
}

/// Names the list in which a fault stands.
fn within(list: &str, error: RuleError) -> RuleError {
    match error {
        RuleError::UsesItself(_) | RuleError::BadList { .. } | RuleError::TooDeep { .. } => error,
        other => RuleError::BadList { list: list.to_owned(), reason: Box::new(other) },
    }
}

/// Every class, level or group that a base can be asked for.
fn of_school(roll: &Roll, base: Base, filter: Filter) -> HashSet<&str> {
    let mut names: HashSet<&str> =
        roll.pupils.iter().flat_map(|pupil| names_of(pupil, filter)).collect();
    if base.has_staff() && filter != Filter::Level {
        let duties = roll.staff.iter().filter_map(|person| match &person.role {
            Role::Staff(duties) => Some(duties),
            Role::Guardian => None,
        });
        names.extend(duties.flat_map(|duties| in_charge(base, duties)));
    }
    names
}

/// The classes, the levels or the groups of a pupil.
fn names_of(pupil: &Pupil, filter: Filter) -> impl Iterator<Item = &str> {
    let (one, several) = match filter {
        Filter::Class => (pupil.class.as_deref(), [].as_slice()),
        Filter::Level => (pupil.level.as_deref(), [].as_slice()),
        _ => (None, pupil.groups.as_slice()),
    };
    one.into_iter().chain(several.iter().map(String::as_str))
}

/// The classes and groups of a member of staff: those that they teach as well, but for form teachers
/// as such.
fn in_charge(base: Base, duties: &Duties) -> impl Iterator<Item = &str> {
    let taught = if base == Base::FormTeachers { [].as_slice() } else { duties.teaches.as_slice() };
    duties.form_teacher_of.iter().chain(taught).map(String::as_str)
}

/// The classes in which there are pupils of some levels.
fn classes_of<'r>(roll: &'r Roll, levels: &HashSet<&str>) -> HashSet<&'r str> {
    let is_of = |pupil: &&Pupil| pupil.level.as_deref().is_some_and(|it| levels.contains(it));
    roll.pupils.iter().filter(is_of).filter_map(|pupil| pupil.class.as_deref()).collect()
}

/// The saved rules that a rule stands on, at any depth, each once, nearest first; those that cannot
/// be understood are left to [`Meaning`] to refuse.
pub(super) fn rules_under(rule: &Rule, lists: &BTreeMap<String, SavedList>) -> Vec<Rule> {
    let known = KnownNames::new(Filter::List, lists.keys().map(String::as_str).collect());
    let mut seen: HashSet<&str> = HashSet::new();
    let mut under: Vec<Rule> = Vec::new();
    let mut next = Some(rule.clone());
    let mut looked_at = 0;
    while let Some(rule) = next {
        let used = rule.all_filters().filter_map(|filters| filters.get(&Filter::List));
        let used = used.flatten().map(std::slice::from_ref);
        for name in used.filter_map(|typed| known.meant(typed).ok()).flatten() {
            if let (true, Some(SavedList::Rule(text))) = (seen.insert(name), lists.get(name)) {
                under.extend(text.parse::<Rule>());
            }
        }
        next = under.get(looked_at).cloned();
        looked_at += 1;
    }
    under
}
