//! Addresses that do not fit an envelope's window as they stand (NF Z 10-011): said at the import, before
//! any letter is cut.

use crate::people::Person;

use super::reading::{Cause, Reading, SetAside};

/// Remarks each postal address of which something would be cut or left out.
pub(super) fn check(reading: &mut Reading) {
    let Reading { persons, person_origins, files, set_aside, .. } = reading;
    for person in persons.iter() {
        let warnings = warnings(person);
        if warnings.is_empty() {
            continue;
        }
        let origin = person_origins.get(&person.key);
        let file = origin.and_then(|it| files.get(usize::try_from(it.file).ok()?));
        set_aside.push(SetAside {
            file: file.map(|it| it.label.clone()).unwrap_or_default(),
            line: origin.map(|it| u64::from(it.line)),
            what: person.display_name(),
            cause: Cause::LongAddress,
            reason: format!("Adresse à abréger pour l'enveloppe : {}", warnings.join(" ")),
        });
    }
}

/// An address without a town is remarked where it is read.
fn warnings(person: &Person) -> Vec<String> {
    let address = person.postal_address.as_ref().filter(|address| !address.town.is_empty());
    address.map_or_else(Vec::new, |it| it.envelope_lines(&person.display_name()).warnings)
}
