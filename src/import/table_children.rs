//! Which pupil a guardian's row means by a child.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::people::{Pupil, PupilKey, Source, unaccented_capitals};

use super::Kind;
use super::columns::What;
use super::keys::id;
use super::reading::{Cause, Reading};
use super::rows::{TableLine, in_one_way};

/// A child as a guardian's row names it.
pub(super) struct Child<'a> {
    id: &'a str,
    /// Family name, and name in use.
    names: [Cow<'a, str>; 2],
    first_name: Cow<'a, str>,
    class: &'a str,
    birth_date: String,
}

impl<'a> Child<'a> {
    /// In these columns of a row.
    pub(super) fn of(line: TableLine<'a>, columns: &[(What, usize)]) -> Self {
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

    /// Whether the columns hold nobody.
    pub(super) fn is_empty(&self) -> bool {
        self.id.is_empty()
            && self.first_name.is_empty()
            && self.names.iter().all(|name| name.is_empty())
    }

    /// Why the tie to them was left out.
    pub(super) fn not_found(&self, cause: Cause) -> String {
        let [family, usage] = &self.names;
        let name = if usage.is_empty() { family } else { usage };
        let shown = [&self.first_name, name, self.id].join(" ");
        let why = match cause {
            Cause::AmbiguousPupil => "plusieurs élèves portent ce nom",
            _ if self.birth_date.is_empty() => "aucun élève ne porte ce nom ou cet identifiant",
            _ => "aucun élève de ce nom ou de cet identifiant n’est né ce jour-là",
        };
        format!("Enfant « {} » : {why}, lien non repris.", shown.trim())
    }
}

/// When the pupils of tables were born, in one way of writing; kept for as long as the reading takes.
pub(super) type Births = HashMap<PupilKey, String>;

/// Pupils of one name among whom a class may still tell; with more, nobody can.
const MOST_NAMESAKES: usize = 50;

/// The pupils of the reading, by name and by key.
pub(super) struct KnownPupils<'r> {
    by_name: HashMap<[String; 2], Vec<usize>>,
    by_key: HashMap<PupilKey, usize>,
    births: &'r Births,
}

impl<'r> KnownPupils<'r> {
    /// Of the pupils read so far.
    pub(super) fn of(reading: &Reading, births: &'r Births) -> Self {
        let mut by_name: HashMap<[String; 2], Vec<usize>> = HashMap::new();
        let mut by_key = HashMap::new();
        for (at, pupil) in reading.pupils.iter().enumerate() {
            let first_name = unaccented_capitals(&pupil.first_name);
            let names = [Some(&pupil.family_name), pupil.usage_name.as_ref()];
            for name in names.into_iter().flatten() {
                let called =
                    by_name.entry([unaccented_capitals(name), first_name.clone()]).or_default();
                if called.len() <= MOST_NAMESAKES {
                    called.push(at);
                }
            }
            by_key.insert(pupil.key.clone(), at);
        }
        Self { by_name, by_key, births }
    }

    /// The pupil whom a row means; `Err` when none or several answer to it.
    pub(super) fn find(
        &self,
        child: &Child<'_>,
        kind: Kind,
        reading: &Reading,
    ) -> Result<PupilKey, Cause> {
        if !child.id.is_empty() {
            let sources = [kind.source(), Source::Siecle];
            let keys = sources.map(|source| PupilKey::of(source, id(child.id)));
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
            let class = unaccented_capitals(child.class);
            let is_there = |pupil: &&Pupil| {
                pupil.class.as_deref().is_some_and(|other| unaccented_capitals(other) == class)
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
        let first_name = unaccented_capitals(&child.first_name);
        let [family, usage] = child.names.each_ref().map(|name| {
            let pupils = self.by_name.get(&[unaccented_capitals(name), first_name.clone()]);
            pupils.filter(|_| !name.is_empty()).cloned().unwrap_or_default()
        });
        let both: Vec<usize> = family.iter().filter(|at| usage.contains(at)).copied().collect();
        let mut found = if both.is_empty() { [family, usage].concat() } else { both };
        found.sort_unstable();
        found.dedup();
        found
    }
}
