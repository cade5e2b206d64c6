//! Guardians and staff out of tables.

use crate::people::{Duties, Person, PersonKey, Pupil, Role, unaccented_capitals};

use super::columns::{Field, What, Whose};
use super::drafts::{PersonDraft, PersonIdentity};
use super::fields::{RemarkPlace, Ways, civility, flag, take_emails, take_phones};
use super::full_name::Called;
use super::reading::{Cause, Reading, SetAside};
use super::rows::TableLine;
use super::table_children::{Child, KnownPupils};
use super::{Kind, spoilt_class};

/// Columns of telephones, the mobile first, and what a remark calls them.
const PHONES: [(What, &str); 3] = [
    (What::MobilePhone, "Téléphone portable"),
    (What::HomePhone, "Téléphone domicile"),
    (What::WorkPhone, "Téléphone travail"),
];

/// A relative who stands on a pupil's row. One whose name is not told is named after the pupil, if
/// there is a way to reach them.
pub(super) fn relative<'a>(
    line: TableLine<'a>,
    whose: Whose,
    pupil: &Pupil,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> Option<Relative<'a>> {
    if let Some(called) = line.called(whose) {
        let draft = person(line, whose, called, Role::Guardian, kind, region, set_aside);
        return Some(Relative { draft, is_named: true });
    }
    if let Some(typed) = line.typed_name(whose) {
        let reason = format!("« {typed} » n’est pas le nom d’un responsable : non repris.");
        let place = line.place(format!("élève {}", pupil.display_name()));
        set_aside.push(place.set_aside(Cause::Nameless, reason));
    }
    let called = after(pupil, whose);
    let draft = person(line, whose, called, Role::Guardian, kind, region, set_aside);
    let has_home = draft.person.postal_address.as_ref().is_some_and(|home| !home.town.is_empty());
    let is_reached = !draft.person.contact_points.is_empty() || has_home;
    is_reached.then_some(Relative { draft, is_named: false })
}

/// A relative of the pupil of a row.
pub(super) struct Relative<'a> {
    pub(super) draft: PersonDraft<'a>,
    /// Whether the row tells their name.
    pub(super) is_named: bool,
}

/// What a relative is called whose name nobody told.
fn after(pupil: &Pupil, whose: Whose) -> Called {
    let number = if whose == Whose::SecondRelative { 2 } else { 1 };
    Called {
        family: pupil.usage_name.as_ref().unwrap_or(&pupil.family_name).clone(),
        usage: None,
        first: format!("Parent {number} de {}", pupil.first_name),
        civility: None,
    }
}

/// A guardian, tied to those of the row's children who are found; `None` when none is.
pub(super) fn guardian<'a>(
    line: TableLine<'a>,
    kind: Kind,
    region: &str,
    roll: &KnownPupils<'_>,
    reading: &mut Reading,
) -> Option<PersonDraft<'a>> {
    let called = line.called(Whose::Own)?;
    let set_aside = &mut reading.set_aside;
    let mut draft = person(line, Whose::Own, called, Role::Guardian, kind, region, set_aside);
    for columns in line.head().children() {
        let child = Child::of(line, &columns);
        if child.is_empty() {
            continue;
        }
        match roll.find(&child, kind, reading) {
            Ok(key) if draft.children.contains(&key) => {}
            Ok(key) => draft.children.push(key),
            Err(cause) => {
                let reason = child.not_found(cause);
                reading.set_aside.push(draft.place.set_aside(cause, reason));
            }
        }
    }
    if draft.children.is_empty() {
        let reason = "Aucun de ses enfants n’est parmi les élèves : non repris.";
        reading.set_aside.push(draft.place.set_aside(Cause::TiedToNobody, reason));
        return None;
    }
    Some(draft)
}

/// A member of staff.
pub(super) fn staff<'a>(
    line: TableLine<'a>,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> Option<PersonDraft<'a>> {
    let called = line.called(Whose::Own)?;
    let (duties, spoilt) = duties(line, kind);
    let role = Role::Staff(Box::new(duties));
    let draft = person(line, Whose::Own, called, role, kind, region, set_aside);
    for doubt in spoilt {
        let reason = format!("{doubt} Classe non reprise.");
        set_aside.push(draft.place.set_aside(Cause::SpoiltClass, reason));
    }
    Some(draft)
}

/// What they do; and what is asked of classes that a spreadsheet spoilt.
fn duties(line: TableLine<'_>, kind: Kind) -> (Duties, Vec<String>) {
    let is_head = flag(line.text(Whose::Own, What::Head)) == Some(true);
    let mut spoilt = Vec::new();
    let mut sound = |classes: Vec<String>| -> Vec<String> {
        let is_sound = |class: &String| match spoilt_class::was(class) {
            Some(doubt) => {
                spoilt.push(doubt);
                false
            }
            None => true,
        };
        classes.into_iter().filter(is_sound).collect()
    };
    let classes = sound(line.distinct(What::Class));
    let function = match (kind, is_head) {
        (_, true) => "DIR",
        (Kind::OndeTeachers, false) => "ENS",
        _ => line.text(Whose::Own, What::Function),
    };
    let (form_teacher_of, teaches) = match kind {
        Kind::OndeTeachers => (classes, Vec::new()),
        _ => (sound(form_teacher_of(line, &classes)), classes),
    };
    let skills = line.list(What::Skills);
    let function = function.to_owned();
    (Duties { function, form_teacher_of, teaches, skills }, spoilt)
}

/// The column names the class, or says yes beside the class that is taught.
fn form_teacher_of(line: TableLine<'_>, classes: &[String]) -> Vec<String> {
    let typed = line.text(Whose::Own, What::FormTeacher);
    match flag(typed) {
        Some(true) => classes.to_vec(),
        Some(false) => Vec::new(),
        None => line.distinct(What::FormTeacher),
    }
}

fn person<'a>(
    line: TableLine<'a>,
    whose: Whose,
    called: Called,
    role: Role,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> PersonDraft<'a> {
    let mut person = Person {
        key: PersonKey(String::new()),
        civility: civility(line.text(whose, What::Civility)).or(called.civility),
        family_name: called.family,
        usage_name: called.usage,
        first_name: called.first,
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: line.postal_address(whose),
        accepts_sms: true,
        role,
    };
    let who = if person.role == Role::Guardian { "responsable" } else { "personnel" };
    let place = line.place(format!("{who} {}", person.display_name()));
    let ways = contact_points(line, whose, region, &place, set_aside);
    person.contact_points = ways.points;
    person.typed = ways.typed;
    let identity = PersonIdentity {
        source: kind.source(),
        is_staff: person.role != Role::Guardian,
        id: line.text(whose, What::Id).to_owned(),
        names: [unaccented_capitals(&person.family_name), unaccented_capitals(&person.first_name)],
        birth_date: line.birth_date(whose),
    };
    PersonDraft { place, person, identity, children: Vec::new() }
}

fn contact_points(
    line: TableLine<'_>,
    whose: Whose,
    region: &str,
    place: &RemarkPlace<'_>,
    set_aside: &mut Vec<SetAside>,
) -> Ways {
    let mut ways = Ways::default();
    for (what, title) in PHONES {
        for typed in line.texts(whose, what) {
            set_aside.extend(take_phones(title, typed, region, place, &mut ways));
        }
    }
    for typed in line.texts(whose, What::Email) {
        set_aside.extend(take_emails("Courriel", typed, place, &mut ways.points));
    }
    ways
}

/// Whether a table of guardians has a use for this column.
pub(super) fn is_of_guardians(field: Field) -> bool {
    match field.whose {
        Whose::Own => field.what.tells_a_relative() || field.what == What::BirthDate,
        Whose::Child => true,
        Whose::FirstRelative | Whose::SecondRelative => false,
    }
}

/// Whether a table of staff has a use for this column.
pub(super) fn is_of_staff(field: Field) -> bool {
    use What::{BirthDate, Class, FormTeacher, Function, Head, Skills};
    let is_duty = matches!(field.what, Class | Function | Skills | FormTeacher | Head | BirthDate);
    field.whose == Whose::Own && (is_duty || field.what.tells_a_relative())
}

/// Whether a table of pupils has a use for this column.
pub(super) fn is_of_pupils(field: Field) -> bool {
    use What::{BirthDate, Class, Group, Id, Ine, Level};
    match field.whose {
        Whose::Own => {
            field.what.is_name()
                || matches!(field.what, Id | BirthDate | Ine | Class | Group | Level)
        }
        Whose::FirstRelative | Whose::SecondRelative => true,
        Whose::Child => false,
    }
}
