//! `n'ayant pas reçu 7K4M`, `n'ayant pas répondu 7K4M`, `ayant répondu non 7K4M`: those of an earlier message, about the
//! same pupils.

use std::collections::{HashMap, HashSet};

use super::error::RuleError;
use super::roll::Roll;
use super::rule::Filter;
use super::selection::LeftOut;
use super::universe::{Marks, Universe};
use crate::people::PersonKey;
use crate::store::addressees::Missed;

/// Marks those whom a filter means of the messages that its values name.
pub(super) fn mark_copies(
    universe: &Universe<'_>,
    filter: Filter,
    values: &[String],
) -> Result<Marks, RuleError> {
    let mut meant = universe.mark(|_| false, |_, _| false);
    for value in values {
        let code = || value.rsplit(' ').next().unwrap_or_default().to_owned();
        let copies = universe.roll.copies.get(&(filter, value.clone()));
        let copies = copies.ok_or_else(|| RuleError::NoSuchMessage(code()))?;
        if filter != Filter::Missed && !copies.asks {
            return Err(RuleError::AsksNothing(code()));
        }
        meant.add(&mark(universe, &copies.recipients));
    }
    Ok(meant)
}

fn mark(universe: &Universe<'_>, missed: &[Missed]) -> Marks {
    let mut about: HashMap<&PersonKey, HashSet<&str>> = HashMap::new();
    for one in missed {
        for person in one.keys() {
            let names = one.about.iter().map(|pupil| pupil.name.as_str());
            about.entry(person).or_default().extend(names);
        }
    }
    let mut same: HashSet<&PersonKey> = HashSet::new();
    let mut meant = universe.mark(
        |tie| {
            let Some(person) = universe.person(tie) else { return false };
            let name = universe.pupils[tie.pupil].1;
            let is_same = about.get(person).is_some_and(|names| names.contains(name));
            if is_same {
                same.insert(person);
            }
            is_same
        },
        |person, _| about.contains_key(&person.key),
    );
    // Whose pupils all bear another name since (a slip was put right) is not forgotten for that.
    let renamed = universe.mark(
        |tie| {
            let person = universe.person(tie);
            person.is_some_and(|it| about.contains_key(it) && !same.contains(it))
        },
        |_, _| false,
    );
    meant.add(&renamed);
    meant
}

/// Those whom the filter means and who have nothing to do with the school any more.
pub(super) fn gone(universe: &Universe<'_>, filter: Filter, values: &[String]) -> Vec<LeftOut> {
    let Roll { copies, .. } = universe.roll;
    let tied = universe.ties.iter().filter_map(|tie| universe.person(tie));
    let here: HashSet<&PersonKey> =
        tied.chain(universe.staff.iter().map(|(person, _)| &person.key)).collect();
    let meant = values.iter().filter_map(|value| copies.get(&(filter, value.clone())));
    let recipients = meant.flat_map(|it| &it.recipients);
    let mut told = HashSet::new();
    let is_gone = |one: &&Missed| !one.keys().any(|person| here.contains(person));
    recipients
        .filter(is_gone)
        .filter(|one| told.insert(&one.person))
        .map(|one| {
            LeftOut::new(one.name.clone(), "n’est plus rattaché à l’établissement".to_owned())
        })
        .collect()
}
