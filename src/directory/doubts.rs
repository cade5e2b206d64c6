//! What an import would do to restrictions noted by hand: somebody has to look at it before it is applied.

use std::collections::{HashMap, HashSet};

use super::diff::{Diff, NewRepresentative};
use crate::people::{Person, PupilKey, SchoolId, Standing, WhichPupil};
use crate::store::{StoreError, Tx, pupils, restrictions};

/// Notes who would vanish although a restriction names them, and who would come to a pupil under one.
pub(super) fn of_restrictions(
    tx: &Tx<'_>,
    school: &SchoolId,
    diff: &mut Diff,
) -> Result<(), StoreError> {
    note_those_gone(tx, school, diff)?;
    note_new_representatives(tx, school, diff)
}

/// A restriction must not vanish with a made-up key: whoever it names is named before they are archived.
fn note_those_gone(tx: &Tx<'_>, school: &SchoolId, diff: &mut Diff) -> Result<(), StoreError> {
    for tie in restrictions::ties(tx, school)? {
        let person = diff.gone_persons.iter().find(|one| one.key == tie.person);
        let pupil = diff.gone_pupils.iter().find(|one| one.key == tie.pupil);
        match (person, pupil) {
            (Some(person), None) => diff.restricted_gone.push(person.display_name()),
            (None, Some(pupil)) => diff.restricted_gone.push(pupil.display_name()),
            _ => {}
        }
    }
    Ok(())
}

/// A pupil under a restriction who gets another legal representative: is it the same human once more?
fn note_new_representatives(
    tx: &Tx<'_>,
    school: &SchoolId,
    diff: &mut Diff,
) -> Result<(), StoreError> {
    let restrictions = restrictions::all(tx, school)?;
    if restrictions.is_empty() || !diff.ties_differ {
        return Ok(());
    }
    let read = diff.pupils.at_hand.iter().flatten();
    let mut names: HashMap<PupilKey, String> =
        read.map(|it| (it.key.clone(), it.display_name())).collect();
    pupils::each(tx, school, |known| {
        names.entry(known.key.clone()).or_insert_with(|| known.display_name());
        Ok(())
    })?;
    let before = &diff.superseded;
    let mut known = HashSet::new();
    pupils::each_guardianship(tx, school, |tie| {
        let pupil = before.pupils.get(&tie.pupil).cloned().unwrap_or(tie.pupil);
        let person = before.persons.get(&tie.person).cloned().unwrap_or(tie.person);
        known.insert((pupil, person));
        Ok(())
    })?;
    for tie in &diff.guardianships {
        let Some(pupil) = names.get(&tie.pupil) else { continue };
        let which = WhichPupil { key: Some(&tie.pupil), name: pupil };
        let is_known = known.contains(&(tie.pupil.clone(), tie.person.clone()));
        if is_known || tie.standing != Standing::LegalRepresentative || !restrictions.concern(which)
        {
            continue;
        }
        let persons = diff.persons.at_hand.iter().flatten();
        let person = persons.filter(|it| it.key == tie.person).map(Person::display_name).next();
        let person = person.unwrap_or_else(|| tie.person.0.clone());
        let restricted = restrictions.names_about(which).join(", ");
        let pupil = pupil.clone();
        diff.restricted_new.push(NewRepresentative { pupil, person, restricted });
    }
    Ok(())
}
