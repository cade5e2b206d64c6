//! Calls shared out among colleagues: families whole, by tutor, by language, else by class.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{School, accounts};
use crate::people::{Account, Actor, Whom};
use crate::queue::DueCall;
use crate::store::StoreError;

/// A colleague who makes calls, as somebody named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerNamed {
    /// Their name.
    pub name: String,
    /// The languages that they speak beside French (ISO 639), where that was said.
    pub languages: Vec<String>,
}

/// The same, with what the school knows of them.
pub(super) struct KnownCaller {
    pub(super) name: String,
    languages: BTreeSet<String>,
    /// Whose pupils are theirs; nobody's where they have none of their own.
    own: Option<Whom>,
}

/// What the school knows of these colleagues: their own pupils by their accounts, their languages by the duty table.
pub(super) async fn callers(
    school: &School,
    among: Vec<CallerNamed>,
) -> Result<Vec<KnownCaller>, StoreError> {
    let accounts = accounts(school).await?;
    let duty = &school.config.calls.duty;
    let known = |caller: CallerNamed| {
        let is_theirs = |it: &&Account| it.name == caller.name || it.login == caller.name;
        let account = accounts.iter().find(is_theirs);
        let lines = duty.iter().filter(|line| line.who == caller.name);
        let spoken = lines.flat_map(|line| line.languages.iter().cloned());
        KnownCaller {
            languages: caller.languages.iter().cloned().chain(spoken).collect(),
            own: account.map(Whom::of).filter(|whom| *whom != Whom::Everybody),
            name: account.map_or(caller.name, |it| it.name.clone()),
        }
    };
    Ok(among.into_iter().map(known).collect())
}

/// Which of the callers makes each of the calls, by their places.
pub(super) fn share(calls: &[DueCall], callers: &[KnownCaller]) -> Vec<usize> {
    if callers.is_empty() {
        return Vec::new();
    }
    let families = families(calls);
    let mut shares = vec![0; calls.len()];
    let mut loads = vec![0; callers.len()];
    let mut by_class: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, family) in families.iter().enumerate() {
        let of_family: Vec<&DueCall> = family.iter().map(|at| &calls[*at]).collect();
        match chosen(&of_family, callers, &loads) {
            Some(caller) => give(family, caller, &mut shares, &mut loads),
            None => by_class.entry(class_of(&of_family)).or_default().push(number),
        }
    }
    let mut classes: Vec<Vec<usize>> = by_class.into_values().collect();
    // The largest first, each to whoever has least.
    classes.sort_by_key(|class| std::cmp::Reverse(class.len()));
    for class in classes {
        let caller = least_busy(0..callers.len(), &loads);
        for family in class {
            give(&families[family], caller, &mut shares, &mut loads);
        }
    }
    shares
}

fn give(family: &[usize], caller: usize, shares: &mut [usize], loads: &mut [usize]) {
    loads[caller] += family.len();
    for call in family {
        shares[*call] = caller;
    }
}

/// Whose a family is before classes are looked at: on whose sheet it stands, whose own pupils theirs are, who speaks their
/// language.
fn chosen(family: &[&DueCall], callers: &[KnownCaller], loads: &[usize]) -> Option<usize> {
    let on_sheet =
        |caller: &KnownCaller| family.iter().any(|call| call.caller.as_ref() == Some(&caller.name));
    let is_own = |caller: &KnownCaller| {
        let has = |whom: &Whom| {
            let mut pupils = family.iter().flat_map(|call| call.about());
            pupils.any(|it| whom.has(it.pupil.as_ref(), it.class.as_deref()))
        };
        caller.own.as_ref().is_some_and(has)
    };
    let languages: BTreeSet<&String> =
        family.iter().filter_map(|call| call.home.as_ref()?.language.as_ref()).collect();
    let speaks = |caller: &KnownCaller| languages.iter().any(|it| caller.languages.contains(*it));
    let tests: [&dyn Fn(&KnownCaller) -> bool; 3] = [&on_sheet, &is_own, &speaks];
    tests.into_iter().find_map(|test| {
        let able: Vec<usize> =
            (0..callers.len()).filter(|caller| test(&callers[*caller])).collect();
        (!able.is_empty()).then(|| least_busy(able, loads))
    })
}

fn least_busy(among: impl IntoIterator<Item = usize>, loads: &[usize]) -> usize {
    among.into_iter().min_by_key(|caller| loads[*caller]).unwrap_or(0)
}

fn class_of(family: &[&DueCall]) -> String {
    let mut pupils = family.iter().flat_map(|call| call.about());
    pupils.find_map(|pupil| pupil.class.clone()).unwrap_or_default()
}

/// The calls of each family, by their places: those of one number, or about one pupil, are one family's.
fn families(calls: &[DueCall]) -> Vec<Vec<usize>> {
    let mut family_of: HashMap<String, usize> = HashMap::new();
    let mut families: Vec<Vec<usize>> = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        let number = call.number().map(|it| it.as_str().to_owned());
        let pupils = call.about().into_iter().map(|it| match &it.pupil {
            Some(key) => key.0.clone(),
            None => it.name.clone(),
        });
        let keys: Vec<String> = number.into_iter().chain(pupils).collect();
        let known: BTreeSet<usize> =
            keys.iter().filter_map(|key| family_of.get(key).copied()).collect();
        let mut known = known.into_iter();
        let family = known.next().unwrap_or_else(|| {
            families.push(Vec::new());
            families.len() - 1
        });
        families[family].push(at);
        // Two that were apart so far are one.
        for other in known {
            let moved = std::mem::take(&mut families[other]);
            families[family].extend(moved);
            family_of.values_mut().filter(|it| **it == other).for_each(|it| *it = family);
        }
        family_of.extend(keys.into_iter().map(|key| (key, family)));
    }
    families.retain(|family| !family.is_empty());
    families
}

/// The name by which somebody stands on sheets.
#[must_use]
pub(super) fn caller_of(actor: &Actor) -> String {
    actor.name().to_owned()
}
