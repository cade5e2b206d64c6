//! Saved lists: checked before they are kept, so that a message never fails on one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::error::RuleError;
use super::find::find_in;
use super::known::KnownNames;
use super::meaning::rules_under;
use super::names::{NamesError, pupils_named};
use super::roll::{Roll, SavedList};
use super::rule::{Filter, Rule};
use crate::people::{Act, By, Handle, SchoolId, unaccented_capitals};
use crate::store::lists::KeptList;
use crate::store::{Store, StoreError, Tx, journal, lists};

/// Longer than any name that is typed again.
const LONGEST_NAME: usize = 80;

/// What a list is saved in the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InPlaceOf {
    /// Of nothing: it is a new one.
    Nothing,
    /// Of this audience, as whoever changes it has read it.
    Audience(String),
    /// Of whatever has its name.
    Whatever,
}

/// Why nothing was changed in the saved lists.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// A name that cannot be typed in an audience.
    #[error("a list is named by 1 to {LONGEST_NAME} letters, digits and signs, without quotes")]
    BadName,
    /// Two names that people read as one.
    #[error("there is a list \"{0}\" already; save it under that very name, or choose another")]
    Alike(String),
    /// A new list of a name that one has.
    #[error("there is a list \"{0}\" already; choose another name")]
    Taken(String),
    /// Somebody saved or removed it meanwhile.
    #[error("somebody changed the list \"{0}\" meanwhile; nothing was changed; look at it again")]
    Overtaken(String),
    /// The rule of the list, or the name of one.
    #[error("{0}")]
    Rule(#[from] RuleError),
    /// The file of names.
    #[error("{0}")]
    Names(#[from] NamesError),
    /// A list that another one stands on.
    #[error("the list \"{by}\" uses \"{name}\"; change or remove that one first")]
    InUse {
        /// The list to remove.
        name: String,
        /// The list that uses it.
        by: String,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Every saved list, by name.
pub async fn saved_lists(store: &Store, school: &SchoolId) -> Result<Vec<KeptList>, StoreError> {
    let school = school.clone();
    store.read(move |tx| lists::all(tx, &school)).await
}

/// The saved list of a name, however it was typed.
pub async fn saved_list(
    store: &Store,
    school: &SchoolId,
    name: &str,
) -> Result<KeptList, ListError> {
    let kept = saved_lists(store, school).await?;
    Ok(found(&kept, name)?.clone())
}

/// Saves a rule under a name; how many recipients it means on a day.
pub async fn save_rule(
    store: &Store,
    school: &SchoolId,
    (name, over): (&str, InPlaceOf),
    rule: &Rule,
    (by, today): (By, Date),
) -> Result<usize, ListError> {
    let (school, name, text) = (school.clone(), checked(name)?, rule.to_string());
    // What is kept must be read again, and may be longer than what was typed.
    let rule: Rule = text.parse()?;
    let saved = store.write(move |tx| {
        if let Err(refused) = free(&lists::all(tx, &school)?, &name, &over) {
            return Ok(Err(refused));
        }
        if uses(tx, &school, &rule, &name)? {
            return Ok(Err(RuleError::UsesItself(name).into()));
        }
        match find_in(tx, &school, &rule, today)? {
            Err(refused) => Ok(Err(refused.into())),
            Ok(selection) => {
                lists::save_rule(tx, &school, &name, &text, by.at)?;
                note(tx, &school, &by, Act::SaveList, &name)?;
                Ok(Ok(selection.chosen.len()))
            }
        }
    });
    saved.await?
}

/// Saves the pupils whom a file names under a name; how many they are.
pub async fn save_names(
    store: &Store,
    school: &SchoolId,
    (name, over): (&str, InPlaceOf),
    file: Vec<u8>,
    (by, today): (By, Date),
) -> Result<usize, ListError> {
    let (school, name) = (school.clone(), checked(name)?);
    let saved = store.write(move |tx| {
        if let Err(refused) = free(&lists::all(tx, &school)?, &name, &over) {
            return Ok(Err(refused));
        }
        match pupils_named(&Roll::read(tx, &school)?, &file, today) {
            Err(refused) => Ok(Err(refused.into())),
            Ok(pupils) => {
                lists::save_names(tx, &school, &name, &pupils, by.at)?;
                note(tx, &school, &by, Act::SaveList, &name)?;
                Ok(Ok(pupils.len()))
            }
        }
    });
    saved.await?
}

/// Removes a list that no other one uses; the name that it had.
pub async fn remove_list(
    store: &Store,
    school: &SchoolId,
    name: &str,
    by: By,
) -> Result<String, ListError> {
    let (school, name) = (school.clone(), name.to_owned());
    let removed = store.write(move |tx| {
        let kept = lists::all(tx, &school)?;
        let name = match found(&kept, &name) {
            Ok(list) => list.name.clone(),
            Err(refused) => return Ok(Err(refused.into())),
        };
        for other in kept.iter().filter(|other| other.name != name) {
            let rule = other.rule.as_ref().and_then(|rule| rule.parse::<Rule>().ok());
            if rule.is_some_and(|rule| names_list(&rule, &name)) {
                return Ok(Err(ListError::InUse { name, by: other.name.clone() }));
            }
        }
        lists::remove(tx, &school, &name)?;
        note(tx, &school, &by, Act::RemoveList, &name)?;
        Ok(Ok(name))
    });
    removed.await?
}

fn checked(name: &str) -> Result<String, ListError> {
    let name = name.trim();
    let is_sound = |c: char| !c.is_control() && !"\"“”«»,".contains(c);
    let length = name.chars().count();
    if length == 0
        || length > LONGEST_NAME
        || !name.chars().all(is_sound)
        || unaccented_capitals(name).is_empty()
    {
        return Err(ListError::BadName);
    }
    Ok(name.to_owned())
}

/// A line of the journal, which calls the list by its handle: its name may say something of those who stand on it.
fn note(tx: &Tx<'_>, school: &SchoolId, by: &By, act: Act, name: &str) -> Result<(), StoreError> {
    journal::note(tx, school, by, act, &Handle::of_list(name).to_string())
}

/// Refuses a name that people would take for another list's, and a list that is not what it is saved in the place of.
fn free(kept: &[KeptList], name: &str, over: &InPlaceOf) -> Result<(), ListError> {
    let alike = |list: &&KeptList| {
        list.name != name && unaccented_capitals(&list.name) == unaccented_capitals(name)
    };
    if let Some(list) = kept.iter().find(alike) {
        return Err(ListError::Alike(list.name.clone()));
    }
    let now = kept.iter().find(|list| list.name == name);
    match over {
        InPlaceOf::Nothing if now.is_some() => Err(ListError::Taken(name.to_owned())),
        InPlaceOf::Audience(seen) if now.and_then(|list| list.rule.as_ref()) != Some(seen) => {
            Err(ListError::Overtaken(name.to_owned()))
        }
        _ => Ok(()),
    }
}

fn found<'k>(kept: &'k [KeptList], name: &str) -> Result<&'k KeptList, RuleError> {
    let names = kept.iter().map(|list| list.name.as_str()).collect();
    let known = KnownNames::new(Filter::List, names);
    let meant = known.meant(&[name.to_owned()])?;
    let list = kept.iter().find(|list| meant.contains(list.name.as_str()));
    list.ok_or_else(|| known.no_such(name))
}

/// Whether a rule, or a list that it stands on, uses the list of this name.
fn uses(tx: &Tx<'_>, school: &SchoolId, rule: &Rule, name: &str) -> Result<bool, StoreError> {
    let kept = lists::all(tx, school)?;
    let rules = kept.into_iter().filter_map(|list| Some((list.name, SavedList::Rule(list.rule?))));
    let rules: BTreeMap<String, SavedList> = rules.collect();
    Ok(names_list(rule, name)
        || rules_under(rule, &rules).iter().any(|rule| names_list(rule, name)))
}

/// Whether a rule names a list itself.
fn names_list(rule: &Rule, name: &str) -> bool {
    let used = rule.all_filters().filter_map(|filters| filters.get(&Filter::List)).flatten();
    used.into_iter()
        .any(|typed| typed == name || unaccented_capitals(typed) == unaccented_capitals(name))
}
