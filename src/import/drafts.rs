//! People of tables before their keys are settled: who stands on several rows is one person, and two
//! of one name are two.

use std::collections::{HashMap, HashSet};

use crate::channel::Channel;
use crate::people::{
    Groups, Guardianship, Mark, Person, PersonKey, PupilKey, Role, Source, Standing,
};

use super::fields::RemarkPlace;
use super::keys::{by_names, fingerprint, id};
use super::reading::{Cause, Reading};

/// A guardian or a member of staff as one row tells of them.
pub(super) struct PersonDraft<'a> {
    pub(super) place: RemarkPlace<'a>,
    /// The person, without key.
    pub(super) person: Person,
    pub(super) identity: PersonIdentity,
    /// The pupils to whom they are tied.
    pub(super) children: Vec<PupilKey>,
}

/// By what a person is told from the others.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct PersonIdentity {
    pub(super) source: Source,
    pub(super) is_staff: bool,
    /// The source's id; empty when it gives none.
    pub(super) id: String,
    /// Family name and first name, folded.
    pub(super) names: [String; 2],
    /// Empty when it is not told.
    pub(super) birth_date: String,
}

/// Enters the people of all tables of one import, with their ties.
pub(super) fn settle(drafts: Vec<PersonDraft<'_>>, reading: &mut Reading) {
    for namesakes in by_identity(drafts) {
        for rows in one_by_one(namesakes) {
            enter(rows, reading);
        }
    }
    let ties = &mut reading.guardianships;
    ties.sort_by(|a, b| (&a.pupil, a.standing, &a.person).cmp(&(&b.pupil, b.standing, &b.person)));
    ties.dedup();
}

/// Rows of one id, or of one name, in the order of their first row.
fn by_identity(drafts: Vec<PersonDraft<'_>>) -> Vec<Vec<PersonDraft<'_>>> {
    let mut places: HashMap<PersonIdentity, usize> = HashMap::new();
    let mut groups: Vec<Vec<PersonDraft<'_>>> = Vec::new();
    for draft in drafts {
        let at = *places.entry(draft.identity.told_apart_by()).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(at) {
            group.push(draft);
        }
    }
    groups
}

/// The rows of each person among those of one name: a child, a way to reach them or a full address in common
/// makes two rows one person. A row that has none of these belongs to the first person.
fn one_by_one(namesakes: Vec<PersonDraft<'_>>) -> Vec<Vec<PersonDraft<'_>>> {
    let is_told = |of: &PersonIdentity| !of.id.is_empty() || !of.birth_date.is_empty();
    // Hardly anybody has a namesake.
    if namesakes.len() == 1 || namesakes.first().is_some_and(|first| is_told(&first.identity)) {
        return vec![namesakes];
    }
    let mut groups = Groups::default();
    let mut firsts: HashMap<String, usize> = HashMap::new();
    let mut unmarked = Vec::new();
    for draft in &namesakes {
        let member = groups.add();
        let marks = draft.marks();
        if marks.is_empty() {
            unmarked.push(member);
        }
        for mark in marks {
            let first = *firsts.entry(mark).or_insert(member);
            groups.join(first, member);
        }
    }
    let first = firsts.values().min().copied().unwrap_or(0);
    for member in unmarked {
        groups.join(first, member);
    }
    let mut people: Vec<Vec<PersonDraft<'_>>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (member, draft) in namesakes.into_iter().enumerate() {
        let at = *places.entry(groups.of(member)).or_insert(people.len());
        match people.get_mut(at) {
            Some(rows) => rows.push(draft),
            None => people.push(vec![draft]),
        }
    }
    people
}

fn enter(rows: Vec<PersonDraft<'_>>, reading: &mut Reading) {
    let mut known = HashSet::new();
    let mut rows = rows.into_iter();
    let Some(mut one) = rows.next() else { return };
    one.note_known(&mut known);
    for row in rows {
        let (place, line) = (row.place.clone(), one.place.line);
        if !one.take_in(row, &mut known) {
            let reason = format!("Déjà reprise à la ligne {line} : les deux lignes sont réunies.");
            reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
        }
    }
    let key = one.key();
    if reading.person_origins.contains(&key) {
        let reason = "Cet identifiant est déjà celui d’une autre personne : non reprise.";
        return reading.set_aside.push(one.place.set_aside(Cause::Duplicate, reason));
    }
    for pupil in one.children {
        reading.guardianships.push(Guardianship {
            pupil,
            person: key.clone(),
            standing: Standing::LegalRepresentative,
            kinship: Guardianship::UNTOLD,
        });
    }
    one.person.key = key.clone();
    reading.person_origins.insert(&key, one.place.origin());
    reading.persons.push(one.person);
}

impl PersonIdentity {
    /// The id alone where there is one, else the names.
    fn told_apart_by(&self) -> Self {
        if self.id.is_empty() {
            return self.clone();
        }
        let nothing = String::new;
        Self { names: [nothing(), nothing()], birth_date: nothing(), ..self.clone() }
    }
}

/// Which sort of thing a row tells of a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ToldOf {
    Child,
    Way(Channel),
    Charge,
    Class,
    Skill,
}

impl PersonDraft<'_> {
    /// What ties two rows of one name together.
    fn marks(&self) -> Vec<String> {
        let children = self.children.iter().map(|child| child.0.clone());
        let ways = self.person.contact_points.iter().map(|point| point.value().to_owned());
        let home = self.person.postal_address.as_ref().and_then(Mark::of_home);
        let home = home.map(|home| home.as_str().to_owned());
        children.chain(ways).chain(home).collect()
    }

    /// Adds what another row of the same person tells; whether that was anything new. `known` holds
    /// what this one told so far.
    fn take_in(&mut self, other: Self, known: &mut HashSet<(ToldOf, String)>) -> bool {
        let before = known.len();
        let mut is_new = |told, value: &str| known.insert((told, value.to_owned()));
        let of = other.person;
        self.children.extend(other.children.into_iter().filter(|c| is_new(ToldOf::Child, &c.0)));
        let points = of.contact_points.into_iter();
        let points = points.filter(|p| is_new(ToldOf::Way(p.channel()), p.value()));
        self.person.contact_points.extend(points);
        self.person.postal_address = self.person.postal_address.take().or(of.postal_address);
        self.person.civility = self.person.civility.or(of.civility);
        if let (Role::Staff(own), Role::Staff(more)) = (&mut self.person.role, of.role) {
            if own.function.is_empty() {
                own.function = more.function;
            }
            let charges = more.form_teacher_of.into_iter();
            own.form_teacher_of.extend(charges.filter(|one| is_new(ToldOf::Charge, one)));
            own.teaches.extend(more.teaches.into_iter().filter(|one| is_new(ToldOf::Class, one)));
            own.skills.extend(more.skills.into_iter().filter(|one| is_new(ToldOf::Skill, one)));
        }
        known.len() > before
    }

    /// Enters what this row tells.
    fn note_known(&self, known: &mut HashSet<(ToldOf, String)>) {
        known.extend(self.children.iter().map(|child| (ToldOf::Child, child.0.clone())));
        let points = self.person.contact_points.iter();
        known.extend(points.map(|point| (ToldOf::Way(point.channel()), point.value().to_owned())));
        if let Role::Staff(duties) = &self.person.role {
            let all = [
                (ToldOf::Charge, &duties.form_teacher_of),
                (ToldOf::Class, &duties.teaches),
                (ToldOf::Skill, &duties.skills),
            ];
            let words = all.into_iter().flat_map(|(told, of)| of.iter().map(move |w| (told, w)));
            known.extend(words.map(|(told, word)| (told, word.clone())));
        }
    }

    /// The key: by id, else by names and birth date, else by names and what tells people of one name apart,
    /// their children or their addresses. It must not depend on who else is in the file; when they change, the directory knows them
    /// again.
    fn key(&self) -> PersonKey {
        let PersonIdentity { source, is_staff, names: [family, first], birth_date, .. } =
            &self.identity;
        let role = if *is_staff { "staff" } else { "guardian" };
        let who = [role, family, first, birth_date.as_str()];
        let rest = if !self.identity.id.is_empty() {
            id(&self.identity.id)
        } else if !birth_date.is_empty() {
            fingerprint(who)
        } else {
            let mut marks = self.telling_marks();
            marks.sort_unstable();
            by_names(&fingerprint(who.into_iter().chain(marks.iter().map(String::as_str))))
        };
        // The ids of two tables are two series: those of staff stay apart from those of guardians.
        let series = if *is_staff && *source == Source::Table { "staff:" } else { "" };
        PersonKey::of(*source, format_args!("{series}{rest}"))
    }

    fn telling_marks(&self) -> Vec<String> {
        let children: Vec<String> = self.children.iter().map(|child| child.0.clone()).collect();
        if children.is_empty() { self.marks() } else { children }
    }
}
