//! What audiences are chosen from, kept in memory until somebody changes the directory: whoever writes an announcement
//! looks at the same people on every page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use super::error::{AudienceError, RuleError};
use super::find::{find_in, select_from};
use super::recipients::{WayRules, each_of, each_recipient};
use super::roll::{Everybody, Roll};
use super::rule::Rule;
use super::selection::{Chosen, Selection};
use crate::delivery::Recipient;
use crate::people::{Person, PersonKey, SchoolId};
use crate::store::{Store, StoreError, Tx, directory_changes, people};

/// Adults who are kept in memory at most, some 20 MB of them; more are read at each look.
const MOST: usize = 20_000;

/// The directory of one school as it was last read. What it answers is what a look at the database would.
#[derive(Default)]
pub struct Memory(Mutex<Option<Read>>);

/// What was read when the directory had been changed so often; nothing where there are too many.
#[derive(Clone)]
struct Read {
    changes: i64,
    known: Option<Arc<WholeDirectory>>,
}

struct WholeDirectory {
    everybody: Arc<Everybody>,
    people: HashMap<PersonKey, Person>,
    rules: WayRules,
}

impl Memory {
    /// Everybody whom `rule` means on a day.
    pub async fn find(
        self: &Arc<Self>,
        store: &Store,
        school: &SchoolId,
        rule: &Rule,
        today: Date,
    ) -> Result<Selection, AudienceError> {
        let (this, school, rule) = (Arc::clone(self), school.clone(), rule.clone());
        Ok(store.read(move |tx| this.find_in(tx, &school, &rule, today)).await??)
    }

    /// The same within a transaction that reads.
    pub fn find_in(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        rule: &Rule,
        today: Date,
    ) -> Result<Result<Selection, RuleError>, StoreError> {
        match self.known(tx, school)? {
            Some(known) => {
                select_from(Roll::of(Arc::clone(&known.everybody)), tx, school, rule, today)
            }
            None => find_in(tx, school, rule, today),
        }
    }

    /// Hands over the recipient for each of `chosen`, with its number among them; families stay together.
    pub fn each_recipient(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        chosen: &[Chosen],
        take: impl FnMut(usize, Recipient) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self.known(tx, school)? {
            Some(known) => each_of(chosen, &known.rules, |key| known.people.get(key), take),
            None => each_recipient(tx, school, chosen, take),
        }
    }

    fn known(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
    ) -> Result<Option<Arc<WholeDirectory>>, StoreError> {
        let changes = directory_changes::number(tx, school)?;
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(read) = last.filter(|it| it.changes == changes) {
            return Ok(read.known);
        }
        let is_kept = people::count(tx, school)? <= MOST;
        let known = if is_kept { Some(Arc::new(WholeDirectory::read(tx, school)?)) } else { None };
        let read = Read { changes, known: known.clone() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(known)
    }
}

impl WholeDirectory {
    fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        Ok(Self {
            everybody: Arc::new(Everybody::read_whole(tx, school)?),
            people: people::all_usable(tx, school)?,
            rules: WayRules::read(tx, school)?,
        })
    }
}
