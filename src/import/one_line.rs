//! Names in one line: a cell or an element may hold line breaks, and a name with one would write a line of
//! its own into a list, a letter or a report.

use crate::people::{Person, PostalAddress, Pupil, Role};
use crate::plain_text::one_line;

use super::reading::Reading;

/// Puts what names somebody or something into one line, wherever it came from.
pub(super) fn settle(reading: &mut Reading) {
    reading.pupils.iter_mut().for_each(pupil);
    reading.persons.iter_mut().for_each(person);
    for aside in &mut reading.set_aside {
        put(&mut aside.what);
        put(&mut aside.reason);
    }
    for (title, _) in reading.columns.iter_mut().flat_map(|map| &mut map.columns) {
        put(title);
    }
}

fn pupil(pupil: &mut Pupil) {
    put(&mut pupil.family_name);
    put(&mut pupil.first_name);
    let known = [&mut pupil.usage_name, &mut pupil.class, &mut pupil.level];
    known.into_iter().flatten().for_each(put);
    pupil.groups.iter_mut().for_each(put);
}

fn person(person: &mut Person) {
    put(&mut person.family_name);
    put(&mut person.first_name);
    person.usage_name.iter_mut().for_each(put);
    person.postal_address.iter_mut().for_each(address);
    if let Role::Staff(duties) = &mut person.role {
        put(&mut duties.function);
        let lists = [&mut duties.form_teacher_of, &mut duties.teaches, &mut duties.skills];
        lists.into_iter().flatten().for_each(put);
    }
}

fn address(address: &mut PostalAddress) {
    address.lines.iter_mut().for_each(put);
    put(&mut address.postcode);
    put(&mut address.town);
    address.country.iter_mut().for_each(put);
}

fn put(text: &mut String) {
    let line = one_line(text);
    if line != text.as_str() {
        *text = line.into_owned();
    }
}
