//! What an import answers to a program: written as it is made, since it may name very many.

use serde::{Serialize, Serializer};

use super::{Doubt, Proposal, Sure};
use crate::directory::{Change, Count, Detail, RecordOf};
use crate::import::{FileKind, HeaderMap, SetAside};

/// What files change, and whether it was applied.
#[derive(Serialize)]
pub struct ImportAnswer<'a> {
    /// Whether it was.
    pub applied: bool,
    /// What the files are.
    pub files: &'a [FileKind],
    /// How the columns of their tables were understood.
    pub columns: &'a [HeaderMap],
    /// What becomes of the pupils.
    pub pupils: Count,
    /// Of the guardians.
    pub guardians: Count,
    /// Of the staff.
    pub staff: Count,
    /// The households.
    pub households: HouseholdTotal,
    /// Each record that changes.
    pub changes: EachChange<'a>,
    /// Records that were not taken, each with its reason.
    pub set_aside: &'a [SetAside],
    /// What somebody has to look at first, where it was not applied.
    pub doubt: Option<Doubt>,
}

/// How many households there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HouseholdTotal {
    /// After the import.
    pub total: usize,
}

/// The records of a proposal that change, as a list.
pub struct EachChange<'a>(&'a Proposal);

/// One record that changes. `Debug` hides whose it is.
#[derive(Serialize)]
pub struct ChangedRecord<'a> {
    /// Of whom it is.
    pub who: RecordOf,
    /// By name.
    pub name: String,
    /// What happens to it.
    pub change: Change,
    /// The file in which it stands.
    pub file: Option<&'a str>,
    /// The line of it, counted from 1.
    pub line: Option<u32>,
    /// Why, in French.
    pub reason: String,
}

impl std::fmt::Debug for ChangedRecord<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChangedRecord({:?}, {:?})", self.who, self.change)
    }
}

impl Proposal {
    /// Every record that changes, pupils first.
    pub fn changed(&self) -> impl Iterator<Item = ChangedRecord<'_>> {
        self.diff.details().map(|detail| {
            let origin = detail.origin;
            let file = origin.and_then(|origin| self.files.get(usize::try_from(origin.file).ok()?));
            let line = file.and(origin).map(|origin| origin.line);
            let Detail { who, name, change, reason, .. } = detail;
            ChangedRecord {
                who,
                name,
                change,
                file: file.map(|it| it.label.as_str()),
                line,
                reason,
            }
        })
    }

    /// The answer for a program.
    #[must_use]
    pub fn answer(&self, applied: bool, sure: Sure) -> ImportAnswer<'_> {
        let changes = &self.diff.changes;
        ImportAnswer {
            applied,
            files: &self.files,
            columns: &self.columns,
            pupils: changes.pupils,
            guardians: changes.guardians,
            staff: changes.staff,
            households: HouseholdTotal { total: changes.households },
            changes: EachChange(self),
            set_aside: &self.set_aside,
            doubt: self.doubt(sure).filter(|_| !applied),
        }
    }
}

impl Serialize for EachChange<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.changed())
    }
}
