//! What a record keeps though its source does not tell it, and what a table adds to it.

use crate::people::{Duties, Person, Pupil, Role, Source};

/// An export without `Structures.xml` and `Nomenclature.xml` tells fewer levels than one with them.
pub(super) fn keep_the_level(read: &mut Pupil, known: &Pupil) {
    if read.level.is_none() && read.class == known.class {
        read.level.clone_from(&known.level);
    }
}

/// A source with ids knows no skills, and STS leaves some without a function; a table may have no column for
/// an address or for how somebody is addressed.
pub(super) fn keep_what_the_source_does_not_tell(person: &mut Person, before: Option<&Person>) {
    if let Some(before) = before.filter(|_| person.key.source() == Some(Source::Table)) {
        person.postal_address = person.postal_address.take().or(before.postal_address.clone());
        person.civility = person.civility.or(before.civility);
    }
    let Some(Person { role: Role::Staff(before), .. }) = before else { return };
    let Role::Staff(duties) = &mut person.role else { return };
    if person.key.source() != Some(Source::Table) {
        duties.skills.clone_from(&before.skills);
        if duties.function.is_empty() {
            duties.function.clone_from(&before.function);
        }
    }
}

pub(super) fn add_duties(person: &mut Person, addition: &Person) {
    let (Role::Staff(duties), Role::Staff(more)) = (&mut person.role, &addition.role) else {
        return;
    };
    let Duties { function, skills, .. } = &**more;
    if duties.function.is_empty() {
        duties.function.clone_from(function);
    }
    let new: Vec<String> =
        skills.iter().filter(|skill| !duties.skills.contains(skill)).cloned().collect();
    duties.skills.extend(new);
}
