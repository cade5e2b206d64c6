//! From the rule to those whom it means, one for each copy.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::error::RuleError;
use super::family::families;
use super::meaning::{Meaning, rules_under};
use super::missed;
use super::roll::Roll;
use super::rule::{Base, Filter, Rule, Unit};
use super::selection::{Chosen, LeftOut, Selection};
use super::universe::{FamilyTie, Marks, Universe};
use crate::delivery::About;
use crate::people::Restriction;

/// Everybody whom `rule` means: for families, **all** legal representatives of each pupil who has not
/// left by `today`, but those to whom nothing may go. `roll` holds what the rule asks about.
pub(super) fn select(roll: &Roll, rule: &Rule, today: Date) -> Result<Selection, RuleError> {
    let universe = Universe::of(roll, today);
    let meant = Meaning::new(&universe).of(rule)?;
    let mut choice = Choice { unit: unit_of(rule, roll), ..Choice::new(&universe) };
    choice.take_families(&meant);
    choice.tell_restrictions();
    choice.bring_together();
    choice.count_households();
    let mut selection = choice.selection;
    let staff = universe.staff.iter().zip(&meant.staff).filter(|(_, meant)| **meant);
    for ((person, _), _) in staff {
        selection.chosen.push(Chosen::new(&person.key, selection.chosen.len()));
    }
    if let Some((filter, values)) = only_of_messages(rule) {
        selection.left_out.extend(missed::gone(&universe, filter, values));
    }
    Ok(selection)
}

/// One copy for what: as the rule says, or the list or message that it begins with.
pub(super) fn unit_of(rule: &Rule, roll: &Roll) -> Unit {
    if let Some(unit) = rule.unit {
        return unit;
    }
    let under = match (rule.base, rule.filters.first_key_value()) {
        (Base::Households, _) => return Unit::Household,
        (Base::Whoever, Some((Filter::List, _))) => {
            rules_under(rule, &roll.lists).into_iter().next()
        }
        (Base::Whoever, Some((filter, values))) if filter.is_of_messages() => {
            match roll.copies.get(&(*filter, values[0].clone())) {
                Some(by) if by.recipients.iter().any(|it| !it.members.is_empty()) => {
                    return Unit::Household;
                }
                by => by.and_then(|by| by.audience.parse().ok()),
            }
        }
        _ => None,
    };
    // One step is enough: a list of a list has to say it itself.
    match under {
        Some(Rule { unit: Some(unit), .. }) => unit,
        Some(Rule { base: Base::Households, .. }) => Unit::Household,
        _ => Unit::Guardian,
    }
}

/// What a rule asks of messages, where it asks for nothing else.
fn only_of_messages(rule: &Rule) -> Option<(Filter, &[String])> {
    let is_alone = rule.base == Base::Whoever && rule.filters.len() == 1 && rule.except.is_empty();
    let (filter, values) = rule.filters.first_key_value().filter(|_| is_alone)?;
    filter.is_of_messages().then_some((*filter, values.as_slice()))
}

/// Those for whom there is one copy.
#[derive(PartialEq, Eq, Hash)]
enum CopyOf {
    Guardian(usize),
    Copy(usize, usize),
}

/// The selection as it grows, tie by tie.
struct Choice<'u, 'r> {
    universe: &'u Universe<'r>,
    unit: Unit,
    selection: Selection,
    places: HashMap<CopyOf, usize>,
    /// For each of the chosen the number of the guardian, and the last pupil whom they are told about.
    last: Vec<(usize, usize)>,
    /// Ties that were meant and may not be used.
    restricted: Vec<(FamilyTie, Restriction)>,
}

impl<'u, 'r> Choice<'u, 'r> {
    fn new(universe: &'u Universe<'r>) -> Self {
        Self {
            universe,
            unit: Unit::Guardian,
            selection: Selection::default(),
            places: HashMap::new(),
            last: Vec::new(),
            restricted: Vec::new(),
        }
    }

    fn take_families(&mut self, meant: &Marks) {
        let ties = self.universe.ties.iter().zip(&meant.ties).filter(|(_, meant)| **meant);
        for (tie, _) in ties {
            match (tie.person, tie.restriction) {
                (None, _) => {
                    let name = self.universe.pupils[tie.pupil].1.to_owned();
                    let reason = "aucun représentant légal connu".to_owned();
                    self.selection.left_out.push(LeftOut::new(name, reason));
                }
                (Some(_), Some(why)) => self.restricted.push((*tie, why)),
                (Some(guardian), None) => {
                    self.take(guardian, tie.pupil);
                    self.tell_spoilt(tie);
                }
            }
        }
    }

    /// Says which addresses of somebody are not used, because another would read it there who must not.
    fn tell_spoilt(&mut self, tie: &FamilyTie) {
        let (universe, roll) = (self.universe, self.universe.roll);
        let Some(person) = universe.person(tie).filter(|_| !roll.spoilt.is_empty()) else { return };
        let (pupil, name) = universe.pupils[tie.pupil];
        let Some(spoilt) = roll.spoilt.get(&(pupil.key.clone(), person.clone())) else { return };
        let ways: Vec<&str> = spoilt.channels.iter().map(|channel| channel.in_french()).collect();
        let reason = format!(
            "pas par {} au sujet de {name} : une personne qui ne doit rien en recevoir a la même adresse",
            ways.join(", ")
        );
        self.selection.left_out.push(LeftOut::new(spoilt.name.clone(), reason));
    }

    fn count_households(&mut self) {
        if self.unit != Unit::Household {
            return;
        }
        let numbers =
            self.last.iter().map(|(guardian, _)| self.universe.roll.households[*guardian]);
        self.selection.households = Some(numbers.collect::<HashSet<usize>>().len());
    }

    fn take(&mut self, guardian: usize, pupil: usize) {
        let person = &self.universe.roll.numbered[guardian];
        let whose = match self.unit {
            // Those of a household are told each of their own pupils; what says the same to them is one
            // letter, as it is for guardians.
            Unit::Guardian | Unit::Household => CopyOf::Guardian(guardian),
            Unit::Pupil => CopyOf::Copy(guardian, pupil),
        };
        let place = *self.places.entry(whose).or_insert_with(|| {
            self.selection.chosen.push(Chosen::new(person, self.last.len()));
            self.last.push((guardian, usize::MAX));
            self.last.len() - 1
        });
        let chosen = &mut self.selection.chosen[place];
        let (_, last_pupil) = &mut self.last[place];
        if std::mem::replace(last_pupil, pupil) != pupil {
            let (pupil, name) = self.universe.pupils[pupil];
            let (class, level) = (pupil.class.clone(), pupil.level.clone());
            let (pupil, name) = (Some(pupil.key.clone()), name.to_owned());
            chosen.about.push(About { pupil, name, class, level });
        }
    }

    /// Tells everybody's family.
    fn bring_together(&mut self) {
        let families = families(&self.universe.ties, self.universe.roll.numbered.len());
        let mut firsts: HashMap<usize, usize> = HashMap::new();
        for (one, (guardian, _)) in self.selection.chosen.iter_mut().zip(&self.last) {
            one.family = *firsts.entry(families[*guardian]).or_insert(one.family);
        }
    }

    /// Says who would have been written to, and which pupils nobody is left for.
    fn tell_restrictions(&mut self) {
        let universe = self.universe;
        let may_be_written_to =
            |tie: &&FamilyTie| tie.person.is_some() && tie.restriction.is_none();
        let concerned: HashSet<usize> = self.restricted.iter().map(|(tie, _)| tie.pupil).collect();
        let ties = universe.ties.iter().filter(|tie| concerned.contains(&tie.pupil));
        let with_others: HashSet<usize> =
            ties.filter(may_be_written_to).map(|tie| tie.pupil).collect();
        let mut told = HashSet::new();
        for (tie, why) in &self.restricted {
            let pupil = universe.pupils[tie.pupil].1;
            let person = universe.person(tie).and_then(|it| universe.roll.restricted.get(it));
            self.selection.left_out.extend(
                person.map(|person| LeftOut::restricted(person.display_name(), *why, pupil)),
            );
            if !with_others.contains(&tie.pupil) && told.insert(tie.pupil) {
                let reason = "aucun représentant légal à qui écrire".to_owned();
                self.selection.left_out.push(LeftOut::new(pupil.to_owned(), reason));
            }
        }
    }
}
