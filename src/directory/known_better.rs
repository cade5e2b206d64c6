//! What the office knows better than what was read.

use std::collections::HashMap;
use std::hash::Hash;

use crate::people::{Correction, PartCorrection, PersonKey, Pupil, PupilKey, RecordPart, SchoolId};
use crate::store::{StoreError, Tx, corrections, pupil_corrections};

/// Puts what the office knows better of pupils over what was read; the corrections that the source now says
/// itself.
pub(super) fn put_right(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupils: &mut [Pupil],
    heirs: &HashMap<PupilKey, PupilKey>,
) -> Result<Vec<(PupilKey, RecordPart)>, StoreError> {
    let mut corrections: HashMap<PupilKey, Vec<PartCorrection>> =
        of_heirs(pupil_corrections::all(tx, school)?, heirs);
    let mut fulfilled = Vec::new();
    if corrections.is_empty() {
        return Ok(fulfilled);
    }
    for pupil in pupils {
        for correction in corrections.remove(&pupil.key).unwrap_or_default() {
            if correction.is_fulfilled_by(pupil) {
                fulfilled.push((pupil.key.clone(), correction.part));
            } else {
                correction.apply(pupil);
            }
        }
    }
    Ok(fulfilled)
}

/// Corrections by the person whom they are of now.
pub(super) fn corrections(
    tx: &Tx<'_>,
    school: &SchoolId,
    heirs: &HashMap<PersonKey, PersonKey>,
) -> Result<HashMap<PersonKey, Vec<Correction>>, StoreError> {
    Ok(of_heirs(corrections::all(tx, school)?, heirs))
}

/// What hangs on each record, on the one that takes its place where one does.
pub(super) fn of_heirs<K: Clone + Eq + Hash, V>(
    all: impl IntoIterator<Item = (K, V)>,
    heirs: &HashMap<K, K>,
) -> HashMap<K, Vec<V>> {
    let mut by_key: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in all {
        let key = heirs.get(&key).unwrap_or(&key).clone();
        by_key.entry(key).or_default().push(value);
    }
    by_key
}
