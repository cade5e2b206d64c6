//! From a rule to those whom it means now: what it asks about is read, and nothing else.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::error::{AudienceError, RuleError};
use super::meaning::rules_under;
use super::roll::Roll;
use super::rule::{Filter, Rule, Unit};
use super::select::{select, unit_of};
use super::selection::Selection;
use crate::people::SchoolId;
use crate::store::{Store, StoreError, Tx};

/// Everybody whom `rule` means on a day.
pub async fn find(
    store: &Store,
    school: &SchoolId,
    rule: &Rule,
    today: Date,
) -> Result<Selection, AudienceError> {
    let (school, rule) = (school.clone(), rule.clone());
    Ok(store.read(move |tx| find_in(tx, &school, &rule, today)).await??)
}

/// The same within a transaction.
pub fn find_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    rule: &Rule,
    today: Date,
) -> Result<Result<Selection, RuleError>, StoreError> {
    select_from(Roll::read(tx, school)?, tx, school, rule, today)
}

/// Whom a rule means of a roll, for which what it asks about besides is read.
pub(super) fn select_from(
    mut roll: Roll,
    tx: &Tx<'_>,
    school: &SchoolId,
    rule: &Rule,
    today: Date,
) -> Result<Result<Selection, RuleError>, StoreError> {
    read_what_is_asked(tx, school, rule, &mut roll)?;
    Ok(select(&roll, rule, today))
}

fn read_what_is_asked(
    tx: &Tx<'_>,
    school: &SchoolId,
    rule: &Rule,
    roll: &mut Roll,
) -> Result<(), StoreError> {
    let uses_lists = rule.all_filters().any(|filters| filters.contains_key(&Filter::List));
    if uses_lists {
        roll.read_lists(tx, school)?;
    }
    let mut rules = rules_under(rule, &roll.lists);
    rules.push(rule.clone());
    let filters = || rules.iter().flat_map(Rule::all_filters);
    let of_messages = filters().flatten().filter(|(filter, _)| filter.is_of_messages());
    let asked: BTreeSet<(Filter, &String)> = of_messages
        .flat_map(|(filter, values)| values.iter().map(move |it| (*filter, it)))
        .collect();
    for (filter, value) in asked {
        roll.read_copies(tx, school, (filter, value.as_str()))?;
    }
    let asks_households =
        [Filter::Language, Filter::Connection, Filter::Offline, Filter::NoPrinter];
    let asks = filters().any(|filters| asks_households.iter().any(|it| filters.contains_key(it)));
    if asks || unit_of(rule, roll) == Unit::Household {
        roll.read_households(tx, school)?;
    }
    Ok(())
}
