//! Guardians and staff out of tables.

use std::collections::HashMap;

use crate::people::{Duties, Person, PersonKey, PupilKey, Role};

use super::Kind;
use super::columns::{Field, What, Whose};
use super::drafts::{Draft, Identity};
use super::fields::{Place, Ways, civility, flag, take_emails, take_phones};
use super::keys::{folded_name, id, source_word};
use super::reading::{Cause, Reading, SetAside};
use super::rows::Line;

/// Columns of telephones, the mobile first, and what a remark calls them.
const PHONES: [(What, &str); 3] = [
    (What::MobilePhone, "Téléphone portable"),
    (What::HomePhone, "Téléphone domicile"),
    (What::WorkPhone, "Téléphone travail"),
];

/// A relative who stands on a pupil's row.
pub(super) fn relative<'a>(
    line: Line<'a>,
    whose: Whose,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> Option<Draft<'a>> {
    person(line, whose, Role::Guardian, kind, region, set_aside)
}

/// A guardian, tied to those of the row's children who are found; `None` when none is.
pub(super) fn guardian<'a>(
    line: Line<'a>,
    kind: Kind,
    region: &str,
    roll: &Roll,
    reading: &mut Reading,
) -> Option<Draft<'a>> {
    let mut draft = person(line, Whose::Own, Role::Guardian, kind, region, &mut reading.set_aside)?;
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
        let reason = "Aucun de ses enfants n'est parmi les élèves : non repris.";
        reading.set_aside.push(draft.place.set_aside(Cause::TiedToNobody, reason));
        return None;
    }
    Some(draft)
}

/// A member of staff.
pub(super) fn staff<'a>(
    line: Line<'a>,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> Option<Draft<'a>> {
    let role = Role::Staff(Box::new(duties(line, kind)));
    person(line, Whose::Own, role, kind, region, set_aside)
}

fn duties(line: Line<'_>, kind: Kind) -> Duties {
    let is_head = flag(line.text(Whose::Own, What::Head)) == Some(true);
    let classes = line.distinct(What::Class);
    let function = match (kind, is_head) {
        (_, true) => "DIR",
        (Kind::OndeTeachers, false) => "ENS",
        _ => line.text(Whose::Own, What::Function),
    };
    let (form_teacher_of, teaches) = match kind {
        Kind::OndeTeachers => (classes, Vec::new()),
        _ => (form_teacher_of(line, &classes), classes),
    };
    Duties {
        function: function.to_owned(),
        form_teacher_of,
        teaches,
        skills: line.list(What::Skills),
    }
}

/// The column names the class, or says yes beside the class that is taught.
fn form_teacher_of(line: Line<'_>, classes: &[String]) -> Vec<String> {
    let typed = line.text(Whose::Own, What::FormTeacher);
    match flag(typed) {
        Some(true) => classes.to_vec(),
        Some(false) => Vec::new(),
        None => line.distinct(What::FormTeacher),
    }
}

fn person<'a>(
    line: Line<'a>,
    whose: Whose,
    role: Role,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> Option<Draft<'a>> {
    let names = line.names(whose)?;
    let mut person = Person {
        key: PersonKey(String::new()),
        civility: civility(line.text(whose, What::Civility)),
        family_name: names.family,
        usage_name: names.usage,
        first_name: line.text(whose, What::FirstName).to_owned(),
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
    let identity = Identity {
        word: source_word(kind),
        is_staff: person.role != Role::Guardian,
        id: line.text(whose, What::Id).to_owned(),
        names: [folded_name(&person.family_name), folded_name(&person.first_name)],
        birth_date: line.birth_date(whose),
    };
    Some(Draft { place, person, identity, children: Vec::new() })
}

fn contact_points(
    line: Line<'_>,
    whose: Whose,
    region: &str,
    place: &Place<'_>,
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

/// A child as a guardian's row names it.
struct Child<'a> {
    id: &'a str,
    names: [&'a str; 2],
    first_name: &'a str,
    class: &'a str,
}

impl<'a> Child<'a> {
    fn of(line: Line<'a>, columns: &[(What, usize)]) -> Self {
        let text = |what| {
            let column = columns.iter().find(|(other, _)| *other == what);
            column.map_or("", |(_, at)| line.cell(*at))
        };
        Self {
            id: text(What::Id),
            names: [text(What::FamilyName), text(What::UsageName)],
            first_name: text(What::FirstName),
            class: text(What::Class),
        }
    }

    fn is_empty(&self) -> bool {
        self.id.is_empty() && self.first_name.is_empty() && self.names == ["", ""]
    }

    fn not_found(&self, cause: Cause) -> String {
        let [family, usage] = self.names;
        let name = if usage.is_empty() { family } else { usage };
        let shown = [self.first_name, name, self.id].join(" ");
        let why = match cause {
            Cause::AmbiguousPupil => "plusieurs élèves portent ce nom",
            _ => "aucun élève ne porte ce nom ou cet identifiant",
        };
        format!("Enfant « {} » : {why}, lien non repris.", shown.trim())
    }
}

/// Pupils of one name among whom a class may still tell; with more, nobody can.
const MOST_NAMESAKES: usize = 50;

/// The pupils of the reading, by name and by key.
pub(super) struct Roll {
    by_name: HashMap<[String; 2], Vec<usize>>,
    by_key: HashMap<PupilKey, usize>,
}

impl Roll {
    /// Of the pupils read so far.
    pub(super) fn of(reading: &Reading) -> Self {
        let mut by_name: HashMap<[String; 2], Vec<usize>> = HashMap::new();
        let mut by_key = HashMap::new();
        for (at, pupil) in reading.pupils.iter().enumerate() {
            let first_name = folded_name(&pupil.first_name);
            let names = [Some(&pupil.family_name), pupil.usage_name.as_ref()];
            for name in names.into_iter().flatten() {
                let called = by_name.entry([folded_name(name), first_name.clone()]).or_default();
                if called.len() <= MOST_NAMESAKES {
                    called.push(at);
                }
            }
            by_key.insert(pupil.key.clone(), at);
        }
        Self { by_name, by_key }
    }

    fn find(&self, child: &Child<'_>, kind: Kind, reading: &Reading) -> Result<PupilKey, Cause> {
        if !child.id.is_empty() {
            let words = [source_word(kind), "siecle"];
            let keys = words.map(|word| PupilKey(format!("{word}:{}", id(child.id))));
            let found = keys.into_iter().find(|key| self.by_key.contains_key(key));
            return found.ok_or(Cause::UnknownPupil);
        }
        let mut found = self.called(child);
        if found.len() > MOST_NAMESAKES {
            return Err(Cause::AmbiguousPupil);
        }
        if found.len() > 1 && !child.class.is_empty() {
            let class = folded_name(child.class);
            let is_there = |at: &usize| {
                let pupil = reading.pupils.get(*at);
                pupil.and_then(|p| p.class.as_deref()).is_some_and(|c| folded_name(c) == class)
            };
            found.retain(is_there);
        }
        match found.as_slice() {
            [] => Err(Cause::UnknownPupil),
            [at] => reading.pupils.get(*at).map(|p| p.key.clone()).ok_or(Cause::UnknownPupil),
            _ => Err(Cause::AmbiguousPupil),
        }
    }

    /// Those who bear both names, if there are any, else those who bear one of them.
    fn called(&self, child: &Child<'_>) -> Vec<usize> {
        let first_name = folded_name(child.first_name);
        let [family, usage] = child.names.map(|name| {
            let pupils = self.by_name.get(&[folded_name(name), first_name.clone()]);
            pupils.filter(|_| !name.is_empty()).cloned().unwrap_or_default()
        });
        let both: Vec<usize> = family.iter().filter(|at| usage.contains(at)).copied().collect();
        let mut found = if both.is_empty() { [family, usage].concat() } else { both };
        found.sort_unstable();
        found.dedup();
        found
    }
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
    use What::{BirthDate, Class, FamilyName, FirstName, Group, Id, Ine, Level, UsageName};
    match field.whose {
        Whose::Own => matches!(
            field.what,
            Id | FamilyName | UsageName | FirstName | BirthDate | Ine | Class | Group | Level
        ),
        Whose::FirstRelative | Whose::SecondRelative => true,
        Whose::Child => false,
    }
}
