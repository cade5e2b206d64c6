//! What an import changes, worked out and shown before anything is written.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::by_name::Superseded;
use crate::import::Origin;
use crate::people::{
    ContactPoint, Correction, Guardianship, Person, PersonKey, Pupil, PupilKey, RecordPart, Role,
    Source,
};
use crate::phone_number::PhoneNumber;

/// How many records an import adds, changes, archives and leaves alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// New ones.
    pub added: usize,
    /// Known ones that differ.
    pub changed: usize,
    /// Known ones that a complete file no longer holds.
    pub archived: usize,
    /// Known ones that are the same.
    pub unchanged: usize,
}

impl Count {
    /// Below this many known records, no share is a sign of anything.
    const FEW: usize = 10;

    /// Whether more than a tenth of the known records would be archived: a sign of a file that is not
    /// whole.
    #[must_use]
    pub fn archives_many(&self) -> bool {
        let known = self.changed + self.archived + self.unchanged;
        known > Self::FEW && self.archived * 10 > known
    }
}

/// The counts of one import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Pupils.
    pub pupils: Count,
    /// Guardians.
    pub guardians: Count,
    /// Staff.
    pub staff: Count,
    /// Households after the import: an address and those there who have a pupil in common.
    pub households: usize,
}

impl Changes {
    /// Whether more than a tenth of the pupils, the guardians or the staff would be archived.
    #[must_use]
    pub fn archives_many(&self) -> bool {
        [self.pupils, self.guardians, self.staff].iter().any(Count::archives_many)
    }

    pub(super) fn of(&mut self, role: &Role) -> &mut Count {
        match role {
            Role::Guardian => &mut self.guardians,
            Role::Staff(_) => &mut self.staff,
        }
    }
}

/// What happens to one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is new.
    Added,
    /// It differs.
    Changed,
    /// A complete file no longer holds it.
    Archived,
}

/// Of whom a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordOf {
    /// Of a pupil.
    Pupil,
    /// Of a guardian.
    Guardian,
    /// Of a member of staff.
    Staff,
}

impl RecordOf {
    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Pupil => "élève",
            Self::Guardian => "responsable",
            Self::Staff => "personnel",
        }
    }

    const fn of_role(role: &Role) -> Self {
        match role {
            Role::Guardian => Self::Guardian,
            Role::Staff(_) => Self::Staff,
        }
    }
}

/// One record that an import adds, changes or archives. `Debug` hides whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Detail {
    /// Of whom it is.
    pub who: RecordOf,
    /// By name.
    pub name: String,
    /// What happens to it.
    pub change: Change,
    /// Where it stands in the files; `None` for one that is no longer there.
    pub origin: Option<Origin>,
    /// Why, in French: what differs, for one that is changed.
    pub reason: String,
}

impl std::fmt::Debug for Detail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Detail({:?}, {:?})", self.who, self.change)
    }
}

/// A record to write, by its place among those at hand.
/// `Debug` hides what differs.
#[derive(Clone)]
pub(super) struct Put {
    pub(super) at: usize,
    pub(super) origin: Option<Origin>,
    /// What differs from the known record; `None` for a new one.
    pub(super) differs: Option<Box<str>>,
}

impl std::fmt::Debug for Put {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Put({})", self.at)
    }
}

/// Records that were read, each in its place, and which of them are to be written: handing them on would
/// keep a département twice in memory.
#[derive(Debug, Clone)]
pub(super) struct RecordsAtHand<T> {
    pub(super) at_hand: Vec<Option<T>>,
    pub(super) puts: Vec<Put>,
}

impl<T> Default for RecordsAtHand<T> {
    fn default() -> Self {
        Self { at_hand: Vec::new(), puts: Vec::new() }
    }
}

impl<T> RecordsAtHand<T> {
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        self.at_hand.get(at)?.as_ref()
    }

    /// Those to write.
    pub(super) fn written(&self) -> impl Iterator<Item = (&Put, &T)> {
        self.puts.iter().filter_map(|put| Some((put, self.get(put.at)?)))
    }
}

/// Who gives a contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Giver {
    /// The source of the person's key.
    File,
    /// A table, which knows the person by name.
    Table,
    /// The office.
    Hand,
}

impl Giver {
    /// The source as it is kept, for a person of this key.
    pub(super) fn source(self, key: &PersonKey) -> Option<Source> {
        match self {
            Self::File => key.source(),
            Self::Table => Some(Source::Table),
            Self::Hand => Some(Source::Hand),
        }
    }

    /// Where its contact points stand among those of one person: a table's come after the others.
    pub(super) const fn first_rank(self) -> usize {
        match self {
            Self::File | Self::Hand => 0,
            Self::Table => 50,
        }
    }
}

/// What was typed for a contact point, where it says more than the number.
pub(super) fn typed_for<'t>(
    point: &ContactPoint,
    typed: &'t [(PhoneNumber, String)],
) -> Option<&'t str> {
    let (ContactPoint::Phone(number) | ContactPoint::Sms(number)) = point else { return None };
    typed.iter().find(|(other, _)| other == number).map(|(_, text)| text.as_str())
}

/// A legal representative whom an import would add to a pupil under a restriction: it may be the restricted
/// person once more, under another name. `Debug` hides who.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NewRepresentative {
    /// The pupil: `Zoé DURAND`.
    pub pupil: String,
    /// Who would be added.
    pub person: String,
    /// To whom nothing about the pupil may go.
    pub restricted: String,
}

impl std::fmt::Debug for NewRepresentative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewRepresentative(…)")
    }
}

/// What applying an import will write.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    /// The counts.
    pub changes: Changes,
    pub(super) pupils: RecordsAtHand<Pupil>,
    pub(super) gone_pupils: Vec<Pupil>,
    /// With their contact points, best first.
    pub(super) persons: RecordsAtHand<Person>,
    /// Who gives each contact point of a person, where that is not their file alone.
    pub(super) givers: HashMap<usize, Vec<Giver>>,
    /// Known contact points that their source no longer gives.
    pub(super) dropped: HashMap<usize, Vec<ContactPoint>>,
    pub(super) gone_persons: Vec<Person>,
    /// Sources of which a person who comes back, or takes another's place, keeps only what is given now.
    pub(super) stale: HashMap<usize, Vec<Source>>,
    /// Another source of which the directory has pupils already: with a second complete one, everybody is
    /// there twice.
    pub other_source: Option<Source>,
    /// Those whom a noted restriction names, who would be archived while the other end of the tie stays.
    pub restricted_gone: Vec<String>,
    /// Legal representatives whom the import would add to a pupil under a restriction.
    pub restricted_new: Vec<NewRepresentative>,
    /// What the office knew better, and the source now says too.
    pub(super) fulfilled: Vec<(PersonKey, Correction)>,
    /// The same of pupils.
    pub(super) fulfilled_of_pupils: Vec<(PupilKey, RecordPart)>,
    /// All that hangs on a record without an id goes over to the one with an id that it was found to be.
    pub(super) superseded: Superseded,
    pub(super) guardianships: Vec<Guardianship>,
    /// Whether the guardianships are to be written.
    pub(super) ties_differ: bool,
    /// Sources whose guardianships are complete here: theirs are replaced, others added to.
    pub(super) whole_sources: HashSet<Source>,
    /// The state of the directory that it was worked out from, as [`state`](super::apply::state) tells it.
    pub(super) seen: usize,
}

impl Diff {
    /// Whether applying it writes anything about anybody.
    #[must_use]
    pub fn changes_something(&self) -> bool {
        let has_puts = !self.pupils.puts.is_empty() || !self.persons.puts.is_empty();
        let has_gone = !self.gone_pupils.is_empty() || !self.gone_persons.is_empty();
        let Superseded { pupils, persons } = &self.superseded;
        let has_heirs = !pupils.is_empty() || !persons.is_empty();
        let is_fulfilled = !self.fulfilled.is_empty() || !self.fulfilled_of_pupils.is_empty();
        has_puts || has_gone || has_heirs || self.ties_differ || is_fulfilled
    }

    /// How many records applying it writes.
    pub(super) fn records(&self) -> u64 {
        let written = self.pupils.written().count() + self.persons.written().count();
        let gone = self.gone_pupils.len() + self.gone_persons.len();
        u64::try_from(written + gone).unwrap_or(u64::MAX / 2)
    }

    /// Every record that changes, pupils first.
    pub fn details(&self) -> impl Iterator<Item = Detail> {
        let pupils = self
            .pupils
            .written()
            .map(|(put, one)| detail(RecordOf::Pupil, one.display_name(), put));
        let gone_pupils =
            self.gone_pupils.iter().map(|one| gone(RecordOf::Pupil, one.display_name()));
        let persons = self.persons.written();
        let persons =
            persons.map(|(put, one)| detail(RecordOf::of_role(&one.role), one.display_name(), put));
        let gone_persons = self
            .gone_persons
            .iter()
            .map(|one| gone(RecordOf::of_role(&one.role), one.display_name()));
        pupils.chain(gone_pupils).chain(persons).chain(gone_persons)
    }
}

fn detail(who: RecordOf, name: String, put: &Put) -> Detail {
    let (change, reason) = match &put.differs {
        None => (Change::Added, "nouveau dans le fichier".to_owned()),
        Some(differs) => (Change::Changed, differs.to_string()),
    };
    Detail { who, name, change, origin: put.origin, reason }
}

fn gone(who: RecordOf, name: String) -> Detail {
    let reason = "absent du fichier, qui est complet".to_owned();
    Detail { who, name, change: Change::Archived, origin: None, reason }
}
