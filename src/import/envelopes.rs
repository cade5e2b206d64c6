//! Addresses that do not fit an envelope's window as they stand (NF Z 10-011): said at the import, before
//! any letter is cut.

use crate::people::Person;

use super::reading::{Cause, Reading};

/// Remarks each postal address of which something would be cut or left out.
pub(super) fn check(reading: &mut Reading) {
    let mut remarks = Vec::new();
    for person in &reading.persons {
        let warnings = warnings(person);
        if !warnings.is_empty() {
            let origin = reading.person_origins.get(&person.key);
            let reason = format!("Adresse à abréger pour l’enveloppe : {}", warnings.join(" "));
            let name = person.display_name();
            remarks.push(reading.set_aside_at(origin, name, Cause::LongAddress, reason));
        }
    }
    reading.set_aside.append(&mut remarks);
}

/// An address without a town is remarked where it is read.
fn warnings(person: &Person) -> Vec<String> {
    let address = person.postal_address.as_ref().filter(|address| !address.town.is_empty());
    address.map_or_else(Vec::new, |it| it.envelope_lines(&person.display_name()).warnings)
}
