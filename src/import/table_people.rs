//! Guardians and staff out of tables.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::people::{Duties, Person, PersonKey, Pupil, PupilKey, Role};

use super::columns::{Field, What, Whose};
use super::drafts::{Draft, Identity};
use super::fields::{Place, Ways, civility, flag, take_emails, take_phones};
use super::keys::{folded_name, id, source_word};
use super::reading::{Cause, Reading, SetAside};
use super::rows::{Called, Line, in_one_way};
use super::table_pupils::Births;
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
    line: Line<'a>,
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
        let reason = format!("« {typed} » n'est pas le nom d'un responsable : non repris.");
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
    pub(super) draft: Draft<'a>,
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
    line: Line<'a>,
    kind: Kind,
    region: &str,
    roll: &Roll<'_>,
    reading: &mut Reading,
) -> Option<Draft<'a>> {
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
fn duties(line: Line<'_>, kind: Kind) -> (Duties, Vec<String>) {
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
    called: Called,
    role: Role,
    kind: Kind,
    region: &str,
    set_aside: &mut Vec<SetAside>,
) -> Draft<'a> {
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
    let identity = Identity {
        word: source_word(kind),
        is_staff: person.role != Role::Guardian,
        id: line.text(whose, What::Id).to_owned(),
        names: [folded_name(&person.family_name), folded_name(&person.first_name)],
        birth_date: line.birth_date(whose),
    };
    Draft { place, person, identity, children: Vec::new() }
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
    /// Family name, and name in use.
    names: [Cow<'a, str>; 2],
    first_name: Cow<'a, str>,
    class: &'a str,
    birth_date: String,
}

impl<'a> Child<'a> {
    fn of(line: Line<'a>, columns: &[(What, usize)]) -> Self {
        let column_of = |what| columns.iter().find(|(other, _)| *other == what).map(|(_, at)| *at);
        let text = |what| column_of(what).map_or("", |at| line.cell(at));
        let mut child = Self {
            id: text(What::Id),
            names: [text(What::FamilyName).into(), text(What::UsageName).into()],
            first_name: text(What::FirstName).into(),
            class: text(What::Class),
            birth_date: in_one_way(text(What::BirthDate)),
        };
        let is_named = child.names.iter().any(|name| !name.is_empty());
        let whole = column_of(What::FullName).filter(|_| !is_named);
        if let Some(called) = whole.and_then(|at| line.whole_name(at)) {
            child.names = [called.family.into(), "".into()];
            child.first_name = called.first.into();
        }
        child
    }

    fn is_empty(&self) -> bool {
        self.id.is_empty()
            && self.first_name.is_empty()
            && self.names.iter().all(|name| name.is_empty())
    }

    fn not_found(&self, cause: Cause) -> String {
        let [family, usage] = &self.names;
        let name = if usage.is_empty() { family } else { usage };
        let shown = [&self.first_name, name, self.id].join(" ");
        let why = match cause {
            Cause::AmbiguousPupil => "plusieurs élèves portent ce nom",
            _ if self.birth_date.is_empty() => "aucun élève ne porte ce nom ou cet identifiant",
            _ => "aucun élève de ce nom ou de cet identifiant n'est né ce jour-là",
        };
        format!("Enfant « {} » : {why}, lien non repris.", shown.trim())
    }
}

/// Pupils of one name among whom a class may still tell; with more, nobody can.
const MOST_NAMESAKES: usize = 50;

/// The pupils of the reading, by name and by key.
pub(super) struct Roll<'r> {
    by_name: HashMap<[String; 2], Vec<usize>>,
    by_key: HashMap<PupilKey, usize>,
    births: &'r Births,
}

impl<'r> Roll<'r> {
    /// Of the pupils read so far.
    pub(super) fn of(reading: &Reading, births: &'r Births) -> Self {
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
        Self { by_name, by_key, births }
    }

    fn find(&self, child: &Child<'_>, kind: Kind, reading: &Reading) -> Result<PupilKey, Cause> {
        if !child.id.is_empty() {
            let words = [source_word(kind), "siecle"];
            let keys = words.map(|word| PupilKey(format!("{word}:{}", id(child.id))));
            let found = keys.into_iter().find(|key| self.by_key.contains_key(key));
            return found.ok_or(Cause::UnknownPupil);
        }
        let called = self.called(child);
        if called.len() > MOST_NAMESAKES {
            return Err(Cause::AmbiguousPupil);
        }
        let mut found: Vec<&Pupil> =
            called.into_iter().filter_map(|at| reading.pupils.get(at)).collect();
        self.keep_of_birth_date(child, &mut found);
        if found.len() > 1 && !child.class.is_empty() {
            let class = folded_name(child.class);
            let is_there = |pupil: &&Pupil| {
                pupil.class.as_deref().is_some_and(|other| folded_name(other) == class)
            };
            found.retain(is_there);
        }
        match found.as_slice() {
            [] => Err(Cause::UnknownPupil),
            [one] => Ok(one.key.clone()),
            _ => Err(Cause::AmbiguousPupil),
        }
    }

    /// Keeps those who were born on the child's day, or else those of whom no day is known: a namesake
    /// of another day is another child.
    fn keep_of_birth_date(&self, child: &Child<'_>, found: &mut Vec<&Pupil>) {
        if child.birth_date.is_empty() {
            return;
        }
        let birth_of = |pupil: &Pupil| self.births.get(&pupil.key);
        let is_theirs = |pupil: &&Pupil| birth_of(pupil) == Some(&child.birth_date);
        if found.iter().any(is_theirs) {
            found.retain(is_theirs);
        } else {
            found.retain(|pupil| birth_of(pupil).is_none());
        }
    }

    /// Those who bear both names, if there are any, else those who bear one of them.
    fn called(&self, child: &Child<'_>) -> Vec<usize> {
        let first_name = folded_name(&child.first_name);
        let [family, usage] = child.names.each_ref().map(|name| {
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
